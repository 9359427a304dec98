package reports

import (
	"fmt"
	"strings"
	"time"
)

// doctorView is a Doctor as texts, laid out the same way for terminal and Markdown.
type doctorView struct {
	Title, Demo, Sum string
	Mark             Mark // of the sum
	Sections         []doctorSection
}

type doctorSection struct {
	Title    string
	Findings []doctorLine
	Table    *grid // stands above the findings
}

// doctorLine is a finding as texts.
type doctorLine struct {
	Shape, Text, Fix string
	Mark             Mark
}

// findingShape says a state in one column.
func findingShape(s FindingStatus) (string, Mark) {
	switch s {
	case FindingOK:
		return "✓", OK
	case FindingInfo:
		return "·", None
	case FindingWatch:
		return "●", Watch
	case FindingProblem:
		return "▲", Over
	}
	return unknown, None
}

var doctorTitles = map[string]string{DoctorToken: "Token", DoctorPagerDuty: "PagerDuty", DoctorDatabase: "Database", DoctorData: "What was read",
	DoctorConfiguration: "Configuration"}

func newDoctorView(d *Doctor) doctorView {
	v := doctorView{Title: Clean(d.MadeWith), Demo: d.Demo}
	v.Sum, v.Mark = doctorSum(d)
	for _, section := range DoctorSections() {
		s := doctorSection{Title: doctorTitles[section]}
		for _, f := range d.Findings {
			if f.Section == section {
				shape, mark := findingShape(f.Status)
				s.Findings = append(s.Findings, doctorLine{shape, Clean(f.Text), Clean(f.Fix), mark})
			}
		}
		if section == DoctorData {
			s.Table = ledgerGrid(d)
		}
		if len(s.Findings) > 0 || s.Table != nil {
			v.Sections = append(v.Sections, s)
		}
		if section == DoctorData {
			v.Sections = append(v.Sections, lawSection(d)...)
		}
	}
	if d.Fingerprint != nil {
		v.Sections = append(v.Sections, fingerprintSection(d))
	}
	return v
}

// doctorSum is what the findings come to.
func doctorSum(d *Doctor) (string, Mark) {
	counts := map[FindingStatus]int64{}
	for _, f := range d.Findings {
		counts[f.Status]++
	}
	for _, l := range d.Laws {
		if !l.Holds {
			counts[FindingProblem]++
		}
	}
	mark := OK
	text := "nothing is wrong"
	if n := counts[FindingWatch]; n > 0 {
		text, mark = Count(n)+" to watch", Watch
	}
	if n := counts[FindingProblem]; n > 0 {
		problems := plural(n, "problem")
		if mark == Watch {
			problems += ", " + text
		}
		text, mark = problems, Over
	}
	if n := counts[FindingNotTried]; n > 0 {
		text += ", " + Count(n) + " not tried"
	}
	return text, mark
}

// ledgerGrid is the table of what was read; nil before the first sync.
func ledgerGrid(d *Doctor) *grid {
	if len(d.Ledger) == 0 {
		return nil
	}
	date := func(t *time.Time) string {
		if t == nil {
			return unknown
		}
		return At(*t, d.Context.Location)[:len("2026-11-16")]
	}
	g := &grid{Caption: "What was asked for and read", Left: 1, Head: []string{"", "asked from", "to", "whole", "rows", "last read"}}
	for _, r := range d.Ledger {
		whole := Count(r.WholeCount)
		if r.WholeCount < r.WindowCount {
			whole += "/" + Count(r.WindowCount)
		}
		g.Rows = append(g.Rows, []string{kindLabel(r.Kind), date(r.AskedSince), date(r.AskedUntil), whole, Count(r.ReceivedCount), date(r.LastReadAt)})
	}
	return g
}

// kindLabel is a kind of record in a column.
func kindLabel(kind string) string {
	short := map[string]string{"incident_log_entries": "single histories", "incident": "single incidents", "escalation_policies": "policies",
		"maintenance_windows": "maintenance"}
	if label := short[kind]; label != "" {
		return label
	}
	return Cut(strings.ReplaceAll(Clean(kind), "_", " "), 20)
}

func lawSection(d *Doctor) []doctorSection {
	if len(d.Laws) == 0 {
		return nil
	}
	s := doctorSection{Title: "What must add up"}
	if d.Period != nil {
		s.Title += fmt.Sprintf(", %s – %s", At(d.Period.Since, d.Context.Location)[:10], At(d.Period.Until, d.Context.Location)[:10])
	}
	for _, l := range d.Laws {
		line := doctorLine{Shape: "✓", Mark: OK, Text: fmt.Sprintf("%s, %s = %s", Clean(l.Text), Count(l.Left), Count(l.Right))}
		if !l.Holds {
			line.Shape, line.Mark = "▲", Over
			line.Text = fmt.Sprintf("NOT SO: %s, %s and %s", Clean(l.Text), Count(l.Left), Count(l.Right))
			if len(l.Broken) > 0 {
				line.Text += ", in " + Clean(strings.Join(l.Broken, ", "))
			}
			line.Fix = "a fault of crywolf: report it with this output, please"
		}
		s.Findings = append(s.Findings, line)
	}
	return []doctorSection{s}
}

// partWidth is how much of a part's hash is shown: enough to tell two apart by eye.
const partWidth = 16

func fingerprintSection(d *Doctor) doctorSection {
	f := d.Fingerprint
	part := func(s string) string { return widths.Truncate(Clean(s), partWidth, "") }
	return doctorSection{Title: "Fingerprint of a report on " + Days(f.Period), Findings: []doctorLine{
		{"·", fmt.Sprintf("data %s, settings %s", part(f.Data), part(f.Settings)), "", None},
		{"·", fmt.Sprintf("definitions %s, version %s", part(f.Definitions), Cut(Clean(f.Version), 40)), "", None},
		{"·", fingerprintText(f.Fingerprint), "", None},
	}}
}

func writeDoctorTable(b *strings.Builder, v doctorView, o Options) {
	p := printer{b: b, colour: o.Colour}
	p.line(padRight(Cut(v.Title, screen-Width(v.Demo)-1), screen-Width(v.Demo)) + v.Demo)
	p.line(p.paint(v.Mark, v.Sum))
	for _, s := range v.Sections {
		p.line("")
		p.line(strings.ToUpper(s.Title))
		if s.Table != nil {
			p.grid(*s.Table)
		}
		for _, f := range s.Findings {
			p.finding(f)
		}
	}
}

// finding prints the mark, what was found, and beneath it what to do.
func (p printer) finding(f doctorLine) {
	for i, line := range Wrap(f.Text, screen-2) {
		lead := "  "
		if i == 0 {
			lead = p.paint(f.Mark, f.Shape) + " "
		}
		p.line(lead + Cut(line, screen-2))
	}
	if f.Fix != "" {
		p.line("→ " + f.Fix) // whole, so that it can be pasted
	}
}

func writeDoctorMarkdown(b *strings.Builder, v doctorView) error {
	m := EscapeMarkdown
	fmt.Fprintf(b, "# crywolf doctor\n\n%s\n\n", m(v.Title))
	if v.Demo != "" {
		fmt.Fprintf(b, "**%s**\n\n", v.Demo)
	}
	fmt.Fprintf(b, "**%s**\n\n", m(v.Sum))
	for _, s := range v.Sections {
		fmt.Fprintf(b, "## %s\n\n", m(s.Title))
		if s.Table != nil {
			if err := markdownGrid(b, *s.Table); err != nil {
				return err
			}
		}
		for _, f := range s.Findings {
			fmt.Fprintf(b, "- %s %s\n", f.Shape, m(f.Text))
			if f.Fix != "" {
				fmt.Fprintf(b, "  - → %s\n", m(f.Fix))
			}
		}
		if len(s.Findings) > 0 {
			b.WriteString("\n")
		}
	}
	return nil
}
