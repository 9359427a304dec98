package analysis

import (
	"context"
	"slices"
	"testing"
)

// TestPointsOfTheDefinitions are those of the table of metrics 5.2.
func TestPointsOfTheDefinitions(t *testing.T) {
	got := DefaultSettings().EvidencePoints
	want := map[string]float64{
		"A1": 2, "A2": 3, "A3": 2, "A4": 1.5, "A5": 3, "A6": 1,
		"N1": -2, "N2": -1.5, "N3": -1.5, "N4": -1.5, "N5": -1, "N6": -1.5, "N7": -1.5, "N8": -1, "N9": -1, "N10": -2,
	}
	for id, points := range want {
		if got[id] != points {
			t.Errorf("%s weighs %g, want %g", id, got[id], points)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d pieces of evidence, want %d", len(got), len(want))
	}
}

// TestConfidence: high from 2 with nothing that speaks against it, low under 1.5. verdictFacts, with other points.
func TestConfidence(t *testing.T) {
	db := newFacts(t)
	mustExec(t, db, verdictFacts)
	s := newSession(t, db, DefaultSettings())
	for _, c := range []struct {
		name   string
		points map[string]float64
		want   []string // of P1 (N1 N2), P2 (N2 N3), P3 (A1 N2)
	}{
		{"default", nil, []string{
			"non_actionable high -2.5", "non_actionable high -2.5", "unknown low 0.5",
		}},
		{"at the bounds", map[string]float64{"N1": -2, "N2": 0, "N3": -1.5, "A1": 1}, []string{
			"non_actionable high -2", "non_actionable medium -1.5", "actionable low 1",
		}},
		{"below the bounds", map[string]float64{"N1": -1.99, "N2": 0, "N3": -1.49, "A1": 0.99}, []string{
			"non_actionable medium -1.99", "non_actionable low -1.49", "unknown low 0.99",
		}},
		{"something against it", map[string]float64{"A1": 5}, []string{
			"non_actionable high -2.5", "non_actionable high -2.5", "actionable medium 3.5",
		}},
		{"what weighs nothing is nothing against it", map[string]float64{"A1": 0, "N2": -2}, []string{
			"non_actionable high -2.5", "non_actionable high -2.5", "non_actionable high -2",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			settings := DefaultSettings()
			for id, points := range c.points {
				settings.EvidencePoints[id] = points
			}
			if err := settings.store(context.Background(), s.conn); err != nil {
				t.Fatal(err)
			}
			got := answers(t, s, `SELECT verdict, confidence, score FROM verdict_in($since, $until) WHERE incident_id <> 'P4' ORDER BY incident_id`)
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q\nwant %q", got, c.want)
			}
			// whatever it weighs, evidence of work is work
			worked := answers(t, s, `SELECT incident_id FROM rule_incident_in($since, $until, NULL, false) WHERE is_worked`)
			if !slices.Equal(worked, []string{"P3"}) {
				t.Errorf("worked on: %q, want P3", worked)
			}
		})
	}
}

// TestRunForRotations: X pages S1, Y S2, Z both, W a person on no rotation; each has a rule of its own.
func TestRunForRotations(t *testing.T) {
	db := newFacts(t)
	mustExec(t, db, `
INSERT INTO incidents (id, title, status, urgency, service_id, created_at) VALUES
  ('X', 'x', 'triggered', 'low', 'V1', '2026-11-03 10:00'), ('Y', 'y', 'triggered', 'low', 'V2', '2026-11-03 11:00'),
  ('Z', 'z', 'triggered', 'low', 'V1', '2026-11-03 12:00'), ('W', 'w', 'triggered', 'low', 'V1', '2026-11-03 13:00');
INSERT INTO log_entries (id, incident_id, type, created_at, user_id, notification_type) VALUES
  ('1', 'X', 'notify_log_entry', '2026-11-03 10:00', 'U1', 'push'), ('2', 'Y', 'notify_log_entry', '2026-11-03 11:00', 'U2', 'push'),
  ('3', 'Z', 'notify_log_entry', '2026-11-03 12:00', 'U1', 'push'), ('4', 'Z', 'notify_log_entry', '2026-11-03 12:00', 'U2', 'push'),
  ('5', 'W', 'notify_log_entry', '2026-11-03 13:00', 'U3', 'push');
INSERT INTO services (id, escalation_policy_id) VALUES ('V1', 'E1'), ('V2', 'E2');
INSERT INTO escalation_policies (id) VALUES ('E1'), ('E2');
INSERT INTO schedules (id, is_readable) VALUES ('S1', true), ('S2', true), ('S12', true);
INSERT INTO escalation_targets VALUES ('E1', 1, 0, 'schedule', 'S1'), ('E1', 2, 0, 'schedule', 'S2'), ('E2', 1, 0, 'schedule', 'S2');
INSERT INTO schedule_entries VALUES ('S1', 'U1', '2026-11-01', '2026-11-10'), ('S2', 'U2', '2026-11-01', '2026-11-10');`)
	s := newSession(t, db, DefaultSettings())
	for _, c := range []struct {
		name      string
		rotations []string
		want      map[string]int64 // pages by title
	}{
		{"the account", nil, map[string]int64{"x": 1, "y": 1, "z": 2, "w": 1}},
		{"no rotation", []string{}, nil},
		{"one", []string{"S1"}, map[string]int64{"x": 1, "z": 1}},
		{"the other", []string{"S2"}, map[string]int64{"y": 1, "z": 1}},
		{"two", []string{"S1", "S2"}, map[string]int64{"x": 1, "y": 1, "z": 2}},
		{"one without a page, whose name begins as another's", []string{"S12"}, nil},
	} {
		r, err := s.RunFor(context.Background(), "noisy", someWeek, c.rotations)
		if err != nil {
			t.Fatal(err)
		}
		title, pages := columnIndex(t, r, "title"), columnIndex(t, r, "page_count")
		got := map[string]int64{}
		for _, row := range r.Rows {
			got[row[title].(string)] = row[pages].(int64)
		}
		if len(got) != len(c.want) || len(got) != len(r.Rows) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
		for k, n := range c.want {
			if got[k] != n {
				t.Errorf("%s: %s has %d pages, want %d", c.name, k, got[k], n)
			}
		}
	}
}

func columnIndex(t testing.TB, r Result, name string) int {
	t.Helper()
	i := slices.IndexFunc(r.Columns, func(c Column) bool { return c.Name == name })
	if i < 0 {
		t.Fatalf("no column %s", name)
	}
	return i
}
