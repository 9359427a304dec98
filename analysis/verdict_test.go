package analysis

import (
	"context"
	"testing"
)

// verdictFacts: P1 has N1 and N2, P2 N2 and N3, P3 N2 and A1, P4 nothing.
const verdictFacts = `
INSERT INTO incidents (id, title, status, urgency, service_id, created_at) VALUES
  ('P1', 'a', 'resolved', 'high', 'V1', '2026-11-03 10:00'), ('P2', 'b', 'resolved', 'high', 'V1', '2026-11-03 11:00'),
  ('P3', 'c', 'resolved', 'high', 'V1', '2026-11-03 12:00'), ('P4', 'd', 'triggered', 'high', 'V1', '2026-11-03 13:00');
INSERT INTO log_entries (id, incident_id, type, created_at, agent_type, channel_type, note_length) VALUES
  ('r1', 'P1', 'resolve_log_entry', '2026-11-03 10:04', 'service', 'api', NULL),
  ('a2', 'P2', 'acknowledge_log_entry', '2026-11-03 11:01', 'user', 'mobile', NULL),
  ('r2', 'P2', 'resolve_log_entry', '2026-11-03 11:04', 'service', 'api', NULL),
  ('n3', 'P3', 'annotate_log_entry', '2026-11-03 12:01', 'user', 'note', 30),
  ('r3', 'P3', 'resolve_log_entry', '2026-11-03 12:04', 'service', 'api', NULL),
  ('t4', 'P4', 'trigger_log_entry', '2026-11-03 13:00', 'service', 'api', NULL);
INSERT INTO log_entries (id, incident_id, type, created_at, user_id, notification_type)
  SELECT 'p' || id, id, 'notify_log_entry', created_at, 'U1', 'push' FROM incidents;
INSERT INTO services (id, escalation_policy_id) VALUES ('V1', 'E1');
INSERT INTO escalation_policies (id) VALUES ('E1');
INSERT INTO schedules (id, is_readable) VALUES ('S1', true);
INSERT INTO escalation_targets VALUES ('E1', 1, 0, 'schedule', 'S1');
INSERT INTO schedule_entries VALUES ('S1', 'U1', '2026-11-01', '2026-11-10');`

// TestScoreIsCappedAndConfigurable: evidence against that tells the same thing twice weighs at most -2.5 together,
// whatever points it has; verdicts name their evidence.
func TestScoreIsCappedAndConfigurable(t *testing.T) {
	heavy := DefaultSettings()
	heavy.EvidencePoints["A1"] = 4
	heavy.EvidencePoints["N2"] = -10
	for _, c := range []struct {
		name     string
		settings Settings
		want     map[string]float64
	}{
		{"default points", DefaultSettings(), map[string]float64{"P1": -2.5, "P2": -2.5, "P3": 0.5, "P4": 0}},
		{"heavier points", heavy, map[string]float64{"P1": -2.5, "P2": -2.5, "P3": 1.5, "P4": 0}},
	} {
		db := newFacts(t)
		mustExec(t, db, verdictFacts)
		s := newSession(t, db, c.settings)
		r, err := s.RunSQL(context.Background(), `SELECT incident_id, score, evidence_ids, verdict FROM verdict_in($since, $until) ORDER BY incident_id`, someWeek)
		if err != nil {
			t.Fatal(err)
		}
		evidence := map[string]any{"P1": "N1 N2", "P2": "N2 N3", "P3": "A1 N2", "P4": nil}
		for _, row := range r.Rows {
			id := row[0].(string)
			if row[1] != c.want[id] || row[2] != evidence[id] {
				t.Errorf("%s: %s has score %v by %v, want %v by %v", c.name, id, row[1], row[2], c.want[id], evidence[id])
			}
		}
		if len(r.Rows) != 4 {
			t.Errorf("%s: %d verdicts of 4 pages", c.name, len(r.Rows))
		}
	}
}
