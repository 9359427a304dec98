package main

import (
	"crywolf/analysis"
	"crywolf/reports"
)

// trendWeeks is how many weeks back a trend is looked for.
const trendWeeks = 13

// lastWeeks is the period of so many weeks that ends where p does.
func lastWeeks(p reports.Period, weeks int) reports.Period {
	return reports.Period{Since: p.Until.AddDate(0, 0, -7*weeks), Until: p.Until}
}

// weeks are the weeks of 7 days that end where the period does and lie in it, those of them that were read whole,
// oldest first, by rotation id.
func (b *builder) weeks(p reports.Period) map[string][]reports.Week {
	out := map[string][]reports.Week{}
	for _, r := range b.wholeWeeks(p) {
		id := r.text("rotation_id")
		out[id] = append(out[id], weekOf(r))
	}
	return out
}

func weekOf(r row) reports.Week {
	return reports.Week{Start: r.at("week_start_at"), End: r.at("week_end_at"), OnCallSeconds: r.count("on_call_seconds"),
		PageCount: r.count("page_count"), NightPageCount: r.count("night_page_count"),
		NonActionableRatio: r.number("non_actionable_ratio"), PagesPer12h: r.number("pages_per_12h")}
}

// wholeWeeks are the rows of the metric weeks that no gap in the data reaches into.
func (b *builder) wholeWeeks(p reports.Period) []row {
	gaps := b.gaps(p)
	var out []row
	for _, r := range b.rows("weeks", p) {
		if !anyOverlaps(gaps, reports.Period{Since: r.at("week_start_at"), Until: r.at("week_end_at")}) {
			out = append(out, r)
		}
	}
	return out
}

// gaps are the parts of a period that were not read whole, of whatever kind of record.
func (b *builder) gaps(p reports.Period) []reports.Period {
	if b.err != nil {
		return nil
	}
	gaps, err := b.session.Gaps(b.ctx, analysis.Period(p))
	if err != nil {
		b.err = err
		return nil
	}
	var out []reports.Period
	for _, g := range gaps {
		out = append(out, reports.Period{Since: g.Since, Until: g.Until})
	}
	return out
}

func anyOverlaps(gaps []reports.Period, p reports.Period) bool {
	for _, g := range gaps {
		if g.Since.Before(p.Until) && p.Since.Before(g.Until) {
			return true
		}
	}
	return false
}
