package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"crywolf/analysis"
	"crywolf/ingest/pagerdutytest"
)

const privateToken = "u+privateTokenThatNobodyMayEverSee"

// private is the program with a directory of its own, and all that it has said there.
type private struct {
	dir, api string
	said     []said
	commands map[string]bool
}

// said is what one run of the program, or a file, holds.
type said struct{ where, text string }

// run runs the program with --debug and keeps what it prints on both streams; it gives stdout.
func (p *private) run(t *testing.T, code int, args ...string) string {
	t.Helper()
	env := []string{"HOME=" + p.dir, "USER=operator", "PAGERDUTY_TOKEN=" + privateToken, "CRYWOLF_API_URL=" + p.api}
	var stdout, stderr bytes.Buffer
	got := run(context.Background(), append(args, "--debug"), env, strings.NewReader(""), &stdout, &stderr)
	if got != code {
		t.Fatalf("crywolf %s: code %d, want %d\n%s", strings.Join(args, " "), got, code, stderr.String())
	}
	p.commands[args[0]] = true
	p.said = append(p.said, said{"crywolf " + strings.Join(args, " "), stdout.String() + "\n" + stderr.String()})
	return stdout.String()
}

// files adds every file beneath the directory but databases, which may hold names, and only there.
func (p *private) files(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir(p.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if !strings.Contains(entry.Name(), ".duckdb") {
			p.said = append(p.said, said{"the file " + path, string(content)})
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// secretsOf are the texts of an account that nothing may say, in lower case: names, whole and the last part of each,
// addresses, numbers, notes, keys and the token.
func secretsOf(t *testing.T, account *pagerdutytest.Account) []string {
	t.Helper()
	s := account.Secrets()
	out := slices.Concat(s.Names, s.Emails, s.Phones, s.Notes, s.Keys, []string{privateToken, "demo-token"})
	for _, name := range s.Names {
		words := strings.Fields(name)
		out = append(out, words[len(words)-1])
	}
	if len(s.Names) < 20 || len(s.Emails) < 20 || len(s.Phones) < 20 || len(s.Notes) < 5 {
		t.Fatalf("the account has hardly anything to hide: %d names, %d notes", len(s.Names), len(s.Notes))
	}
	for i := range out {
		out[i] = strings.ToLower(out[i])
	}
	return out
}

// leaksIn looks for secrets in texts, as they are and as HTML or JSON write them.
func leaksIn(texts []said, secrets []string) []string {
	var out []string
	for _, x := range texts {
		lower := strings.ToLower(x.text)
		for _, secret := range secrets {
			if at := strings.Index(lower, secret); at >= 0 {
				out = append(out, fmt.Sprintf("%s says %q: …%s…", x.where, secret, lower[max(0, at-80):min(len(lower), at+80)]))
			}
		}
	}
	return out
}

// newPrivate is the program beside a demo account that its token opens.
func newPrivate(t *testing.T) (*private, *pagerdutytest.Account) {
	t.Helper()
	account := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 6})
	server := pagerdutytest.NewServer(account, pagerdutytest.WithRate(demoRate), pagerdutytest.WithToken(privateToken))
	t.Cleanup(server.Close)
	return &private{dir: t.TempDir(), api: server.URL, commands: map[string]bool{}}, account
}

// namesNobody looks for the account's secrets in all that was printed, told on stderr or written to files.
func (p *private) namesNobody(t *testing.T, account *pagerdutytest.Account) {
	t.Helper()
	p.files(t)
	for _, leak := range leaksIn(p.said, secretsOf(t, account)) {
		t.Error(leak)
	}
}

// TestNobodyIsNamed runs every command in every format, and of the metrics a sixth, thoroughly all, over the demo account,
// synced with its token, and looks for the account's secrets.
func TestNobodyIsNamed(t *testing.T) {
	p, account := newPrivate(t)
	t.Chdir(p.dir) // labels are kept in the working directory
	p.run(t, exitOK, "sync", "--alerts", "all")
	p.run(t, exitOK, "sync", "--estimate")
	p.run(t, exitOK, "demo", "--answers", "--weeks", "2", "-o", "demo.html", "-o", "demo.md", "-o", "-")
	p.documents(t)
	p.explain(t)
	p.label(t, account)
	p.queries(t, repeats(6, 1))
	p.still(t)
	p.fail(t)
	for _, c := range (&app{}).root().Commands() {
		if name := c.Name(); !p.commands[name] && name != "help" {
			t.Errorf("crywolf %s was not run: add it here", name)
		}
	}
	p.namesNobody(t, account)
	if len(p.said) < 100 {
		t.Errorf("only %d outputs and files were looked at", len(p.said))
	}
	p.sharedNamesNothing(t, account)
}

// documents makes the report, the list of noisy alerts and the audit in every format.
func (p *private) documents(t *testing.T) {
	t.Helper()
	p.run(t, exitOK, "report", "-o", "r.txt", "-o", "r.md", "-o", "r.html", "-o", "r.json", "-o", "r.csv", "-o", "site/")
	p.run(t, exitOK, "report", "--wide")
	p.run(t, exitOK, "report", "--wide", "-o", "wide.md", "-o", "wide.html")
	p.run(t, exitOK, "noisy", "--top", "0", "--min-pages", "0", "-o", "n.txt", "-o", "n.md", "-o", "n.json", "-o", "n.csv", "-o", "n.html")
	p.run(t, exitOK, "noisy", "--wide")
	p.run(t, exitOK, "audit", "--wide", "-o", "a.txt", "-o", "a.md", "-o", "a.html", "-o", "a.json", "-o", "a.csv")
	p.run(t, exitOK, "audit", "--share", "shared.html", "--allow-partial", "--yes")
	p.run(t, exitOK, "audit", "--open", "shared.html")
	p.run(t, exitOK, "audit", "--open", "shared.html", "shared.html", "-f", "json")
	p.run(t, exitOK, "audit", "--questions", "--db", p.database())
	p.run(t, exitOK, "doctor", "-o", "-", "-o", "d.md", "-o", "d.json")
	p.run(t, exitOK, "doctor", "--offline")
	p.run(t, exitOK, "doctor", "--record-shapes=shapes.json")
	p.exports(t)
}

// exports writes the tables, whose files are looked at with the others; a lake is read back, and a bucket refuses a secret.
func (p *private) exports(t *testing.T) {
	t.Helper()
	p.run(t, exitOK, "export", "--to", "parquet", "lake", "--names")
	p.run(t, exitOK, "export", "--to", "parquet", "lake") // the names go again
	p.run(t, exitOK, "export", "--to", "parquet", "lake", "--json")
	p.run(t, exitOK, "export", "--to", "csv", "tables", "--raw")
	p.run(t, exitOK, "report", "--db", "parquet:lake")
	p.run(t, exitOK, "query", "SELECT * FROM users", "--db", "parquet:lake")
	p.run(t, exitAuth, "export", "--to", "parquet", "s3://bucket/lake")
}

func (p *private) database() string {
	return filepath.Join(p.dir, ".local", "share", "crywolf", "crywolf.duckdb")
}

// list asks the database for one column.
func (p *private) list(t *testing.T, sql string) []string {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(p.run(t, exitOK, "query", sql, "-f", "csv")), "\n")
	if len(lines) < 3 {
		t.Fatalf("%s gives %q", sql, lines)
	}
	return lines[1:]
}

// explain makes cards of incidents of every verdict, and of rules.
func (p *private) explain(t *testing.T) {
	t.Helper()
	for _, id := range p.list(t, "SELECT min(incident_id) AS id FROM verdict_in($since, $until) GROUP BY verdict, label_source ORDER BY id") {
		p.run(t, exitOK, "explain", id, "-o", "-", "-o", id+".md", "-o", id+".json")
	}
	for _, rule := range p.list(t, "SELECT DISTINCT rule_id FROM incident_facts ORDER BY rule_id LIMIT 4") {
		p.run(t, exitOK, "explain", rule, "-o", "-", "-o", rule+".md", "-o", rule+".json")
	}
	p.run(t, exitOK, "explain", "page")
}

// label lets one of the people say what they think, and compares.
func (p *private) label(t *testing.T, account *pagerdutytest.Account) {
	t.Helper()
	incident := p.list(t, "SELECT id FROM incidents ORDER BY id LIMIT 3")[0]
	p.run(t, exitOK, "label", incident, "actionable", "--reason", "it was real", "--author", "somebody")
	p.run(t, exitOK, "label", "--sample", "30", "-o", "sample.csv")
	p.run(t, exitOK, "label", "--from", "sample.csv", "--reason", "all alike")
	for _, format := range []string{"table", "md", "json", "csv"} {
		p.run(t, exitOK, "label", "-f", format)
	}
	p.run(t, exitOK, "explain", incident)
}

// queries asks every metric, or one in so many, in every format.
func (p *private) queries(t *testing.T, step int) {
	t.Helper()
	metrics, err := analysis.Metrics()
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(metrics); i += step {
		m := metrics[i]
		p.run(t, exitOK, "query", m.Name, "-o", "-", "-o", m.Name+".md", "-o", m.Name+".json", "-o", m.Name+".csv")
	}
	for _, sql := range []string{"SELECT * FROM users", "SELECT list(name) AS names, max('by ' || name || '.') AS one FROM users", "SELECT to_json(users) AS row FROM users"} {
		p.run(t, exitOK, "query", sql, "-o", "-", "-o", "sql.md", "-o", "sql.json", "-o", "sql.csv")
	}
	p.run(t, exitMisuse, "query", "SELECT CAST(name AS INTEGER) FROM users")
	p.run(t, exitOK, "query", "--list")
	p.run(t, exitOK, "query", "--sql", "night")
}

// still runs what needs no data.
func (p *private) still(t *testing.T) {
	t.Helper()
	p.run(t, exitOK, "metrics", "-o", "-", "-o", "metrics.json", "-o", "metrics.md")
	for _, args := range [][]string{{"schema", "report"}, {"man"}, {"man", "pages"}, {"version"}, {"completion", "bash"}, {"__complete", "report", ""}, {"--help"}} {
		p.run(t, exitOK, args...)
	}
}

// fail runs into errors of every kind but those that PagerDuty answers with.
func (p *private) fail(t *testing.T) {
	t.Helper()
	p.run(t, exitMisuse, "report", "nobody")
	p.run(t, exitMisuse, "report", "--since", "03/04/2026")
	p.run(t, exitGap, "report", "--since", "2020-01-01")
	p.run(t, exitMisuse, "query", "SELECT nothing FROM users")
	p.run(t, exitMisuse, "explain", "QNOSUCHINCIDENT1")
	p.run(t, exitFailed, "report", "--db", "none.duckdb")
	p.run(t, exitFailed, "report", "-o", "no/such/directory/x.json")
}

// sharedNamesNothing looks in the shared page for titles, and for what services, schedules and teams are called.
func (p *private) sharedNamesNothing(t *testing.T, account *pagerdutytest.Account) {
	t.Helper()
	page, err := os.ReadFile("shared.html")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{account.Subdomain: true}
	for _, x := range account.Incidents {
		names[x.Title], names[x.ID] = true, true
	}
	for _, x := range account.Services {
		names[x.Name], names[x.ID] = true, true
	}
	for _, x := range account.Schedules {
		names[x.Name], names[x.ID] = true, true
	}
	for _, x := range account.EscalationPolicies {
		names[x.Name], names[x.ID] = true, true
	}
	for _, x := range account.Teams {
		names[x.Name], names[x.ID] = true, true
	}
	for _, x := range account.Users {
		names[x.ID] = true
	}
	delete(names, "")
	delete(names, "Platform") // a team, and a word in the name of a source
	var secrets []string
	for name := range names {
		secrets = append(secrets, strings.ToLower(name))
	}
	if len(secrets) < 300 {
		t.Errorf("the account has only %d names", len(secrets))
	}
	for _, leak := range leaksIn([]said{{"the shared page", string(page)}}, secrets) {
		t.Error(leak)
	}
	if _, err := os.Stat("none.duckdb"); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a command that found no database made one")
	}
}
