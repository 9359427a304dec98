package analysis

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// day is midnight of a day of November 2026, fractions allowed.
func day(n float64) time.Time {
	return time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration((n - 1) * 24 * float64(time.Hour)))
}

func span(from, to float64) Period { return Period{day(from), day(to)} }

// addWindow writes a row of the ledger.
func addWindow(t *testing.T, db *sql.DB, id int, kind, scope, state string, p Period) {
	t.Helper()
	mustExec(t, db, `INSERT INTO ledger (window_id, kind, scope, state, since_at, until_at) VALUES (?, ?, ?, ?, ?, ?)`,
		id, kind, scope, state, p.Since, p.Until)
}

func certify(t *testing.T, db *sql.DB, settings Settings) Certificate {
	t.Helper()
	c, err := newSession(t, db, settings).Certificate(context.Background(), span(2, 9))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCertificateBeforeTheFirstSync(t *testing.T) {
	c := certify(t, newFacts(t), DefaultSettings())
	if c.Complete || c.SyncedUntil != nil || c.InferredPages {
		t.Errorf("got %+v", c)
	}
	want := []Gap{{"incidents", day(2), day(9), GapNotRead}, {"log_entries", day(2), day(9), GapNotRead}, {"schedules", day(2), day(9), GapNotRead}}
	if diff := cmp.Diff(want, c.Gaps); diff != "" {
		t.Error(diff)
	}
}

// TestCertificateGaps: a period is complete when incidents, log entries and schedules were each read whole.
func TestCertificateGaps(t *testing.T) {
	whole := func(t *testing.T, db *sql.DB) {
		for i, kind := range []string{"incidents", "log_entries", "schedules"} {
			addWindow(t, db, i+1, kind, "", "whole", span(1, 10))
		}
	}
	for _, c := range []struct {
		name string
		prep func(t *testing.T, db *sql.DB)
		want []Gap
	}{
		{"whole", func(t *testing.T, db *sql.DB) { whole(t, db) }, nil},
		{"one kind not read at all", func(t *testing.T, db *sql.DB) {
			whole(t, db)
			mustExec(t, db, `DELETE FROM ledger WHERE kind = 'schedules'`)
		}, []Gap{{"schedules", day(2), day(9), GapNotRead}}},
		{"a window still being read", func(t *testing.T, db *sql.DB) {
			whole(t, db)
			mustExec(t, db, `DELETE FROM ledger WHERE kind = 'incidents'`)
			addWindow(t, db, 4, "incidents", "", "whole", span(1, 5))
			addWindow(t, db, 5, "incidents", "", "reading", span(5, 10))
		}, []Gap{{"incidents", day(5), day(9), GapUnfinished}}},
		{"a window of one incident covers nothing", func(t *testing.T, db *sql.DB) {
			whole(t, db)
			mustExec(t, db, `DELETE FROM ledger WHERE kind = 'log_entries'`)
			addWindow(t, db, 4, "log_entries", "P1", "whole", span(1, 10))
		}, []Gap{{"log_entries", day(2), day(9), GapNotRead}}},
		{"a truncated window", func(t *testing.T, db *sql.DB) {
			whole(t, db)
			addWindow(t, db, 4, "log_entries", "", "truncated", span(4, 4.25))
		}, []Gap{{"log_entries", day(4), day(4.25), GapTruncated}}},
		{"a truncated window that was read again", func(t *testing.T, db *sql.DB) {
			whole(t, db)
			addWindow(t, db, 4, "log_entries", "", "truncated", span(4, 4.25))
			addWindow(t, db, 5, "log_entries", "", "whole", span(4, 5))
		}, nil},
		{"a truncated window of which only a part was read again", func(t *testing.T, db *sql.DB) {
			whole(t, db)
			addWindow(t, db, 4, "log_entries", "", "truncated", span(4, 4.25))
			addWindow(t, db, 5, "log_entries", "", "whole", span(4.125, 5))
		}, []Gap{{"log_entries", day(4), day(4.25), GapTruncated}}},
		{"a schedule that came late and is not read whole yet", func(t *testing.T, db *sql.DB) {
			whole(t, db)
			addWindow(t, db, 4, "schedules", "S1", "whole", span(1, 3))
			addWindow(t, db, 5, "schedules", "S1", "reading", span(3, 6))
			addWindow(t, db, 6, "schedules", "S2", "skipped", span(8, 12))
		}, []Gap{{"schedules", day(3), day(6), GapUnfinished}, {"schedules", day(8), day(9), GapRefused}}},
		{"a skipped kind that nothing needs", func(t *testing.T, db *sql.DB) {
			whole(t, db)
			addWindow(t, db, 4, "change_events", "", "skipped", span(1, 10))
		}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := newFacts(t)
			c.prep(t, db)
			got := certify(t, db, DefaultSettings())
			if diff := cmp.Diff(c.want, got.Gaps); diff != "" {
				t.Error(diff)
			}
			if got.Complete != (c.want == nil) {
				t.Errorf("complete is %v with %d gaps", got.Complete, len(c.want))
			}
		})
	}
}

// TestSyncedUntil: the earlier of the ends of what was read whole of incidents and of log entries.
func TestSyncedUntil(t *testing.T) {
	db := newFacts(t)
	ctx := context.Background()
	if err := Derive(ctx, db, DeriveOptions{}); err != nil {
		t.Fatal(err)
	}
	check := func(want time.Time, wantOK bool) {
		t.Helper()
		s, err := Open(ctx, db, DefaultSettings())
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close() // the only connection: the ledger is written between the questions
		got, ok, err := s.SyncedUntil(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if ok != wantOK || ok && !got.Equal(want) {
			t.Errorf("got %v %v, want %v %v", got, ok, want, wantOK)
		}
	}
	check(time.Time{}, false)
	addWindow(t, db, 1, "incidents", "", "whole", span(1, 9))
	check(time.Time{}, false)
	addWindow(t, db, 2, "log_entries", "", "whole", span(1, 4))
	check(day(4), true)
	addWindow(t, db, 3, "log_entries", "", "whole", span(4, 8))
	check(day(8), true)
	addWindow(t, db, 4, "log_entries", "", "reading", span(8, 9))
	addWindow(t, db, 5, "log_entries", "P1", "whole", span(8, 9))
	check(day(8), true)
}

// noteFacts gives each data note something to count inside the period, and the same thing outside it.
const noteFacts = `
INSERT INTO schedules (id, name, time_zone, source, is_readable) VALUES
  ('S1', 's1', 'Europe/Berlin', 'v2', true), ('S2', 's2', NULL, 'v2', true), ('S3', 's3', 'UTC', 'v2', true), ('S9', 's9', 'UTC', 'v3', false);
INSERT INTO services (id, name, escalation_policy_id) VALUES ('V1', 'v1', 'E1');
INSERT INTO escalation_policies (id) VALUES ('E1');
INSERT INTO escalation_targets VALUES ('E1', 1, 0, 'schedule', 'S1'), ('E1', 1, 0, 'schedule', 'S1'), ('E1', 1, 0, 'schedule', 'S3'), ('E1', 2, 0, 'schedule', 'S2');
INSERT INTO users (id, time_zone) VALUES ('U1', 'UTC'), ('U2', NULL), ('U3', 'Mars/Olympus');
INSERT INTO schedule_entries VALUES
  ('S1', 'U1', '2026-10-01', '2026-12-01'), ('S3', 'U1', '2026-10-01', '2026-12-01'),
  ('S1', 'U2', '2026-10-01', '2026-12-01'), ('S2', 'U3', '2026-10-01', '2026-12-01'), ('S2', 'U2', '2026-12-01', '2026-12-02'),
  ('S1', 'U1', '2026-11-03', '2026-11-03'), ('S1', 'U1', '2026-11-04', '2026-11-04'), ('S1', 'U1', '2026-11-09', '2026-11-09');
INSERT INTO incidents (id, title, status, urgency, service_id, escalation_policy_id, created_at) VALUES
  ('P1', 'a', 'triggered', 'high', 'V1', 'E1', '2026-11-03 10:00'), ('P2', 'b', 'triggered', 'high', 'V1', 'E1', '2026-11-09 10:00');
INSERT INTO log_entries (id, incident_id, type, created_at, agent_type, user_id, notification_type) VALUES
  ('n1', 'P1', 'notify_log_entry', '2026-11-03 10:00', NULL, 'U1', 'push'),
  ('n2', 'P1', 'notify_log_entry', '2026-11-03 10:01', NULL, 'U1', NULL),
  ('n3', 'P1', 'notify_log_entry', '2026-11-03 10:02', NULL, 'U1', NULL),
  ('n4', 'P1', 'notify_log_entry', '2026-11-03 10:03', NULL, NULL, 'sms'),
  ('n5', 'P1', 'notify_log_entry', '2026-11-03 10:04', NULL, 'U2', 'push'),
  ('a1', 'P1', 'acknowledge_log_entry', '2026-11-03 09:59', 'user', NULL, NULL),
  ('m1', 'P2', 'notify_log_entry', '2026-11-09 10:00', NULL, 'U1', NULL),
  ('m2', 'P2', 'notify_log_entry', '2026-11-09 10:03', NULL, NULL, 'sms'),
  ('a2', 'P2', 'acknowledge_log_entry', '2026-11-09 09:59', 'user', NULL, NULL);
INSERT INTO unreadable_records (kind, id, fetched_at, since_at, until_at) VALUES ('alerts', 'A1', '2026-11-12', NULL, NULL),
  ('incidents', 'P7', '2026-11-12', '2026-11-03', '2026-11-04'), ('log_entries', 'n7', '2026-11-12', NULL, NULL),
  ('incidents', 'P8', '2026-11-12', '2026-11-10', NULL), ('log_entries', 'n8', '2026-11-12', NULL, '2026-11-01'), ('incidents', 'P1', '2026-11-12', NULL, NULL);
UPDATE incidents SET fetched_at = '2026-11-13' WHERE id = 'P1';
INSERT INTO sync_notes VALUES ('rows_lost', 'log_entries', 'rows were lost at one second', NULL);`

// TestCertificateNotes counts by hand: U1 is on two schedules of level 1 (ambiguous), U2 on one of them, which the policy
// names twice (not ambiguous); U2 has no zone (the schedule's stands
// in), and is on call without a zone only after the period; U3's zone is none, nor is S2's.
func TestCertificateNotes(t *testing.T) {
	db := newFacts(t)
	mustExec(t, db, noteFacts)
	for i, kind := range []string{"incidents", "log_entries", "schedules"} {
		addWindow(t, db, i+1, kind, "", "whole", span(1, 10))
	}
	settings := DefaultSettings()
	settings.PagesPer12h = 3
	settings.SleepStart = 23 * 60
	c := certify(t, db, settings)
	got := map[string]int64{}
	var configured []string
	for _, n := range c.Notes {
		if n.Code == "configured" {
			configured = append(configured, n.Text)
			continue
		}
		got[n.Code] = n.Count
		if n.Count > 0 && n.Code != "pages_inferred" && !containsNumber(n.Text, n.Count) {
			t.Errorf("%s does not say its number: %q", n.Code, n.Text)
		}
	}
	want := map[string]int64{
		"schedule_not_readable": 1, "unreadable_records": 1, "records_missing": 2, "unknown_medium": 2, "notification_without_user": 1,
		"ambiguous_attribution": 1, "zone_fallback": 1, "zone_unknown": 1, "zero_length_shifts": 2,
		"acknowledged_before_created": 1, "rows_lost": 0,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	wantConfigured := []string{"as configured: sleep hours are 23:00 to 08:00", "as configured: the limit is 3 pages in 12 hours"}
	if diff := cmp.Diff(wantConfigured, configured); diff != "" {
		t.Error(diff)
	}
	if c.Complete || len(c.Gaps) != 0 {
		t.Errorf("a schedule could not be read, yet complete is %v; gaps %v", c.Complete, c.Gaps)
	}
}

func containsNumber(text string, n int64) bool {
	return regexp.MustCompile(`: ` + fmt.Sprint(n) + `(;|$)`).MatchString(text)
}

func TestNoNotesWithoutCause(t *testing.T) {
	db := newFacts(t)
	mustExec(t, db, `INSERT INTO log_entries (id, incident_id, type, created_at, user_id, notification_type) VALUES
		('n1', 'P1', 'notify_log_entry', '2026-12-03 10:00', 'U1', NULL)`)
	if c := certify(t, db, DefaultSettings()); len(c.Notes) != 0 {
		t.Errorf("got %+v", c.Notes)
	}
}

func TestInferredPagesAreSaid(t *testing.T) {
	db := newFacts(t)
	mustExec(t, db, `INSERT INTO log_entries (id, incident_id, type, created_at, assignee_ids) VALUES
		('l1', 'P1', 'assign_log_entry', '2026-11-03 10:00', ['U1'])`)
	c := certify(t, db, DefaultSettings())
	if !c.InferredPages || len(c.Notes) == 0 || c.Notes[0].Text != "pages are inferred from assignments" {
		t.Errorf("got %v, %+v", c.InferredPages, c.Notes)
	}
}
