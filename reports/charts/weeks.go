package charts

import (
	"fmt"
	"time"
)

// WeeksData are pages by week, a panel a series.
type WeeksData struct {
	// WeekStarts are the weeks of all series, oldest first.
	WeekStarts []time.Time
	Series     []WeekSeries
}

// WeekSeries is one panel, such as a rotation. The label is other people's text.
type WeekSeries struct {
	Label string
	// PageCounts and NightPageCounts have a value for each week; nil is a week that was not read whole.
	PageCounts, NightPageCounts []*int64
	// LimitPages is the limit for a week. Nil: none.
	LimitPages *float64
}

// WeekPanels is how many panels are drawn; more series are in the table only.
const WeekPanels = 24

// Weeks draws small multiples: a panel a series, all on one scale, each week a step of the area of its pages with the night
// pages darker in it, and a dashed limit. An unknown week is a gap with a dotted floor. Nil without a known week. The finding
// names the heaviest week and says nothing of a trend: that takes a test.
func Weeks(id string, d WeeksData) *Figure {
	w := newWeeks(d)
	if w.heaviest == nil {
		return nil
	}
	f := newFigure(id, "pages a week")
	f.Finding, f.Desc = w.finding(), w.desc()
	f.Table = w.table()
	f.SVG = drawWeeks(f, w)
	f.Lines = w.lines()
	return f
}

type weeks struct {
	WeeksData
	heaviest    *WeekSeries
	most        int64
	mostAt      time.Time
	known, over int64 // weeks, over all series
	unknown     int64
	limits      int // series with a limit
	top         float64
}

// at is a week's value, nil where it is not known or was not given.
func at(values []*int64, week int) *int64 {
	if week < len(values) {
		return values[week]
	}
	return nil
}

func newWeeks(d WeeksData) weeks {
	w := weeks{WeeksData: d}
	for i := range d.Series {
		s := &d.Series[i]
		if s.LimitPages != nil {
			w.limits++
		}
		for week, start := range d.WeekStarts {
			n := at(s.PageCounts, week)
			if n == nil {
				w.unknown++
				continue
			}
			w.known++
			if w.heaviest == nil || *n > w.most {
				w.heaviest, w.most, w.mostAt = s, *n, start
			}
			if s.LimitPages != nil && float64(*n) > *s.LimitPages {
				w.over++
			}
		}
	}
	w.top = float64(w.most)
	for _, s := range d.Series {
		if s.LimitPages != nil && *s.LimitPages <= limitReach*max(float64(w.most), 1) {
			w.top = max(w.top, *s.LimitPages)
		}
	}
	w.top = ceiling(w.top)
	return w
}

func (w *weeks) finding() string {
	text := fmt.Sprintf("Heaviest week: %s, %s", plural(w.most, "page"), date(w.mostAt))
	switch {
	case w.most == 0:
		text = "No page in " + plural(w.known, "week")
	case w.known == 1:
		text = fmt.Sprintf("One week is known: %s, %s", plural(w.most, "page"), date(w.mostAt))
	case len(w.Series) > 1:
		text += ", " + label(w.heaviest.Label, 30)
	}
	if w.limits > 0 && w.most > 0 {
		text += fmt.Sprintf("; %s of %s over the limit", count(w.over), plural(w.judged(), "week"))
	}
	if w.unknown > 0 {
		text += fmt.Sprintf(" (%s unknown)", count(w.unknown))
	}
	return text
}

// judged are the known weeks of series with a limit.
func (w *weeks) judged() int64 {
	var n int64
	for _, s := range w.Series {
		for week := range w.WeekStarts {
			if s.LimitPages != nil && at(s.PageCounts, week) != nil {
				n++
			}
		}
	}
	return n
}

func (w *weeks) desc() string {
	text := fmt.Sprintf("Pages a week over %s from %s, in %s on the same scale, night pages darker. The heaviest week: %s in the week of %s.",
		plural(int64(len(w.WeekStarts)), "week"), w.WeekStarts[0].Format("2006-01-02"), plural(int64(len(w.shown())), "panel"),
		plural(w.most, "page"), w.mostAt.Format("2006-01-02"))
	if w.unknown > 0 {
		text += fmt.Sprintf(" %s not known and left blank.", plural(w.unknown, "week"))
	}
	if hidden := len(w.Series) - len(w.shown()); hidden > 0 {
		text += fmt.Sprintf(" %s more in the table only.", count(int64(hidden)))
	}
	return text
}

func (w *weeks) shown() []WeekSeries { return w.Series[:min(len(w.Series), WeekPanels)] }

// table has a row a week; with several series two rows a series, for they may be many.
func (w *weeks) table() Table {
	if len(w.Series) > 1 {
		return w.wideTable()
	}
	t := Table{Caption: "Pages a week (at night)", Head: []string{"week of"}, Left: 1}
	for _, s := range w.Series {
		t.Head = append(t.Head, label(s.Label, 40), "night")
	}
	limits := []string{"limit"}
	for week, start := range w.WeekStarts {
		row := []string{start.Format("2006-01-02")}
		for _, s := range w.Series {
			row = append(row, whole(at(s.PageCounts, week)), whole(at(s.NightPageCounts, week)))
		}
		t.Rows = append(t.Rows, row)
	}
	for _, s := range w.Series {
		limits = append(limits, text(s.LimitPages), "")
	}
	if w.limits > 0 {
		t.Rows = append(t.Rows, limits)
	}
	return t
}

func (w *weeks) wideTable() Table {
	t := Table{Caption: "Pages a week", Head: []string{"pages in the week of"}, Left: 1}
	for _, start := range w.WeekStarts {
		t.Head = append(t.Head, date(start))
	}
	if w.limits > 0 {
		t.Head = append(t.Head, "limit")
	}
	for _, s := range w.Series {
		pages, nights := []string{label(s.Label, 40)}, []string{"at night"}
		for week := range w.WeekStarts {
			pages, nights = append(pages, whole(at(s.PageCounts, week))), append(nights, whole(at(s.NightPageCounts, week)))
		}
		if w.limits > 0 {
			pages, nights = append(pages, text(s.LimitPages)), append(nights, "")
		}
		t.Rows = append(t.Rows, pages, nights)
	}
	return t
}

// between is the least and the most of a series: "3–31 a week".
func (w *weeks) between(s WeekSeries) string {
	var least, most *int64
	for week := range w.WeekStarts {
		n := at(s.PageCounts, week)
		if n == nil {
			continue
		}
		if least == nil || *n < *least {
			least = n
		}
		if most == nil || *n > *most {
			most = n
		}
	}
	switch {
	case least == nil:
		return "not known"
	case *least == *most:
		return compact(*most) + " a week"
	}
	return compact(*least) + "–" + compact(*most) + " a week"
}

// lines prints a sparkline a series, all on one scale.
func (w *weeks) lines() []string {
	var lines []string
	for _, s := range w.Series {
		var values []*float64
		for week := range w.WeekStarts[max(0, len(w.WeekStarts)-26):] {
			var v *float64
			if n := at(s.PageCounts, max(0, len(w.WeekStarts)-26)+week); n != nil {
				f := float64(*n)
				v = &f
			}
			values = append(values, v)
		}
		lines = append(lines, left(label(s.Label, 27), 28)+spark(values, float64(w.most))+"  "+w.between(s))
	}
	last := w.WeekStarts[len(w.WeekStarts)-1]
	return append(lines, left("", 28)+fmt.Sprintf("weeks of %s to %s; · is unknown", date(w.WeekStarts[max(0, len(w.WeekStarts)-26)]), date(last)))
}
