package reports

import (
	"fmt"
	"slices"
	"strings"
)

// comparisonView is an AuditComparison as texts.
type comparisonView struct {
	Legend  []string // a line a column
	Grid    grid     // label, columns, limit
	Sources []string
	Demo    string
}

func newComparisonView(c AuditComparison) comparisonView {
	var v comparisonView
	v.Grid.Head = []string{""}
	v.Grid.Left = 1
	for _, x := range c.Columns {
		v.Grid.Head = append(v.Grid.Head, x.Column)
		v.Legend = append(v.Legend, x.Column+"  "+x.text())
		if x.Demo != "" {
			v.Demo = Clean(x.Demo)
		}
	}
	v.Grid.Head = append(v.Grid.Head, "limit")
	for i := range c.Rows {
		v.Grid.Rows = append(v.Grid.Rows, v.row(&c.Rows[i], c.Columns))
	}
	return v
}

// text says whose the column is and what it rests on.
func (x *ComparedRotation) text() string {
	parts := []string{cardName(x.ID, x.Name), Days(x.Period) + " to " + x.Period.Until.UTC().Format("2006-01-02")}
	if !x.Complete {
		parts = append(parts, "PARTIAL")
	}
	if x.MadeWith != "" {
		parts = append(parts, "made with "+Clean(x.MadeWith))
	}
	if x.Fingerprint != "" {
		parts = append(parts, "fingerprint "+Cut(Clean(x.Fingerprint), 16))
	}
	if x.Demo != "" {
		parts = append(parts, Clean(x.Demo))
	}
	return strings.Join(parts, ", ")
}

func (v *comparisonView) row(r *ComparedNumber, columns []ComparedRotation) []string {
	n := auditNumberOf(r.Key)
	cells := []string{r.Label}
	for i := range columns {
		cell := unknown
		if numbers := columns[i].numbers[r.Block]; has(numbers, r.Key) {
			cell = n.short().cell(numbers, columns[i].Complete)
		}
		if r.differ() && r.Limits[i] != nil {
			cell += " (" + side(r.floor) + n.value(r.Limits[i], true) + ")"
		}
		if s := r.Statuses[i]; s != nil && (*s == StatusAlarm || *s == StatusAsk || *s == StatusOK) {
			cell = statusShape(*s) + " " + cell
		}
		cells = append(cells, cell)
	}
	limit := ""
	switch {
	case r.differ():
		limit = "own, in brackets"
	case r.Limit != nil:
		limit = fmt.Sprintf("%s%s [%d]", side(r.floor), n.value(r.Limit, true), v.source(r.LimitSource))
	}
	return append(cells, limit)
}

// short leaves out how many a share counts over: side by side there is no room.
func (n auditNumber) short() auditNumber {
	if n.unit == shareUnit {
		n.over = ""
	}
	return n
}

func (v *comparisonView) source(text string) int {
	i := slices.Index(v.Sources, text)
	if i < 0 {
		v.Sources = append(v.Sources, text)
		i = len(v.Sources) - 1
	}
	return i + 1
}

// side is the side of a limit on which a number should be.
func side(floor bool) string {
	if floor {
		return "≥ "
	}
	return "≤ "
}

// The columns of the comparison in a terminal: as many rotations as fit stand beside one another, the others beneath.
const (
	comparedLabel = 29
	comparedLimit = 15
	comparedCell  = 17
)

const comparedMarks = "✓ ok  ▲ alarm  ? ask the team"

func writeComparison(b *strings.Builder, c AuditComparison, o Options) {
	p := printer{b: b, colour: o.Colour}
	v := newComparisonView(c)
	title := "Audits side by side"
	if len(c.Columns) == 1 {
		title = "An audit beside the limits"
	}
	if v.Demo != "" {
		title = padRight(title, screen-Width(v.Demo)) + v.Demo
	}
	p.line(title)
	for _, line := range v.Legend {
		p.wrapped(line)
	}
	if len(c.Columns) == 0 {
		p.line("No rotation to compare.")
		return
	}
	fit := (screen - comparedLabel - comparedLimit) / comparedCell
	for from := 0; from < len(c.Columns); from += fit {
		p.line("")
		p.compared(v.Grid, from, min(from+fit, len(c.Columns)))
	}
	p.line("")
	for i, s := range v.Sources {
		p.hanging(padRight(fmt.Sprintf("[%d]", i+1), 5), s)
	}
	p.line(comparedMarks)
}

// compared prints the columns [from, to) with label and limit. A cell that is too long takes the room of the next.
func (p printer) compared(g grid, from, to int) {
	for _, row := range append([][]string{g.Head}, g.Rows...) {
		line := padRight(Cut(row[0], comparedLabel), comparedLabel)
		end := comparedLabel
		for _, cell := range row[1+from : 1+to] {
			end += comparedCell
			line += padLeft(cell, max(Width(cell)+1, end-Width(line)))
		}
		limit := row[len(row)-1]
		p.line(line + padLeft(limit, max(Width(limit)+1, end+comparedLimit-Width(line))))
	}
}

func writeComparisonMarkdown(b *strings.Builder, c AuditComparison) error {
	v := newComparisonView(c)
	b.WriteString("# On-call audits side by side\n\n")
	if v.Demo != "" {
		fmt.Fprintf(b, "**%s**\n\n", EscapeMarkdown(v.Demo))
	}
	list(b, v.Legend)
	if err := markdownGrid(b, v.Grid); err != nil {
		return err
	}
	for i, s := range v.Sources {
		fmt.Fprintf(b, "%d. %s\n", i+1, EscapeMarkdown(s))
	}
	fmt.Fprintf(b, "\n%s\n", comparedMarks)
	return nil
}
