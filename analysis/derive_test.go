package analysis

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// derivedTables are all tables of derive/tables.sql.
var derivedTables = []string{"derived_state", "zone_names", "zone_offsets", "shifts", "shift_days", "notifications", "notified_pairs", "incident_facts", "incident_alert_keys", "episodes", "key_order", "service_changes"}

// snapshot reads the derived tables, each row as text, sorted.
func snapshot(t *testing.T, db *sql.DB) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, table := range derivedTables {
		out[table] = scanOne[string](t, db, fmt.Sprintf(
			`SELECT coalesce(string_agg(row_text, chr(10) ORDER BY row_text), '') FROM (SELECT CAST(t AS VARCHAR) AS row_text FROM %s AS t)`, table))
	}
	return out
}

// deriveFromScratch forgets everything derived and derives it again.
func deriveFromScratch(t *testing.T, db *sql.DB, opts DeriveOptions) {
	t.Helper()
	for _, table := range derivedTables {
		mustExec(t, db, `DROP TABLE `+table)
	}
	mustDerive(t, db, opts)
}

// sameFromScratch holds what is derived against a derivation from scratch; what says how it came about.
func sameFromScratch(t *testing.T, db *sql.DB, what string) {
	t.Helper()
	got := snapshot(t, db)
	deriveFromScratch(t, db, DeriveOptions{})
	if diff := cmp.Diff(snapshot(t, db), got); diff != "" {
		t.Fatalf("%s: from scratch (-), as it was (+):\n%s", what, diff)
	}
}

func mustDerive(t *testing.T, db *sql.DB, opts DeriveOptions) {
	t.Helper()
	if err := Derive(context.Background(), db, opts); err != nil {
		t.Fatal(err)
	}
}

// TestSnapshotCoversEveryDerivedTable: a new derived table must be compared too.
func TestSnapshotCoversEveryDerivedTable(t *testing.T) {
	db := newFacts(t)
	names := func() string {
		return scanOne[string](t, db, `SELECT string_agg(table_name, ' ' ORDER BY table_name) FROM duckdb_tables() WHERE NOT temporary`)
	}
	before := " " + names() + " "
	mustDerive(t, db, DeriveOptions{})
	known := " " + strings.Join(derivedTables, " ") + " "
	for _, name := range strings.Fields(names()) {
		if !strings.Contains(before, " "+name+" ") && !strings.Contains(known, " "+name+" ") {
			t.Errorf("derivedTables lacks %s", name)
		}
	}
}

// TestIncrementalDerivationEqualsOneFromScratch edits facts at random, derives after each few edits, and compares.
func TestIncrementalDerivationEqualsOneFromScratch(t *testing.T) {
	attributed, episodes := 0, 0
	for seed := range uint64(repeats(2, 4)) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			db := newFacts(t)
			f := newRandomFacts(t, db, seed)
			mustDerive(t, db, DeriveOptions{})
			var done []string
			for round := range 6 {
				for range 1 + f.rng.IntN(4) {
					done = append(done, f.edit())
				}
				mustDerive(t, db, DeriveOptions{})
				if n := scanOne[int](t, db, `SELECT count(*) FROM touched_incidents`); n != 0 {
					t.Fatalf("%d touched incidents are left", n)
				}
				if round%3 < 2 {
					continue
				}
				sameFromScratch(t, db, "after "+strings.Join(done, ", "))
			}
			attributed += scanOne[int](t, db, `SELECT count(*) FROM notified_pairs WHERE rotation_id IS NOT NULL`)
			episodes += scanOne[int](t, db, `SELECT count(*) FROM episodes WHERE run_started_at IS NOT NULL`)
		})
	}
	if attributed < repeats(15, 50) || episodes < repeats(5, 10) {
		t.Errorf("%d attributed pages and %d episodes in runs are too few to compare", attributed, episodes)
	}
}

// TestInferredPagesFollowShifts: where pages come from the incidents' own assignments, no log entry tells that a
// changed shift concerns them.
func TestInferredPagesFollowShifts(t *testing.T) {
	db := newFacts(t)
	mustExec(t, db, `
		INSERT INTO schedules (id, is_readable) VALUES ('S1', true);
		INSERT INTO services (id, escalation_policy_id) VALUES ('V1', 'E1');
		INSERT INTO escalation_policies (id) VALUES ('E1');
		INSERT INTO escalation_targets VALUES ('E1', 1, 0, 'schedule', 'S1');
		INSERT INTO incidents (id, status, urgency, service_id, created_at, assignments)
		VALUES ('P1', 'triggered', 'high', 'V1', '2026-11-03 10:00', [{'user_id': 'U1', 'assigned_at': TIMESTAMP '2026-11-03 10:00'}])`)
	mustDerive(t, db, DeriveOptions{})
	if got := scanOne[string](t, db, `SELECT reason FROM notified_pairs`); got != "off_shift" {
		t.Fatalf("before the shift is known: %s", got)
	}
	mustExec(t, db, `INSERT INTO schedule_entries VALUES ('S1', 'U1', '2026-11-03', '2026-11-04')`)
	mustDerive(t, db, DeriveOptions{})
	sameFromScratch(t, db, "after the shift")
}

// TestFirstNotifyEntryEndsInference: with the first notify entry anywhere, no page is inferred any more.
func TestFirstNotifyEntryEndsInference(t *testing.T) {
	db := newFacts(t)
	f := newRandomFacts(t, db, 3)
	mustExec(t, db, `DELETE FROM log_entries WHERE type = 'notify_log_entry'`)
	mustDerive(t, db, DeriveOptions{})
	if scanOne[int](t, db, `SELECT count(*) FROM notifications WHERE medium = 'assignment'`) == 0 {
		t.Fatal("nothing was inferred")
	}
	id, at := f.anIncident()
	f.addEntry(id, "notify_log_entry", at)
	f.touch(id)
	mustDerive(t, db, DeriveOptions{})
	if n := scanOne[int](t, db, `SELECT count(*) FROM notifications WHERE medium = 'assignment'`); n != 0 {
		t.Errorf("%d inferred pages are left", n)
	}
}

// TestRankOfAPriorityDecides: an account that only reorders its priorities says anew which incidents are P1 or P2.
func TestRankOfAPriorityDecides(t *testing.T) {
	db := newFacts(t)
	mustExec(t, db, `
		INSERT INTO priorities (id, name, rank) VALUES ('R1', 'Sev 3', 3);
		INSERT INTO incidents (id, status, urgency, priority_id, created_at) VALUES ('P1', 'triggered', 'high', 'R1', '2026-11-03 10:00')`)
	for _, c := range []struct {
		rank int
		top  bool
	}{{3, false}, {2, true}, {3, false}} {
		mustExec(t, db, `UPDATE priorities SET rank = ?`, c.rank)
		mustDerive(t, db, DeriveOptions{})
		if got := scanOne[bool](t, db, `SELECT is_top_priority FROM incident_facts`); got != c.top {
			t.Errorf("rank %d: top priority %v, want %v", c.rank, got, c.top)
		}
	}
}

func TestDerivingAgainChangesNothing(t *testing.T) {
	db := newFacts(t)
	newRandomFacts(t, db, 1)
	mustDerive(t, db, DeriveOptions{})
	before := snapshot(t, db)
	mustDerive(t, db, DeriveOptions{})
	if diff := cmp.Diff(before, snapshot(t, db)); diff != "" {
		t.Error(diff)
	}
}

// TestDeriveReadsOnlyWhatIsTouched: an edit that nobody announced stays unseen, so the incremental way is really taken.
func TestDeriveReadsOnlyWhatIsTouched(t *testing.T) {
	db := newFacts(t)
	f := newRandomFacts(t, db, 1)
	mustDerive(t, db, DeriveOptions{})
	before := snapshot(t, db)
	id, _ := f.anIncident()
	mustExec(t, db, `UPDATE incidents SET title = 'unheard of' WHERE id = ?`, id)
	mustDerive(t, db, DeriveOptions{})
	if diff := cmp.Diff(before, snapshot(t, db)); diff != "" {
		t.Errorf("an untouched incident was derived again:\n%s", diff)
	}
	f.touch(id)
	mustDerive(t, db, DeriveOptions{})
	if got := scanOne[string](t, db, `SELECT title FROM incident_facts WHERE incident_id = ?`, id); got != "unheard of" {
		t.Errorf("a touched incident was not derived again: %q", got)
	}
}

// TestBrokenDerivationLeavesTheOldState breaks a derivation in its middle, at one step after another: nothing of it may
// stay, the touched incidents must still be marked, and the next run must make everything good.
func TestBrokenDerivationLeavesTheOldState(t *testing.T) {
	db := newFacts(t)
	f := newRandomFacts(t, db, 2)
	mustDerive(t, db, DeriveOptions{})
	for _, table := range []string{"users", "schedule_entries", "escalation_targets", "alerts", "priorities"} {
		t.Run(table, func(t *testing.T) {
			before := snapshot(t, db)
			f.addIncident()
			f.addScheduleEntry()
			marked := scanOne[int](t, db, `SELECT count(*) FROM touched_incidents`)
			mustExec(t, db, `ALTER TABLE `+table+` RENAME TO hidden`)
			err := Derive(context.Background(), db, DeriveOptions{})
			if err == nil || !strings.Contains(err.Error(), table) {
				t.Errorf("without %s: %v", table, err)
			}
			mustExec(t, db, `ALTER TABLE hidden RENAME TO `+table)
			if diff := cmp.Diff(before, snapshot(t, db)); diff != "" {
				t.Errorf("the broken run left something:\n%s", diff)
			}
			if got := scanOne[int](t, db, `SELECT count(*) FROM touched_incidents`); got != marked || got == 0 {
				t.Errorf("%d touched incidents are left of %d", got, marked)
			}
			mustDerive(t, db, DeriveOptions{})
			if cmp.Equal(before, snapshot(t, db)) {
				t.Error("the run after it derived nothing")
			}
			sameFromScratch(t, db, "the run after it")
		})
	}
}

func TestCancelledDerivationLeavesTheOldState(t *testing.T) {
	db := newFacts(t)
	f := newRandomFacts(t, db, 2)
	mustDerive(t, db, DeriveOptions{})
	before := snapshot(t, db)
	f.addIncident()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Derive(ctx, db, DeriveOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	if diff := cmp.Diff(before, snapshot(t, db)); diff != "" {
		t.Error(diff)
	}
	mustDerive(t, db, DeriveOptions{})
	if cmp.Equal(before, snapshot(t, db)) {
		t.Error("the run after it derived nothing")
	}
}
