package analysis

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// labelFacts: P1 has nothing, P2 a note that says #a, P3 N1, P4 was merged away, P5 is unattended, P6 has A1. P7 was
// opened by a person, without work, half an hour after P1, which paged its service; nobody was paged for P7.
const labelFacts = `
INSERT INTO incidents (id, title, status, urgency, service_id, created_at, resolve_reason) VALUES
  ('P1', 'a', 'acknowledged', 'high', 'V1', '2026-11-03 10:00', NULL), ('P2', 'b', 'acknowledged', 'high', 'V1', '2026-11-03 11:00', NULL),
  ('P3', 'c', 'resolved', 'high', 'V1', '2026-11-03 12:00', NULL), ('P4', 'd', 'resolved', 'high', 'V1', '2026-11-03 13:00', 'merge_resolve_reason'),
  ('P5', 'e', 'triggered', 'high', 'V1', '2026-11-03 14:00', NULL), ('P6', 'f', 'acknowledged', 'high', 'V1', '2026-11-03 15:00', NULL),
  ('P7', 'g', 'acknowledged', 'high', 'V1', '2026-11-03 10:30', NULL);
INSERT INTO log_entries (id, incident_id, type, created_at, user_id, notification_type)
  SELECT 'p' || id, id, 'notify_log_entry', created_at, 'U1', 'push' FROM incidents WHERE id <> 'P7';
INSERT INTO log_entries (id, incident_id, type, created_at, agent_type, channel_type, note_length, note_tag) VALUES
  ('a1', 'P1', 'acknowledge_log_entry', '2026-11-03 10:01', 'user', 'mobile', NULL, NULL),
  ('a2', 'P2', 'acknowledge_log_entry', '2026-11-03 11:01', 'user', 'mobile', NULL, NULL),
  ('n2', 'P2', 'annotate_log_entry', '2026-11-03 11:02', 'user', 'note', 3, '#a'),
  ('r3', 'P3', 'resolve_log_entry', '2026-11-03 12:10', 'service', 'api', NULL, NULL),
  ('r4', 'P4', 'resolve_log_entry', '2026-11-03 13:10', 'user', 'website', NULL, NULL),
  ('t5', 'P5', 'trigger_log_entry', '2026-11-03 14:00', 'service', 'api', NULL, NULL),
  ('a6', 'P6', 'acknowledge_log_entry', '2026-11-03 15:01', 'user', 'mobile', NULL, NULL),
  ('n6', 'P6', 'annotate_log_entry', '2026-11-03 15:02', 'user', 'note', 30, NULL),
  ('t7', 'P7', 'trigger_log_entry', '2026-11-03 10:30', 'user', 'website', NULL, NULL);
INSERT INTO services (id, escalation_policy_id) VALUES ('V1', 'E1');
INSERT INTO escalation_policies (id) VALUES ('E1');
INSERT INTO schedules (id, is_readable) VALUES ('S1', true);
INSERT INTO escalation_targets VALUES ('E1', 1, 0, 'schedule', 'S1');
INSERT INTO schedule_entries VALUES ('S1', 'U1', '2026-11-01', '2026-11-10');`

// labelSession opens a session over labelFacts.
func labelSession(t *testing.T) *Session {
	t.Helper()
	db := newFacts(t)
	mustExec(t, db, labelFacts)
	return newSession(t, db, DefaultSettings())
}

// say gives a session other labels. A label's rule is told by its name.
func say(t *testing.T, s *Session, labels ...Label) {
	t.Helper()
	ctx := context.Background()
	settings := DefaultSettings()
	for _, l := range labels {
		if l.RuleID != "" {
			if err := s.conn.QueryRowContext(ctx, `SELECT DISTINCT rule_id FROM incident_facts WHERE rule_name = ?`, l.RuleID).Scan(&l.RuleID); err != nil {
				t.Fatal(err)
			}
		}
		settings.Labels = append(settings.Labels, l)
	}
	if err := settings.store(ctx, s.conn); err != nil {
		t.Fatal(err)
	}
}

// answers runs a query and gives its rows, each as its values with a space between.
func answers(t *testing.T, s *Session, query string) []string {
	t.Helper()
	r, err := s.RunSQL(context.Background(), query, someWeek)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, row := range r.Rows {
		var cells []string
		for _, v := range row {
			cells = append(cells, asText(v))
		}
		out = append(out, strings.Join(cells, " "))
	}
	return out
}

func onIncident(id, label string, at time.Time) Label {
	return Label{IncidentID: id, Label: label, At: at}
}

func onRule(title, label string, at time.Time) Label {
	return Label{RuleID: title, Label: label, At: at}
}

// TestLabelsOutrankVerdicts of every kind, even those that no evidence is asked for. TestWhichLabelCounts tells which of
// several labels it is.
func TestLabelsOutrankVerdicts(t *testing.T) {
	s := labelSession(t)
	for _, c := range []struct {
		name     string
		labels   []Label
		incident string
		want     string // verdict, confidence and where its label comes from
	}{
		{"nothing said", nil, "P1", "unknown low NULL"},
		{"a note", nil, "P2", "actionable high note"},
		{"N1", nil, "P3", "non_actionable high NULL"},
		{"merged away", nil, "P4", "redundant low NULL"},
		{"unattended", nil, "P5", "unattended low NULL"},
		{"another incident", []Label{onIncident("P2", "actionable", day(4))}, "P1", "unknown low NULL"},
		{"another rule", []Label{onRule("b", "non_actionable", day(4))}, "P1", "unknown low NULL"},
		{"unknown is a word too", []Label{onIncident("P3", "unknown", day(4))}, "P3", "unknown high incident"},
		{"over a merge", []Label{onIncident("P4", "actionable", day(4))}, "P4", "actionable high incident"},
		{"over unattended", []Label{onRule("e", "non_actionable", day(4))}, "P5", "non_actionable high rule"},
		{"the incident over its rule's later label", []Label{onIncident("P1", "non_actionable", day(4)), onRule("a", "actionable", day(5))}, "P1", "non_actionable high incident"},
		{"the later of two on a rule", []Label{onRule("a", "actionable", day(5)), onRule("a", "non_actionable", day(4))}, "P1", "actionable high rule"},
		{"the second of one moment on a rule", []Label{onRule("a", "actionable", day(4)), onRule("a", "non_actionable", day(4))}, "P1", "non_actionable high rule"},
	} {
		t.Run(c.name, func(t *testing.T) {
			say(t, s, c.labels...)
			got := answers(t, s, fmt.Sprintf(`SELECT verdict, confidence, label_source FROM verdict_in($since, $until) WHERE incident_id = '%s'`, c.incident))
			if !slices.Equal(got, []string{c.want}) {
				t.Errorf("%s: got %q, want %q", c.incident, got, c.want)
			}
		})
	}
}

// TestWhatIsLabelledActionableWasWorkedOn: for an incident, for a rule and while the rule's label holds. A label that
// says otherwise outranks the evidence of work.
func TestWhatIsLabelledActionableWasWorkedOn(t *testing.T) {
	const query = `SELECT incident_id FROM rule_incident_in($since, $until, NULL, false) WHERE is_worked ORDER BY incident_id`
	s := labelSession(t)
	expired := onRule("a", "actionable", day(3))
	expired.Until = day(3)
	for _, c := range []struct {
		name   string
		labels []Label
		want   string
	}{
		{"no label", nil, "P2 P6"},
		{"an incident", []Label{onIncident("P1", "actionable", day(4))}, "P1 P2 P6"},
		{"a rule", []Label{onRule("c", "actionable", day(4))}, "P2 P3 P6"},
		{"a rule, before", []Label{expired}, "P2 P6"},
		{"the opposite", []Label{onIncident("P2", "non_actionable", day(4))}, "P6"},
		{"unknown", []Label{onRule("a", "unknown", day(4))}, "P2 P6"},
	} {
		say(t, s, c.labels...)
		got := strings.Join(answers(t, s, query), " ")
		if got != c.want {
			t.Errorf("%s: worked on are %q, want %q", c.name, got, c.want)
		}
	}
}

// TestLabelledActionableNeedsItsOnlySign: a person opened P7 half an hour after P1 paged its service.
func TestLabelledActionableNeedsItsOnlySign(t *testing.T) {
	s := labelSession(t)
	const query = `SELECT count(*) FROM sole_detector_in($since, $until)`
	for label, want := range map[string]string{"": "0", "non_actionable": "0", "actionable": "1"} {
		var labels []Label
		if label != "" {
			labels = append(labels, onIncident("P7", label, day(4)))
		}
		say(t, s, labels...)
		if got := answers(t, s, query); !slices.Equal(got, []string{want}) {
			t.Errorf("P7 labelled %q: %v rules were the only sign of something, want %s", label, got, want)
		}
	}
}
