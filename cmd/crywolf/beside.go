package main

import "crywolf/reports"

// beside fills in what stands beside a rotation's measures: when, from where and how its pages came, on whom they fell,
// and the weeks up to the period's end. index is the place of each rotation id.
func (b *builder) beside(rotations []reports.Rotation, index map[string]int, p reports.Period) {
	for _, r := range b.rows("sources", p) {
		if i, ok := index[r.text("rotation_id")]; ok {
			rotations[i].Sources = append(rotations[i].Sources, reports.Source{Source: r.text("source"), PageCount: r.count("page_count"), PageRatio: r.number("page_ratio")})
		}
	}
	for _, r := range b.rows("hour_of_week", p) {
		day, hour := r.count("iso_weekday"), r.count("hour_of_day")
		if i, ok := index[r.text("rotation_id")]; ok && day >= 1 && day <= 7 && hour >= 0 && hour < 24 {
			rotations[i].HourOfWeek[day-1][hour] += r.count("page_count")
		}
	}
	histograms, flapping := b.resolveHistograms(p), b.flappingRules(p)
	weeks, followTheSun, toil, spreads := b.weeks(lastWeeks(p, trendWeeks)), b.followTheSun(p), b.toil(p), b.spreads(p, b.minGroup)
	for i := range rotations {
		rot := &rotations[i]
		rot.ResolveHistogram, rot.FlappingRules, rot.Weeks = histograms[rot.ID], flapping[rot.ID], weeks[rot.ID]
		rot.FollowTheSun, rot.Toil, rot.Spread = followTheSun[rot.ID], toil[rot.ID], spreads[rot.ID]
	}
}
