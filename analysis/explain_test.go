package analysis

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// explainFacts adds to verdictFacts: P3 is number 17, was e-mailed before it was pushed and texted in one second, and
// P5 is of its rule, in business hours, low and open.
const explainFacts = verdictFacts + `
UPDATE incidents SET incident_number = 17 WHERE id = 'P3';
INSERT INTO incidents (id, title, status, urgency, service_id, created_at, incident_number) VALUES
  ('P5', 'c', 'triggered', 'low', 'V1', '2026-11-04 23:00', 18);
INSERT INTO log_entries (id, incident_id, type, created_at, user_id, notification_type, notification_status) VALUES
  ('m3', 'P3', 'notify_log_entry', '2026-11-03 11:59:50', 'U1', 'email', NULL),
  ('pz', 'P3', 'notify_log_entry', '2026-11-03 12:00', 'U1', 'sms', NULL),
  ('f3', 'P3', 'notify_log_entry', '2026-11-03 12:02', 'U1', 'phone', 'failed'),
  ('p5', 'P5', 'notify_log_entry', '2026-11-04 23:00', 'U1', 'push', NULL);
INSERT INTO log_entries (id, incident_id, type, created_at, agent_type, channel_type, assignee_ids, snooze_seconds) VALUES
  ('s3', 'P3', 'snooze_log_entry', '2026-11-03 12:03', 'user', 'mobile', NULL, 600),
  ('e3', 'P3', 'escalate_log_entry', '2026-11-03 12:03:30', 'service', 'timeout', ['U1', 'U2'], NULL);
INSERT INTO services (id, name) VALUES ('V9', 'unused');
UPDATE services SET name = 'db' WHERE id = 'V1';
UPDATE schedules SET name = 'primary', time_zone = 'Pacific Time (US & Canada)' WHERE id = 'S1';`

func minute(day, hour, minute, second int) time.Time {
	return time.Date(2026, 11, day, hour, minute, second, 0, time.UTC)
}

func newExplained(t *testing.T, labels ...Label) *Session {
	db := newFacts(t)
	mustExec(t, db, explainFacts)
	settings := DefaultSettings()
	settings.Labels = labels
	return newSession(t, db, settings)
}

func TestFindIncident(t *testing.T) {
	s := newExplained(t)
	for asked, want := range map[string]string{"P3": "P3", "17": "P3", "#17": "P3", "#18": "P5", "#19": "", "P9": "", "99999999999999999999": "", "": ""} {
		id, at, found, err := s.FindIncident(context.Background(), asked)
		if err != nil || id != want || found != (want != "") {
			t.Errorf("%q: got %q, %v, %v", asked, id, found, err)
		}
		if want == "P3" && !at.Equal(minute(3, 12, 0, 0)) {
			t.Errorf("%q was created at %v", asked, at)
		}
	}
}

func TestExplainIncident(t *testing.T) {
	s := newExplained(t)
	got, err := s.ExplainIncident(context.Background(), "P3", someWeek)
	if err != nil {
		t.Fatal(err)
	}
	note, snooze := int64(30), int64(600)
	wantLog := []LogEntry{
		{At: minute(3, 11, 59, 50), Type: "notify_log_entry", Medium: "email"},
		{At: minute(3, 12, 0, 0), Type: "notify_log_entry", Medium: "push", HourClass: "sleep"}, // 04:00 in the schedule's zone
		{At: minute(3, 12, 0, 0), Type: "notify_log_entry", Medium: "sms"},
		{At: minute(3, 12, 1, 0), Type: "annotate_log_entry", Channel: "note", ByPerson: true, NoteLength: &note},
		{At: minute(3, 12, 2, 0), Type: "notify_log_entry", Medium: "phone", IsFailed: true},
		{At: minute(3, 12, 3, 0), Type: "snooze_log_entry", Channel: "mobile", ByPerson: true, SnoozeSeconds: &snooze},
		{At: minute(3, 12, 3, 30), Type: "escalate_log_entry", Channel: "timeout", AssigneeCount: 2},
		{At: minute(3, 12, 4, 0), Type: "resolve_log_entry", Channel: "api"},
	}
	if diff := cmp.Diff(wantLog, got.Log); diff != "" {
		t.Errorf("log (-want +got)\n%s", diff)
	}
	wantPages := []JudgedPage{{RotationID: "S1", RotationName: "primary", TimeZone: "America/Los_Angeles", At: minute(3, 12, 0, 0), HourClass: "sleep",
		Verdict: "unknown", JudgedVerdict: "unknown", Score: 0.5, Confidence: "low"}}
	if diff := cmp.Diff(wantPages, got.Pages); diff != "" {
		t.Errorf("pages (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]Evidence{{"A1", 2}, {"N2", -1.5}}, got.Evidence); diff != "" {
		t.Errorf("evidence (-want +got)\n%s", diff)
	}
	got.Log, got.Pages, got.Evidence = nil, nil, nil
	number, resolved := int64(17), minute(3, 12, 4, 0)
	want := Incident{ID: "P3", Number: &number, Title: "c", ServiceName: "db", RuleID: got.RuleID, RuleName: "c", Source: "unknown", Urgency: "high",
		Status: "resolved", CreatedAt: minute(3, 12, 0, 0), ResolvedAt: &resolved, ClearedBy: "monitor"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("incident (-want +got)\n%s", diff)
	}
}

// TestExplainedLabelSaysWhere: the card tells what people said apart from what the evidence says.
func TestExplainedLabelSaysWhere(t *testing.T) {
	s := newExplained(t, Label{IncidentID: "P2", Label: "actionable", At: minute(5, 0, 0, 0)})
	got, err := s.ExplainIncident(context.Background(), "P2", someWeek)
	if err != nil {
		t.Fatal(err)
	}
	if got.Label != "actionable" || got.LabelSource != "incident" || len(got.Pages) != 1 ||
		got.Pages[0].Verdict != "actionable" || got.Pages[0].JudgedVerdict != "non_actionable" {
		t.Errorf("%+v", got)
	}
}

func TestExplainRule(t *testing.T) {
	plain, err := newExplained(t).ExplainIncident(context.Background(), "P3", someWeek)
	if err != nil {
		t.Fatal(err)
	}
	rule := plain.RuleID
	s := newExplained(t, Label{RuleID: rule, Label: "unknown", At: minute(1, 0, 0, 0)},
		Label{RuleID: rule, Label: "non_actionable", Cause: "threshold", Author: "Jane", At: minute(5, 0, 0, 0), Reason: "too low", Until: minute(4, 0, 0, 0)})
	for id, want := range map[string]bool{rule: true, "00000000": false} {
		if known, err := s.KnowsRule(context.Background(), id); err != nil || known != want {
			t.Errorf("%s: known is %v, %v", id, known, err)
		}
	}
	got, err := s.ExplainRule(context.Background(), rule, someWeek)
	if err != nil {
		t.Fatal(err)
	}
	seventeen, eighteen := int64(17), int64(18)
	want := Rule{ID: rule, Name: "c", Title: "c", ServiceName: "db", Source: "unknown", IncidentCount: 2,
		FirstSeenAt: minute(3, 12, 0, 0), LastSeenAt: minute(4, 23, 0, 0),
		PagesByHourClass: map[string]int64{"sleep": 1, "business": 1},
		PagesByVerdict:   map[string]int64{"non_actionable": 1, "unknown": 1}, // P3 is before the label's end, P5 after
		EpisodeCount:     2, AlertKeyCount: 1,
		People: []PagedPerson{{RotationID: "S1", RotationName: "primary", RotationPersonCount: 1, UserID: "U1", PageCount: 2, NightPageCount: 1}},
		Examples: []ExampleIncident{
			{ID: "P5", Number: &eighteen, PagedAt: minute(4, 23, 0, 0), Verdict: "unknown"},
			{ID: "P3", Number: &seventeen, PagedAt: minute(3, 12, 0, 0), Verdict: "non_actionable"}},
		Label: &Label{RuleID: rule, Label: "non_actionable", Cause: "threshold", At: minute(5, 0, 0, 0), Reason: "too low", Until: minute(4, 0, 0, 0)}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestInferredPageIsTheAssignment: where there is no notify entry anywhere, the entry that makes the page is the
// assignment, and one that assigns two makes two.
func TestInferredPageIsTheAssignment(t *testing.T) {
	db := newFacts(t)
	mustExec(t, db, `
		INSERT INTO incidents (id, title, status, urgency, created_at) VALUES ('P1', 'a', 'triggered', 'high', '2026-11-03 23:00');
		INSERT INTO users (id, time_zone) VALUES ('U1', 'UTC'), ('U2', 'America/New_York');
		INSERT INTO log_entries (id, incident_id, type, created_at, agent_type, assignee_ids) VALUES
		  ('t1', 'P1', 'trigger_log_entry', '2026-11-03 23:00', 'service', NULL),
		  ('a1', 'P1', 'assign_log_entry', '2026-11-03 23:00', 'service', ['U1', 'U2']);`)
	got, err := newSession(t, db, DefaultSettings()).ExplainIncident(context.Background(), "P1", someWeek)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Log) != 2 || got.Log[1].HourClass != "off_hours sleep" || got.Log[0].HourClass != "" || len(got.Pages) != 2 {
		t.Errorf("%+v", got)
	}
}
