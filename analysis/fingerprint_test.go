package analysis

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

var fingerprintPeriod = Period{Since: time.Date(2026, 10, 30, 0, 0, 0, 0, time.UTC), Until: time.Date(2026, 11, 12, 0, 0, 0, 0, time.UTC)}

func fingerprint(t *testing.T, s *Session) Fingerprint {
	t.Helper()
	f, err := s.Fingerprint(context.Background(), fingerprintPeriod, "v1", []string{"limit 3"})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// fingerprintedFacts has rows of the period in every table that counts.
func fingerprintedFacts(t *testing.T) *sql.DB {
	t.Helper()
	db := newFacts(t)
	newRandomFacts(t, db, 7)
	mustExec(t, db, `
		INSERT INTO alerts (id, incident_id, service_id, alert_key, created_at) SELECT 'A' || id, id, service_id, 'key ' || id, created_at FROM incidents LIMIT 20;
		INSERT INTO teams (id, name, is_deleted) VALUES ('T1', 'team', false);
		INSERT INTO schedule_overrides VALUES ('S1', 'U1', '2026-11-03', '2026-11-04');
		INSERT INTO maintenance_windows (id, start_at, end_at, service_ids) VALUES ('M1', '2026-11-03', '2026-11-04', ['V1']);
		INSERT INTO change_events (id, changed_at, service_ids) VALUES ('C1', '2026-11-03', ['V1']);
		INSERT INTO unreadable_records (kind, id, shape, digest, since_at, until_at) VALUES ('incidents', 'P9', '{}', 'd', '2026-11-03', '2026-11-04')`)
	addWindow(t, db, 1, "incidents", "", "whole", span(1, 10))
	return db
}

// changed gives an expression that is another value than the column has.
func changed(column, columnType string) string {
	switch {
	case columnType == "VARCHAR":
		return "coalesce(" + column + ", '') || 'x'"
	case columnType == "BOOLEAN":
		return "NOT coalesce(" + column + ", false)"
	case columnType == "TIMESTAMP":
		return "coalesce(" + column + ", TIMESTAMP '2026-11-03') + INTERVAL 1 SECOND"
	case columnType == "VARCHAR[]":
		return "list_append(coalesce(" + column + ", []), 'x')"
	case strings.HasSuffix(columnType, ")[]"): // assignments
		return "list_append(coalesce(" + column + ", []), {'user_id': 'U1', 'assigned_at': TIMESTAMP '2026-11-03'})"
	}
	return "coalesce(" + column + ", 0) + 1"
}

// TestEveryFactIsInTheFingerprint changes one value of one row of the period in each column of each table.
func TestEveryFactIsInTheFingerprint(t *testing.T) {
	ctx := context.Background()
	s := newSession(t, fingerprintedFacts(t), DefaultSettings())
	before := fingerprint(t, s)
	if again := fingerprint(t, s); again != before {
		t.Fatalf("the same question, another fingerprint: %v and %v", before, again)
	}
	exec := func(query string) {
		t.Helper()
		if _, err := s.conn.ExecContext(ctx, query); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	columns := 0
	for _, table := range fingerprinted {
		where := ""
		if table.clock != "" {
			where = fmt.Sprintf(" WHERE %s > '2026-10-31' AND %s < '2026-11-11'", table.clock, table.clock)
		}
		rows, err := s.conn.QueryContext(ctx, `SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = $1 AND NOT internal`, table.name)
		if err != nil {
			t.Fatal(err)
		}
		var changes [][2]string
		for rows.Next() {
			var c [2]string
			if err := rows.Scan(&c[0], &c[1]); err != nil {
				t.Fatal(err)
			}
			if c[0] != "raw" && c[0] != "fetched_at" && !(table.name == "users" && c[0] == "name") { // names are in no number, and in no lake
				changes = append(changes, c)
			}
		}
		rows.Close()
		for _, c := range changes {
			columns++
			exec("BEGIN")
			exec(fmt.Sprintf("UPDATE %[1]s SET %[2]s = %[3]s WHERE rowid = (SELECT min(rowid) FROM %[1]s%[4]s)", table.name, c[0], changed(c[0], c[1]), where))
			if now := fingerprint(t, s); now.Data == before.Data || now.Sum == before.Sum {
				t.Errorf("%s.%s changed, the fingerprint did not", table.name, c[0])
			} else if now.Settings != before.Settings || now.Definitions != before.Definitions {
				t.Errorf("%s.%s changed, and other parts with it", table.name, c[0])
			}
			exec("ROLLBACK")
		}
		exec("BEGIN")
		exec(fmt.Sprintf("DELETE FROM %[1]s WHERE rowid = (SELECT max(rowid) FROM %[1]s)", table.name))
		if fingerprint(t, s).Data == before.Data {
			t.Errorf("a row less in %s, the same fingerprint", table.name)
		}
		exec("ROLLBACK")
	}
	if columns < 120 {
		t.Errorf("only %d columns were looked at", columns)
	}
	if now := fingerprint(t, s); now != before {
		t.Errorf("nothing changed in the end, but the fingerprint: %v and %v", before, now)
	}
}

// TestTheFingerprintFollowsTheData: not the order in which it came, nor in how many windows it was read; but whatever
// history a sync changed.
func TestTheFingerprintFollowsTheData(t *testing.T) {
	ctx := context.Background()
	db := fingerprintedFacts(t)
	s := newSession(t, db, DefaultSettings())
	before := fingerprint(t, s)
	reopen := func() Fingerprint {
		t.Helper()
		if err := Derive(ctx, db, DeriveOptions{}); err != nil {
			t.Fatal(err)
		}
		var err error
		if s, err = Open(ctx, db, DefaultSettings()); err != nil {
			t.Fatal(err)
		}
		return fingerprint(t, s)
	}
	s.Close()
	mustExec(t, db, `CREATE TABLE turned AS SELECT * FROM log_entries ORDER BY id DESC; DELETE FROM log_entries; INSERT INTO log_entries SELECT * FROM turned; DROP TABLE turned`)
	mustExec(t, db, `DELETE FROM ledger`)
	addWindow(t, db, 7, "incidents", "", "whole", span(4, 10))
	addWindow(t, db, 9, "incidents", "", "whole", span(1, 5))
	if got := reopen(); got != before {
		t.Errorf("only the order of rows and the number of windows changed: %v and %v", before, got)
	}
	s.Close()
	addWindow(t, db, 10, "incidents", "", "whole", span(10, 11))
	longer := reopen()
	if longer.Data == before.Data {
		t.Error("a day more was read, and the fingerprint is the same")
	}
	for _, doubt := range []string{
		`INSERT INTO meta VALUES ('sync_unfinished_until', '2026-11-10T00:00:00Z')`,
		`INSERT INTO sync_notes VALUES ('rows_lost', 'log_entries', 'rows were lost at one second', NULL)`,
		`INSERT INTO ledger (window_id, kind, scope, state) VALUES (11, 'escalation_policies', '', 'skipped')`,
		`INSERT INTO ledger (window_id, kind, scope, state, since_at, until_at) VALUES (12, 'schedules', 'S1', 'reading', '2026-11-01', '2026-11-02')`,
	} {
		s.Close()
		mustExec(t, db, doubt)
		before := longer
		if longer = reopen(); longer.Data == before.Data {
			t.Errorf("%s: the same fingerprint", doubt)
		}
	}
	s.Close()
	mustExec(t, db, `UPDATE incidents SET title = title || ' again' WHERE id = (SELECT min(id) FROM incidents WHERE created_at < '2026-10-29')`)
	mustExec(t, db, `INSERT INTO touched_incidents SELECT min(id) FROM incidents WHERE created_at < '2026-10-29'`)
	if got := reopen(); got.Data == longer.Data {
		t.Error("an incident from before the period has another title, and the fingerprint is the same")
	}
	s.Close()
}

// TestEverySettingIsInTheFingerprint, the defaults stated or not.
func TestEverySettingIsInTheFingerprint(t *testing.T) {
	of := func(change func(*Settings)) string {
		s := DefaultSettings()
		change(&s)
		return hashOfLines(s.lines())
	}
	at := time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC)
	label := Label{IncidentID: "P1", Label: "actionable", Cause: "check", Author: "a", At: at, Reason: "r", Until: at}
	seen := map[string]string{"the defaults": of(func(*Settings) {})}
	for name, change := range map[string]func(*Settings){
		"sleep start": func(s *Settings) { s.SleepStart++ }, "sleep end": func(s *Settings) { s.SleepEnd++ },
		"business start": func(s *Settings) { s.BusinessStart++ }, "business end": func(s *Settings) { s.BusinessEnd++ },
		"limit": func(s *Settings) { s.PagesPer12h++ }, "evidence": func(s *Settings) { s.EvidencePoints["N3"] = -2 },
		"exclusion":         func(s *Settings) { s.Exclusions = []Exclusion{{"service", "a"}} },
		"exclusion by kind": func(s *Settings) { s.Exclusions = []Exclusion{{"title", "a"}} },
		"class":             func(s *Settings) { s.Classes = []ClassPattern{{"cause", "a"}} },
		"another class":     func(s *Settings) { s.Classes = []ClassPattern{{"meta", "a"}} },
		"label":             func(s *Settings) { s.Labels = []Label{label} },
		"label's incident":  func(s *Settings) { l := label; l.IncidentID = "P2"; s.Labels = []Label{l} },
		"label's rule":      func(s *Settings) { l := label; l.IncidentID, l.RuleID = "", "P1"; s.Labels = []Label{l} },
		"label's word":      func(s *Settings) { l := label; l.Label = "unknown"; s.Labels = []Label{l} },
		"label's cause":     func(s *Settings) { l := label; l.Cause = "hours"; s.Labels = []Label{l} },
		"label's author":    func(s *Settings) { l := label; l.Author = "b"; s.Labels = []Label{l} },
		"label's time":      func(s *Settings) { l := label; l.At = at.Add(time.Second); s.Labels = []Label{l} },
		"label's reason":    func(s *Settings) { l := label; l.Reason = "q"; s.Labels = []Label{l} },
		"label's end":       func(s *Settings) { l := label; l.Until = at.Add(time.Second); s.Labels = []Label{l} },
	} {
		sum := of(change)
		for other, theirs := range seen {
			if sum == theirs {
				t.Errorf("%s and %s have one fingerprint", name, other)
			}
		}
		seen[name] = sum
	}
	if hashOfLines([]string{"ab", "c"}) == hashOfLines([]string{"a", "bc"}) || hashOfLines([]string{"a\nb"}) == hashOfLines([]string{"a", "b"}) {
		t.Error("two lists of lines have one sum")
	}
}

// TestEveryQueryIsInTheFingerprint: a changed, an added and a renamed file each make another sum.
func TestEveryQueryIsInTheFingerprint(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	var sums []string
	for _, files := range []fstest.MapFS{
		{"views/a.sql": file("SELECT 1")}, {"views/a.sql": file("SELECT 2")}, {"views/b.sql": file("SELECT 1")},
		{"views/a.sql": file("SELECT 1"), "views/b.sql": file("")},
	} {
		sums = append(sums, sumOfFiles([]string{"tools"}, files))
	}
	sums = append(sums, sumOfFiles([]string{"other tools"}, fstest.MapFS{"views/a.sql": file("SELECT 1")}))
	slices.Sort(sums)
	if got := slices.Compact(slices.Clone(sums)); len(got) != len(sums) {
		t.Errorf("%d sums for %d sets of files", len(got), len(sums))
	}
	if len(definitionsSum()) != 64 {
		t.Errorf("definitions are %s", definitionsSum())
	}
}

// TestContentIntact: what was written into a derived table behind crywolf's back is found, whichever row it is.
func TestContentIntact(t *testing.T) {
	ctx := context.Background()
	db := fingerprintedFacts(t)
	s := newSession(t, db, DefaultSettings())
	if intact, known, err := s.ContentIntact(ctx); !intact || !known || err != nil {
		t.Fatalf("untouched: %v %v %v", intact, known, err)
	}
	for _, query := range []string{
		"UPDATE notified_pairs SET rotation_id = 'S9' WHERE rowid = 0", "DELETE FROM notifications WHERE rowid = 0",
		"UPDATE incident_facts SET rule_id = '00000000' WHERE rowid = 1", "INSERT INTO incident_alert_keys SELECT * FROM incident_alert_keys LIMIT 1",
	} {
		if _, err := s.conn.ExecContext(ctx, "BEGIN; "+query); err != nil {
			t.Fatal(err)
		}
		if intact, _, err := s.ContentIntact(ctx); intact || err != nil {
			t.Errorf("after %s: intact %v, %v", query, intact, err)
		}
		if _, err := s.conn.ExecContext(ctx, "ROLLBACK"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.conn.ExecContext(ctx, "UPDATE derived_state SET value = 'v0.1' WHERE key = 'content_engine'"); err != nil {
		t.Fatal(err)
	}
	if _, known, err := s.ContentIntact(ctx); known || err != nil {
		t.Errorf("summed up by another engine: known %v, %v", known, err)
	}
}

// TestDroppedAndEmptiedTablesAreDerivedAgain: what is missing is noticed before a report is made of the rest.
func TestDroppedAndEmptiedTablesAreDerivedAgain(t *testing.T) {
	ctx := context.Background()
	db := fingerprintedFacts(t)
	mustDerive(t, db, DeriveOptions{})
	want := snapshot(t, db)
	for _, damage := range []string{
		"DROP TABLE incident_facts", "DROP TABLE shift_days", "DROP TABLE derived_state", "DELETE FROM notifications",
		"DELETE FROM notified_pairs WHERE incident_id = (SELECT min(incident_id) FROM notified_pairs)",
		"DELETE FROM incident_facts WHERE incident_id = (SELECT max(incident_id) FROM incident_facts)", "DELETE FROM incident_alert_keys",
		"DELETE FROM derived_state WHERE key = 'content notifications'",
	} {
		mustExec(t, db, damage)
		if derived, err := IsDerived(ctx, db); derived || err != nil {
			t.Errorf("after %s: derived %v, %v", damage, derived, err)
		}
		mustDerive(t, db, DeriveOptions{})
		if derived, err := IsDerived(ctx, db); !derived || err != nil {
			t.Errorf("%s, derived again: derived %v, %v", damage, derived, err)
		}
		for table, rows := range snapshot(t, db) {
			if rows != want[table] {
				t.Errorf("after %s, %s is another than before", damage, table)
			}
		}
	}
}
