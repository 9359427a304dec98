package reports

import (
	"fmt"
	"slices"
	"strings"
)

// comparisonView is an AuditComparison as texts.
type comparisonView struct {
	Demo    string
	Legend  []string // a line a column
	Head    []string // label, columns, limit
	Blocks  []comparedBlock
	Sources []string
}

// comparedBlock are the rows of a block, those with details last.
type comparedBlock struct {
	Title        string
	Rows, Detail [][]string
}

func newComparisonView(c AuditComparison) comparisonView {
	v := comparisonView{Head: []string{""}}
	for _, x := range c.Columns {
		v.Head = append(v.Head, x.Column)
		v.Legend = append(v.Legend, x.Column+"  "+x.text())
		if x.Demo != "" {
			v.Demo = Clean(x.Demo)
		}
	}
	v.Head = append(v.Head, "limit")
	for i := range c.Rows {
		r := &c.Rows[i]
		title := auditTitles[r.Block]
		if len(v.Blocks) == 0 || v.Blocks[len(v.Blocks)-1].Title != title {
			v.Blocks = append(v.Blocks, comparedBlock{Title: title})
		}
		b := &v.Blocks[len(v.Blocks)-1]
		if row := v.row(r, c.Columns); auditNumberOf(r.Key).detail && !r.checked() {
			b.Detail = append(b.Detail, row)
		} else {
			b.Rows = append(b.Rows, row)
		}
	}
	return v
}

// checked tells whether a column's number is held against something.
func (r *ComparedNumber) checked() bool {
	return slices.ContainsFunc(r.Statuses, func(s *Status) bool { return s != nil })
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
			cell += " (" + side(r.floor) + n.limit(r.Limits[i]) + ")"
		}
		if s := r.Statuses[i]; s != nil && *s == StatusNotApplicable && r.Values[i] == nil {
			cell = statusWord(*s)
		} else if s != nil && (*s == StatusAlarm || *s == StatusAsk || *s == StatusOK) {
			cell = statusShape(*s) + " " + cell
		}
		cells = append(cells, cell)
	}
	limit := ""
	switch {
	case r.differ():
		limit = "in brackets"
	case r.Limit != nil:
		limit = fmt.Sprintf("%s%s [%d]", side(r.floor), n.limit(r.Limit), v.source(r.LimitSource))
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
		p.compared(v.Head, from, min(from+fit, len(c.Columns)))
		for _, block := range v.Blocks {
			if len(block.Rows) > 0 {
				p.line(strings.ToUpper(block.Title))
			}
			for _, row := range block.Rows {
				p.compared(row, from, min(from+fit, len(c.Columns)))
			}
		}
	}
	p.line("")
	for i, s := range v.Sources {
		p.hanging(padRight(fmt.Sprintf("[%d]", i+1), 5), s)
	}
	p.line(comparedMarks)
}

// compared prints the columns [from, to) of a row with its label and limit. A cell that is too long takes the room of the next.
func (p printer) compared(row []string, from, to int) {
	line := padRight(Cut(row[0], comparedLabel), comparedLabel)
	end := comparedLabel
	for _, cell := range row[1+from : 1+to] {
		end += comparedCell
		line += padLeft(cell, max(Width(cell)+1, end-Width(line)))
	}
	limit := row[len(row)-1]
	p.line(line + padLeft(limit, max(Width(limit)+1, end+comparedLimit-Width(line))))
}

func writeComparisonMarkdown(b *strings.Builder, c AuditComparison) error {
	v := newComparisonView(c)
	b.WriteString("# On-call audits side by side\n\n")
	if v.Demo != "" {
		fmt.Fprintf(b, "**%s**\n\n", EscapeMarkdown(v.Demo))
	}
	list(b, v.Legend)
	for _, block := range v.Blocks {
		fmt.Fprintf(b, "## %s\n\n", EscapeMarkdown(block.Title))
		if err := markdownGrid(b, grid{Head: v.Head, Rows: slices.Concat(block.Rows, block.Detail), Left: 1}); err != nil {
			return err
		}
	}
	b.WriteString("## Whose limits these are\n\n")
	for i, s := range v.Sources {
		fmt.Fprintf(b, "%d. %s\n", i+1, EscapeMarkdown(s))
	}
	fmt.Fprintf(b, "\n%s\n", comparedMarks)
	return nil
}
