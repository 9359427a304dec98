package analysis

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Keep makes the session fit for a document: of what many questions ask of one period, such as its pages and their verdicts,
// a table is made the first time and read from then on. Answers are the same; a single question would be slower for it.
// The facts must not change meanwhile.
//
// Rotations are the ids of those that the document is about: metrics then have the rows of these alone, and of the others
// nothing is worked out. nil is the whole account. What is asked of the account (totals, unattributed, a certificate, an
// explanation) stays of all.
func (s *Session) Keep(rotations []string) {
	if s.kept == nil {
		s.kept = &keeper{tables: map[string]bool{}, places: map[scope]int{}}
	}
	s.kept.rotations = strings.Join(rotations, rotationSeparator)
}

// scope is what the views are asked for.
type scope struct {
	Period
	rotations string // ids joined by rotationSeparator; "" is the whole account
}

// keeper knows what a session has kept.
type keeper struct {
	rotations string          // those that metrics are asked for, as in scope
	tables    map[string]bool // temporary tables that stand
	places    map[scope]int   // the number by which their tables are told apart
	current   scope           // what the views are turned to
}

// keptViews are the views worth keeping, each after those that it uses. Those without a period are of all stored history.
var keptViews = []string{
	"label_of_incident", "evidence_poor_service",
	"page_in", "notification_in", "shift_in", "rotation_in", "paging_in", "paged_incident_in", "score_in", "verdict_in",
}

// viewDefinition is a view of views/: the statement that makes it, whether it takes a period, and what it is made from.
type viewDefinition struct {
	statement  string
	isOfPeriod bool
	uses       map[string]bool // of the kept views, directly or through others
}

var (
	viewStatement = regexp.MustCompile(`(?ms)^CREATE OR REPLACE TEMP (?:VIEW|MACRO) (\w+)(\(since, until\) AS TABLE|[^\n]*)\n.*?;$`)
	wordPattern   = regexp.MustCompile(`\w+`)
)

// viewDefinitions are all views and macros of views/ by name.
var viewDefinitions = sync.OnceValue(func() map[string]viewDefinition {
	out := map[string]viewDefinition{}
	for _, file := range viewOrder {
		for _, m := range viewStatement.FindAllStringSubmatch(viewText(file), -1) {
			out[m[1]] = viewDefinition{statement: m[0], isOfPeriod: strings.HasPrefix(m[2], "(since, until)"), uses: usedViews(m[0], m[1], out)}
		}
	}
	return out
})

// usedViews are the kept views that a text uses, itself or through those known so far.
func usedViews(text, self string, known map[string]viewDefinition) map[string]bool {
	uses := map[string]bool{}
	for _, word := range wordPattern.FindAllString(text, -1) {
		v, isView := known[word]
		if !isView || word == self {
			continue
		}
		for name := range v.uses {
			uses[name] = true
		}
		if slices.Contains(keptViews, word) {
			uses[word] = true
		}
	}
	return uses
}

// prepareKept makes what a query needs of a period and some rotations and is not kept yet, and lets the views read it.
func (s *Session) prepareKept(ctx context.Context, query string, p scope) error {
	if s.kept == nil {
		return nil
	}
	p.Period = Period{p.Since.UTC(), p.Until.UTC()}
	if _, ok := s.kept.places[p]; !ok {
		s.kept.places[p] = len(s.kept.places)
	}
	views := viewDefinitions()
	if s.kept.current != p {
		if err := s.turnTo(ctx, p); err != nil {
			return err
		}
	}
	uses := usedViews(query, "", views)
	for _, name := range keptViews {
		if !uses[name] || s.kept.tables[s.kept.tableOf(name, views[name], p)] {
			continue
		}
		if err := s.makeKept(ctx, name, views[name], p); err != nil {
			return fmt.Errorf("keep %s: %w", name, err)
		}
	}
	return nil
}

// readNothingKept lets the views work everything out again, for a query that may ask them for any time.
func (s *Session) readNothingKept(ctx context.Context) error {
	if s.kept == nil || s.kept.current == (scope{}) {
		return nil
	}
	return s.turnTo(ctx, scope{})
}

// tableOf is the table in which a view's rows are kept.
func (k *keeper) tableOf(name string, v viewDefinition, p scope) string {
	if !v.isOfPeriod {
		return "kept_" + name
	}
	place, ok := k.places[p]
	if !ok {
		return ""
	}
	return fmt.Sprintf("kept_%s_%d", name, place)
}

// statementOf is what makes a kept view stand as it does while the views are turned to p.
func (k *keeper) statementOf(name string, p scope) string {
	v := viewDefinitions()[name]
	if table := k.tableOf(name, v, p); k.tables[table] {
		return readingStatement(name, v, table)
	}
	return v.statement
}

// turnTo lets the views read what is kept of another period or other rotations, and work out what is not.
func (s *Session) turnTo(ctx context.Context, p scope) error {
	if p.rotations != s.kept.current.rotations {
		if err := askForRotations(ctx, s.conn, p.rotations); err != nil {
			return err
		}
	}
	for _, name := range keptViews {
		statement := s.kept.statementOf(name, p)
		if statement == s.kept.statementOf(name, s.kept.current) {
			continue // so it stands, or its file was not needed yet
		}
		if _, err := s.conn.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("turn to another period: %s: %w", name, err)
		}
	}
	s.kept.current = p
	return nil
}

// askForRotations sets what is_asked_rotation compares with.
func askForRotations(ctx context.Context, conn *sql.Conn, rotations string) error {
	_, err := conn.ExecContext(ctx, `SET VARIABLE asked_rotations = nullif(?, '')`, rotations)
	if err != nil {
		return fmt.Errorf("ask for some rotations: %w", err)
	}
	return nil
}

// readingStatement makes a view read a table.
func readingStatement(name string, v viewDefinition, table string) string {
	if v.isOfPeriod {
		return `CREATE OR REPLACE TEMP MACRO ` + name + `(since, until) AS TABLE FROM ` + table
	}
	return `CREATE OR REPLACE TEMP VIEW ` + name + ` AS FROM ` + table
}

func (s *Session) makeKept(ctx context.Context, name string, v viewDefinition, p scope) error {
	table, source := s.kept.tableOf(name, v, p), name
	if v.isOfPeriod {
		source += "(" + timestampLiteral(p.Since) + ", " + timestampLiteral(p.Until) + ")"
	}
	if _, err := s.conn.ExecContext(ctx, `CREATE OR REPLACE TEMP TABLE `+table+` AS FROM `+source); err != nil {
		return err
	}
	if _, err := s.conn.ExecContext(ctx, readingStatement(name, v, table)); err != nil {
		return err
	}
	s.kept.tables[table] = true
	return nil
}
