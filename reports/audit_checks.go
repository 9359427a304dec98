package reports

// checkSpec is one check: which number, held against which limit, judged how, and the questions that a weak or missing
// value leads to. What the value's bounds, base and p are stands in auditNumbers.
type checkSpec struct {
	id, block, key string
	limit          limitRule
	floor          bool // less is worse
	judge          checkRule
	questions      string
}

// auditChecks are all checks, those of a block in the order in which it has them: a block's limit is its first check's.
var auditChecks = []checkSpec{
	{"period_length", BlockLabel, "week_count", ours(13, "a quarter of a year"), true, askBelow, "missing_part"},
	{"completeness", BlockLabel, "complete_ratio", ours(1, "all was read"), true, readWhole, "missing_part"},

	{"incidents_in_12h", BlockWeekOnCall, "blocks_12h_over_2_incidents_count", twoIncidents, false, blocksOver, "worst_week alert_reduction"},
	{"interrupted_nights", BlockWeekOnCall, "interrupted_night_ratio", configured(nightLimit), false, shareOver, "time_off follow_the_sun"},
	{"toil", BlockWeekOnCall, "toil_high_ratio", publicLimit(0.5, "Google SRE book, ch. 5: of all operational work, paged or not"), false, shareOver, "toil_budget"},
	{"pages_a_week", BlockWeekOnCall, "page_p50_count", publicLimit(5, "one company's survey, retold in Platform Engineering: weak"), false, forInformation, "worst_week"},

	{"rotation_size", BlockHowOften, "person_count", enoughPeople, true, peopleBelow, "rotation_size"},
	{"shift_length", BlockHowOften, "shift_p50_seconds", publicLimit(12*3600, "Google SRE Workbook, ch. 8: where a page a day or more comes"), false, shiftOver, "shift_length"},
	{"time_to_answer", BlockHowOften, "answer_high_seconds", noLimit, false, forInformation, "unanswered"},

	{"non_actionable", BlockNoise, "non_actionable_ratio", configured(noiseLimit), false, shareOver, "alert_reduction slo_policy"},
	{"top_alert", BlockNoise, "top_alert_page_ratio", noLimit, false, ofPages, "alert_reduction"},
	{"never_worked", BlockNoise, "unworked_rule_count", ours(0, "none of 10 incidents or more worked on"), false, unworked, "alert_reduction"},

	{"evenness", BlockFairness, "gini_ratio", chanceLevel, false, unevenness, "evenness"},
	{"overrides", BlockFairness, "override_ratio", noLimit, false, forInformation, "swaps"},

	{"timed_out", BlockHelp, "timed_out_ratio", noLimit, false, askAbove, "unanswered"},
	{"never_acknowledged", BlockHelp, "never_acknowledged_ratio", noLimit, false, askAbove, "unanswered"},
	{"joined_at_night", BlockHelp, "night_joined_ratio", noLimit, true, askAtNone, "secondary"},

	{"page_trend", BlockTrend, "page_slope_per_week", noRise, false, rising, "alert_reduction"},
	{"night_page_trend", BlockTrend, "night_page_slope_per_week", noRise, false, rising, "alert_reduction"},
	{"non_actionable_trend", BlockTrend, "non_actionable_slope_per_week", noRise, false, rising, "alert_reduction"},

	{"exposure", BlockNightsElsewhere, "exposure_ratio", ours(0.1, "what follow-the-sun is held to"), false, forInformation, "follow_the_sun"},
	{"leaked", BlockNightsElsewhere, "leaked_ratio", noLimit, false, leakage, "follow_the_sun"},
	{"hand_off_gaps", BlockNightsElsewhere, "hand_off_gap_seconds", ours(0, "somebody is always on call"), false, askAbove, "hand_off"},

	{"top_tool", BlockTools, "top_source_page_ratio", noLimit, false, ofPages, "observability"},
}

// checkSpecOf is the check of an id; false for one of a later version.
func checkSpecOf(id string) (checkSpec, bool) {
	for _, s := range auditChecks {
		if s.id == id {
			return s, true
		}
	}
	return checkSpec{}, false
}

// limitRule is what a check's number is held against, nil where nothing is, and whose limit that is.
type limitRule func(j *judging) (limit *float64, source string)

func noLimit(*judging) (*float64, string) { return nil, "" }

func publicLimit(limit float64, source string) limitRule {
	return func(*judging) (*float64, string) { return &limit, source }
}

func ours(limit float64, why string) limitRule { return publicLimit(limit, "ours: "+why) }

// The limits of crywolf.yaml and what they are unless somebody changed them.
const (
	usualNightLimit = 1.0 / 7
	usualNoiseLimit = 0.2
)

func nightLimit(l Limits) (float64, float64) { return l.InterruptedNightRatio, usualNightLimit }
func noiseLimit(l Limits) (float64, float64) { return l.NonActionableRatio, usualNoiseLimit }

// configured says so where a team is held against a limit of its own.
func configured(pick func(Limits) (limit, usual float64)) limitRule {
	return func(j *judging) (*float64, string) {
		limit, usual := pick(j.limits)
		if limit != usual {
			return &limit, "set by the team in crywolf.yaml; ours is " + Ratio(&usual)
		}
		return &limit, "ours, as crywolf.yaml has it"
	}
}

// twoIncidents is a ceiling, not a mean: no block may be above it. That a few may make a question and not yet an alarm is
// ours, and so is the tenth.
func twoIncidents(*judging) (*float64, string) {
	none := 0.0
	return &none, "Google SRE book, ch. 11: at most 2 incidents in 12 h; alarm above a tenth of blocks is ours"
}

// The SRE book asks for eight people at one site, or six at each of two.
const (
	peopleAtOneSite  = 8
	peopleAtEachSite = 6
)

func enoughPeople(j *judging) (*float64, string) {
	limit := float64(peopleAtOneSite)
	source := "Google SRE book, ch. 11: 8 people at one site"
	if sites := j.get(BlockHowOften, "zone_cluster_count"); sites != nil && *sites >= 2 {
		limit = *sites * peopleAtEachSite
		source = "Google SRE book, ch. 11: 6 people at each of several sites"
	}
	return &limit, source
}

// chanceLevel is the unevenness that dealing the same pages anew, by time on call, exceeds in one case of twenty.
func chanceLevel(j *judging) (*float64, string) {
	return j.get(BlockFairness, "gini_by_chance_high_ratio"), "ours: what chance alone exceeds in 5% of cases"
}

func noRise(*judging) (*float64, string) {
	none := 0.0
	return &none, "ours: no rise that a Mann–Kendall test tells from chance (p < 0.05)"
}
