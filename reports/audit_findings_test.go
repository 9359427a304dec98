package reports

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// week makes the numbers of a week on call, and how often one is.
func week(numbers, often string) map[string]string {
	return map[string]string{BlockWeekOnCall: numbers, BlockHowOften: "on_call_week_ratio " + often}
}

func TestSummary(t *testing.T) {
	for _, c := range []struct {
		blocks map[string]string
		want   string
	}{
		{week("person_week_count 26 page_p50_count 9 page_p90_count 31.4 page_max_count 74 night_page_p50_count 1 night_page_max_count 22", "0.1667"),
			"A usual week on call brings 9 pages, 1 of them at night; one week in ten brings 31 or more. You are on call about 1 week in 6."},
		{week("person_week_count 10 page_p50_count 9.5 page_p90_count 9.5 night_page_p50_count 0 night_page_max_count 1", "0.5"),
			"A usual week on call brings 9.5 pages, usually none of them at night. You are on call about 1 week in 2."},
		{week("person_week_count 9 page_p50_count 1 page_p90_count 5 page_max_count 6 night_page_p50_count 0 night_page_max_count 0", "0.6"),
			"A usual week on call brings 1 page, none of them at night; the worst one brought 6. You are on call in about 6 weeks of 10. That rests on 9 weeks on call only."},
		{week("person_week_count 1 page_p50_count 0 page_max_count 0", "1"),
			"A usual week on call brings no page. You are on call in every week. That rests on 1 week on call only."},
		{week("page_p50_count 3 page_p90_count 9", "-"), "A usual week on call brings 3 pages."},
		{nil, "What a week on call brings cannot be told from this."},
	} {
		if got := judged(t, true, c.blocks).block(BlockSummary).Finding; got != c.want {
			t.Errorf("%v:\n got %s\nwant %s", c.blocks, got, c.want)
		}
	}
	partial := judged(t, false, week("person_week_count 26 page_p50_count 9", "0.1667")).block(BlockSummary).Finding
	if !strings.HasPrefix(partial, "A usual week on call brings at least 9 pages") {
		t.Error(partial)
	}
}

func TestFindings(t *testing.T) {
	for _, c := range []struct {
		block  string
		blocks map[string]string
		want   string
	}{
		{BlockTrend, trendOf("13", "-0.75", "0.01", "80"), "Pages fall by 0.75 a week over 13 weeks, more than chance explains."},
		{BlockTrend, trendOf("13", "0.75", "0.5", "80"), "Pages are steady: +0.75 a week over 13 weeks, which may be chance."},
		{BlockTrend, trendOf("13", "-", "-", "80"), "Whether pages get fewer cannot be told from this."},
		{BlockTrend, trendOf("1", "-", "-", "80"), "1 week read whole: too short to see a trend."},
		{BlockTrend, nil, "Whether it is getting better cannot be told from this."},
		{BlockHowOften, sized("1", "1", "13"), "One person carries it alone."},
		{BlockFairness, fair("3", "0.9", "0.3"), "How the pages are spread is hidden: of fewer than 4 people it would show each."},
		{BlockFairness, fair("4", "0.1", "0.3"), "The pages are spread as chance alone could do it."},
		{BlockFairness, nil, "How the pages are spread cannot be told from this."},
		{BlockHelp, nil, "Whether pages are answered cannot be told from this."},
		{BlockHelp, one(BlockHelp, "incident_count 1 timed_out_ratio 0 night_incident_count 0"), "Of 1 incident 0% went on because nobody answered in time. None was at night."},
		{BlockNoise, one(BlockNoise, "unworked_rule_count 1"), "How many pages needed nobody cannot be told from this. 1 alert came ten times or more and nobody ever worked on one."},
		{BlockWeekOnCall, interrupted("0", "0", "0.04", 91), "No night on call had a page."},
		{BlockWeekOnCall, interrupted("-", "-", "-", 0), "There are no nights on call."},
		{BlockNightsElsewhere, one(BlockNightsElsewhere, "leaked_page_count 1 hand_off_gap_seconds 60 hand_off_gap_count 1"),
			"Whether other time zones take the nights is not known. 1 night page came while somebody else on call was awake. Nobody was on call for 1m in all, in 1 gap."},
		{BlockTools, nil, "Which tools page cannot be told from this."},
		{BlockLabel, nil, "What time this covers cannot be told from this."},
		{BlockLabel, one(BlockLabel, "week_count 1 page_count 1 shift_count 0"), "1 week, which is thin, of which nobody knows how much was read: 0 shifts and 1 page."},
	} {
		if got := judged(t, true, c.blocks).block(c.block).Finding; got != c.want {
			t.Errorf("%s of %v:\n got %s\nwant %s", c.block, c.blocks, got, c.want)
		}
	}
}

// TestJudgeIsWhole: every block in order, whatever was there; and judged twice says the same.
func TestJudgeIsWhole(t *testing.T) {
	a := auditSample(t)
	for _, card := range a.Rotations {
		var ids []string
		for _, b := range card.Blocks {
			ids = append(ids, b.ID)
			if b.Title == "" || b.Finding == "" || b.Status == "" {
				t.Errorf("%s of %s is not whole", b.ID, card.ID)
			}
		}
		if diff := cmp.Diff(AuditBlocks(), ids); diff != "" {
			t.Error(diff)
		}
	}
	before := renderAudit(t, a, JSON, Options{})
	a.Judge(usualLimits)
	if diff := cmp.Diff(before, renderAudit(t, a, JSON, Options{})); diff != "" {
		t.Error(diff)
	}
}

func TestVerdictOfTrend(t *testing.T) {
	for _, c := range []struct{ slope, p, want string }{{"1", "0.01", "rising"}, {"-1", "0.01", "falling"}, {"1", "0.3", "steady"}} {
		if got := judged(t, true, trendOf("13", c.slope, c.p, "80")).block(BlockTrend).Verdict; got == nil || *got != c.want {
			t.Errorf("%v: %v", c, got)
		}
	}
	if got := judged(t, true, trendOf("3", "1", "0.01", "80")).block(BlockTrend).Verdict; got != nil {
		t.Errorf("3 weeks are %s", *got)
	}
}

// TestSmallGroupsAreHidden: of a few people the spread would show each, and the configuration may only ask for more.
func TestSmallGroupsAreHidden(t *testing.T) {
	for _, c := range []struct {
		people   string
		minGroup int
		hidden   bool
	}{{"3", 0, true}, {"3", 2, true}, {"4", 4, false}, {"4", 5, true}} {
		a := &Audit{Data: Data{Complete: true}, Context: Context{MinGroup: c.minGroup}, Rotations: []Scorecard{{ID: "A",
			Blocks: []Block{{ID: BlockFairness, Numbers: numbersOf(t, "person_count "+c.people+" heaviest_to_equal_ratio 1.7 gini_ratio 0.3 gini_by_chance_high_ratio 0.2 override_ratio 0")}}}}}
		a.Judge(usualLimits)
		fairness := a.Rotations[0].block(BlockFairness)
		if hidden := fairness.Numbers.Get("gini_ratio") == nil && fairness.Numbers.Get("heaviest_to_equal_ratio") == nil; hidden != c.hidden {
			t.Errorf("%+v: %v", c, fairness.Numbers)
		}
		if hidden := fairness.Status == StatusNotApplicable; hidden != c.hidden {
			t.Errorf("%+v: %s", c, fairness.Status)
		}
	}
}

func TestWithheldNumbers(t *testing.T) {
	a := &Audit{Data: Data{Complete: true}, Shared: true, Suppressed: []string{"A/help/never_acknowledged_ratio", "A/help/never_acknowledged_count"},
		Rotations: []Scorecard{{ID: "A", Blocks: []Block{{ID: BlockHelp, Numbers: numbersOf(t, "incident_count 120 never_acknowledged_count - never_acknowledged_ratio -")}}}}}
	a.Judge(usualLimits)
	if got := checkNamed(t, &a.Rotations[0], "never_acknowledged"); got.Status != StatusAsk || !strings.Contains(got.Text, "withheld") {
		t.Errorf("%s: %s", got.Status, got.Text)
	}
	if got := renderAudit(t, a, Markdown, Options{}); !strings.Contains(got, "incidents never acknowledged | withheld") {
		t.Errorf("a withheld count does not say so: %s", got)
	}
}

// TestTeamsOwnLimit: whoever holds a rotation to a limit of its own says so.
func TestTeamsOwnLimit(t *testing.T) {
	a := &Audit{Data: Data{Complete: true}, Rotations: []Scorecard{{ID: "A"}}}
	own := usualLimits
	own.NonActionableRatio = 0.9
	a.Judge(own)
	noise := a.Rotations[0].block(BlockNoise)
	if *noise.Limit != 0.9 || noise.LimitKey != "non_actionable_ratio" || noise.LimitSource != "set by the team in crywolf.yaml; ours is 20%" {
		t.Errorf("%v %s %s", *noise.Limit, noise.LimitKey, noise.LimitSource)
	}
	if week := a.Rotations[0].block(BlockWeekOnCall); *week.Limit != 0 || week.LimitKey != "blocks_12h_over_2_incidents_count" {
		t.Errorf("%v %s", *week.Limit, week.LimitKey)
	}
}

// TestQuestionsNameTheirCells: the worst first, each with the number that leads to it.
func TestQuestionsNameTheirCells(t *testing.T) {
	card := judged(t, true, map[string]string{BlockHowOften: "person_count 5 zone_cluster_count 1", BlockLabel: "week_count 13",
		BlockNightsElsewhere: "exposure_ratio 0.42", BlockHelp: "incident_count 40 never_acknowledged_ratio 0.05"})
	why, place := map[string]string{}, map[string]int{}
	for i, q := range AuditQuestions(card) {
		why[q.ID], place[q.ID] = q.Why, i
	}
	for id, want := range map[string]string{"rotation_size": "people 5: below 8", "unanswered": "never acknowledged 5% of 40: it happens",
		"follow_the_sun": "time on call in sleep hours 42%: above 10%"} {
		if !strings.Contains(why[id], want) {
			t.Errorf("%s: %s", id, why[id])
		}
	}
	if place["rotation_size"] != 0 || place["unanswered"] > place["veto"] || why["veto"] != "" {
		t.Errorf("in the order %v", place)
	}
}
