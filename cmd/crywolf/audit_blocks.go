package main

import (
	"math"

	"crywolf/analysis/statistics"
	"crywolf/reports"
)

// card is what is known of one rotation.
type card struct {
	id string
	cardFacts
}

func (f cardFacts) of(id string) card { return card{id, f} }

// blocks are the numbers of a scorecard; what they amount to is judged in reports.
func (c card) blocks() []reports.Block {
	var out []reports.Block
	for _, part := range []struct {
		id   string
		fill func(*reports.Block)
	}{
		{reports.BlockLabel, c.label}, {reports.BlockWeekOnCall, c.weekOnCall}, {reports.BlockHowOften, c.howOften}, {reports.BlockNoise, c.noise},
		{reports.BlockFairness, c.fairness}, {reports.BlockHelp, c.help}, {reports.BlockTrend, c.trend},
		{reports.BlockNightsElsewhere, c.nightsElsewhere}, {reports.BlockTools, c.tools},
	} {
		b := reports.Block{ID: part.id, Numbers: reports.Numbers{}}
		part.fill(&b)
		out = append(out, b)
	}
	return out
}

// number is a metric's answer for the rotation; nil where it has none.
func (c card) number(metric, column string) *float64 {
	r, ok := c.rows[metric][c.id]
	if !ok {
		return nil
	}
	return r.number(column)
}

// take puts a metric's columns under their own names.
func (c card) take(b *reports.Block, metric string, columns ...string) {
	for _, column := range columns {
		b.Numbers.Set(column, c.number(metric, column))
	}
}

// days is the length of the period.
func (c card) days() float64 { return c.period.Until.Sub(c.period.Since).Hours() / 24 }

func (c card) label(b *reports.Block) {
	b.Numbers.Set("week_count", number(math.Floor(c.days()/7)))
	c.take(b, "load", "page_count", "shift_count")
	b.Numbers.Set("complete_ratio", number(c.read))
}

func (c card) weekOnCall(b *reports.Block) {
	c.take(b, "on_call_weeks", "person_week_count", "page_p50_count", "page_p90_count", "page_max_count",
		"night_page_p50_count", "night_page_p90_count", "night_page_max_count")
	c.take(b, "load", "pages_per_12h")
	c.take(b, "blocks_12h", "blocks_12h_count", "blocks_12h_over_2_incidents_count")
	c.take(b, "night", "on_call_night_count", "interrupted_night_count")
	broken, nights := c.number("night", "interrupted_night_count"), c.number("night", "on_call_night_count")
	b.Numbers.Set("interrupted_night_ratio", quotient(broken, nights))
	low, high := wilson(broken, nights)
	b.Numbers.Set("interrupted_night_low_ratio", low)
	b.Numbers.Set("interrupted_night_high_ratio", high)
	c.take(b, "sleep", "twice_interrupted_night_count", "undisturbed_p50_seconds", "undisturbed_p10_seconds")
	b.Numbers.Set("business_page_ratio", quotient(c.number("hours", "business_page_count"), c.number("load", "page_count")))
	c.take(b, "toil", "toil_low_ratio", "toil_high_ratio", "engaged_low_seconds", "engaged_high_seconds", "working_seconds")
}

// The lengths that how often one is on call is told over.
const (
	daysAMonth    = 30.4375 // a twelfth of 365.25
	weeksAQuarter = 13
	daysAWeek     = 7
	secondsAWeek  = daysAWeek * 24 * 60 * 60
)

func (c card) howOften(b *reports.Block) {
	people := c.number("rota", "person_count")
	c.take(b, "rota", "person_count")
	b.Numbers.Set("on_call_days_per_month", scaled(quotient(c.number("rota", "on_call_day_count"), people), daysAMonth/c.days()))
	b.Numbers.Set("weekends_per_quarter", scaled(quotient(c.number("rota", "on_call_weekend_count"), people), weeksAQuarter*daysAWeek/c.days()))
	weeks := quotient(c.number("on_call_weeks", "person_week_count"), people)
	b.Numbers.Set("on_call_week_ratio", quotient(weeks, c.number("on_call_weeks", "week_count")))
	c.take(b, "rota", "shift_p50_seconds", "shift_max_seconds", "answer_low_seconds", "answer_high_seconds")
	c.take(b, "follow_the_sun", "zone_cluster_count")
}

func (c card) noise(b *reports.Block) {
	c.take(b, "load", "page_count")
	c.take(b, "verdicts", "non_actionable_ratio", "non_actionable_low_ratio", "non_actionable_high_ratio", "actionable_page_count",
		"non_actionable_page_count", "unknown_page_count", "redundant_page_count", "unattended_page_count")
	c.take(b, "flapping", "flapping_page_count")
	var top int64
	for _, rule := range c.rules[c.id] {
		top = max(top, rule.now)
	}
	b.Numbers.Set("top_alert_page_ratio", quotient(number(float64(top)), c.number("load", "page_count")))
	var pages int64
	var oldest *float64
	for _, r := range c.unworked[c.id] {
		pages += r.count("page_count")
		weeks := c.period.Until.Sub(r.at("first_seen_at")).Seconds() / secondsAWeek
		if oldest == nil || weeks > *oldest {
			oldest = &weeks
		}
	}
	b.Numbers.Set("unworked_rule_count", number(float64(len(c.unworked[c.id]))))
	b.Numbers.Set("unworked_page_count", number(float64(pages)))
	b.Numbers.Set("oldest_unworked_weeks", oldest)
}

func (c card) fairness(b *reports.Block) {
	c.take(b, "rota", "person_count")
	s := c.spreads[c.id]
	if s == nil {
		s = &reports.Spread{}
	}
	b.Numbers.Set("heaviest_to_equal_ratio", s.HeaviestToEqualRatio)
	b.Numbers.Set("gini_ratio", s.GiniRatio)
	b.Numbers.Set("gini_by_chance_high_ratio", s.GiniByChanceHighRatio)
	c.take(b, "overrides", "override_count", "override_ratio")
}

func (c card) help(b *reports.Block) {
	c.take(b, "help", "incident_count", "timed_out_ratio", "timed_out_low_ratio", "timed_out_high_ratio", "never_acknowledged_count",
		"never_acknowledged_ratio", "never_acknowledged_low_ratio", "never_acknowledged_high_ratio", "night_incident_count",
		"night_joined_ratio", "night_joined_low_ratio", "night_joined_high_ratio")
}

func (c card) trend(b *reports.Block) {
	for _, r := range c.weeks[c.id] {
		w := weekOf(r)
		b.Weeks = append(b.Weeks, reports.AuditWeek{Start: w.Start, End: w.End, OnCallSeconds: w.OnCallSeconds, PageCount: &w.PageCount,
			NightPageCount: &w.NightPageCount, NonActionableRatio: w.NonActionableRatio, PagesPer12h: w.PagesPer12h,
			NonActionablePageCount: r.known("non_actionable_page_count")})
	}
	for _, line := range [][3]string{
		{"page_count", "page_slope_per_week", "page_trend_p"}, {"night_page_count", "night_page_slope_per_week", "night_page_trend_p"},
		{"non_actionable_ratio", "non_actionable_slope_per_week", "non_actionable_trend_p"},
	} {
		slope, p := trendOf(c.series(line[0]))
		b.Numbers.Set(line[1], slope)
		b.Numbers.Set(line[2], p)
	}
	b.Numbers.Set("week_count", number(float64(len(b.Weeks))))
}

// series are the values of a column week after week; a week that was not read whole keeps its place.
func (c card) series(column string) []*float64 {
	out := make([]*float64, int(c.days()/daysAWeek))
	for _, r := range c.weeks[c.id] {
		back := int(c.period.Until.Sub(r.at("week_end_at")).Hours() / (24 * daysAWeek))
		out[len(out)-1-back] = r.number(column)
	}
	return out
}

// trendOf is the slope a week and the p of its test; unknown where there are too few weeks.
func trendOf(series []*float64) (slope, p *float64) {
	t := statistics.Trend(series)
	if t == nil {
		return nil, nil
	}
	return &t.Slope, &t.P
}

func (c card) nightsElsewhere(b *reports.Block) {
	c.take(b, "follow_the_sun", "exposure_ratio", "zone_cluster_count", "night_page_count", "leaked_page_count", "leaked_ratio", "leaked_low_ratio",
		"leaked_high_ratio", "hand_off_count", "hand_off_gap_count", "hand_off_gap_seconds")
	if r, ok := c.rows["follow_the_sun"][c.id]; ok {
		b.Verdict = r.word("verdict")
	}
}

func (c card) tools(b *reports.Block) {
	var top *float64
	for _, r := range c.sources[c.id] {
		pages, share := r.count("page_count"), r.number("page_ratio")
		b.Sources = append(b.Sources, reports.AuditSource{Source: r.text("source"), PageCount: &pages, PageRatio: share})
		if top == nil {
			top = share // the metric gives the busiest first
		}
	}
	b.Numbers.Set("source_count", number(float64(len(b.Sources))))
	b.Numbers.Set("top_source_page_ratio", top)
}

// wilson is the interval of a share of counts; unknown where a count is or there is nothing to share.
func wilson(part, whole *float64) (low, high *float64) {
	if part == nil || whole == nil {
		return nil, nil
	}
	i := statistics.Wilson(int64(*part), int64(*whole))
	return i.Low, i.High
}

func number(v float64) *float64 { return &v }

func quotient(part, whole *float64) *float64 {
	if part == nil || whole == nil || *whole == 0 {
		return nil
	}
	return number(*part / *whole)
}

func scaled(v *float64, factor float64) *float64 {
	if v == nil {
		return nil
	}
	return number(*v * factor)
}
