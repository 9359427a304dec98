package reports

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
)

func whole(n int64) *int64 { return &n }

// incidentSample has every kind of log entry, a cap that binds, a label that outranks, and two pages that differ.
func incidentSample() *IncidentCard {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	start := day("2026-11-03T22:58:33Z")
	acknowledged, resolved := start.Add(3*time.Minute), start.Add(100*time.Minute)
	c := &IncidentCard{SchemaVersion: SchemaVersion, Demo: DemoData, Incident: "QH49R9K3YJ4MM9", Number: whole(5282), Title: oddTitles[6], Service: "payments-db",
		Rule: text("6d6ef74c"), RuleName: "HostDiskSpaceLow", Source: "prometheus", Urgency: "high", Priority: text("P3"), Status: "resolved",
		CreatedAt: start, AcknowledgedAt: &acknowledged, ResolvedAt: &resolved, ClearedBy: text("monitor"), FlapRunAt: &start, TimeZone: "Europe/Berlin",
		Location: berlin, Judged: Period{start.Add(-24 * time.Hour), day("2026-11-16T00:00:00Z")}, EvidencePoor: true,
		Evidence: []Evidence{{ID: "A1", Points: 2}, {ID: "N1", Points: -2}, {ID: "N2", Points: -1.5}}, Score: num(-0.5), Label: text("actionable"), LabelSource: text("rule"),
		Pages: []JudgedPage{
			{At: start.Add(5 * time.Second), Rotation: text("PSCHED1"), RotationName: "payments-primary", HourClass: "sleep", Verdict: "actionable", JudgedVerdict: "unknown", Confidence: "high"},
			{At: start.Add(time.Minute), HourClass: "off_hours", Verdict: "actionable", JudgedVerdict: "redundant", Confidence: "medium"}},
		Next: []string{"crywolf explain 6d6ef74c"}}
	person, timeout := Happening{ByPerson: true}, Happening{Channel: "timeout"}
	for i, e := range []TimelineEntry{
		{Type: "trigger_log_entry"},
		{Type: "assign_log_entry", Happening: Happening{AssigneeCount: 2}},
		{Type: "notify_log_entry", Happening: Happening{Medium: "push"}, PageHourClass: "sleep"},
		{Type: "notify_log_entry", Happening: Happening{Medium: "email"}},
		{Type: "notify_log_entry", Happening: Happening{Medium: "unknown", Failed: true}},
		{Type: "notify_log_entry", Happening: Happening{Medium: "other"}},
		{Type: "escalate_log_entry", Happening: timeout},
		{Type: "escalate_log_entry", Happening: person},
		{Type: "acknowledge_log_entry", Happening: person},
		{Type: "unacknowledge_log_entry", Happening: timeout},
		{Type: "assign_log_entry", Happening: Happening{ByPerson: true, AssigneeCount: 1}},
		{Type: "delegate_log_entry", Happening: person},
		{Type: "trigger_log_entry"},
		{Type: "annotate_log_entry", Happening: Happening{ByPerson: true, NoteLength: whole(73), NoteTag: "#a"}},
		{Type: "annotate_log_entry", Happening: Happening{NoteLength: whole(1), NoteTag: "#na"}},
		{Type: "snooze_log_entry", Happening: Happening{ByPerson: true, SnoozeSeconds: whole(7200)}},
		{Type: "responder_request_log_entry", Happening: person},
		{Type: "priority_change_log_entry", Happening: person},
		{Type: "status_update_log_entry", Happening: person},
		{Type: "urgency_change_log_entry"},
		{Type: "repeat_escalation_path_log_entry"},
		{Type: "exhaust_escalation_path_log_entry"},
		{Type: "custom_field_value_change_log_entry", Happening: person},
		{Type: "resolve_log_entry", Happening: person},
		{Type: "reopen_log_entry", Happening: person},
		{Type: "resolve_log_entry", Happening: timeout},
		{Type: "resolve_log_entry", Happening: Happening{Channel: "api"}},
	} {
		e.At = start.Add(time.Duration(i) * 4 * time.Minute)
		c.Timeline = append(c.Timeline, e)
	}
	return c
}

// openIncident is one that a person opened and that goes on; it paged nobody.
func openIncident() *IncidentCard {
	start := day("2026-11-03T22:58:33Z")
	return &IncidentCard{Incident: "Q1", Title: "Checkout is slow, say customers", Service: "checkout", Status: "triggered", CreatedAt: start, OpenedByPerson: true,
		Timeline: []TimelineEntry{{At: start, Type: "trigger_log_entry", Happening: Happening{ByPerson: true}}}}
}

func ruleSample() *RuleCard {
	alert := noisySample().Alerts[0]
	until := day("2027-01-01T00:00:00Z")
	synced := day("2026-11-16T00:00:00Z")
	return &RuleCard{SchemaVersion: SchemaVersion, Demo: DemoData, Period: noisySample().Period, Data: Data{Complete: true, SyncedUntil: &synced, Fingerprint: strings.Repeat("0123456789abcdef", 4)}, Rule: alert.Rule,
		RuleName: "HostDiskSpaceLow | \x1b[31m", Title: oddTitles[1], Service: "payments-db", Source: "prometheus",
		History: RuleHistory{163, day("2026-08-19T00:37:00Z"), day("2026-11-14T04:53:00Z")}, Alert: &alert,
		Hours: Hours{15, 8, 109}, VerdictCounts: VerdictCounts{2, 100, 20, 1, 9}, EpisodeCount: 121, FlappingRunCount: 14, FlappingEpisodeCount: 115, AlertKeyCount: 1,
		Rotations: []PagedGroup{
			{PageCount: 2},
			{ID: text("PSCHED1"), Name: "payments-primary", PageCount: 100, People: []PagedPerson{{"R1", 60, 51}, {"R2", 40, 0}}},
			{ID: text("PSCHED2"), Name: "two | people", PageCount: 30}},
		Label:    &RuleLabel{Label: "non_actionable", Cause: "threshold", At: day("2026-11-10T09:00:00Z"), Reason: "the disk is cleaned every hour", Until: &until},
		Examples: []Example{{"PI1", whole(17), day("2026-11-03T10:20:00Z"), true, "actionable"}, {"PI3", nil, day("2026-11-14T04:53:00Z"), false, "non_actionable"}},
		Context:  Context{MinGroup: 4, Next: []string{"crywolf explain PI1", "crywolf label 6d6ef74c actionable --reason TEXT"}}}
}

func renderIncident(t *testing.T, c *IncidentCard, f Format) string {
	t.Helper()
	var b strings.Builder
	if err := RenderIncident(&b, c, f, Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func renderRule(t *testing.T, c *RuleCard, f Format) string {
	t.Helper()
	var b strings.Builder
	if err := RenderRule(&b, c, f, Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestWhoTookAnAcknowledgementBack: it runs out only where no person took it back.
func TestWhoTookAnAcknowledgementBack(t *testing.T) {
	e := TimelineEntry{Type: "unacknowledge_log_entry", Happening: Happening{ByPerson: true}}
	if got := e.words(""); got != "the acknowledgement was taken back by a responder" {
		t.Error(got)
	}
}

func TestGoldenCards(t *testing.T) {
	golden(t, "incident.txt", renderIncident(t, incidentSample(), Table))
	golden(t, "incident.md", renderIncident(t, incidentSample(), Markdown))
	golden(t, "incident.json", renderIncident(t, incidentSample(), JSON))
	golden(t, "incident_open.txt", renderIncident(t, openIncident(), Table))
	golden(t, "rule.txt", renderRule(t, ruleSample(), Table))
	golden(t, "rule.md", renderRule(t, ruleSample(), Markdown))
	golden(t, "rule.json", renderRule(t, ruleSample(), JSON))
	silent := ruleSample()
	silent.Alert, silent.Rotations, silent.Examples, silent.Label = nil, nil, nil, nil
	golden(t, "rule_silent.txt", renderRule(t, silent, Table))
}

func TestCardsAreSafeAndFit(t *testing.T) {
	for _, card := range []string{renderIncident(t, incidentSample(), Table), renderRule(t, ruleSample(), Table)} {
		for _, line := range strings.Split(card, "\n") {
			if Width(line) > screen {
				t.Errorf("%d columns: %s", Width(line), line)
			}
		}
	}
	for _, card := range []string{renderIncident(t, incidentSample(), Table), renderIncident(t, incidentSample(), Markdown),
		renderRule(t, ruleSample(), Table), renderRule(t, ruleSample(), Markdown)} {
		for _, r := range card {
			if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
				t.Errorf("a card has the control character %U", r)
			}
		}
	}
	if md := renderRule(t, ruleSample(), Markdown); strings.Contains(md, "<script") {
		t.Error("a title reached Markdown as a tag")
	}
}

// TestTimelineSaysNoType: every type that has words has them without PagerDuty's spelling, and names nobody.
func TestTimelineSaysNoType(t *testing.T) {
	for _, kind := range slices.Sorted(maps.Keys(happenings)) {
		for _, byPerson := range []bool{true, false} {
			e := TimelineEntry{Type: kind, Happening: Happening{ByPerson: byPerson}}
			if got := e.words("prometheus"); got == "" || strings.Contains(got, "_") || strings.Contains(got, "log entry") {
				t.Errorf("%s by a person %v reads %q", kind, byPerson, got)
			}
		}
	}
	unknown := TimelineEntry{Type: "brand_new_log_entry", Happening: Happening{ByPerson: true}}
	if got := unknown.words(""); got != "brand new by a responder" {
		t.Errorf("an unknown type reads %q", got)
	}
}

func TestCap(t *testing.T) {
	for _, c := range []struct {
		evidence []Evidence
		want     string
	}{
		{[]Evidence{{ID: "N1", Points: -2}}, "none"},
		{[]Evidence{{ID: "N2", Points: -1.5}, {ID: "N7", Points: -1.5}, {ID: "N9", Points: -1}}, "none"},
		{[]Evidence{{ID: "N1", Points: -2}, {ID: "N2", Points: -1.5}, {ID: "A1", Points: 2}}, "−3.5"},
	} {
		got := "none"
		if p := cappedPoints(c.evidence); p != nil {
			got = points(*p)
		}
		if got != c.want {
			t.Errorf("%s: the cap binds at %s, want %s", fmt.Sprint(c.evidence), got, c.want)
		}
	}
}

func TestHourWords(t *testing.T) {
	for class, want := range map[string]string{"sleep": "night", "business": "business", "off_hours sleep": "off hours and night"} {
		if got := hourWord(class); got != want {
			t.Errorf("%s reads %q, want %q", class, got, want)
		}
	}
}

// TestSmallGroupIsNotShown: where too few share a rotation, nobody's number stands in the card, in any format.
func TestSmallGroupIsNotShown(t *testing.T) {
	c := ruleSample()
	c.Rotations = c.Rotations[2:]
	for _, f := range []Format{Table, Markdown, JSON} {
		if got := renderRule(t, c, f); strings.Contains(got, "R1") || strings.Contains(got, "R2") {
			t.Errorf("%s names a person:\n%s", f, got)
		}
	}
	if got := renderRule(t, c, Table); !strings.Contains(got, "fewer than 4 share it") {
		t.Errorf("it does not say why:\n%s", got)
	}
}
