package reports

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// judged judges one rotation with numbers by block: {"week_on_call": "page_p50_count 9"}.
func judged(t *testing.T, complete bool, blocks map[string]string) *Scorecard {
	t.Helper()
	a := &Audit{Data: Data{Complete: complete}, Rotations: []Scorecard{{ID: "A"}}}
	for id, numbers := range blocks {
		a.Rotations[0].Blocks = append(a.Rotations[0].Blocks, Block{ID: id, Numbers: numbersOf(t, numbers)})
	}
	a.Judge(usualLimits)
	return &a.Rotations[0]
}

func checkNamed(t *testing.T, card *Scorecard, id string) Check {
	t.Helper()
	for _, c := range card.block(BlockChecks).Checks {
		if c.ID == id {
			return c
		}
	}
	t.Fatalf("there is no check %s", id)
	return Check{}
}

// interrupted are shares of nights with their bounds and the nights they count over.
func interrupted(value, low, high string, nights int) map[string]string {
	return map[string]string{BlockWeekOnCall: fmt.Sprintf("interrupted_night_ratio %s interrupted_night_low_ratio %s interrupted_night_high_ratio %s on_call_night_count %d",
		value, low, high, nights)}
}

func noise(value, low, high string, pages int) map[string]string {
	return map[string]string{BlockNoise: fmt.Sprintf(`non_actionable_ratio %s non_actionable_low_ratio %s non_actionable_high_ratio %s
		actionable_page_count 0 non_actionable_page_count %d unknown_page_count 0`, value, low, high, pages)}
}

func one(block, numbers string) map[string]string { return map[string]string{block: numbers} }

func sized(n, zones, weeks string) map[string]string {
	return map[string]string{BlockHowOften: "person_count " + n + " zone_cluster_count " + zones, BlockLabel: "week_count " + weeks}
}

func shifts(seconds, pages string) map[string]string {
	return map[string]string{BlockHowOften: "shift_p50_seconds " + seconds, BlockWeekOnCall: "pages_per_12h " + pages}
}

func fair(people, gini, chance string) map[string]string {
	return map[string]string{BlockFairness: "person_count " + people + " gini_ratio " + gini + " gini_by_chance_high_ratio " + chance}
}

func trendOf(weeks, slope, p, pages string) map[string]string {
	return map[string]string{BlockTrend: "week_count " + weeks + " page_slope_per_week " + slope + " page_trend_p " + p, BlockLabel: "page_count " + pages}
}

// TestEveryRuleAtItsEdges holds each rule against numbers just within, at and just over its limit, few and unknown ones.
func TestEveryRuleAtItsEdges(t *testing.T) {
	for _, c := range []struct {
		check  string
		blocks map[string]string
		want   Status
	}{
		{"period_length", one(BlockLabel, "week_count 13"), StatusOK},
		{"period_length", one(BlockLabel, "week_count 12.9"), StatusAsk},
		{"period_length", nil, StatusAsk},
		{"completeness", one(BlockLabel, "complete_ratio 1"), StatusOK},
		{"completeness", one(BlockLabel, "complete_ratio 0.999"), StatusAsk},
		{"completeness", nil, StatusAsk},

		{"incidents_in_12h", one(BlockWeekOnCall, "blocks_12h_over_2_incidents_count 0 blocks_12h_count 180"), StatusOK},
		{"incidents_in_12h", one(BlockWeekOnCall, "blocks_12h_over_2_incidents_count 1 blocks_12h_count 180"), StatusAsk},
		{"incidents_in_12h", one(BlockWeekOnCall, "blocks_12h_over_2_incidents_count 18 blocks_12h_count 180"), StatusAsk},
		{"incidents_in_12h", one(BlockWeekOnCall, "blocks_12h_over_2_incidents_count 19 blocks_12h_count 180"), StatusAlarm},
		{"incidents_in_12h", one(BlockWeekOnCall, "blocks_12h_over_2_incidents_count 9 blocks_12h_count 9"), StatusAsk},
		{"incidents_in_12h", one(BlockWeekOnCall, "blocks_12h_over_2_incidents_count 0 blocks_12h_count 0"), StatusNotApplicable},
		{"incidents_in_12h", one(BlockWeekOnCall, "blocks_12h_over_2_incidents_count - blocks_12h_count 180"), StatusAsk},
		{"incidents_in_12h", one(BlockWeekOnCall, "blocks_12h_over_2_incidents_count 5"), StatusAsk},

		{"interrupted_nights", interrupted("0.05", "0.02", "0.1428571", 91), StatusOK},
		{"interrupted_nights", interrupted("0.05", "0.02", "0.1429", 91), StatusAsk},
		{"interrupted_nights", interrupted("0.2", "0.1428571", "0.3", 91), StatusAsk},
		{"interrupted_nights", interrupted("0.2", "0.1429", "0.3", 91), StatusAlarm},
		{"interrupted_nights", interrupted("0.9", "0.5", "1", 9), StatusAsk},
		{"interrupted_nights", interrupted("0.9", "0.5", "1", 10), StatusAlarm},
		{"interrupted_nights", interrupted("-", "-", "-", 0), StatusNotApplicable},
		{"interrupted_nights", interrupted("0.05", "-", "-", 91), StatusAsk},
		{"interrupted_nights", interrupted("0.5", "-", "-", 91), StatusAsk},
		{"interrupted_nights", one(BlockWeekOnCall, "interrupted_night_ratio 0.5 interrupted_night_low_ratio 0.4 interrupted_night_high_ratio 0.6"), StatusAsk},

		{"non_actionable", noise("0.1", "0.05", "0.2", 60), StatusOK},
		{"non_actionable", noise("0.1", "0.05", "0.21", 60), StatusAsk},
		{"non_actionable", noise("0.9", "0.2", "0.95", 60), StatusAsk},
		{"non_actionable", noise("0.9", "0.21", "0.95", 60), StatusAlarm},
		{"non_actionable", noise("1", "1", "1", 9), StatusAsk},
		{"non_actionable", noise("-", "0", "1", 60), StatusAsk},
		{"non_actionable", noise("-", "-", "-", 0), StatusNotApplicable},
		{"non_actionable", nil, StatusAsk},

		{"toil", one(BlockWeekOnCall, "toil_low_ratio 0.4 toil_high_ratio 0.5"), StatusOK},
		{"toil", one(BlockWeekOnCall, "toil_low_ratio 0.4 toil_high_ratio 0.51"), StatusAsk},
		{"toil", one(BlockWeekOnCall, "toil_low_ratio 0.5 toil_high_ratio 0.7"), StatusAsk},
		{"toil", one(BlockWeekOnCall, "toil_low_ratio 0.51 toil_high_ratio 1.7"), StatusAlarm},
		{"toil", nil, StatusAsk},

		{"pages_a_week", one(BlockWeekOnCall, "page_p50_count 500"), StatusInfo},
		{"pages_a_week", one(BlockWeekOnCall, "page_p50_count 0"), StatusInfo},
		{"pages_a_week", nil, StatusAsk},

		{"rotation_size", sized("8", "1", "13"), StatusOK},
		{"rotation_size", sized("7", "1", "13"), StatusAlarm},
		{"rotation_size", sized("7", "1", "12"), StatusAsk},
		{"rotation_size", sized("12", "2", "13"), StatusOK},
		{"rotation_size", sized("11", "2", "13"), StatusAsk},
		{"rotation_size", sized("8", "2", "13"), StatusAsk},
		{"rotation_size", sized("7", "2", "13"), StatusAlarm},
		{"rotation_size", sized("8", "-", "13"), StatusOK},
		{"rotation_size", sized("-", "1", "13"), StatusAsk},

		{"shift_length", shifts("43200", "5"), StatusOK},
		{"shift_length", shifts("43201", "0.5"), StatusAlarm},
		{"shift_length", shifts("604800", "0.49"), StatusNotApplicable},
		{"shift_length", shifts("604800", "-"), StatusAsk},
		{"shift_length", shifts("-", "5"), StatusAsk},

		{"never_worked", one(BlockNoise, "unworked_rule_count 0"), StatusOK},
		{"never_worked", one(BlockNoise, "unworked_rule_count 1"), StatusAsk},
		{"never_worked", nil, StatusAsk},
		{"never_worked", map[string]string{BlockNoise: "unworked_rule_count 0", BlockLabel: "page_count 0"}, StatusNotApplicable},
		{"top_alert", map[string]string{BlockNoise: "top_alert_page_ratio -", BlockLabel: "page_count 0"}, StatusNotApplicable},
		{"top_alert", one(BlockNoise, "top_alert_page_ratio 0.9"), StatusInfo},

		{"evenness", fair("4", "0.3", "0.3"), StatusOK},
		{"evenness", fair("4", "0.31", "0.3"), StatusAlarm},
		{"evenness", fair("3", "0.9", "0.3"), StatusNotApplicable},
		{"evenness", fair("4", "0.3", "-"), StatusAsk},
		{"evenness", nil, StatusAsk},

		{"timed_out", one(BlockHelp, "timed_out_ratio 0 incident_count 10"), StatusOK},
		{"timed_out", one(BlockHelp, "timed_out_ratio 0 incident_count 9"), StatusAsk},
		{"timed_out", one(BlockHelp, "timed_out_ratio 0.001 incident_count 1000"), StatusAsk},
		{"timed_out", one(BlockHelp, "timed_out_ratio - incident_count 0"), StatusNotApplicable},
		{"never_acknowledged", one(BlockHelp, "never_acknowledged_ratio 0 incident_count 10"), StatusOK},
		{"never_acknowledged", one(BlockHelp, "never_acknowledged_ratio 0.1 incident_count 10"), StatusAsk},
		{"joined_at_night", one(BlockHelp, "night_joined_ratio 0 night_incident_count 10"), StatusAsk},
		{"joined_at_night", one(BlockHelp, "night_joined_ratio 0.1 night_incident_count 10"), StatusInfo},
		{"joined_at_night", one(BlockHelp, "night_joined_ratio 1 night_incident_count 9"), StatusAsk},
		{"joined_at_night", one(BlockHelp, "night_joined_ratio - night_incident_count 0"), StatusNotApplicable},

		{"page_trend", trendOf("8", "1", "0.049", "80"), StatusAlarm},
		{"page_trend", trendOf("8", "-1", "0.049", "80"), StatusOK},
		{"page_trend", trendOf("8", "1", "0.05", "80"), StatusInfo},
		{"page_trend", trendOf("8", "0", "0.01", "80"), StatusInfo},
		{"page_trend", trendOf("7", "1", "0.001", "80"), StatusNotApplicable},
		{"page_trend", trendOf("8", "-", "-", "80"), StatusAsk},
		{"page_trend", trendOf("8", "0", "1", "0"), StatusNotApplicable},
		{"page_trend", nil, StatusAsk},

		{"exposure", one(BlockNightsElsewhere, "exposure_ratio 0.5"), StatusInfo},
		{"leaked", one(BlockNightsElsewhere, "zone_cluster_count 1 leaked_ratio 0.5 night_page_count 9"), StatusNotApplicable},
		{"leaked", one(BlockNightsElsewhere, "zone_cluster_count 2 leaked_ratio 0.5 night_page_count 9"), StatusAsk},
		{"leaked", one(BlockNightsElsewhere, "zone_cluster_count 2 leaked_ratio 0 night_page_count 9"), StatusOK},
		{"leaked", one(BlockNightsElsewhere, "zone_cluster_count 2 leaked_ratio - night_page_count 0"), StatusNotApplicable},
		{"hand_off_gaps", one(BlockNightsElsewhere, "hand_off_gap_seconds 0"), StatusOK},
		{"hand_off_gaps", one(BlockNightsElsewhere, "hand_off_gap_seconds 1"), StatusAsk},
	} {
		if got := checkNamed(t, judged(t, true, c.blocks), c.check); got.Status != c.want {
			t.Errorf("%s with %v: %s, want %s (%s)", c.check, c.blocks, got.Status, c.want, got.Text)
		}
	}
}

// TestPartialPeriodProvesOnlyTheBad: there may be more to count.
func TestPartialPeriodProvesOnlyTheBad(t *testing.T) {
	for _, c := range []struct {
		check  string
		blocks map[string]string
		want   Status
	}{
		{"interrupted_nights", interrupted("0.05", "0.02", "0.1", 91), StatusAsk},
		{"interrupted_nights", interrupted("0.5", "0.4", "0.6", 91), StatusAlarm},
		{"rotation_size", sized("8", "1", "13"), StatusOK},
		{"rotation_size", sized("3", "1", "13"), StatusAsk},
		{"completeness", one(BlockLabel, "complete_ratio 1"), StatusAsk}, // a schedule is missing, no part of the time
		{"period_length", one(BlockLabel, "week_count 13"), StatusOK},
	} {
		if got := checkNamed(t, judged(t, false, c.blocks), c.check); got.Status != c.want {
			t.Errorf("%s with %v: %s, want %s (%s)", c.check, c.blocks, got.Status, c.want, got.Text)
		}
	}
}

// TestEveryCheckIsWhole: each has a block, a line of its own there, a known number and questions that exist.
func TestEveryCheckIsWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range auditChecks {
		if seen[s.id] || seen[s.block+s.key] {
			t.Errorf("%s is checked twice", s.id)
		}
		seen[s.id], seen[s.block+s.key] = true, true
		if !slices.Contains(AuditBlocks(), s.block) || !slices.ContainsFunc(auditNumbers, func(n auditNumber) bool { return n.key == s.key }) {
			t.Errorf("%s is of no block or number", s.id)
		}
	}
	card := judged(t, true, nil) // nothing is known, so every question is led to or asked always
	ids := map[string]bool{}
	for _, q := range AuditQuestions(card) {
		ids[q.ID] = true
	}
	for _, q := range auditQuestions {
		if !ids[q.id] {
			t.Errorf("%s is asked by nobody", q.id)
		}
		if q.text == "" || q.good == "" || q.poor == "" {
			t.Errorf("%s is not whole", q.id)
		}
	}
	if diff := cmp.Diff(len(auditQuestions), len(AuditQuestions(nil))); diff != "" {
		t.Error(diff)
	}
}
