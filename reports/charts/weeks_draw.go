package charts

import "html/template"

type weeksView struct {
	frame
	Panels []weekPanel
	Ticks  []tick
	Key    []key
}

type weekPanel struct {
	Y, Label, Text          string
	Grid, Axis              string
	Area, Night, Gap, Limit string
	Levels                  []tick
}

func drawWeeks(f *Figure, w weeks) template.HTML {
	const height, head = 54.0, 24.0
	v := weeksView{}
	y := 0.0
	for _, s := range w.shown() {
		v.Panels = append(v.Panels, w.panel(s, y+head, y+head+height))
		v.Panels[len(v.Panels)-1].Y = num(y + 12)
		y += head + height + 10
	}
	y -= 10
	x := w.columns()
	for week := 0; week < len(w.WeekStarts); week += max(1, (len(w.WeekStarts)+3)/4) {
		v.Ticks = append(v.Ticks, placed((x.at(float64(week))+x.at(float64(week+1)))/2, y+15, date(w.WeekStarts[week])))
	}
	keys := []key{boxKey("area", "", "pages"), boxKey("h5", "", "at night")}
	switch {
	case w.drawnLimits() > 0 && w.drawnLimits() < w.limits:
		keys = append(keys, lineKey("limit", "limit; some lie above"))
	case w.drawnLimits() > 0:
		keys = append(keys, lineKey("limit", "limit"))
	case w.limits > 0:
		keys = append(keys, textKey("the limit lies above the axis"))
	}
	if w.unknown > 0 {
		keys = append(keys, lineKey("gap", "unknown"))
	}
	var rows float64
	v.Key, rows = legend(y+20, keys...)
	v.frame = f.frame(chartWidth, y+20+rows)
	return execute("weeks.svg.tmpl", v)
}

func (w *weeks) columns() linear { return linear{0, float64(len(w.WeekStarts)), plotLeft, plotRight} }

// drawnLimits is how many limits are low enough to be drawn.
func (w *weeks) drawnLimits() int {
	n := 0
	for _, s := range w.shown() {
		if s.LimitPages != nil && *s.LimitPages <= w.top {
			n++
		}
	}
	return n
}

func (w *weeks) panel(s WeekSeries, top, bottom float64) weekPanel {
	x, y := w.columns(), linear{0, w.top, bottom, top}
	var grid, axis, night, gap, limit path
	p := weekPanel{Label: fit(s.Label, (chartWidth-textWidth(w.between(s))-10)/1.1), Text: w.between(s), Levels: levels(y, &grid)}
	axis.add("M", plotLeft, bottom)
	axis.add("H", plotRight)
	for week := range w.WeekStarts {
		from, to := x.at(float64(week)), x.at(float64(week+1))
		if at(s.PageCounts, week) == nil {
			gap.add("M", from+2, bottom-2)
			gap.add("H", to-2)
		} else if n := at(s.NightPageCounts, week); n != nil && *n > 0 {
			night.rect(from, y.at(float64(*n)), to-from, bottom-y.at(float64(*n)))
		}
	}
	if s.LimitPages != nil && *s.LimitPages <= w.top {
		limit.add("M", plotLeft, y.at(*s.LimitPages))
		limit.add("H", plotRight)
	}
	p.Grid, p.Axis, p.Area, p.Night = grid.String(), axis.String(), w.area(s, x, y), night.String()
	p.Gap, p.Limit = gap.String(), limit.String()
	return p
}

// area is one outline for each stretch of known weeks.
func (w *weeks) area(s WeekSeries, x, y linear) string {
	var p path
	open := false
	for week := range w.WeekStarts {
		n := at(s.PageCounts, week)
		if n == nil {
			open = closeArea(&p, open, y.start)
			continue
		}
		if !open {
			p.add("M", x.at(float64(week)), y.start)
			open = true
		}
		p.add("V", y.at(float64(*n)))
		p.add("H", x.at(float64(week+1)))
	}
	closeArea(&p, open, y.start)
	return p.String()
}

func closeArea(p *path, open bool, floor float64) bool {
	if open {
		p.add("V", floor)
		p.add("z")
	}
	return false
}
