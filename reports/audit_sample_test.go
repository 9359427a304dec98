package reports

import (
	"strconv"
	"strings"
	"testing"
)

// numbersOf makes Numbers of keys and values: "a 1 b 2.5 c -", where - is unknown.
func numbersOf(t testing.TB, text string) Numbers {
	t.Helper()
	words := strings.Fields(text)
	if len(words)%2 != 0 {
		t.Fatalf("keys and values do not pair: %s", text)
	}
	n := Numbers{}
	for i := 0; i < len(words); i += 2 {
		if words[i+1] == "-" {
			n.Set(words[i], nil)
			continue
		}
		v, err := strconv.ParseFloat(words[i+1], 64)
		if err != nil {
			t.Fatal(err)
		}
		n.Set(words[i], &v)
	}
	return n
}

// usualLimits are those of a configuration that nobody changed.
var usualLimits = Limits{PagesPer12h: 2, InterruptedNightRatio: 1.0 / 7, NonActionableRatio: 0.2, AcknowledgeP50Seconds: 300, AcknowledgeP90Seconds: 900}

// noisyCard has every number, and most of them are weak.
func noisyCard(t testing.TB) Scorecard {
	card := Scorecard{ID: "PSCHED1", Name: "payments-primary", TimeZone: "Europe/Berlin", Blocks: []Block{
		{ID: BlockTools, Numbers: numbersOf(t, "source_count 2 top_source_page_ratio 0.806"), Sources: []AuditSource{
			{Source: "prometheus", PageCount: whole(332), PageRatio: num(0.806)}, {Source: "=cmd()", PageCount: whole(80), PageRatio: num(0.194)}}},
		{ID: BlockLabel, Numbers: numbersOf(t, "week_count 13 page_count 412 shift_count 26 complete_ratio 1")},
		{ID: BlockWeekOnCall, Numbers: numbersOf(t, `person_week_count 26 page_p50_count 9 page_p90_count 31 page_max_count 74
			night_page_p50_count 1 night_page_p90_count 8 night_page_max_count 22 pages_per_12h 1.13 blocks_12h_count 364 blocks_12h_over_2_incidents_count 47
			on_call_night_count 182 interrupted_night_count 41 interrupted_night_ratio 0.2253 interrupted_night_low_ratio 0.1705 interrupted_night_high_ratio 0.2913
			twice_interrupted_night_count 12 undisturbed_p50_seconds 34200 undisturbed_p10_seconds 14400 business_page_ratio 0.44
			toil_low_ratio 0.31 toil_high_ratio 0.55 engaged_low_seconds 1080000 engaged_high_seconds 1900000 working_seconds 3456000`)},
		{ID: BlockHowOften, Numbers: numbersOf(t, `person_count 6 on_call_days_per_month 5.1 weekends_per_quarter 2.17 on_call_week_ratio 0.1667
			shift_p50_seconds 604800 shift_max_seconds 1209600 answer_low_seconds 300 answer_high_seconds 1800 zone_cluster_count 1`)},
		{ID: BlockNoise, Numbers: numbersOf(t, `page_count 412 non_actionable_ratio 0.58 non_actionable_low_ratio 0.41 non_actionable_high_ratio 0.66
			actionable_page_count 120 non_actionable_page_count 166 unknown_page_count 67 redundant_page_count 50 unattended_page_count 9
			flapping_page_count 61 top_alert_page_ratio 0.33 unworked_rule_count 2 unworked_page_count 58 oldest_unworked_weeks 31.4`)},
		{ID: BlockFairness, Numbers: numbersOf(t, `person_count 6 heaviest_to_equal_ratio 2.1 gini_ratio 0.34 gini_by_chance_high_ratio 0.17
			override_count 14 override_ratio 0.053`)},
		{ID: BlockHelp, Numbers: numbersOf(t, `incident_count 389 timed_out_ratio 0.036 timed_out_low_ratio 0.0216 timed_out_high_ratio 0.0594
			never_acknowledged_count 9 never_acknowledged_ratio 0.0231 never_acknowledged_low_ratio 0.0122 never_acknowledged_high_ratio 0.0434
			night_incident_count 58 night_joined_ratio 0.103 night_joined_low_ratio 0.0481 night_joined_high_ratio 0.2085`)},
		{ID: BlockTrend, Weeks: sampleWeeks(), Numbers: numbersOf(t, `page_slope_per_week 1.75 page_trend_p 0.003 night_page_slope_per_week 0.2 night_page_trend_p 0.21
			non_actionable_slope_per_week -0.004 non_actionable_trend_p 0.61 week_count 13`)},
		{ID: BlockNightsElsewhere, Verdict: word("single region"), Numbers: numbersOf(t, `exposure_ratio 0.4167 zone_cluster_count 1 night_page_count 88
			leaked_page_count 0 leaked_ratio 0 leaked_low_ratio 0 leaked_high_ratio 0.0418 hand_off_count 25 hand_off_gap_count 2 hand_off_gap_seconds 5400`)},
	}}
	return card
}

func sampleWeeks() []AuditWeek {
	var weeks []AuditWeek
	start := day("2026-08-17T00:00:00Z")
	for i, pages := range []int64{18, 22, 25, 19, 28, 30, 24, 33, 36, 31, 40, 48, 58} {
		weeks = append(weeks, AuditWeek{Start: start.AddDate(0, 0, 7*i), End: start.AddDate(0, 0, 7*i+7), OnCallSeconds: 604800, PageCount: whole(pages),
			NightPageCount: whole(pages / 5), NonActionableRatio: num(0.58), PagesPer12h: num(float64(pages) / 14)})
	}
	weeks[3].NightPageCount, weeks[3].NonActionableRatio = nil, nil
	return weeks
}

// thinCard is a rotation of three people over five weeks of which some was not read.
func thinCard(t testing.TB) Scorecard {
	return Scorecard{ID: "PSCHED2", Name: "batch", TimeZone: "UTC", Blocks: []Block{
		{ID: BlockLabel, Numbers: numbersOf(t, "week_count 5 page_count 12 shift_count 5 complete_ratio 1")},
		{ID: BlockWeekOnCall, Numbers: numbersOf(t, `person_week_count 4 page_p50_count 2.5 page_p90_count 4 page_max_count 5 night_page_p50_count 0
			night_page_p90_count 0.7 night_page_max_count 1 pages_per_12h 0.17 blocks_12h_count 70 blocks_12h_over_2_incidents_count 0 on_call_night_count 7
			interrupted_night_count 1 interrupted_night_ratio 0.1429 interrupted_night_low_ratio 0.0257 interrupted_night_high_ratio 0.5131`)},
		{ID: BlockHowOften, Numbers: numbersOf(t, "person_count 3 on_call_week_ratio 0.33 shift_p50_seconds 604800 zone_cluster_count 1")},
		{ID: BlockNoise, Numbers: numbersOf(t, `page_count 12 non_actionable_ratio - non_actionable_low_ratio 0 non_actionable_high_ratio 1
			actionable_page_count 0 non_actionable_page_count 0 unknown_page_count 12 unworked_rule_count 0 unworked_page_count 0 oldest_unworked_weeks -`)},
		{ID: BlockFairness, Numbers: numbersOf(t, "person_count 3 heaviest_to_equal_ratio 1.5 gini_ratio 0.2 gini_by_chance_high_ratio 0.4 override_count 0 override_ratio 0")},
		{ID: BlockHelp, Numbers: numbersOf(t, "incident_count 9 timed_out_ratio 0 timed_out_low_ratio 0 timed_out_high_ratio 0.299 night_incident_count 1 night_joined_ratio 0")},
		{ID: BlockTrend, Numbers: numbersOf(t, "page_slope_per_week - page_trend_p - week_count 5")},
	}}
}

// quietCard is a follow-the-sun rotation without a page.
func quietCard(t testing.TB) Scorecard {
	return Scorecard{ID: "PSCHED3", Name: "edge", TimeZone: "UTC", Blocks: []Block{
		{ID: BlockLabel, Numbers: numbersOf(t, "week_count 13 page_count 0 shift_count 182 complete_ratio 1")},
		{ID: BlockWeekOnCall, Numbers: numbersOf(t, `person_week_count 156 page_p50_count 0 page_p90_count 0 page_max_count 0 night_page_p50_count 0
			night_page_p90_count 0 night_page_max_count 0 pages_per_12h 0 blocks_12h_count 182 blocks_12h_over_2_incidents_count 0 on_call_night_count 0
			interrupted_night_count 0 interrupted_night_ratio - interrupted_night_low_ratio - interrupted_night_high_ratio -
			toil_low_ratio 0 toil_high_ratio 0 engaged_low_seconds 0 engaged_high_seconds 0 working_seconds 2620800`)},
		{ID: BlockHowOften, Numbers: numbersOf(t, `person_count 12 on_call_days_per_month 7.6 weekends_per_quarter 2 on_call_week_ratio 1 shift_p50_seconds 43200
			shift_max_seconds 43200 answer_low_seconds 900 answer_high_seconds 900 zone_cluster_count 2`)},
		{ID: BlockNoise, Numbers: numbersOf(t, `page_count 0 non_actionable_ratio - non_actionable_low_ratio - non_actionable_high_ratio - actionable_page_count 0
			non_actionable_page_count 0 unknown_page_count 0 top_alert_page_ratio - unworked_rule_count 0 unworked_page_count 0 oldest_unworked_weeks -`)},
		{ID: BlockFairness, Numbers: numbersOf(t, "person_count 12 heaviest_to_equal_ratio - gini_ratio - gini_by_chance_high_ratio - override_count 0 override_ratio 0")},
		{ID: BlockHelp, Numbers: numbersOf(t, "incident_count 0 timed_out_ratio - never_acknowledged_count 0 never_acknowledged_ratio - night_incident_count 0 night_joined_ratio -")},
		{ID: BlockTrend, Numbers: numbersOf(t, "page_slope_per_week 0 page_trend_p 1 night_page_slope_per_week 0 night_page_trend_p 1 week_count 13")},
		{ID: BlockNightsElsewhere, Verdict: word("follow-the-sun"), Numbers: numbersOf(t, `exposure_ratio 0 zone_cluster_count 2 night_page_count 0 leaked_page_count 0
			leaked_ratio - hand_off_count 181 hand_off_gap_count 0 hand_off_gap_seconds 0`)},
		{ID: BlockTools, Numbers: numbersOf(t, "source_count 0 top_source_page_ratio -")},
	}}
}

// auditSample is judged: a noisy rotation, a thin one, a quiet one, and one with hardly a number and a hostile name.
func auditSample(t testing.TB) *Audit {
	t.Helper()
	synced := day("2026-11-16T00:00:00Z")
	a := &Audit{SchemaVersion: SchemaVersion, MadeWith: "crywolf 0.4.0", Period: Period{day("2026-08-17T00:00:00Z"), synced},
		Data:        Data{Complete: true, SyncedUntil: &synced, Fingerprint: strings.Repeat("0123456789abcdef", 4), Notes: []Note{{Code: "unknown_medium", Text: "3 notifications have no medium; they count as interrupting", Count: 3}}},
		Fingerprint: "3f9a12c07d5be84416f0c2aa91b35d7e20c4f88b1d6e937a5502cbd41e7f6a90",
		Rotations: []Scorecard{noisyCard(t), thinCard(t), quietCard(t), {ID: "PSCHED4", Name: oddTitles[1] + " " + strings.ToValidUTF8(oddTitles[6], "?"), TimeZone: "UTC",
			Blocks: []Block{{ID: BlockTools, Numbers: Numbers{}, Sources: []AuditSource{{Source: oddTitles[0]}, {Source: oddTitles[3]}}}}}},
		Context: Context{MinGroup: 4, Limits: usualLimits, Next: []string{"crywolf audit --questions", "crywolf audit --share audit.html"}}}
	a.Judge(usualLimits)
	return a
}
