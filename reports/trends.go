package reports

import "time"

// Week is one of the weeks of 7 days that end where the period does.
type Week struct {
	Start              time.Time `json:"start"`
	End                time.Time `json:"end"`
	OnCallSeconds      int64     `json:"on_call_seconds"`
	PageCount          int64     `json:"page_count"`
	NightPageCount     int64     `json:"night_page_count"`
	NonActionableRatio *float64  `json:"non_actionable_ratio"`
	PagesPer12h        *float64  `json:"pages_per_12h"`
}

// ResolveBin counts incidents by their time to resolve and by how they ended.
type ResolveBin struct {
	FromSeconds       float64  `json:"from_seconds"`
	ToSeconds         *float64 `json:"to_seconds"`          // nil: and longer
	ClearedAloneCount int64    `json:"cleared_alone_count"` // by the monitor, before any human act
	WorkedCount       int64    `json:"worked_count"`
	OtherCount        int64    `json:"other_count"`
}

// FlappingRule is an alert rule with a flap run that paged the rotation in the period, and when it fired.
type FlappingRule struct {
	Rule    string      `json:"rule"`
	Title   string      `json:"title"`
	Runs    []FlapRun   `json:"runs"`
	Firings []time.Time `json:"firings"` // starts of the episodes that paged, in runs and outside
}

// FlapRun is a chain of episodes of one alert key, as far as they paged the rotation in the period [definitions 7].
type FlapRun struct {
	Start        time.Time `json:"start"`
	End          time.Time `json:"end"`
	EpisodeCount int64     `json:"episode_count"`
}

// FollowTheSun says whether other time zones take the nights [definitions 4].
type FollowTheSun struct {
	Verdict           *string  `json:"verdict"` // follow-the-sun, partial, single region, unknown; nil under 28 days
	ZoneClusterCount  *int64   `json:"zone_cluster_count"`
	ExposureRatio     *float64 `json:"exposure_ratio"`
	NightPageCount    int64    `json:"night_page_count"`
	LeakedPageCount   int64    `json:"leaked_page_count"`
	LeakedRatio       *float64 `json:"leaked_ratio"`
	LeakedRatioLow    *float64 `json:"leaked_ratio_low"`
	LeakedRatioHigh   *float64 `json:"leaked_ratio_high"`
	HandOffCount      int64    `json:"hand_off_count"`
	HandOffGapCount   int64    `json:"hand_off_gap_count"`
	HandOffGapSeconds int64    `json:"hand_off_gap_seconds"`
}

// Toil is the time that people were engaged with pages, against the working time of the days they were on call. A
// range: snoozed time left out, or in [definitions 5]. The 50% it is held against is Google's for all operational work,
// of which this is the paged part.
type Toil struct {
	EngagementCount    int64    `json:"engagement_count"`
	EngagedLowSeconds  float64  `json:"engaged_low_seconds"`
	EngagedHighSeconds float64  `json:"engaged_high_seconds"`
	WorkingSeconds     float64  `json:"working_seconds"`
	ToilRatioLow       *float64 `json:"toil_ratio_low"`
	ToilRatioHigh      *float64 `json:"toil_ratio_high"`
}

// Spread says how evenly the pages fell on the people of a rotation, beside what chance alone would do to equal rates.
// Its amounts are sorted and name nobody.
type Spread struct {
	PersonCount           int64    `json:"person_count"`
	PageCounts            []int64  `json:"page_counts"` // one a person, most first
	HeaviestToEqualRatio  *float64 `json:"heaviest_to_equal_ratio"`
	GiniRatio             *float64 `json:"gini_ratio"`
	GiniByChanceHighRatio *float64 `json:"gini_by_chance_high_ratio"` // what chance alone exceeds in 5% of cases
	MayBeChance           *bool    `json:"may_be_chance"`
}
