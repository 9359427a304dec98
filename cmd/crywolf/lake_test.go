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
	"time"

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

// demoAccount is the account of crywolf demo.
func demoAccount() *pagerdutytest.Account {
	return pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Scenario: "all", Weeks: 13})
}

// sameReports syncs the account into a file, and into the database of the configuration, and holds what is said of the two
// against each other.
func (p *program) sameReports(t *testing.T, account *pagerdutytest.Account) {
	t.Helper()
	since := account.Start.Format(time.RFC3339)
	p.run(t, exitOK, "sync", "--since", since, "--db", "file.duckdb")
	p.run(t, exitOK, "sync", "--since", since)
	for _, args := range [][]string{{"report", "--json"}, {"noisy", "--json"}, {"audit", "--json"}, {"query", "load", "--json"}} {
		want, _ := p.run(t, exitOK, append(args, "--db", "file.duckdb")...)
		got, _ := p.run(t, exitOK, args...)
		if got != want {
			t.Errorf("crywolf %s over the lake:\n%s\nwant\n%s", strings.Join(args, " "), got, want)
		}
	}
}

// TestLakeGivesTheSameReports: a DuckLake gives the reports that a file gives, and its secrets stay out of sight.
func TestLakeGivesTheSameReports(t *testing.T) {
	account := demoAccount()
	p := newProgram(t, account)
	secrets := p.lakeConfig(t)
	p.sameReports(t, account)
	seen, _ := p.run(t, exitOK, "doctor", "--offline", "--json")
	if !strings.Contains(seen, "ducklake:postgres:dbname=") || !json.Valid([]byte(seen)) {
		t.Errorf("doctor: %s", seen)
	}
	config := filepath.Join(p.dir, "crywolf.yaml")
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range [][2]string{ // what is said then; what leads to it
		{"refuses the user", strings.Replace(string(text), "user=crywolf", "user=somebody", 1)},
		{"can't be reached", strings.Replace(string(text), "host=", "host=/nowhere", 1)},
		{"lacks an extension", strings.Replace(string(text), "- \"LOAD", "- \"SELECT 1 --", 1)},
		{"line 7", strings.Replace(string(text), "TYPE s3", "TYPE s4", 1)},
	} {
		if err := os.WriteFile(config, []byte(wrong[1]), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, command := range []string{"report", "sync"} {
			_, stderr := p.run(t, exitFailed, command, "--debug")
			if !strings.Contains(stderr, wrong[0]) {
				t.Errorf("%s, wanted %q:\n%s", command, wrong[0], stderr)
			}
			seen += stderr
		}
	}
	for _, s := range secrets {
		if strings.Contains(seen, s) {
			t.Errorf("a secret is shown:\n%s", seen)
		}
	}
}

// TestMotherDuckGivesTheSameReports is for who has an account there. CRYWOLF_MOTHERDUCK is a DSN, md:NAME, of a database
// to be filled; CRYWOLF_MOTHERDUCK_BOOT the boot SQL, a statement; the token is in motherduck_token. It has never been run.
func TestMotherDuckGivesTheSameReports(t *testing.T) {
	dsn := os.Getenv("CRYWOLF_MOTHERDUCK")
	if dsn == "" {
		t.Skip("CRYWOLF_MOTHERDUCK names no database of MotherDuck")
	}
	account := demoAccount()
	p := newProgram(t, account)
	text := fmt.Sprintf("database:\n  dsn: %q\n  boot_sql: [%q]\n", dsn, os.Getenv("CRYWOLF_MOTHERDUCK_BOOT"))
	if err := os.WriteFile(filepath.Join(p.dir, "crywolf.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p.sameReports(t, account)
}
