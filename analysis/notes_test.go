package analysis

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestEvidenceThatIsOffIsSaid: an endpoint refused the last time leaves its evidence off, one read since does not; and a
// service of ten incidents of which nobody touched any proves nothing by silence.
func TestEvidenceThatIsOffIsSaid(t *testing.T) {
	db := newFacts(t)
	mustExec(t, db, `
		INSERT INTO incidents (id, title, status, urgency, service_id, created_at)
			SELECT 'P' || i, 'a', 'resolved', 'high', 'V1', TIMESTAMP '2026-11-03 10:00' + to_hours(i) FROM range(10) AS t(i);
		INSERT INTO log_entries (id, incident_id, type, created_at, user_id, notification_type)
			SELECT 'n' || id, id, 'notify_log_entry', created_at, 'U1', 'push' FROM incidents`)
	addWindow(t, db, 1, "change_events", "", "whole", span(1, 10))
	addWindow(t, db, 2, "change_events", "", "skipped", span(1, 10))
	addWindow(t, db, 3, "maintenance_windows", "", "skipped", span(1, 10))
	codes := func() []string {
		var out []string
		mustDerive(t, db, DeriveOptions{})
		s, err := Open(context.Background(), db, DefaultSettings())
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		c, err := s.Certificate(context.Background(), span(2, 9))
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range c.Notes {
			if strings.HasPrefix(n.Code, "evidence_") {
				out = append(out, n.Code)
			}
		}
		return out
	}
	if diff := cmp.Diff([]string{"evidence_off_changes", "evidence_off_maintenance", "evidence_poor"}, codes()); diff != "" {
		t.Error(diff)
	}
	addWindow(t, db, 4, "change_events", "", "whole", span(1, 10))
	addWindow(t, db, 5, "maintenance_windows", "", "whole", span(1, 10))
	mustExec(t, db, `INSERT INTO log_entries (id, incident_id, type, created_at, agent_type) VALUES
		('a1', 'P1', 'acknowledge_log_entry', '2026-11-03 11:01', 'user'), ('a2', 'P2', 'acknowledge_log_entry', '2026-11-03 12:01', 'user')`)
	mustExec(t, db, `INSERT INTO touched_incidents VALUES ('P1'), ('P2')`)
	if diff := cmp.Diff([]string(nil), codes()); diff != "" {
		t.Error(diff)
	}
}
