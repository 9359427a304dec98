package reports

import "strings"

// reasonedAlerts is how many alerts have their reason beneath them in the narrow table.
const reasonedAlerts = 5

func writeNoisyTable(b *strings.Builder, v noisyView, o Options) {
	p := printer{b: b, colour: o.Colour}
	p.head(v.Demo, v.Period, v.State, v.Complete, v.Gaps)
	p.line("")
	switch {
	case v.Empty != "":
		p.line(v.Empty)
	case o.Wide:
		p.noisyWide(v.Rows)
	default:
		p.noisyNarrow(v.Rows)
	}
	p.line("")
	if v.Empty == "" {
		p.line(evidenceLegend)
		p.wrapped("risk: worked incidents it would hide or delay; ≤: none seen, 95% bound")
	}
	for _, text := range append(v.Plan, v.Stop...) {
		p.wrapped(text)
	}
	p.noisyFooter(&v, o.Wide)
}

// noisyHead heads the columns of the narrow table, in two lines.
var noisyHead = [2][]string{
	{"", "", "pages", "cleared", "", "", "", "saves/wk", ""},
	{"RULE", "title", "(night)", "alone", "worked", "", "do", "(night)", "risk"},
}

// noisyNarrow prints a line an alert in as many columns as a screen has: the title takes what the numbers leave.
func (p printer) noisyNarrow(rows []noisyRow) {
	const title = 1
	left := map[int]bool{0: true, title: true, 5: true, 6: true}
	lines := [][]string{noisyHead[0], noisyHead[1]}
	for _, r := range rows {
		saves := r.Saves
		if saves != unknown {
			saves += " (" + r.SavesNight + ")"
		}
		lines = append(lines, []string{r.Rule, withoutTag(r.Title), r.Pages + " (" + strings.TrimPrefix(r.Night, "≥ ") + ")", r.Alone, r.Worked, r.Mark, r.Do, saves, r.Risk})
	}
	width := make([]int, len(noisyHead[0]))
	room := screen - len(width) + 1
	for i := range width {
		if i == title {
			continue
		}
		for _, line := range lines {
			width[i] = max(width[i], Width(line[i]))
		}
		room -= width[i]
	}
	width[title] = max(room, 8)
	for i, line := range lines {
		cells := make([]string, len(line))
		for j, c := range line {
			if c = Cut(c, width[j]); left[j] {
				cells[j] = padRight(c, width[j])
			} else {
				cells[j] = padLeft(c, width[j])
			}
		}
		if i >= 2 && removes(rows[i-2].alert.Recommendation) {
			cells[6] = p.paint(Watch, strings.TrimRight(cells[6], " ")) + strings.Repeat(" ", width[6]-Width(strings.TrimRight(cells[6], " ")))
		}
		p.line(strings.Join(cells, " "))
		if i >= 2 && i-2 < reasonedAlerts && len(rows[i-2].Reasons) > 0 {
			p.line(strings.Repeat(" ", width[0]+1) + Cut(rows[i-2].Reasons[0], screen-width[0]-1))
		}
	}
}

// noisyWide prints every column, and every reason beneath the table.
func (p printer) noisyWide(rows []noisyRow) {
	g := grid{Left: 6, Head: []string{"RULE", "title", "service", "source", "evidence", "do", "saves/wk", "night", "risk", "pages", "night", "incidents",
		"alone", "auto-res.", "worked", "(95%)", "last worked", "open p50", "runs", "excess", "with"}}
	for _, r := range rows {
		g.Rows = append(g.Rows, []string{r.Rule, r.Title, r.Service, r.Source, r.Mark + " " + r.Evidence, r.Do, r.Saves, r.SavesNight, r.Risk, r.Pages, r.Night,
			r.Incidents, r.Alone, r.AutoResolved, r.Worked, r.WorkedRange, r.LastWorked, r.OpenP50, r.Runs, r.Excess, r.GroupWith})
	}
	p.grid(g)
	for _, r := range rows {
		p.line("")
		p.line(r.Rule + "  " + r.Do)
		for _, text := range r.Reasons {
			p.line("  " + text)
		}
	}
}

func (p printer) noisyFooter(v *noisyView, wide bool) {
	for _, e := range v.Excluded {
		p.wrapped(e)
	}
	p.notes(v.Notes, wide)
	p.fingerprint(v.Fingerprint, wide)
	p.next(v.Next)
}
