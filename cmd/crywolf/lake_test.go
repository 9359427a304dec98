package main

import (
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crywolf/ingest/pagerdutytest"
)

// lakeConfig writes a crywolf.yaml by which processes in p's directory use a new DuckLake, in PostgreSQL and S3. Without
// one to test against it skips: .ci/ducklake sets both up, and runs this.
func (p *program) lakeConfig(t *testing.T) (secrets []string) {
	t.Helper()
	folder, server, storage := os.Getenv("CRYWOLF_LAKE_EXTENSIONS"), os.Getenv("CRYWOLF_LAKE_POSTGRES"), os.Getenv("CRYWOLF_LAKE_SECRET")
	if folder == "" {
		t.Skip("there is no DuckLake to test against: .ci/ducklake sets one up, and runs this")
	}
	name := "program_" + strings.ToLower(rand.Text()[:12])
	var boot []string
	for _, extension := range []string{"ducklake", "postgres_scanner", "httpfs"} {
		boot = append(boot, "LOAD '"+filepath.Join(folder, extension+".duckdb_extension")+"'")
	}
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, q := range []string{boot[1], "ATTACH 'dbname=postgres " + server + "' AS pg (TYPE postgres)", "CALL postgres_execute('pg', 'CREATE DATABASE " + name + "', use_transaction=false)"} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	dsn := "ducklake:postgres:dbname=" + name + " " + server + "?data_path=" + os.Getenv("CRYWOLF_LAKE_S3") + "/" + name + "/"
	text := fmt.Sprintf("database:\n  dsn: %q\n  boot_sql:\n", dsn)
	for _, q := range append(boot, storage) {
		text += fmt.Sprintf("    - %q\n", q)
	}
	if err := os.WriteFile(filepath.Join(p.dir, "crywolf.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, password, _ := strings.Cut(server, "password=")
	_, secret, _ := strings.Cut(storage, " SECRET '")
	secret, _, _ = strings.Cut(secret, "'")
	if password == "" || secret == "" {
		t.Fatal("the password and the storage's key are to be looked for, and can't be told")
	}
	return []string{password, secret}
}

// TestLakeGivesTheSameReports syncs an account into a file and into a DuckLake, and holds everything said of it against
// each other.
func TestLakeGivesTheSameReports(t *testing.T) {
	account := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Scenario: "all", Weeks: 13})
	p := newProgram(t, account)
	secrets := p.lakeConfig(t)
	since := account.Start.Format("2006-01-02T15:04:05Z07:00")
	p.run(t, exitOK, "sync", "--since", since, "--db", "file.duckdb")
	p.run(t, exitOK, "sync", "--since", since)
	for _, args := range [][]string{
		{"report", "--json"}, {"noisy", "--json"}, {"audit", "--json"}, {"query", "load", "--json"}, {"report", "-f", "html", "-o", "-"},
	} {
		want, _ := p.run(t, exitOK, append(args, "--db", "file.duckdb")...)
		got, _ := p.run(t, exitOK, args...)
		if got != want {
			t.Errorf("crywolf %s over the lake:\n%s\nwant\n%s", strings.Join(args, " "), got, want)
		}
	}
	out, _ := p.run(t, exitOK, "doctor", "--json")
	if !strings.Contains(out, "ducklake:postgres:dbname=") || !json.Valid([]byte(out)) {
		t.Errorf("doctor: %s", out)
	}
	for _, s := range secrets {
		if strings.Contains(out, s) {
			t.Errorf("doctor shows a secret:\n%s", out)
		}
	}
}
