package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"crywolf/analysis"
	"crywolf/analysis/statistics"
	"crywolf/reports"
)

// compareLength is how long the two periods of --compare 4w are: week against week is nearly blind.
const compareLength = 28 * 24 * time.Hour

// compare fills in the measures of the period before with what tests say of the difference, and the change.
func (b *builder) compare(report *reports.Report, mode string) {
	if mode == "none" || b.err != nil {
		return
	}
	p := report.Period
	before := reports.Period{Since: p.Since.Add(-p.Until.Sub(p.Since)), Until: p.Since}
	now, baseline := p, before
	if mode == "4w" {
		now = reports.Period{Since: p.Until.Add(-compareLength), Until: p.Until}
		baseline = reports.Period{Since: now.Since.Add(-compareLength), Until: now.Since}
	}
	b.before(report, before)
	b.change(report, now, baseline)
}

// before fills in the period that ends where the report's begins.
func (b *builder) before(report *reports.Report, before reports.Period) {
	if !b.readWhole(before) {
		report.Context.BeforeGap = fmt.Sprintf("the %s before were not read whole, so they are not shown", reports.Days(before))
		return
	}
	report.BeforePeriod = &before
	measures := b.measures(before)
	this, earlier := b.exposed(report.Period), b.exposed(before)
	times, earlierTimes := b.responseTimes(report.Period), b.responseTimes(before)
	for i := range report.Rotations {
		rot := &report.Rotations[i]
		m, ok := measures[rot.ID]
		if !ok {
			continue
		}
		rot.Before = &m
		if !report.Data.Complete {
			continue // a part is not compared with a whole
		}
		c := reports.Comparison{
			PageRate:      differenceOfRates(compareExposed(this[rot.ID], earlier[rot.ID])),
			NightShare:    differenceOfShares(rot.Night.PageCount, rot.Load.PageCount, m.Night.PageCount, m.Load.PageCount),
			NonActionable: differenceOfVerdicts(rot.Quality.VerdictCounts, m.Quality.VerdictCounts),
		}
		if a, z := times[rot.ID], earlierTimes[rot.ID]; a != nil && z != nil {
			c.Acknowledge, c.Resolve = differenceOfTimes(a.acknowledged, z.acknowledged), differenceOfTimes(a.resolved, z.resolved)
		}
		rot.Comparison = &c
	}
}

// readWhole tells whether the data of a period is complete.
func (b *builder) readWhole(p reports.Period) bool {
	if b.err != nil {
		return false
	}
	if complete, known := b.whole[p]; known {
		return complete
	}
	complete, err := b.session.ReadWhole(b.ctx, analysis.Period(p))
	if err != nil {
		b.err = err
		return false
	}
	b.whole[p] = complete
	return complete
}

// exposed is what one rotation's rate in one period rests on.
type exposed struct {
	all   statistics.Counted   // pages and on-call seconds
	whole []statistics.Counted // of the shifts that lie inside the period
}

// rate is the number of pages, and how many they are in 12 hours on call; nil where nobody was.
func (e *exposed) rate() (int64, *float64) {
	if e == nil {
		return 0, nil
	}
	if e.all.Exposure == 0 {
		return e.all.Events, nil
	}
	rate := float64(e.all.Events) / e.all.Exposure * halfDaySeconds
	return e.all.Events, &rate
}

func (b *builder) exposed(p reports.Period) map[string]*exposed {
	out := map[string]*exposed{}
	for _, r := range b.rows("load", p) {
		out[r.text("rotation_id")] = &exposed{all: statistics.Counted{Events: r.count("page_count"), Exposure: float64(r.count("on_call_seconds"))}}
	}
	for _, r := range b.rows("whole_shifts", p) {
		if e := out[r.text("rotation_id")]; e != nil {
			e.whole = append(e.whole, statistics.Counted{Events: r.count("page_count"), Exposure: float64(r.count("on_call_seconds"))})
		}
	}
	return out
}

// compareExposed compares the page rates of two periods; nil stands for a rotation without shift and page.
func compareExposed(now, before *exposed) statistics.RateRatio {
	if now == nil || before == nil {
		return statistics.RateRatio{Stretch: 1}
	}
	return statistics.CompareRates(now.all, before.all, statistics.Stretch(now.whole, before.whole))
}

// change fills in the change of the page rate, of each rotation and of its alerts, between two periods.
func (b *builder) change(report *reports.Report, now, baseline reports.Period) {
	for i := range report.Rotations {
		report.Rotations[i].Change = &reports.Change{Since: now.Since, Until: now.Until, BaselineSince: baseline.Since, BaselineUntil: baseline.Until}
	}
	for _, p := range []reports.Period{now, baseline} {
		if !b.readWhole(p) {
			report.Data.Notes = append(report.Data.Notes, notReadWhole(p))
			if p.Until.Equal(report.Period.Since) {
				report.Context.BeforeGap = "" // said already
			}
			return
		}
	}
	this, earlier := b.exposed(now), b.exposed(baseline)
	rules := b.rulePages(now, baseline)
	for i := range report.Rotations {
		rot := &report.Rotations[i]
		r := compareExposed(this[rot.ID], earlier[rot.ID])
		rot.Change.PageRateRatio, rot.Change.PageRateRatioLow, rot.Change.PageRateRatioHigh = r.Ratio, r.Low, r.High
		rot.Change.MayBeChance = r.MayBeChance
		rot.Change.PageCount, rot.Change.PagesPer12h = this[rot.ID].rate()
		rot.Change.BaselinePageCount, rot.Change.BaselinePagesPer12h = earlier[rot.ID].rate()
		if r.MayBeChance != nil {
			rot.AlertChanges = alertChanges(rules[rot.ID], this[rot.ID].all.Exposure, earlier[rot.ID].all.Exposure, r.Stretch)
		}
	}
}

// notReadWhole says why there is no change of the page rate.
func notReadWhole(p reports.Period) reports.Note {
	return reports.Note{Code: "change_not_read_whole", Text: fmt.Sprintf("no change of the page rate is worked out: %s – %s was not read whole",
		p.Since.UTC().Format(time.DateOnly), p.Until.UTC().Format(time.DateOnly))}
}

// rulePages is how often one alert rule paged a rotation in two periods.
type rulePages struct {
	rule, title string
	now, before int64
}

func (b *builder) rulePages(now, baseline reports.Period) map[string][]rulePages {
	type key struct{ rotation, rule string }
	all := map[key]*rulePages{}
	for _, period := range []reports.Period{baseline, now} { // the newer title stands
		for _, r := range b.rows("rule_pages", period) {
			k := key{r.text("rotation_id"), r.text("rule_id")}
			if all[k] == nil {
				all[k] = &rulePages{rule: k.rule}
			}
			all[k].title = r.text("title")
			if period == now {
				all[k].now = r.count("page_count")
			} else {
				all[k].before = r.count("page_count")
			}
		}
	}
	out := map[string][]rulePages{}
	for k, pages := range all {
		out[k.rotation] = append(out[k.rotation], *pages)
	}
	return out
}

// Of many alerts some change by chance: those with 5 pages in either period are tested together, and those listed are
// wrong in one of ten at most.
const (
	fewestRulePages    = 5
	falseDiscoveryRate = 0.10
)

// alertChanges lists the rules whose rate changed, surest first. Exposure is the rotation's, in on-call seconds, and so
// is the stretch: a rule alone has too few pages to tell how they cluster.
func alertChanges(rules []rulePages, exposureNow, exposureBefore, stretch float64) []reports.AlertChange {
	slices.SortFunc(rules, func(x, y rulePages) int { return strings.Compare(x.rule, y.rule) })
	var tested []rulePages
	var p []float64
	var pages int64
	for _, r := range rules {
		pages += r.now + r.before
		if max(r.now, r.before) >= fewestRulePages {
			ratio := statistics.CompareRates(statistics.Counted{Events: r.now, Exposure: exposureNow}, statistics.Counted{Events: r.before, Exposure: exposureBefore}, stretch)
			tested, p = append(tested, r), append(p, *ratio.P)
		}
	}
	groupRate := float64(pages) / (float64(len(rules)) * (exposureNow + exposureBefore))
	var out []reports.AlertChange
	for i, adjusted := range statistics.BenjaminiHochberg(p) {
		if adjusted > falseDiscoveryRate {
			continue
		}
		r := tested[i]
		now := statistics.ShrunkenRate(statistics.Counted{Events: r.now, Exposure: exposureNow}, groupRate).Mean
		before := statistics.ShrunkenRate(statistics.Counted{Events: r.before, Exposure: exposureBefore}, groupRate).Mean
		out = append(out, reports.AlertChange{Rule: r.rule, Title: r.title, PageCount: r.now, BaselinePageCount: r.before,
			ShrunkenPagesPer12h: now * halfDaySeconds, BaselineShrunkenPagesPer12h: before * halfDaySeconds, PageRateRatio: now / before, AdjustedP: adjusted})
	}
	slices.SortStableFunc(out, func(x, y reports.AlertChange) int { return cmp.Compare(x.AdjustedP, y.AdjustedP) })
	return out
}

const halfDaySeconds = 12 * 60 * 60
