package reports

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// AuditComparison is the document of several audits side by side: a column a rotation, a row a number, each beside the
// limit it is held against. One audit alone stands beside the limits.
type AuditComparison struct {
	SchemaVersion string             `json:"schema_version"`
	Columns       []ComparedRotation `json:"columns"`
	Rows          []ComparedNumber   `json:"rows"`
}

// ComparedRotation is a column: whose numbers they are and what they rest on.
type ComparedRotation struct {
	Column      string `json:"column"` // A, B …
	ID          string `json:"id"`
	Name        string `json:"name"`
	Demo        string `json:"demo,omitempty"`
	MadeWith    string `json:"made_with"`
	Shared      bool   `json:"shared"`
	Complete    bool   `json:"complete"`
	Period      Period `json:"period"`
	Fingerprint string `json:"fingerprint"`
	numbers     map[string]Numbers
}

// ComparedNumber is a row; its lists have an entry a column, nil where the column does not have the number.
type ComparedNumber struct {
	Block string `json:"block"`
	Key   string `json:"key"`
	Label string `json:"label"`
	// Limit is null where the columns are held against different ones; each column's is in Limits.
	Limit       *float64   `json:"limit"`
	LimitSource string     `json:"limit_source"`
	Values      []*float64 `json:"values"`
	Lows        []*float64 `json:"lows"` // 95% bounds, or the ends of a range
	Highs       []*float64 `json:"highs"`
	Counts      []*float64 `json:"counts"` // what each counts over
	Statuses    []*Status  `json:"statuses"`
	Limits      []*float64 `json:"limits"`
	floor       bool
	sources     []string // whose limit each column's is
}

// RenderAuditComparison puts the rotations of audits side by side, as a terminal table, Markdown or JSON.
func RenderAuditComparison(w io.Writer, audits []*Audit, f Format, o Options) error {
	for _, a := range audits {
		a.Normalize()
	}
	c := compareAudits(audits)
	var b strings.Builder
	var err error
	switch f {
	case Table:
		writeComparison(&b, c, o)
	case Markdown:
		err = writeComparisonMarkdown(&b, c)
	case JSON:
		err = WriteJSON(&b, c)
	default:
		err = fmt.Errorf("format %q is not known", f)
	}
	return finish(w, &b, f, err)
}

func compareAudits(audits []*Audit) AuditComparison {
	c := AuditComparison{SchemaVersion: SchemaVersion, Columns: []ComparedRotation{}, Rows: []ComparedNumber{}}
	var cards []*Scorecard
	for _, a := range audits {
		for i := range a.Rotations {
			card := &a.Rotations[i]
			column := ComparedRotation{Column: columnName(len(cards)), ID: card.ID, Name: card.Name, Demo: a.Demo, MadeWith: a.MadeWith,
				Shared: a.Shared, Complete: a.Data.Complete, Period: a.Period, Fingerprint: a.Fingerprint, numbers: map[string]Numbers{}}
			for _, b := range card.Blocks {
				column.numbers[b.ID] = b.Numbers
			}
			cards = append(cards, card)
			c.Columns = append(c.Columns, column)
		}
	}
	seen := map[string]bool{}
	for _, block := range AuditBlocks() {
		for _, n := range auditNumbers {
			if seen[n.key] {
				continue // the same of another block
			}
			if slices.ContainsFunc(c.Columns, func(x ComparedRotation) bool { return has(x.numbers[block], n.key) }) {
				seen[n.key] = true
				c.Rows = append(c.Rows, compareNumber(block, n, c.Columns, cards))
			}
		}
	}
	return c
}

func has(n Numbers, key string) bool {
	return slices.ContainsFunc(n, func(x AuditNumber) bool { return x.Key == key })
}

func compareNumber(block string, n auditNumber, columns []ComparedRotation, cards []*Scorecard) ComparedNumber {
	row := ComparedNumber{Block: block, Key: n.key, Label: n.label}
	for i := range columns {
		numbers := columns[i].numbers[block]
		row.Values = append(row.Values, numbers.Get(n.key))
		row.Lows = append(row.Lows, numbers.Get(n.low))
		row.Highs = append(row.Highs, numbers.Get(n.high))
		row.Counts = append(row.Counts, sumOf(numbers, n.over))
		var status *Status
		var limit *float64
		source := ""
		if b := cards[i].block(BlockChecks); b != nil {
			if c := checkOf(b.Checks, block, n.key); c != nil {
				status, limit, source = &c.Status, c.Limit, Clean(c.LimitSource)
				if s, ok := checkSpecOf(c.ID); ok {
					row.floor = s.floor
				}
			}
		}
		row.Statuses = append(row.Statuses, status)
		row.Limits = append(row.Limits, limit)
		row.sources = append(row.sources, source)
	}
	row.Limit, row.LimitSource = row.common()
	return row
}

// common is the limit that every checked column is held against; nil where they differ.
func (r *ComparedNumber) common() (limit *float64, source string) {
	for i, l := range r.Limits {
		switch {
		case l == nil:
		case limit == nil:
			limit, source = l, r.sources[i]
		case *l != *limit:
			return nil, ""
		}
	}
	return limit, source
}

// differ tells whether columns are held against different limits.
func (r *ComparedNumber) differ() bool {
	return r.Limit == nil && slices.ContainsFunc(r.Limits, func(l *float64) bool { return l != nil })
}

// columnName counts in letters: A, B … Z, AA.
func columnName(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}
