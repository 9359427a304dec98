package reports

import (
	"regexp"
	"strings"
)

// screen is the width that every line of the first screen keeps to.
const screen = 79

func writeTable(b *strings.Builder, v view, o Options) {
	p := printer{b: b, colour: o.Colour}
	p.head(v.Demo, v.Period, v.State, v.Complete, v.Gaps)
	if v.Banner != "" {
		p.line(p.paint(Watch, v.Banner))
	}
	if v.Overview != nil {
		p.line("")
		p.overview(*v.Overview)
	}
	if v.Empty != "" {
		p.line("")
		p.line(v.Empty)
	}
	short := len(v.Rotations) == 1 && v.Rotations[0].Quiet
	for i := range v.Rotations {
		if !short {
			p.line("")
		}
		p.rotation(&v.Rotations[i], o.Wide)
	}
	if !short {
		p.line("")
	}
	p.footer(&v, o.Wide)
}

// printer lays texts out in columns; colour only repeats what marks and words say.
type printer struct {
	b      *strings.Builder
	colour bool
}

func (p printer) line(s string) {
	p.b.WriteString(strings.TrimRight(s, " "))
	p.b.WriteByte('\n')
}

// head opens a document: which period, whose data, how far it can be trusted.
func (p printer) head(demo, period, state string, complete bool, gaps []string) {
	if demo != "" {
		period = padRight(period, screen-Width(demo)) + demo
	}
	p.line(period)
	p.line(p.state(state, complete))
	for _, g := range gaps {
		p.wrapped(g)
	}
}

// wrapped prints a text over as many lines as it needs, the later ones indented.
func (p printer) wrapped(s string) {
	for i, line := range Wrap(s, screen-2) {
		if i > 0 {
			line = "  " + line
		}
		p.line(line)
	}
}

// paint is the only place that colours.
func (p printer) paint(m Mark, s string) string {
	code := map[Mark]string{OK: "32", Watch: "33", Over: "31;1"}[m]
	if !p.colour || code == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (p printer) state(s string, complete bool) string {
	if complete {
		return s
	}
	return p.paint(Watch, s)
}

func (p printer) rotation(v *rotationView, wide bool) {
	name := Cut(v.Name, max(20, screen-3-Width(v.Facts)))
	p.line(Cut(name+"   "+v.Facts, screen))
	for _, line := range Wrap(v.Verdict.Text, screen) {
		p.line(p.paint(v.Verdict.Mark, line))
	}
	if v.Quiet {
		return
	}
	if v.Trend != "" {
		p.line(v.Trend)
	}
	p.line("")
	p.measures(v)
	if v.Actions != nil {
		p.line("")
		p.actions(*v.Actions)
	}
	if v.Alerts != nil {
		p.line("")
		p.alerts(*v.Alerts, wide)
		if v.MoreAlerts != "" {
			p.line(strings.Repeat(" ", 9) + v.MoreAlerts)
		}
	}
	if v.Changes != nil {
		p.line("")
		p.grid(*v.Changes)
		p.wrapped(v.ChangesNote)
	}
	for _, f := range v.Figures {
		p.line("")
		p.wrapped(f.Finding)
		for _, line := range f.Lines {
			p.line(line)
		}
	}
	if v.Besides != nil {
		p.line("")
		p.cardTable(*v.Besides)
	}
	for _, g := range []*grid{v.Sources, v.Shifts} {
		if g != nil {
			p.line("")
			p.grid(*g)
		}
	}
}

// columns puts numbers behind a line, each up to its end. One that is too long ("≥ 1,250 (42%/42%)") takes the room of
// the next.
func columns(line string, cells []string, ends ...int) string {
	for i, end := range ends {
		line += padLeft(cells[i], max(Width(cells[i])+1, end-Width(line)))
	}
	return line
}

// measures prints a rotation's numbers.
func (p printer) measures(v *rotationView) {
	row := func(c []string, reading string) string {
		return columns(padRight(c[0], 28), c[1:], 42, 56, 63, 71) + " " + reading
	}
	p.line(row(v.Measures.Head, v.Measures.Head[5]))
	for i, c := range v.Measures.Rows {
		p.line(row(c, p.paint(v.Marks[i], c[5])))
	}
}

func (p printer) actions(g grid) {
	for _, c := range append([][]string{g.Head}, g.Rows...) {
		p.line(columns(padRight(c[0], 9)+padRight(Cut(withoutTag(c[1]), 28), 28), c[2:], 43, 49, 58) + "  " + c[5])
	}
}

func (p printer) overview(g grid) {
	for _, c := range append([][]string{g.Head}, g.Rows...) {
		p.line(columns(padRight(Cut(c[0], 26), 26), c[1:], 34, 43, 54, 61, 70) + "  " + c[6])
	}
}

func (p printer) alerts(g grid, wide bool) {
	for _, c := range append([][]string{g.Head}, g.Rows...) {
		if wide {
			p.line(columns(padRight(c[0], 10)+padRight(Cut(c[1], 34), 35)+padRight(Cut(c[2], 18), 19)+padRight(Cut(c[3], 12), 12),
				c[4:], 83, 90, 100, 109) + "  " + padRight(c[8], 21) + c[9])
			continue
		}
		p.line(columns(padRight(c[0], 9)+padRight(Cut(withoutTag(c[1]), 28), 28), c[2:], 43, 49, 59, 68) + "  " + c[6])
	}
}

// tag is what a tool puts before its titles: [FIRING:2], [Triggered on {host:x}].
var tag = regexp.MustCompile(`^(\[[^\]]*\]\s*)+`)

// withoutTag saves the first screen's few columns for what tells alerts apart.
func withoutTag(title string) string {
	if rest := tag.ReplaceAllString(title, ""); rest != "" {
		return rest
	}
	return title
}

// grid prints a table with columns as wide as their widest cell, 40 at most.
func (p printer) grid(g grid) {
	all := append([][]string{g.Head}, g.Rows...)
	width := make([]int, len(g.Head))
	for _, row := range all {
		for i, c := range row {
			width[i] = min(40, max(width[i], Width(c)))
		}
	}
	g.squeeze(width)
	for _, row := range all {
		line := ""
		for i, c := range row {
			if i > 0 {
				line += "  "
			}
			if c = Cut(c, width[i]); i < g.Left {
				line += padRight(c, width[i])
			} else {
				line += padLeft(c, width[i])
			}
		}
		p.line(line)
	}
}

// squeeze takes from the widest text what a table is wider than the screen, where that leaves the text at least half a
// column; a table that is much wider is left as it is.
func (g *grid) squeeze(width []int) {
	total, widest := 2*(len(width)-1), 0
	for i, w := range width {
		total += w
		if i < g.Left && w > width[widest] {
			widest = i
		}
	}
	if over := total - screen; over > 0 && g.Left > 0 && width[widest]-over >= 20 {
		width[widest] -= over
	}
}

// firstScreenNotes is how many data notes the first screen prints before it points to --wide.
const firstScreenNotes = 3

func (p printer) footer(v *view, wide bool) {
	p.wrapped(v.Account)
	for _, e := range v.Excluded {
		p.wrapped(e)
	}
	p.notes(v.Notes, wide)
	p.next(v.Next)
}

func (p printer) notes(notes []string, wide bool) {
	shown := notes
	if !wide && len(notes) > firstScreenNotes {
		shown = notes[:firstScreenNotes]
	}
	for _, n := range shown {
		p.wrapped(n)
	}
	if rest := len(notes) - len(shown); rest > 0 {
		p.line(plural(int64(rest), "more note") + " with --wide")
	}
}

// next prints the commands worth trying, as many on a line as fit.
func (p printer) next(commands []string) {
	const lead, gap = "next  ", "    "
	line := lead
	for i, c := range commands {
		switch {
		case i == 0:
			line += c
		case Width(line+gap+c) <= screen:
			line += gap + c
		default:
			p.line(line)
			line = strings.Repeat(" ", len(lead)) + c
		}
	}
	if len(commands) > 0 {
		p.line(line)
	}
}
