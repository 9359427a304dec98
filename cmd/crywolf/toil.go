package main

import "crywolf/reports"

// toil is the time that people were engaged with the pages of a period, by rotation id.
func (b *builder) toil(p reports.Period) map[string]reports.Toil {
	out := map[string]reports.Toil{}
	for _, r := range b.rows("toil", p) {
		out[r.text("rotation_id")] = reports.Toil{EngagementCount: r.count("engagement_count"),
			EngagedLowSeconds: float64(r.count("engaged_low_seconds")), EngagedHighSeconds: float64(r.count("engaged_high_seconds")),
			WorkingSeconds: float64(r.count("working_seconds")), ToilRatioLow: r.number("toil_low_ratio"), ToilRatioHigh: r.number("toil_high_ratio")}
	}
	return out
}
