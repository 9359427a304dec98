package analysis

import (
	"bytes"
	"context"
	"database/sql"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// ClassPattern puts alert rules into a class: the first pattern that matches a rule's title or name wins.
type ClassPattern struct {
	Class   string // one of alertClasses
	Pattern string // RE2, case ignored; ^ and $ are those of the title or of the name
}

// alertClasses are what an alert can tell of [metrics 10]: a budget that burns, what a user notices, why that may be, or
// the monitoring itself. What no pattern matches is unclassified.
var alertClasses = []string{"slo_burn_rate", "symptom", "cause", "meta"}

//go:embed alert_classes.csv
var alertClassesText []byte

// BadClassError tells what is wrong with a file of class patterns, and where.
type BadClassError struct {
	Line    int
	Problem string
}

func (e *BadClassError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Problem) }

// ParseClasses reads a file of class patterns that a person wrote: a header, then class, pattern and, for people, a note.
func ParseClasses(ctx context.Context, text []byte) ([]ClassPattern, error) {
	return parseClasses(text, func(pattern string) error { return CheckPattern(ctx, pattern) })
}

func parseClasses(text []byte, check func(pattern string) error) ([]ClassPattern, error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff")))) // spreadsheets write one
	r.FieldsPerRecord = -1
	var out []ClassPattern
	for n := 0; ; n++ {
		cells, err := r.Read()
		var broken *csv.ParseError
		switch {
		case err == io.EOF:
			return out, nil
		case errors.As(err, &broken):
			return nil, &BadClassError{broken.Line, broken.Err.Error()}
		case err != nil:
			return nil, err
		}
		line, _ := r.FieldPos(0)
		if n == 0 {
			if !slices.Equal(cells, []string{"class", "pattern", "note"}) && !slices.Equal(cells, []string{"class", "pattern"}) {
				return nil, &BadClassError{line, "the first line names the columns class, pattern and note"}
			}
			continue
		}
		if problem := badClass(cells, check); problem != "" {
			return nil, &BadClassError{line, problem}
		}
		out = append(out, ClassPattern{Class: cells[0], Pattern: cells[1]})
	}
}

func badClass(cells []string, check func(pattern string) error) string {
	switch {
	case len(cells) < 2 || len(cells) > 3:
		return fmt.Sprintf("%d cells, want class, pattern and note", len(cells))
	case !slices.Contains(alertClasses, cells[0]):
		return fmt.Sprintf("%q is no class; they are %s", cells[0], strings.Join(alertClasses, ", "))
	case cells[1] == "":
		return "the pattern is empty: it would match everything"
	}
	if err := check(cells[1]); err != nil {
		return fmt.Sprintf("%q %s", cells[1], err)
	}
	return ""
}

// classesView is the file of views/ that tells symptom from cause.
const classesView = "classes"

// classesNames are what that file rests on beside other views: the macro of the patterns, and how a rule is identified.
var classesNames = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{"class_of": true}
	for name, files := range map[string]fs.FS{"views/" + classesView + ".sql": viewFiles, "derive/identity.sql": deriveFiles} {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			panic(err) // an embedded file
		}
		for _, m := range definedName.FindAllStringSubmatch(string(text), -1) {
			names[m[1]] = true
		}
	}
	return names
})

var definedName = regexp.MustCompile(`(?m)^CREATE OR REPLACE TEMP (?:VIEW|MACRO) (\w+)`)

// storeClasses puts the patterns where rule_class looks for them: the user's before the built-in ones. They become
// literals of a macro, because a pattern that is a value would be compiled anew for every rule.
func (s Settings) storeClasses(ctx context.Context, conn *sql.Conn) error {
	builtIn, err := parseClasses(alertClassesText, checkGoPattern)
	if err != nil {
		return fmt.Errorf("read alert_classes.csv: %w", err)
	}
	if err := execFile(ctx, conn, deriveFiles, "derive/identity.sql"); err != nil {
		return err
	}
	cases := ""
	for _, p := range append(slices.Clone(s.Classes), builtIn...) {
		if _, err := regexp.Compile(p.Pattern); err != nil {
			return fmt.Errorf("class pattern %q: %w", p.Pattern, err)
		}
		cases += fmt.Sprintf(" WHEN regexp_matches(lines, %s) THEN %s\n", quote("(?im)"+p.Pattern), quote(p.Class))
	}
	if _, err := conn.ExecContext(ctx, `CREATE OR REPLACE TEMP MACRO class_of(lines) AS CASE`+cases+` ELSE 'unclassified' END`); err != nil {
		return fmt.Errorf("store class patterns: %w", err)
	}
	return nil
}
