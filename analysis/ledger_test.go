package analysis

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestLedgerOfAnEmptyDatabase(t *testing.T) {
	l, err := ReadLedger(context.Background(), newFacts(t))
	if err != nil || l.Asked != nil || l.SyncedUntil != nil || len(l.Kinds)+len(l.Gaps) > 0 {
		t.Errorf("got %+v, %v", l, err)
	}
}

// TestLedger counts by hand.
func TestLedger(t *testing.T) {
	db := newFacts(t)
	addWindow(t, db, 1, "incidents", "", "whole", span(1, 5))
	addWindow(t, db, 2, "incidents", "", "whole", span(6, 9))
	addWindow(t, db, 3, "incidents", "", "truncated", span(7, 7.5))
	addWindow(t, db, 4, "log_entries", "", "whole", span(2, 8))
	addWindow(t, db, 5, "log_entries", "", "reading", span(8, 10))
	addWindow(t, db, 6, "schedules", "", "whole", span(-13, 10))
	addWindow(t, db, 7, "schedules", "S1", "skipped", span(3, 4))
	mustExec(t, db, `
		UPDATE ledger SET row_count = 10 * window_id, request_count = 1, asked_at = '2026-11-10', read_at = TIMESTAMP '2026-11-10' + to_minutes(window_id::INTEGER);
		UPDATE ledger SET reason = 'crowded' WHERE state = 'truncated';
		INSERT INTO ledger (window_id, kind, scope, state, row_count, until_at, read_at) VALUES
			(8, 'users', '', 'whole', 3, '2026-11-10', '2026-11-10'), (9, 'change_events', '', 'skipped', 0, '2026-11-10', '2026-11-10'),
			(10, 'incident', 'P1', 'skipped', 0, NULL, '2026-11-10'), (11, 'incident', 'P2', 'skipped', 0, NULL, '2026-11-10'),
			(12, 'incident_log_entries', 'P1', 'truncated', 10000, '2026-11-10', '2026-11-10');
		INSERT INTO users (id, time_zone, is_deleted) VALUES ('U1', 'UTC', false), ('U2', NULL, false), ('U3', NULL, true);
		INSERT INTO schedules (id, time_zone, is_readable, is_deleted) VALUES ('S1', 'UTC', true, false), ('S2', '', true, false), ('S3', NULL, false, false), ('S4', NULL, true, true);
		INSERT INTO incidents (id, status, is_deleted, created_at, fetched_at) VALUES
			('P1', 'triggered', false, '2026-11-02', '2026-11-09'), ('P2', 'resolved', false, '2026-11-02', '2026-11-11'), ('P3', 'acknowledged', true, '2026-11-02', NULL);
		INSERT INTO log_entries (id, incident_id) VALUES ('l1', 'P1'), ('l2', 'P9'), ('l3', NULL);
		INSERT INTO touched_incidents VALUES ('P1'), ('P1'), ('P2');
		INSERT INTO unreadable_records (kind) VALUES ('incidents'), ('log_entries'), ('log_entries');
		INSERT INTO late_edits VALUES ('P1', '2026-11-03', '2026-11-04'), ('P2', '2026-11-03', '2026-11-05');
		INSERT INTO meta VALUES ('last_sync_at', '2026-11-10T02:00:00Z'), ('sync_unfinished_until', '2026-11-10T01:00:00Z'), ('incidents_read_again_at', '2026-11-09T00:00:00Z')`)
	l, err := ReadLedger(context.Background(), db)
	if err != nil {
		t.Fatal(err)
	}
	at := func(hour float64) *time.Time { v := day(10).Add(time.Duration(hour * float64(time.Hour))); return &v }
	minute := func(n float64) *time.Time { return at(n / 60) }
	p := func(from, to float64) *Period { v := span(from, to); return &v }
	oldest := 3 * 86400.0
	want := Ledger{
		Asked: p(1, 10), SyncedUntil: p(1, 8).untilPointer(), LastSyncAt: at(2), UnfinishedUntil: at(1), RereadAt: p(1, 9).untilPointer(),
		Kinds: []KindLedger{
			{Kind: "incidents", Asked: p(1, 9), Read: p(1, 9), WindowCount: 3, WholeCount: 2, TruncatedCount: 1, RowCount: 60, RequestCount: 3,
				StoredCount: 3, UnreadableCount: 1, AskedAt: at(0), ReadAt: minute(3), Reason: "crowded"},
			{Kind: "log_entries", Asked: p(2, 10), Read: p(2, 8), WindowCount: 2, WholeCount: 1, UnfinishedCount: 1, RowCount: 90, RequestCount: 2,
				StoredCount: 3, UnreadableCount: 2, AskedAt: at(0), ReadAt: minute(5)},
			{Kind: "schedules", Asked: p(-13, 10), Read: p(-13, 10), WindowCount: 2, WholeCount: 1, RefusedCount: 1, RowCount: 130, RequestCount: 2,
				StoredCount: 4, AskedAt: at(0), ReadAt: minute(7)},
			{Kind: "incident", WindowCount: 2, RefusedCount: 2, ReadAt: at(0)},
			{Kind: "incident_log_entries", WindowCount: 1, TruncatedCount: 1, RowCount: 10000, ReadAt: at(0)},
			{Kind: "users", WindowCount: 1, WholeCount: 1, RowCount: 3, StoredCount: 3, ReadAt: at(0)},
			{Kind: "change_events", WindowCount: 1, RefusedCount: 1, ReadAt: at(0)},
		},
		Gaps: []Gap{{"incidents", day(5), day(6), GapNotRead}, {"incidents", day(7), day(7.5), GapTruncated}, {"incidents", day(9), day(10), GapNotRead},
			{"log_entries", day(1), day(2), GapNotRead}, {"log_entries", day(8), day(10), GapUnfinished}, {"schedules", day(3), day(4), GapRefused}},
		DeletedUserCount: 1, UserCount: 2, ZonelessUserCount: 1, DeletedIncidentCount: 1, OpenIncidentCount: 1, ScheduleCount: 3, UnreadableScheduleCount: 1,
		ZonelessScheduleCount: 1, RefusedIncidentCount: 1, TruncatedHistoryCount: 1, OrphanEntryCount: 1, UnderivedCount: 2,
		LateEdits: LateEdits{Count: 2, LastFoundAt: p(1, 5).untilPointer(), OldestSeconds: &oldest},
	}
	if diff := cmp.Diff(want, l); diff != "" {
		t.Error(diff)
	}
}

func (p *Period) untilPointer() *time.Time { return &p.Until }

// TestLaws hold of random facts over any period, and are broken by whatever breaks them.
func TestLaws(t *testing.T) {
	ctx := context.Background()
	db := newFacts(t)
	newRandomFacts(t, db, 5)
	s := newSession(t, db, DefaultSettings())
	broken := func() map[string]bool {
		t.Helper()
		laws, err := s.Laws(ctx, randomPeriod)
		if err != nil || len(laws) != 6 {
			t.Fatalf("%d laws, %v", len(laws), err)
		}
		out := map[string]bool{}
		for _, l := range laws {
			if l.Left == 0 {
				t.Errorf("%s is of nothing", l.Code)
			}
			if !l.Holds() {
				out[l.Code] = true
			}
		}
		return out
	}
	if diff := cmp.Diff(map[string]bool{}, broken()); diff != "" {
		t.Fatal(diff)
	}
	for code, query := range map[string]string{
		"notifications_derived": `DELETE FROM notifications WHERE rowid = 0`,
		"incidents_derived":     `DELETE FROM incident_facts WHERE rowid = (SELECT max(rowid) FROM incident_facts)`,
	} {
		for _, q := range []string{"BEGIN", query} {
			if _, err := s.conn.ExecContext(ctx, q); err != nil {
				t.Fatal(err)
			}
		}
		if !broken()[code] {
			t.Errorf("%s holds after %s", code, query)
		}
		if _, err := s.conn.ExecContext(ctx, "ROLLBACK"); err != nil {
			t.Fatal(err)
		}
	}
}

// TestLawsFindAMetricThatLosesRows.
func TestLawsFindAMetricThatLosesRows(t *testing.T) {
	db := newFacts(t)
	newRandomFacts(t, db, 5)
	for code, metric := range map[string]string{"rotations_and_unattributed": "unattributed", "shifts": "shifts", "hours": "hours", "verdicts": "verdicts"} {
		s, err := Open(context.Background(), db, DefaultSettings())
		if err != nil {
			if err = Derive(context.Background(), db, DeriveOptions{}); err == nil {
				s, err = Open(context.Background(), db, DefaultSettings())
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		for i := range s.metrics {
			if s.metrics[i].Name == metric {
				s.metrics[i].SQL = "SELECT * FROM (" + s.metrics[i].SQL + ") LIMIT 1"
			}
		}
		laws, err := s.Laws(context.Background(), randomPeriod)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range laws {
			if l.Holds() == (l.Code == code) {
				t.Errorf("with %s cut, %s: %+v", metric, l.Code, l)
			}
		}
		s.Close()
	}
}

func TestALawIsOfEachRotation(t *testing.T) {
	if (Law{Left: 5, Right: 5}).Holds() != true || (Law{Left: 5, Right: 4}).Holds() || (Law{Left: 5, Right: 5, Broken: []string{"S1", "S2"}}).Holds() {
		t.Error("a page more in one rotation and less in another passes")
	}
}
