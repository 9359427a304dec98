package charts

import "html/template"

type stripView struct {
	frame
	Rows       []stripRow
	Grid, Axis string
	Ticks      []tick
	More       string
	MoreY      string
	Key        []key
}

type stripRow struct{ Y, ID, Label, Text, Firings, Brackets string }

func drawStrip(f *Figure, s strip) template.HTML {
	const rowHeight = 39.0
	x := timeline{s.Since, s.Until, 1, chartWidth - 1}
	v := stripView{}
	bottom := rowHeight * float64(len(s.shown()))
	var grid, axis path
	for _, t := range x.times(6) {
		if x.at(t) < 8 {
			continue // it would run through the rows' texts
		}
		grid.add("M", x.at(t), 0)
		grid.add("V", bottom)
	}
	for i, r := range s.shown() {
		y, id := float64(i)*rowHeight+18, fit(r.ID, idWidth)
		v.Rows = append(v.Rows, stripRow{Y: num(y - 5), ID: id, Label: fit(r.Label, chartWidth-textWidth(id)-textWidth(r.text())-16), Text: r.text(),
			Firings: firings(r, x, y+4), Brackets: brackets(r, x, y+3)})
	}
	axis.add("M", 0, bottom)
	axis.add("H", chartWidth)
	v.Grid, v.Axis, v.Ticks = grid.String(), axis.String(), x.ticks(bottom+15)
	y := bottom + 20
	if hidden := len(s.Rows) - len(s.shown()); hidden > 0 {
		v.More, v.MoreY = plural(int64(hidden), "more rule")+" in the table", num(y+12)
		y += textHeight
	}
	keys := []key{{Class: "ink", Text: "fired", draw: func(p *path, x, y float64) { p.rect(x+8, y-6, 1, tickHeight) }}}
	if s.runs > 0 {
		keys = append(keys, key{Class: "bracket", Text: "flap run", draw: func(p *path, x, y float64) { bracket(p, x+1, x+15, y+3) }})
	}
	var height float64
	v.Key, height = legend(y, keys...)
	v.frame = f.frame(chartWidth, y+height)
	return execute("strip.svg.tmpl", v)
}

// text is what stands at the end of a row's heading.
func (r *StripRow) text() string {
	firings, runs := int64(len(r.Firings)), int64(len(r.Runs))
	if runs == 0 {
		return plural(firings, "firing")
	}
	return plural(firings, "firing") + ", " + plural(runs, "run")
}

// firings are the ticks of a row in one path: at most one a unit, and those side by side as one box, so that thousands of
// firings take no more room than the drawing has units.
func firings(r StripRow, x timeline, y float64) string {
	var p path
	from, to := -2, -2
	flush := func() {
		if from >= 0 {
			p.rect(float64(from), y, float64(to-from+1), tickHeight)
		}
	}
	for _, t := range r.Firings {
		at := int(x.inside(t))
		if at > to+1 {
			flush()
			from = at
		}
		to = at
	}
	flush()
	return p.String()
}

// brackets are the runs of a row; those that would touch are drawn as one.
func brackets(r StripRow, x timeline, y float64) string {
	var p path
	from, to := -1.0, -1.0
	for _, run := range r.Runs {
		start, end := x.inside(run.Start)-1, x.inside(run.End)+2
		if from >= 0 && start <= to+1 {
			to = max(to, end)
			continue
		}
		if from >= 0 {
			bracket(&p, from, to, y)
		}
		from, to = max(start, 1), end
	}
	if from >= 0 {
		bracket(&p, from, to, y)
	}
	return p.String()
}

func bracket(p *path, from, to, y float64) {
	p.add("M", from, y)
	p.add("v", -4)
	p.add("H", min(max(to, from+3), chartWidth-1))
	p.add("v", 4)
}
