package main

import "crywolf/reports"

// followTheSun says of each rotation whether other time zones take its nights, by rotation id.
func (b *builder) followTheSun(p reports.Period) map[string]reports.FollowTheSun {
	out := map[string]reports.FollowTheSun{}
	for _, r := range b.rows("follow_the_sun", p) {
		out[r.text("rotation_id")] = reports.FollowTheSun{Verdict: r.word("verdict"), ZoneClusterCount: r.known("zone_cluster_count"),
			ExposureRatio: r.number("exposure_ratio"), NightPageCount: r.count("night_page_count"), LeakedPageCount: r.count("leaked_page_count"),
			LeakedRatio: r.number("leaked_ratio"), LeakedRatioLow: r.number("leaked_low_ratio"), LeakedRatioHigh: r.number("leaked_high_ratio"),
			HandOffCount: r.count("hand_off_count"), HandOffGapCount: r.count("hand_off_gap_count"), HandOffGapSeconds: r.count("hand_off_gap_seconds")}
	}
	return out
}
