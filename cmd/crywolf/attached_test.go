package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"crywolf/ingest/pagerdutytest"
)

// TestAttachedGivesTheSameReports syncs an account into a file, and into another one that the boot SQL attaches: the names
// in all statements hold wherever the tables are.
func TestAttachedGivesTheSameReports(t *testing.T) {
	account := pagerdutytest.Random(3).Thin(4)
	p := newProgram(t, account)
	text := "database:\n  dsn: attached:elsewhere\n  boot_sql:\n    - ATTACH 'elsewhere.duckdb' AS elsewhere\n"
	if err := os.WriteFile(filepath.Join(p.dir, "crywolf.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	since := account.Start.Format(time.RFC3339)
	_, stderr := p.run(t, exitFailed, "report")
	if !strings.Contains(stderr, "there is no database at attached:elsewhere") {
		t.Errorf("before the first sync: %s", stderr)
	}
	p.run(t, exitOK, "sync", "--since", since)
	if err := os.WriteFile(filepath.Join(p.dir, "none.yaml"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p.run(t, exitOK, "sync", "--since", since, "--db", "file.duckdb", "--config", "none.yaml")
	for _, args := range [][]string{{"report", "--json"}, {"noisy", "--json"}, {"audit", "--json"}, {"query", "toil"}} {
		args = append(args, "--since", since)
		got, _ := p.run(t, exitOK, args...)
		want, _ := p.run(t, exitOK, append(args, "--db", "file.duckdb", "--config", "none.yaml")...)
		if got != want {
			t.Errorf("crywolf %s over what was attached:\n%s\nwant\n%s", strings.Join(args, " "), got, want)
		}
	}
	p.run(t, exitOK, "doctor", "--offline")
}
