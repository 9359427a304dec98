package analysis

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestReadOnlyFile: a session needs no right to write, answers every metric, and leaves the file as it was.
func TestReadOnlyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "facts.duckdb")
	schema, err := os.ReadFile("../ingest/schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("duckdb", path)
	if err != nil {
		t.Fatal(err)
	}
	mustExec(t, db, string(schema))
	mustExec(t, db, `INSERT INTO incidents (id, title, created_at) VALUES ('P1', 'disk', '2026-11-03 10:00')`)
	ctx := context.Background()
	if err := Derive(ctx, db, DeriveOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	readOnly, err := sql.Open("duckdb", path+"?access_mode=read_only")
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(ctx, readOnly, DefaultSettings())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range s.Metrics() {
		r, err := s.Run(ctx, m.Name, someWeek)
		if err != nil {
			t.Errorf("%s: %v", m.Name, err)
		}
		if m.Name == "totals" && r.Rows[0][0] != int64(1) {
			t.Errorf("totals: %v", r.Rows)
		}
	}
	if _, err := s.Certificate(ctx, someWeek); err != nil {
		t.Errorf("certificate: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	replay, err := OpenReplay(ctx, readOnly, DefaultSettings(), `FROM notifications`) // on connections that derived nothing
	if err != nil {
		t.Fatal(err)
	}
	if err := replay.Close(); err != nil {
		t.Error(err)
	}
	if err := readOnly.Close(); err != nil {
		t.Error(err)
	}
	after, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(before, after) {
		t.Error("reading changed the file")
	}
}

// TestTwoSessionsKeepTheirSettings: the views of a session are its own.
func TestTwoSessionsKeepTheirSettings(t *testing.T) {
	path := filepath.Join(t.TempDir(), "facts.duckdb")
	db, err := sql.Open("duckdb", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	schema, err := os.ReadFile("../ingest/schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	mustExec(t, db, string(schema))
	mustExec(t, db, `INSERT INTO incidents (id, title, urgency, created_at) VALUES ('P1', 'disk', 'low', '2026-11-03 10:00')`)
	plain := newSession(t, db, DefaultSettings())
	settings := DefaultSettings()
	settings.Exclusions = []Exclusion{{Kind: "urgency", Pattern: "low"}}
	excluding, err := Open(context.Background(), db, settings)
	if err != nil {
		t.Fatal(err)
	}
	defer excluding.Close()
	for _, c := range []struct {
		s    *Session
		want int64
	}{{plain, 1}, {excluding, 0}, {plain, 1}} {
		r, err := c.s.Run(context.Background(), "totals", someWeek)
		if err != nil {
			t.Fatal(err)
		}
		if r.Rows[0][0] != c.want {
			t.Errorf("got %v incidents, want %d", r.Rows[0][0], c.want)
		}
	}
}

func TestUnderivedDatabaseIsRefused(t *testing.T) {
	db, ctx := newFacts(t), context.Background()
	if _, err := Open(ctx, db, DefaultSettings()); !errors.Is(err, ErrNotDerived) {
		t.Errorf("before any derivation: got %v, want ErrNotDerived", err)
	}
	if err := Derive(ctx, db, DeriveOptions{}); err != nil {
		t.Fatal(err)
	}
	mustExec(t, db, `UPDATE derived_state SET value = '0' WHERE key = 'version'`)
	if _, err := Open(ctx, db, DefaultSettings()); !errors.Is(err, ErrNotDerived) {
		t.Errorf("with another version's tables: got %v, want ErrNotDerived", err)
	}
}
