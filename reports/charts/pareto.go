package charts

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
)

// ParetoData are the pages of a period by alert rule.
type ParetoData struct {
	Rules []Rule
}

// Rule is an alert rule and its pages. The label is other people's text.
type Rule struct {
	ID, Label                 string
	PageCount, NightPageCount int64
}

const (
	paretoBars  = 12  // more rules are summed in one line
	paretoShare = 0.6 // the largest rules that reach this share of the pages are accented
)

// Pareto draws alert rules as bars, most pages first, with the running share in words where the accented ones end: those
// that together make 60% of the pages. A thin bar below each is its night pages. Rules without a page are left out. Nil
// without a page; below 10 pages the finding says that they are too few to rank.
func Pareto(id string, d ParetoData) *Figure {
	p := newPareto(d)
	if p.total == 0 {
		return nil
	}
	f := newFigure(id, "pages by rule")
	f.Finding, f.Desc = p.finding(), p.desc()
	f.Table = p.table()
	f.IsTall = len(p.rules) > paretoBars/2
	f.SVG = drawPareto(f, p)
	f.Lines = p.lines()
	return f
}

type pareto struct {
	rules        []Rule // most pages first
	total, night int64
	needed       int   // of the largest rules, to reach the share
	reached      int64 // their pages
}

func newPareto(d ParetoData) pareto {
	var p pareto
	for _, r := range d.Rules {
		if r.PageCount > 0 {
			p.rules = append(p.rules, r)
			p.total += r.PageCount
			p.night += r.NightPageCount
		}
	}
	slices.SortStableFunc(p.rules, func(a, b Rule) int {
		return cmp.Or(cmp.Compare(b.PageCount, a.PageCount), cmp.Compare(b.NightPageCount, a.NightPageCount), cmp.Compare(a.ID, b.ID))
	})
	for _, r := range p.rules {
		if float64(p.reached) >= paretoShare*float64(p.total) {
			break
		}
		p.needed++
		p.reached += r.PageCount
	}
	return p
}

func (p *pareto) shown() []Rule { return p.rules[:min(len(p.rules), paretoBars)] }

// rest sums the rules that have no bar.
func (p *pareto) rest() (pages, night int64) {
	for _, r := range p.rules[len(p.shown()):] {
		pages += r.PageCount
		night += r.NightPageCount
	}
	return pages, night
}

func (p *pareto) finding() string {
	n := int64(len(p.rules))
	switch {
	case p.total < fewPages:
		return fmt.Sprintf("Too few pages to rank rules: %s from %s", count(p.total), plural(n, "rule"))
	case n == 1:
		return "One rule made all " + plural(p.total, "page")
	}
	return fmt.Sprintf("%s of %s made %s of %s", count(int64(p.needed)), plural(n, "rule"), percent(ratio(p.reached, p.total)), plural(p.total, "page"))
}

func (p *pareto) desc() string {
	first := p.rules[0]
	return fmt.Sprintf("Bars of %s by alert rule, %s of them at night, most first, %s rules in all. The largest: %s, %s. %s of them reach 60%%.",
		plural(p.total, "page"), count(p.night), count(int64(len(p.rules))), label(first.Label, 60), plural(first.PageCount, "page"), count(int64(p.needed)))
}

func (p *pareto) table() Table {
	t := Table{Caption: "Pages by alert rule", Head: []string{"rule", "title", "pages", "night", "share", "running share"}, Left: 2}
	var running int64
	for _, r := range p.shown() {
		running += r.PageCount
		t.Rows = append(t.Rows, []string{label(r.ID, 12), label(r.Label, 80), count(r.PageCount), count(r.NightPageCount),
			percent(ratio(r.PageCount, p.total)), percent(ratio(running, p.total))})
	}
	if pages, night := p.rest(); pages > 0 {
		t.Rows = append(t.Rows, []string{"", p.others(), count(pages), count(night), percent(ratio(pages, p.total)), "100%"})
	}
	return t
}

func (p *pareto) others() string {
	return plural(int64(len(p.rules)-len(p.shown())), "other rule")
}

type paretoView struct {
	frame
	Bars            []paretoBar
	Divider         string
	DividerY, Words string
	Rest, RestY     string
	Key             []key
}

type paretoBar struct {
	Y, ID, Label      string
	Class, Bar, Night string
	EndX, EndY, Pages string
}

const paretoRow = 31.0

func drawPareto(f *Figure, p pareto) template.HTML {
	pages := each(p.shown(), func(r Rule) string { return withNight(r.PageCount, r.NightPageCount) })
	room := 0.0
	for _, s := range pages {
		room = max(room, textWidth(s))
	}
	x := linear{0, float64(p.rules[0].PageCount), 0, chartWidth - room - 6}
	v := paretoView{}
	y := 0.0
	for i, r := range p.shown() {
		v.Bars = append(v.Bars, paretoRule(r, x, y, i < p.needed, pages[i]))
		y += paretoRow
		if i == p.needed-1 && i < len(p.rules)-1 {
			var line path
			line.add("M", 0, y+8)
			line.add("H", chartWidth-textWidth(p.words())-6)
			v.Divider, v.DividerY, v.Words = line.String(), num(y+12), p.words()
			y += textHeight
		}
	}
	if pages, night := p.rest(); pages > 0 {
		v.Rest, v.RestY = fmt.Sprintf("and %s: %s", p.others(), withNight(pages, night)), num(y+13)
		y += textHeight + 4
	}
	var height float64
	v.Key, height = legend(y+2, p.keys()...)
	v.frame = f.frame(chartWidth, y+2+height)
	return execute("pareto.svg.tmpl", v)
}

func withNight(pages, night int64) string {
	if night == 0 {
		return count(pages)
	}
	return fmt.Sprintf("%s (%s at night)", count(pages), count(night))
}

// words is the running share where the accented rules end.
func (p *pareto) words() string {
	return fmt.Sprintf("up to here %s of the pages", percent(ratio(p.reached, p.total)))
}

func paretoRule(r Rule, x linear, y float64, needed bool, pages string) paretoBar {
	var bar, night path
	w := max(x.at(float64(r.PageCount)), 1)
	bar.rect(0, y+16, w, 8)
	if r.NightPageCount > 0 {
		night.rect(0, y+25, max(x.at(float64(r.NightPageCount)), 1), 2.5)
	}
	id, class := fit(r.ID, idWidth), "pale"
	if needed {
		class = "full"
	}
	return paretoBar{Y: num(y + 12), ID: id, Label: fit(r.Label, chartWidth-textWidth(id)-8), Class: class, Bar: bar.String(), Night: night.String(),
		EndX: num(w + 5), EndY: num(y + 25), Pages: pages}
}

func (p *pareto) keys() []key {
	keys := []key{boxKey("full", "", "largest, to reach 60%")}
	if p.needed < len(p.shown()) {
		keys = append(keys, boxKey("pale", "", "other rules"))
	}
	if p.night > 0 {
		keys = append(keys, key{Class: "ink", Text: "at night", draw: func(p *path, x, y float64) { p.rect(x+1, y-1, 14, 2.5) }})
	}
	return keys
}

// lines prints a bar a rule, and the running share where 60% are reached.
func (p *pareto) lines() []string {
	pages, night := p.rest()
	room := width(withNight(pages, night))
	for _, r := range p.shown() {
		room = max(room, width(withNight(r.PageCount, r.NightPageCount)))
	}
	longest := min(20, screen-38-1-room)
	indent := left("", 9)
	var lines []string
	for i, r := range p.shown() {
		n := max(1, int(float64(r.PageCount)/float64(p.rules[0].PageCount)*float64(longest)+0.5))
		lines = append(lines, left(label(r.ID, 8), 9)+left(label(r.Label, 28), 29)+left(bar(n), longest+1)+withNight(r.PageCount, r.NightPageCount))
		if i == p.needed-1 && i < len(p.rules)-1 {
			lines = append(lines, indent+"┄ "+p.words())
		}
	}
	if pages > 0 {
		lines = append(lines, indent+left("and "+p.others(), 29)+left("", longest+1)+withNight(pages, night))
	}
	return lines
}
