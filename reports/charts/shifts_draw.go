package charts

import (
	"html/template"
	"slices"
	"time"
)

type shiftsView struct {
	frame
	Grid, Axis, Limit   string
	Stems, Over, Within string
	Levels, Ticks       []tick
	Key                 []key
}

const (
	plotLeft, plotRight = 34.0, chartWidth - 6
	plotTop             = 8.0
)

func drawShifts(f *Figure, d PagesPerShiftData) template.HTML {
	const bottom = plotTop + 120
	y := linear{0, d.top(), bottom, plotTop}
	x := timeline{d.Since, d.Until, plotLeft + 5, plotRight - 5}
	var grid, axis, limit, stems, over, within path
	v := shiftsView{Levels: levels(y, &grid)}
	axis.add("M", plotLeft, bottom)
	axis.add("H", plotRight)
	limits(d, x, y, &limit)
	for _, s := range d.Shifts {
		from, to := x.inside(s.Start), x.inside(s.End)
		middle := (from + to) / 2
		if s.NightPageCount > 0 {
			stems.add("M", middle, bottom)
			stems.add("V", y.at(float64(s.NightPageCount)))
		}
		if d.over(s) {
			over.dot(middle, y.at(float64(s.PageCount)))
		} else {
			within.dot(middle, y.at(float64(s.PageCount)))
		}
	}
	v.Grid, v.Axis, v.Limit, v.Stems, v.Over, v.Within = grid.String(), axis.String(), limit.String(), stems.String(), over.String(), within.String()
	v.Ticks = x.ticks(bottom + 15)
	var height float64
	v.Key, height = legend(bottom+20, d.keys(v)...)
	v.frame = f.frame(chartWidth, bottom+20+height)
	if len(d.Shifts) > manyDots {
		v.Class += " many"
	}
	return execute("shifts.svg.tmpl", v)
}

// manyDots is the number of shifts above which dots are drawn smaller.
const manyDots = 60

// limits draws each shift's limit as long as the shift is; what goes on at the same height is one line.
func limits(d PagesPerShiftData, x timeline, y linear, p *path) {
	from, to, height := 0.0, -1.0, ""
	flush := func() {
		if to > from {
			p.WriteString("M" + num(from) + " " + height)
			p.add("H", to)
		}
	}
	for _, s := range d.Shifts {
		l := d.limit(s)
		if l == nil || *l > y.to {
			continue
		}
		start, end, h := x.inside(s.Start), x.inside(s.End), num(y.at(*l))
		if h == height && start <= to+0.1 {
			to = max(to, end)
			continue
		}
		flush()
		from, to, height = start, end, h
	}
	flush()
}

// limitReach is how many times the most pages a limit may be to stand in a chart; one further off would flatten it.
const limitReach = 2

// top is the end of the pages' axis: limits are in it unless they lie far above all shifts.
func (d *PagesPerShiftData) top() float64 {
	worst := float64(d.sums().worst)
	most := worst
	for _, s := range d.Shifts {
		if l := d.limit(s); l != nil && *l <= limitReach*max(worst, 1) {
			most = max(most, *l)
		}
	}
	return ceiling(most)
}

// inside is where a time stands, kept inside the axis.
func (l timeline) inside(t time.Time) float64 { return min(max(l.at(t), l.start), l.end) }

// levels are the texts of a vertical axis; their lines are added to the grid.
func levels(y linear, grid *path) []tick {
	var out []tick
	for _, v := range steps(y.to) {
		out = append(out, tick{X: num(plotLeft - 5), Y: num(y.at(v) + 4), Text: compact(int64(v)), Anchor: "e"})
		grid.add("M", plotLeft, y.at(v))
		grid.add("H", plotRight)
	}
	return out
}

func (d *PagesPerShiftData) keys(v shiftsView) []key {
	var keys []key
	if v.Over != "" {
		keys = append(keys, dotKey("over", "", "above the limit"))
	}
	if v.Within != "" && v.Limit != "" {
		keys = append(keys, dotKey("within", "hole", "within it"))
	}
	if v.Limit != "" {
		meaning := "limit"
		if slices.ContainsFunc(d.Shifts, func(s Shift) bool { l := d.limit(s); return l != nil && *l > d.top() }) {
			meaning = "limit; some lie above"
		}
		keys = append(keys, lineKey("limit", meaning))
	} else if d.sums().judged > 0 {
		keys = append(keys, textKey("the limit lies above the axis"))
	}
	if v.Stems != "" {
		keys = append(keys, stemKey("stem", "at night"))
	}
	return keys
}
