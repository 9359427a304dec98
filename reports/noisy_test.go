package reports

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

func text(s string) *string { return &s }

// noisySample has one alert of every recommendation over eight weeks, odd titles, thin evidence and every guard.
func noisySample() *Noisy {
	synced := day("2026-11-16T00:00:00Z")
	worked := day("2026-11-03T10:20:00Z")
	n := &Noisy{SchemaVersion: SchemaVersion, Period: Period{day("2026-09-21T00:00:00Z"), synced},
		Data:    Data{Complete: true, SyncedUntil: &synced, Fingerprint: strings.Repeat("0123456789abcdef", 4), Notes: []Note{{Code: "unknown_medium", Text: "3 notifications have no medium; they count as interrupting", Count: 3}}},
		Context: Context{Next: []string{"crywolf explain 6d6ef74c", "crywolf label 0badf00d actionable --reason TEXT"}}}
	n.Alerts = []NoisyAlert{
		{Rule: "6d6ef74c", Service: "payments-db", Title: "[FIRING:1] " + oddTitles[0], Source: "prometheus", PageCount: 132, NightPageCount: 109, IncidentCount: 120,
			AutoResolvedRatio: num(1), ClearedAloneRatio: num(0.9833), WorkedCount: 2, WorkedRatio: num(2.0 / 120), WorkedRatioLow: num(0.0046), WorkedRatioHigh: num(0.0588),
			FlappingRunCount: 14, ExcessPageCount: 101, OpenP50Seconds: num(240), LastWorkedAt: &worked, Evidence: "strong", Recommendation: Wait, WaitSeconds: num(480),
			SavesPagesPerWeek: num(16.25), SavesNightPagesPerWeek: num(13.5), WorkedIncidents: []string{"PI1", "PI2"}, UnattendedPageCount: 1, Flapping: true},
		{Rule: "a2743291", Service: "batch <x>", Title: oddTitles[1], Source: "nagios", PageCount: 44, NightPageCount: 44, IncidentCount: 44,
			AutoResolvedRatio: num(0), ClearedAloneRatio: num(0), WorkedRatio: num(0), WorkedRatioLow: num(0), WorkedRatioHigh: num(0.0803), WorkedRatioBound: num(0.0658),
			Evidence: "strong", Recommendation: Delete, OpenP50Seconds: num(9000), SavesPagesPerWeek: num(5.5), SavesNightPagesPerWeek: num(5.5)},
		{Rule: "0880df78", Service: "svc", Title: oddTitles[3], Source: "=cmd()", PageCount: 26, NightPageCount: 3, IncidentCount: 13,
			AutoResolvedRatio: num(0.5), ClearedAloneRatio: num(0.5), WorkedRatio: num(0), WorkedRatioLow: num(0), WorkedRatioHigh: num(0.228), WorkedRatioBound: num(0.206),
			Evidence: "fair", Recommendation: Group, GroupWith: text("6d6ef74c"), GroupRatio: num(0.923), SavesPagesPerWeek: num(3.25), SavesNightPagesPerWeek: num(0.375)},
		{Rule: "deadbeef", Service: "svc", Title: oddTitles[6], Source: "unknown", PageCount: 12, NightPageCount: 5, IncidentCount: 11,
			WorkedCount: 4, WorkedRatio: num(4.0 / 11), WorkedRatioLow: num(0.152), WorkedRatioHigh: num(0.646), Evidence: "fair", Recommendation: Demote,
			OutsideBusinessPageCount: 8, SavesPagesPerWeek: num(1), SavesNightPagesPerWeek: num(0.625), WorkedIncidents: []string{"PI3", "PI4", "PI5", "PI6"}},
		{Rule: "feedface", Service: "svc", Title: oddTitles[7], Source: "datadog", PageCount: 4, NightPageCount: 4, IncidentCount: 4, AutoResolvedRatio: num(1),
			ClearedAloneRatio: num(1), WorkedRatio: num(0), WorkedRatioLow: num(0), WorkedRatioHigh: num(0.49), WorkedRatioBound: num(0.527),
			Evidence: "thin", Recommendation: Wait, WaitSeconds: num(1800), SavesPagesPerWeek: num(0.5), SavesNightPagesPerWeek: num(0.5)},
		{Rule: "12345678", Service: "svc", Title: oddTitles[5], Source: "datadog", PageCount: 1250, NightPageCount: 300, IncidentCount: 1200,
			AutoResolvedRatio: num(0.2), ClearedAloneRatio: num(0.004), WorkedCount: 900, WorkedRatio: num(0.75), WorkedRatioLow: num(0.7247), WorkedRatioHigh: num(0.7737),
			Evidence: "strong", Recommendation: FixCause, SavesPagesPerWeek: num(0), SavesNightPagesPerWeek: num(0), WorkedIncidents: []string{"PI7"}},
		{Rule: "00c0ffee", Service: "svc", Title: oddTitles[4], Source: "datadog", PageCount: 14, IncidentCount: 14, WorkedCount: 3, WorkedRatio: num(0.2143),
			WorkedRatioLow: num(0.0757), WorkedRatioHigh: num(0.4759), Evidence: "fair", Recommendation: Keep, WorkedIncidents: []string{"PI8", "PI9", "PIA"}},
		{Rule: "0badf00d", Service: "svc", Title: oddTitles[8], Source: "datadog", PageCount: 12, IncidentCount: 12, WorkedRatio: num(0), WorkedRatioLow: num(0),
			WorkedRatioHigh: num(0.2425), WorkedRatioBound: num(0.2209), UnattendedPageCount: 2, TopPriorityCount: 1, SoleDetectorCount: 1, Evidence: "fair", Recommendation: Unclear},
		{Rule: "01234567", Service: "svc", Title: "once", Source: "datadog", PageCount: 1, IncidentCount: 1, WorkedRatio: num(0), WorkedRatioLow: num(0),
			WorkedRatioHigh: num(0.7935), WorkedRatioBound: num(0.95), Evidence: "thin", Recommendation: Unclear},
	}
	return n
}

func renderNoisy(t *testing.T, n *Noisy, f Format, o Options) string {
	t.Helper()
	var b strings.Builder
	if err := RenderNoisy(&b, n, f, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func selected(s Selection) *Noisy {
	n := noisySample()
	n.Select(s)
	return n
}

func TestGoldenNoisy(t *testing.T) {
	usual := Selection{MinPages: 3, Top: 20}
	demo, partial, empty := selected(usual), selected(usual), &Noisy{Period: noisySample().Period, Data: Data{Complete: true}}
	demo.Demo, demo.Filter = DemoData, &Filter{Rotations: []string{"PSCHED1"}}
	partial.Data.Complete = false
	partial.Data.Gaps = []Gap{{Kind: "incidents", Reason: "truncated", Since: day("2026-09-21T00:00:00Z"), Until: day("2026-09-22T00:00:00Z"), Command: "crywolf sync --since 2026-09-21"}}
	for _, c := range []struct {
		name   string
		noisy  *Noisy
		format Format
		o      Options
	}{
		{"noisy.txt", selected(usual), Table, Options{}},
		{"noisy_top.txt", selected(Selection{Top: 2}), Table, Options{}},
		{"noisy_asked.txt", selected(Selection{MinPages: 3, Recommendations: []string{Delete, Wait}}), Table, Options{}},
		{"noisy_wide.txt", selected(usual), Table, Options{Wide: true}},
		{"noisy_partial.txt", partial, Table, Options{}},
		{"noisy_empty.txt", empty, Table, Options{}},
		{"noisy.md", demo, Markdown, Options{}},
		{"noisy.json", demo, JSON, Options{}},
		{"noisy.csv", demo, CSV, Options{}},
	} {
		t.Run(c.name, func(t *testing.T) { golden(t, c.name, renderNoisy(t, c.noisy, c.format, c.o)) })
	}
}

func TestNoisyFitsTheScreen(t *testing.T) {
	big := noisySample()
	big.Data.Complete = false // "≥ " makes every count wider
	big.Select(Selection{})
	for _, n := range []*Noisy{selected(Selection{MinPages: 3, Top: 3}), big} {
		for _, line := range strings.Split(renderNoisy(t, n, Table, Options{}), "\n") {
			if Width(line) > screen {
				t.Errorf("%d columns: %s", Width(line), line)
			}
		}
	}
}

func TestNoisyTitlesCannotReachTheTerminal(t *testing.T) {
	for _, f := range []Format{Table, Markdown, CSV} {
		for _, r := range renderNoisy(t, selected(Selection{}), f, Options{Wide: true}) {
			if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
				t.Errorf("%s has the control character %U", f, r)
			}
		}
	}
	md := renderNoisy(t, selected(Selection{}), Markdown, Options{})
	if strings.Contains(md, "<script") || strings.Contains(md, "<x>") {
		t.Error("a title or a service reached Markdown as a tag")
	}
	csv := renderNoisy(t, selected(Selection{}), CSV, Options{})
	if strings.Contains(csv, ",=") || strings.Contains(csv, ",\"=") {
		t.Error("a title or a source reached a spreadsheet as a formula")
	}
}

func TestNoisyColourSaysNothingNew(t *testing.T) {
	plain, coloured := renderNoisy(t, selected(Selection{}), Table, Options{}), renderNoisy(t, selected(Selection{}), Table, Options{Colour: true})
	if plain == coloured {
		t.Fatal("nothing was coloured")
	}
	if got := escapeSequence.ReplaceAllString(coloured, ""); got != plain {
		t.Error(cmp.Diff(plain, got))
	}
}

// TestSelectAddsUp: whatever is cut, listed and left out are all rules, and the plan's start is the whole week.
func TestSelectAddsUp(t *testing.T) {
	all := noisySample()
	var pages int64
	for _, a := range all.Alerts {
		pages += a.PageCount
	}
	for _, s := range []Selection{{}, {MinPages: 3}, {Top: 2}, {MinPages: 13, Recommendations: []string{Delete, Group}, Top: 1}, {MinPages: 5000}} {
		n := selected(s)
		l := n.LeftOut
		rules := int64(len(n.Alerts)) + l.BelowMinPages.RuleCount + l.OtherRecommendations.RuleCount + l.AfterTop.RuleCount
		sum := l.BelowMinPages.PageCount + l.OtherRecommendations.PageCount + l.AfterTop.PageCount
		for _, a := range n.Alerts {
			sum += a.PageCount
		}
		if rules != int64(len(all.Alerts)) || sum != pages {
			t.Errorf("%+v: %d rules with %d pages, want %d with %d", s, rules, sum, len(all.Alerts), pages)
		}
		if got := n.Plan.PagesPerWeek; got < float64(pages)/8-1e-9 || got > float64(pages)/8+1e-9 {
			t.Errorf("%+v: %v pages a week", s, got)
		}
	}
}

// TestPlan: what is thin is in no plan, and what is not listed neither.
func TestPlan(t *testing.T) {
	p := selected(Selection{}).Plan
	if diff := cmp.Diff(map[string]int64{Delete: 1, Wait: 1, Demote: 1, Group: 1}, p.RuleCounts); diff != "" {
		t.Error(diff)
	}
	if got := p.PagesPerWeek - p.PagesLeftPerWeek; got < 25.99 || got > 26.01 { // 16.25 + 5.5 + 3.25 + 1
		t.Errorf("%v pages a week are saved, want 26", got)
	}
	if p.ThinEvidenceRuleCounts[Wait] != 1 {
		t.Errorf("on thin evidence: %v", p.ThinEvidenceRuleCounts)
	}
	if p := selected(Selection{Recommendations: []string{Delete}}).Plan; p.RuleCounts[Wait] != 0 || p.RuleCounts[Delete] != 1 {
		t.Errorf("asked for delete only: %v", p.RuleCounts)
	}
}

// TestGroupedWithEachOther: of rules that are each to be grouped with the next, round in a circle, one goes on paging.
func TestGroupedWithEachOther(t *testing.T) {
	n := &Noisy{Period: noisySample().Period}
	for i, rule := range []string{"a", "b", "c"} {
		n.Alerts = append(n.Alerts, NoisyAlert{Rule: rule, PageCount: 80, Evidence: "strong", Recommendation: Group,
			GroupWith: text([]string{"b", "c", "a"}[i]), SavesPagesPerWeek: num(10), SavesNightPagesPerWeek: num(0)})
	}
	n.Select(Selection{})
	if n.Plan.PagesPerWeek != 30 || n.Plan.PagesLeftPerWeek != 10 || n.Plan.RuleCounts[Group] != 3 {
		t.Errorf("%+v", n.Plan)
	}
}

func TestReasons(t *testing.T) {
	want := map[string][]string{
		Delete: {"none of 44 incidents was worked (at most 7% could be, 95%)", "guards hold: no page unanswered, no P1 or P2, never the only alarm before a real incident",
			"evidence is strong: 44 incidents, 30 or more"},
		Group: {"92% of 13 incidents came within 5 min of one of 6d6ef74c",
			"none of 13 incidents was worked (at most 21% could be, 95%)", "evidence is fair: 13 incidents, 10 or more"},
		Demote: {"worked only in business hours, and 8 of 12 pages came outside them",
			"4 of 11 incidents worked (95% range 15–65%), all of them while it would still page", "evidence is fair: 11 incidents, 10 or more"},
		FixCause: {"900 of 1,200 incidents worked (95% range 72–77%): real, and it comes back", "evidence is strong: 1,200 incidents, 30 or more"},
		Keep:     {"3 of 14 incidents worked (95% range 8–48%)", "evidence is fair: 14 incidents, 10 or more"},
	}
	n := noisySample()
	n.Normalize()
	seen := map[string]bool{}
	for _, a := range n.Alerts {
		if w, ok := want[a.Recommendation]; ok {
			seen[a.Recommendation] = true
			if diff := cmp.Diff(w, a.Reasons); diff != "" {
				t.Errorf("%s (-want +got)\n%s", a.Recommendation, diff)
			}
		}
	}
	if len(seen) != len(want) {
		t.Errorf("only %v were seen", seen)
	}
	wait, thinWait, unclear, once := n.Alerts[0].Reasons, n.Alerts[4].Reasons, n.Alerts[7].Reasons, n.Alerts[8].Reasons
	for _, c := range []struct {
		reasons []string
		want    string
	}{
		{wait, "98% of 120 incidents cleared alone, 9 in 10 of those within 8 min"},
		{wait, "guard: 1 page nobody answered"},
		{wait, "would delay by 8 min 2 worked incidents, to be looked at first: PI1, PI2"},
		{wait, "flaps: 14 runs, 101 pages beyond one a run"},
		{thinWait, "100% of 4 incidents cleared alone, 9 in 10 of those within 30 min"},
		{thinWait, "evidence is thin: 4 incidents, fewer than 10; label some before you act"},
		{unclear, "none of 12 incidents was worked (at most 22% could be, 95%), but a guard speaks against deleting"},
		{unclear, "guard: 2 pages nobody answered"},
		{unclear, "guard: 1 incident of priority P1 or P2"},
		{unclear, "guard: the only alarm before 1 incident that a person opened and worked"},
		{once, "too few to judge: its one incident was not worked (at most 95% could be, 95%)"},
	} {
		if !slices.Contains(c.reasons, c.want) {
			t.Errorf("%q lacks %q", c.reasons, c.want)
		}
	}
}

// TestNoisyUnknownIsNull: nothing that is not known is a 0 in the document, and no list is null.
func TestNoisyUnknownIsNull(t *testing.T) {
	n := &Noisy{Alerts: []NoisyAlert{{Rule: "00000000", Recommendation: Unclear}}}
	n.Select(Selection{})
	var doc struct{ Alerts []map[string]any }
	if err := json.Unmarshal([]byte(renderNoisy(t, n, JSON, Options{})), &doc); err != nil {
		t.Fatal(err)
	}
	a := doc.Alerts[0]
	for _, k := range []string{"auto_resolved_ratio", "worked_ratio", "worked_ratio_low", "worked_ratio_high", "open_p50_seconds", "last_worked_at",
		"wait_seconds", "saves_pages_per_week", "saves_night_pages_per_week"} {
		if v, ok := a[k]; !ok || v != nil {
			t.Errorf("%s is %v", k, v)
		}
	}
	for _, k := range []string{"reasons", "worked_incidents"} {
		if _, ok := a[k].([]any); !ok {
			t.Errorf("%s is %v", k, a[k])
		}
	}
}
