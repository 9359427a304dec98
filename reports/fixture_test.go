package reports

import "time"

// besides fills in what stands beside a rotation's measures: 13 weeks of which two are missing, two flapping rules,
// times to resolve on both ends of the scale.
func besides(rot *Rotation) {
	until := day("2026-11-16T00:00:00Z")
	for i, pages := range []int64{12, 20, 18, 0, 25, 31, 44, 40, 60, 52, 74} {
		start := until.AddDate(0, 0, -7*(11-i))
		rate := float64(pages) / 14
		rot.Weeks = append(rot.Weeks, Week{Start: start, End: start.AddDate(0, 0, 7), OnCallSeconds: 604800, PageCount: pages, NightPageCount: pages / 4,
			NonActionableRatio: num(0.5), PagesPer12h: &rate})
	}
	rot.Weeks[3].NonActionableRatio = nil
	rot.ResolveHistogram = []ResolveBin{{0, num(60), 4, 0, 1}, {60, num(120), 30, 1, 2}, {240, num(480), 20, 10, 9}, {960, num(1920), 2, 33, 4}, {61440, nil, 0, 3, 1}}
	flapper := FlappingRule{Rule: "a3f91c22", Title: oddTitles[0]}
	for i := range 40 {
		flapper.Firings = append(flapper.Firings, day("2026-10-20T02:00:00Z").Add(time.Duration(i)*9*time.Hour))
	}
	flapper.Runs = []FlapRun{{flapper.Firings[2], flapper.Firings[9], 8}, {flapper.Firings[20], flapper.Firings[30], 11}}
	odd := FlappingRule{Rule: "7c02d1e0", Title: oddTitles[1], Firings: flapper.Firings[:3], Runs: []FlapRun{{flapper.Firings[0], flapper.Firings[2], 3}}}
	rot.FlappingRules = []FlappingRule{flapper, odd}
	one, chance := int64(1), false
	rot.FollowTheSun = FollowTheSun{Verdict: word("single region"), ZoneClusterCount: &one, ExposureRatio: num(0.4167), NightPageCount: 41, LeakedPageCount: 2,
		LeakedRatio: num(0.0488), LeakedRatioLow: num(0.0135), LeakedRatioHigh: num(0.1614), HandOffCount: 3, HandOffGapCount: 1, HandOffGapSeconds: 5400}
	rot.Toil = Toil{EngagementCount: 172, EngagedLowSeconds: 180000, EngagedHighSeconds: 216000, WorkingSeconds: 576000, ToilRatioLow: num(0.3125), ToilRatioHigh: num(0.375)}
	rot.Spread = &Spread{PersonCount: 4, PageCounts: []int64{100, 50, 36, 0}, HeaviestToEqualRatio: num(2.1505), GiniRatio: num(0.4247), GiniByChanceHighRatio: num(0.11), MayBeChance: &chance}
}
