package analysis

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestLateDeploymentsAreEvidence: a deployment that a later sync brings, or that is gone, changes the evidence of incidents
// which no sync touched, and what is said of later ones of their alert key.
func TestLateDeploymentsAreEvidence(t *testing.T) {
	db := newFacts(t)
	mustExec(t, db, `
		INSERT INTO incidents (id, title, service_id, created_at, status, urgency) VALUES
			('P1', 'disk full', 'V1', '2026-11-03 10:00', 'resolved', 'high'), ('P2', 'disk full', 'V1', '2026-11-03 12:00', 'resolved', 'high'),
			('P3', 'disk full', 'V2', '2026-11-03 10:00', 'resolved', 'high');
		INSERT INTO log_entries (id, incident_id, type, created_at, agent_type, agent_id, channel_type)
		SELECT id || kind, id, kind || '_log_entry', created_at + to_minutes(minutes), agent, 'U1', 'api'
		FROM incidents, (VALUES ('acknowledge', 5, 'user'), ('resolve', 30, 'service')) AS acts(kind, minutes, agent)`)
	want := func(when, evidence string) {
		t.Helper()
		mustDerive(t, db, DeriveOptions{})
		got := scanOne[string](t, db, `SELECT string_agg(f.incident_id || f.work_evidence_ids || CASE WHEN o.is_worked_before THEN ' before' ELSE '' END, ', ' ORDER BY f.incident_id)
			FROM incident_facts AS f JOIN key_order AS o USING (incident_id)`)
		if got != evidence {
			t.Errorf("%s: %q, not %q", when, got, evidence)
		}
	}
	want("before", "P1, P2, P3")
	mustExec(t, db, `INSERT INTO change_events (id, changed_at, service_ids) VALUES ('C1', '2026-11-03 10:31', ['V1']), ('C2', '2026-11-03 10:04', ['V1', 'V2'])`)
	want("before and after the work", "P1, P2, P3")
	mustExec(t, db, `INSERT INTO change_events (id, changed_at, service_ids) VALUES ('C3', '2026-11-03 10:30', ['V1', 'V3'])`)
	want("at its end", "P1A6, P2 before, P3")
	mustExec(t, db, `UPDATE change_events SET service_ids = ['V2'] WHERE id = 'C3'`)
	want("on another service", "P1, P2, P3A6")
	mustExec(t, db, `DELETE FROM change_events`)
	want("gone", "P1, P2, P3")
}

// TestEntriesOfAnyTimeAreDerived: only the stretch of the log in which the changed incidents' entries lie is read, so an entry
// far from its incident, one without a time and one without an incident are what could be missed.
func TestEntriesOfAnyTimeAreDerived(t *testing.T) {
	for name, entry := range map[string]string{
		"long before its incident": `('L', 'P2', 'acknowledge_log_entry', '2025-01-01', 'user', 'U1', NULL)`,
		"long after it":            `('L', 'P2', 'resolve_log_entry', '2027-01-01', 'user', 'U1', NULL)`,
		"without a time":           `('L', 'P2', 'annotate_log_entry', NULL, 'user', 'U1', NULL)`,
		"without an incident":      `('L', NULL, 'notify_log_entry', '2025-01-01', NULL, NULL, 'U1')`,
	} {
		t.Run(name, func(t *testing.T) {
			db := newFacts(t)
			mustExec(t, db, `
				INSERT INTO incidents (id, title, service_id, created_at, status, urgency) VALUES
					('P1', 'disk full', 'V1', '2026-11-03 10:00', 'resolved', 'high'), ('P2', 'disk full', 'V1', '2026-11-03 12:00', 'resolved', 'high');
				INSERT INTO log_entries (id, incident_id, type, created_at, user_id)
				SELECT id || 'N', id, 'notify_log_entry', created_at, 'U1' FROM incidents`)
			mustDerive(t, db, DeriveOptions{})
			before := snapshot(t, db)
			mustExec(t, db, `
				INSERT INTO log_entries (id, incident_id, type, created_at, agent_type, agent_id, user_id) VALUES `+entry+`;
				INSERT INTO touched_incidents VALUES ('P2')`)
			mustDerive(t, db, DeriveOptions{})
			if cmp.Equal(before, snapshot(t, db)) {
				t.Error("the entry changes nothing")
			}
			sameFromScratch(t, db, name)
		})
	}
}
