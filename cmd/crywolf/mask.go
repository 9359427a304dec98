package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"crywolf/analysis"
	"crywolf/reports"
)

// askSQL asks a question of the user's own. People's names stand as R1…Rn in the answer, and in what the database says
// of a question that fails.
func (a *app) askSQL(ctx context.Context, r *reader, question string, p analysis.Period) (analysis.Result, error) {
	result, failed := r.session.RunSQL(ctx, question, p)
	if ctx.Err() != nil {
		return result, failed
	}
	names, err := a.nameMask(ctx, r)
	if err != nil {
		return result, err
	}
	if failed != nil {
		why := names.text(failed.Error())
		return result, misuseOf(errors.New(why), "the query is not one crywolf can run: "+reports.Clean(firstLine(why)),
			"crywolf query --list", "A query is one SELECT; it may use $since and $until.")
	}
	if names.result(result); names.put > 0 {
		a.say("people's names stand as R1, R2 …, as in reports")
	}
	return result, nil
}

// mask puts R1…Rn in the place of people's names, where they may come out of a database by a question of the user's own.
type mask struct {
	names map[rune][]string // by their first letter, longest first
	shown map[string]string
	put   int // how many times
}

// nameMask knows the names of the database. Without the pseudonym key everybody is R?: free SQL needs no key.
func (a *app) nameMask(ctx context.Context, r *reader) (*mask, error) {
	names, err := userNames(ctx, r)
	if err != nil {
		return nil, err
	}
	numbered, err := a.people(ctx, r, false)
	var noKey *failure
	if err != nil && !errors.As(err, &noKey) {
		return nil, err
	}
	m := &mask{names: map[rune][]string{}, shown: map[string]string{}}
	for id, name := range names {
		name = strings.TrimSpace(name)
		switch known := m.shown[name]; {
		case name == "":
			continue
		case known == "":
			first, _ := utf8.DecodeRuneInString(name)
			m.names[first] = append(m.names[first], name)
			m.shown[name] = numbered.show(id)
		default: // two people of one name stand as one of them, always the same
			m.shown[name] = min(known, numbered.show(id))
		}
	}
	for first := range m.names {
		slices.SortFunc(m.names[first], func(x, y string) int { return len(y) - len(x) })
	}
	return m, nil
}

// text replaces the names that stand in it as words.
func (m *mask) text(s string) string {
	var b strings.Builder
	before := ' '
	for s != "" {
		first, size := utf8.DecodeRuneInString(s)
		name := ""
		if !isLetter(before) {
			name = m.nameAt(first, s)
		}
		if name != "" {
			b.WriteString(m.shown[name])
			m.put++
			size = len(name)
		} else {
			b.WriteString(s[:size])
		}
		before, _ = utf8.DecodeLastRuneInString(s[:size])
		s = s[size:]
	}
	return b.String()
}

func (m *mask) nameAt(first rune, s string) string {
	for _, name := range m.names[first] {
		if rest, ok := strings.CutPrefix(s, name); ok {
			if after, _ := utf8.DecodeRuneInString(rest); rest == "" || !isLetter(after) {
				return name
			}
		}
	}
	return ""
}

func isLetter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// result replaces the names in a result's cells and heads.
func (m *mask) result(result analysis.Result) {
	for i := range result.Columns {
		result.Columns[i].Name = m.text(result.Columns[i].Name)
	}
	for _, row := range result.Rows {
		for i, v := range row {
			if text, ok := v.(string); ok {
				row[i] = m.text(text)
			}
		}
	}
}

// userNames are the names in the database, by id.
func userNames(ctx context.Context, r *reader) (map[string]string, error) {
	rows, err := r.store.DB().QueryContext(ctx, `SELECT id, name FROM users WHERE name IS NOT NULL`)
	if err != nil {
		return nil, fmt.Errorf("read the names of users: %w", err)
	}
	defer rows.Close()
	names := map[string]string{}
	for rows.Next() {
		var id, name string
		if err := rows.Scan(&id, &name); err != nil {
			return nil, fmt.Errorf("read the names of users: %w", err)
		}
		names[id] = name
	}
	return names, rows.Err()
}
