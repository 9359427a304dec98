package reports

import (
	"fmt"
	"strings"

	"crywolf/reports/charts"
)

// blockColumn is where the texts of a block begin, beside its state.
const blockColumn = 9

func writeAuditTable(b *strings.Builder, v auditView, o Options) {
	p := printer{b: b, colour: o.Colour}
	p.head(v.Demo, v.Period, v.State, v.Complete, v.Gaps)
	for _, text := range []string{v.Made, v.Shared, v.Withheld} {
		if text != "" {
			p.wrapped(text)
		}
	}
	if v.Empty != "" {
		p.line("")
		p.line(v.Empty)
	}
	for i := range v.Cards {
		p.line("")
		p.auditCard(&v.Cards[i], o.Wide)
	}
	if len(v.Sources) > 0 {
		p.line("")
		for i, s := range v.Sources {
			p.hanging(padRight(fmt.Sprintf("[%d]", i+1), 5), s)
		}
		p.line("✓ ok  ▲ alarm  ? ask the team  · for information  – n/a or not known")
	}
	for _, e := range v.Excluded {
		p.wrapped(e)
	}
	p.notes(v.Notes, o.Wide)
	p.fingerprint(v.Fingerprint, o.Wide)
	p.next(v.Next)
}

func (p printer) auditCard(c *auditCardView, wide bool) {
	name := Cut(c.Name, max(20, screen-3-Width(c.Facts)))
	if c.Facts != "" {
		name += "   " + c.Facts
	}
	p.line(Cut(name, screen))
	for i := range c.Blocks {
		p.auditBlock(&c.Blocks[i], wide)
	}
}

func (p printer) auditBlock(v *auditBlockView, wide bool) {
	indent := strings.Repeat(" ", blockColumn)
	p.line(p.paint(statusMark(v.Status), padRight(statusText(v.Status), blockColumn)) + strings.ToUpper(Cut(v.Title, screen-blockColumn)))
	p.hanging(indent, v.Finding)
	var rest []string
	for _, r := range v.Rows {
		switch {
		case wide || r.worthALine():
			p.auditRow(r)
		case r.Status == "" && !r.Detail && r.Value != unknown:
			rest = append(rest, r.Label+" "+r.Value)
		}
	}
	p.hanging(indent, strings.Join(rest, " · "))
	p.auditWeeks(v.Weeks, v.Sparks)
	if wide {
		for _, g := range []*grid{v.Weeks, v.Tools} {
			if g != nil {
				p.grid(*g)
			}
		}
		for _, c := range v.Checks {
			p.line(padRight(statusText(c.Status), blockColumn) + Clean(c.Text))
		}
	}
	p.topics(v.Questions)
}

// worthALine leaves out what the finding says already: numbers that do not apply, or that are held against nothing.
func (r auditRow) worthALine() bool {
	return r.Status != "" && r.Status != StatusNotApplicable && (r.Status != StatusInfo || r.Limit != "")
}

// auditRow prints a number: what it is, its value, its limit, its state.
func (p printer) auditRow(r auditRow) {
	line := strings.Repeat(" ", blockColumn) + padRight(Cut(r.Label, 29), 29)
	for _, c := range []struct {
		text string
		end  int
	}{{r.Value, 57}, {r.Against(), 70}} {
		line += padLeft(c.text, max(Width(c.text)+1, c.end-Width(line)))
	}
	p.line(line + "  " + p.paint(statusMark(r.Status), r.Reading()))
}

// auditWeeks prints the pages of each week, oldest first, as a shape over the numbers, and those at night. As many of the
// last weeks as fit.
func (p printer) auditWeeks(g *grid, shape string) {
	if g == nil {
		return
	}
	const label = 13
	width := 0
	for _, row := range g.Rows {
		width = max(width, Width(row[1])+1, Width(row[2])+1)
	}
	from := max(0, len(g.Rows)-(screen-blockColumn-label)/width)
	sparks := []rune(shape)
	lines := [3]string{"", "pages a week", "at night"}
	for i := range lines {
		lines[i] = strings.Repeat(" ", blockColumn) + padRight(lines[i], label)
	}
	for i := from; i < len(g.Rows); i++ {
		lines[0] += padLeft(string(sparks[i]), width)
		lines[1] += padLeft(g.Rows[i][1], width)
		lines[2] += padLeft(g.Rows[i][2], width)
	}
	for _, line := range lines {
		p.line(line)
	}
}

// sparks draws the pages of weeks, a character a week.
func sparks(weeks []AuditWeek) string {
	values := make([]*float64, len(weeks))
	for i, w := range weeks {
		if w.PageCount != nil {
			v := float64(*w.PageCount)
			values[i] = &v
		}
	}
	return charts.Sparkline(values)
}

// topics names what to ask: the questions themselves are a command of their own.
func (p printer) topics(questions []Question) {
	var led, always []string
	for _, q := range questions {
		topic := strings.ReplaceAll(Clean(q.ID), "_", " ")
		if q.Why != "" {
			led = append(led, topic)
		} else {
			always = append(always, topic)
		}
	}
	for _, t := range []struct {
		lead   string
		topics []string
	}{{"ask first ", led}, {"and ask    ", always}} {
		if len(t.topics) > 0 {
			p.hanging(strings.Repeat(" ", blockColumn)+padRight(t.lead, 11), strings.Join(t.topics, ", "))
		}
	}
}
