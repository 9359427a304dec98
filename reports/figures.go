package reports

import (
	"math"
	"slices"
	"time"

	"crywolf/reports/charts"
)

// figures draws what a rotation's period looked like; charts without anything to show are left out.
func figures(rot *Rotation, r *Report) []*charts.Figure {
	c := &r.Context
	id := rot.ID
	var out []*charts.Figure
	for _, f := range []*charts.Figure{
		charts.PagesPerShift(id, shiftsData(rot, r)),
		charts.HourOfWeek(id, charts.HourOfWeekData{PageCounts: rot.HourOfWeek, SleepStartMinute: c.SleepStartMinute, SleepEndMinute: c.SleepEndMinute,
			SleepPageCount: &rot.Night.PageCount}),
		charts.Pareto(id, paretoData(rot)),
		charts.Strip(id, stripData(rot, r)),
		charts.Histogram(id, histogramData(rot)),
		charts.Weeks(id, weeksData(r, []*Rotation{rot})),
		changeFigure(rot),
		charts.Dots(id, dotsData(rot, c)),
	} {
		if f != nil {
			out = append(out, f)
		}
	}
	return out
}

// in is a time on the clock that the document shows.
func in(t time.Time, c *Context) time.Time {
	if c.Location == nil {
		return t.UTC()
	}
	return t.In(c.Location)
}

func shiftsData(rot *Rotation, r *Report) charts.PagesPerShiftData {
	c := &r.Context
	d := charts.PagesPerShiftData{Since: in(r.Period.Since, c), Until: in(r.Period.Until, c), LimitPer12h: &c.Limits.PagesPer12h}
	holders := shiftHolders(rot, c)
	for i, s := range rot.Shifts {
		d.Shifts = append(d.Shifts, charts.Shift{Of: holders[i], Start: in(s.Start, c), End: in(s.End, c), PageCount: s.PageCount, NightPageCount: s.NightPageCount, OnCallSeconds: s.OnCallSeconds})
	}
	return d
}

func paretoData(rot *Rotation) charts.ParetoData {
	var d charts.ParetoData
	for _, a := range rot.Alerts {
		d.Rules = append(d.Rules, charts.Rule{ID: a.Rule, Label: withoutTag(Clean(a.Title)), PageCount: a.PageCount, NightPageCount: a.NightPageCount})
	}
	return d
}

// stripRows is how many flapping rules are drawn.
const stripRows = 10

func stripData(rot *Rotation, r *Report) charts.StripData {
	c := &r.Context
	d := charts.StripData{Since: in(r.Period.Since, c), Until: in(r.Period.Until, c)}
	for _, f := range rot.FlappingRules[:min(stripRows, len(rot.FlappingRules))] {
		row := charts.StripRow{ID: f.Rule, Label: withoutTag(Clean(f.Title))}
		for _, t := range f.Firings {
			row.Firings = append(row.Firings, in(t, c))
		}
		for _, run := range f.Runs {
			row.Runs = append(row.Runs, charts.Run{Start: in(run.Start, c), End: in(run.End, c), FiringCount: run.EpisodeCount})
		}
		d.Rows = append(d.Rows, row)
	}
	return d
}

func histogramData(rot *Rotation) charts.HistogramData {
	q := rot.Response.TimeToResolveSeconds
	d := charts.HistogramData{P50Seconds: q.P50, P90Seconds: q.P90}
	for _, b := range rot.ResolveHistogram {
		to := math.Inf(1)
		if b.ToSeconds != nil {
			to = *b.ToSeconds
		}
		d.Bins = append(d.Bins, charts.Bin{FromSeconds: b.FromSeconds, ToSeconds: to, ClearedAloneCount: b.ClearedAloneCount, WorkedCount: b.WorkedCount, OtherCount: b.OtherCount})
	}
	return d
}

// weeksData puts rotations side by side over the same weeks; a week that one of them lacks is a gap.
func weeksData(r *Report, rotations []*Rotation) charts.WeeksData {
	c := &r.Context
	var d charts.WeeksData
	var starts []time.Time
	for _, rot := range rotations {
		for _, w := range rot.Weeks {
			starts = append(starts, w.Start)
		}
	}
	slices.SortFunc(starts, time.Time.Compare)
	starts = slices.CompactFunc(starts, time.Time.Equal)
	for _, t := range starts {
		d.WeekStarts = append(d.WeekStarts, in(t, c))
	}
	for _, rot := range rotations {
		s := charts.WeekSeries{Label: Clean(rot.Name), PageCounts: make([]*int64, len(starts)), NightPageCounts: make([]*int64, len(starts)), LimitPages: weekLimit(rot, c)}
		for _, w := range rot.Weeks {
			i, _ := slices.BinarySearchFunc(starts, w.Start, time.Time.Compare)
			s.PageCounts[i], s.NightPageCounts[i] = &w.PageCount, &w.NightPageCount
		}
		d.Series = append(d.Series, s)
	}
	return d
}

// weekLimit is what the limit of a 12-hour block comes to over a usual week's time on call.
func weekLimit(rot *Rotation, c *Context) *float64 {
	if len(rot.Weeks) == 0 || c.Limits.PagesPer12h <= 0 {
		return nil
	}
	var seconds int64
	for _, w := range rot.Weeks {
		seconds += w.OnCallSeconds
	}
	limit := c.Limits.PagesPer12h * float64(seconds) / 43200 / float64(len(rot.Weeks))
	return &limit
}

// weeksOfAll is the trend of every rotation, worst first; nil where no week was read whole.
func weeksOfAll(r *Report) *charts.Figure {
	return charts.Weeks("all", weeksData(r, WorstFirst(r.Rotations)))
}

// changeFigure draws the rates that a rotation's change compares, where it could be worked out. The range is the
// ratio's: of the later rate, had the earlier one been exact.
func changeFigure(rot *Rotation) *charts.Figure {
	c := rot.Change
	if c == nil || c.MayBeChance == nil || c.PagesPer12h == nil || c.BaselinePagesPer12h == nil {
		return nil
	}
	length := Days(Period{c.Since, c.Until})
	after := charts.Bar{Label: "these " + length, Value: *c.PagesPer12h, N: c.PageCount}
	if c.PageRateRatioLow != nil && c.PageRateRatioHigh != nil {
		low, high := *c.PageRateRatioLow**c.BaselinePagesPer12h, *c.PageRateRatioHigh**c.BaselinePagesPer12h
		after.Low, after.High = &low, &high
	}
	return charts.BeforeAfter(rot.ID, charts.BeforeAfterData{Unit: "pages per 12 h on call", MayBeChance: *c.MayBeChance,
		Before: charts.Bar{Label: Days(Period{c.BaselineSince, c.BaselineUntil}) + " before", Value: *c.BaselinePagesPer12h, N: c.BaselinePageCount}, After: after})
}

func dotsData(rot *Rotation, c *Context) charts.DotsData {
	if rot.Spread == nil {
		return charts.DotsData{}
	}
	return charts.DotsData{PageCounts: rot.Spread.PageCounts, MinGroup: c.MinGroup, MayBeChance: rot.Spread.MayBeChance}
}

// noisyFigures draws the list's rules and what the plan would leave of the pages.
func noisyFigures(n *Noisy) []*charts.Figure {
	var rules charts.ParetoData
	for _, a := range n.Alerts {
		rules.Rules = append(rules.Rules, charts.Rule{ID: a.Rule, Label: withoutTag(Clean(a.Title)), PageCount: a.PageCount, NightPageCount: a.NightPageCount})
	}
	var out []*charts.Figure
	if p := &n.Plan; p.PagesLeftPerWeek < p.PagesPerWeek {
		out = append(out, charts.BeforeAfter("plan", charts.BeforeAfterData{Unit: "pages a week",
			Before: charts.Bar{Label: "as it was", Value: p.PagesPerWeek}, After: charts.Bar{Label: "with the plan, at best", Value: p.PagesLeftPerWeek}}))
	}
	if f := charts.Pareto("rules", rules); f != nil {
		out = append(out, f)
	}
	return out
}
