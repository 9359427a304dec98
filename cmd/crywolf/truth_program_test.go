package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"crywolf/ingest/pagerdutytest"
)

// truthProgram is the real program with a database of its own, and the account it synced over HTTP.
type truthProgram struct {
	directory string
	account   *pagerdutytest.Account
	world     *truthWorld
	partial   bool // flap runs and answers are not compared: they may go on beyond what was read
}

// truthSynced serves the account, syncs all of it, and works out what there is to know.
func truthSynced(t *testing.T, account *pagerdutytest.Account) *truthProgram {
	t.Helper()
	return truthSyncedPart(t, account, truthPeriod{account.Start, account.End})
}

// truthSyncedPart syncs no more than a window of it. The truth is the whole account's all the same: what
// happened to an incident of the window before and after it is read with the incident.
func truthSyncedPart(t *testing.T, account *pagerdutytest.Account, window truthPeriod) *truthProgram {
	t.Helper()
	p := truthServe(t, account, window, "all")
	p.world = truthLoad(account, account.Start, account.End)
	return p
}

// truthServe syncs a window of the account with those alerts, and works nothing out.
func truthServe(t *testing.T, account *pagerdutytest.Account, window truthPeriod, alerts string) *truthProgram {
	t.Helper()
	p := &truthProgram{directory: t.TempDir(), account: account}
	server := pagerdutytest.NewServer(account, pagerdutytest.WithRate(1_000_000)) // no waiting for the budget
	defer server.Close()
	p.run(t, "sync", "--quiet", "--api-url", server.URL, "--alerts", alerts, "--rate", "1000000",
		"--since", window.since.Format(time.RFC3339), "--until", window.until.Format(time.RFC3339))
	return p
}

// run runs the program in this process and gives its output; it must succeed.
func (p *truthProgram) run(t *testing.T, args ...string) []byte {
	t.Helper()
	args = append(args, "--db", filepath.Join(p.directory, "truth.duckdb"))
	env := []string{
		"CRYWOLF_PAGERDUTY_TOKEN=truth", "HOME=" + p.directory, "XDG_DATA_HOME=" + p.directory,
		"XDG_CONFIG_HOME=" + p.directory, "XDG_STATE_HOME=" + p.directory,
	}
	var stdout, stderr bytes.Buffer
	if code := run(context.Background(), args, env, strings.NewReader(""), &stdout, &stderr); code != 0 {
		t.Fatalf("crywolf %s: exit %d\n%s", strings.Join(args, " "), code, stderr.String())
	}
	return stdout.Bytes()
}

func (p *truthProgram) report(t *testing.T, period truthPeriod) []byte {
	t.Helper()
	return p.run(t, "report", "-f", "json", "--compare", "none", "--since", period.since.Format(time.RFC3339), "--until", period.until.Format(time.RFC3339))
}

// check compares the program's report of a period with the truth, and holds it to the laws.
func (p *truthProgram) check(t *testing.T, name string, period truthPeriod) truthDocument {
	t.Helper()
	want := p.world.report(period)
	got := p.report(t, period)
	differences := truthCompare(got, want)
	if p.partial {
		differences = slices.DeleteFunc(differences, func(line string) bool {
			return strings.Contains(line, ": quality.") || strings.Contains(line, ": response.")
		})
	}
	var document truthDocument
	if err := json.Unmarshal(got, &document); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	differences = append(differences, truthConserved(document)...)
	differences = append(differences, truthListed(document)...)
	if !p.partial && (name == "the whole" || name == "random 0" || len(differences) > 0) { // the rest is counted above
		differences = append(differences, p.checkPages(t, period)...)
	}
	if len(differences) > 0 {
		t.Errorf("%s, %s to %s:\n  %s", name, period.since.Format(time.RFC3339), period.until.Format(time.RFC3339),
			strings.Join(differences, "\n  "))
	}
	return document
}

// checkRules is check, and the extent of the alert rules too, of which an account not bent knows.
func (p *truthProgram) checkRules(t *testing.T, name string, period truthPeriod) {
	t.Helper()
	document := p.check(t, name, period)
	if differences := truthRules(p.account, p.world, document, period); len(differences) > 0 {
		t.Errorf("%s: %s", name, strings.Join(differences, "\n  "))
	}
	if name == "the whole" || name == "random 0" {
		p.checkNoisy(t, name, period, document)
	}
}

// truthPeriods are the whole of an account, a week of it, one that starts and ends within nights and shifts,
// one of a single hour, and random ones to the second.
func truthPeriods(account *pagerdutytest.Account, seed uint64, random int) map[string]truthPeriod {
	start, end := account.Start.UTC(), account.End.UTC()
	length := end.Sub(start)
	middle := start.Add(length / 2).Truncate(24 * time.Hour)
	periods := map[string]truthPeriod{
		"the whole":           {start, end},
		"a week":              {middle, middle.AddDate(0, 0, 7)},
		"from night to night": {middle.Add(2*time.Hour + 31*time.Minute), middle.Add(50*time.Hour + 7*time.Second)},
		"an hour":             {middle.Add(23 * time.Hour), middle.Add(24 * time.Hour)},
	}
	source := rand.New(rand.NewPCG(seed, 20261123))
	for n := range random {
		from := start.Add(time.Duration(source.Int64N(int64(length)))).Truncate(time.Second)
		until := from.Add(time.Duration(source.Int64N(int64(end.Sub(from))))).Truncate(time.Second)
		if until.After(from) {
			periods[fmt.Sprint("random ", n)] = truthPeriod{from, until}
		}
	}
	return periods
}

// Done-when 2: the program over HTTP equals the independent computation, for three generated accounts.
func TestTruthGenerated(t *testing.T) {
	for seed := range uint64(repeats(1, 3)) {
		t.Run(fmt.Sprint("seed ", seed+1), func(t *testing.T) {
			t.Parallel()
			p := truthSynced(t, pagerdutytest.Generate(pagerdutytest.Config{Seed: seed + 1, Weeks: repeats(7, 13)}))
			for name, period := range truthPeriods(p.account, seed, 2) {
				p.checkRules(t, name, period)
			}
		})
	}
}

// The same over random accounts, where every corner of the definitions is met.
func TestTruthRandom(t *testing.T) {
	for seed := range uint64(repeats(1, 10)) {
		t.Run(fmt.Sprint("seed ", seed+1), func(t *testing.T) {
			t.Parallel()
			p := truthSynced(t, pagerdutytest.Random(seed+1))
			for name, period := range truthPeriods(p.account, seed, 2) {
				p.checkRules(t, name, period)
			}
		})
	}
}

// And over accounts bent to the definitions' edges.
func TestTruthWarped(t *testing.T) {
	for seed := range uint64(repeats(1, 10)) {
		t.Run(fmt.Sprint("seed ", seed+1), func(t *testing.T) {
			t.Parallel()
			p := truthSynced(t, truthWarped(seed+1))
			for name, period := range truthPeriods(p.account, seed, 2) {
				p.check(t, name, period)
			}
		})
	}
}

// And where only a part of the account's history was read: incidents that began before it, entries that came
// after it, shifts that run over both its ends.
func TestTruthPartOfHistory(t *testing.T) {
	for seed := range uint64(repeats(1, 4)) {
		t.Run(fmt.Sprint("seed ", seed+1), func(t *testing.T) {
			t.Parallel()
			account := pagerdutytest.Random(seed + 101)
			third := (account.End.Sub(account.Start) / 3).Truncate(time.Second)
			window := truthPeriod{account.Start.Add(third), account.End.Add(-third)}
			p := truthSyncedPart(t, account, window)
			p.partial = true
			p.check(t, "what was read", window)
			p.check(t, "its middle", truthPeriod{window.since.Add(third / 3), window.until.Add(-third / 3)})
		})
	}
}

// And where the token may not read notifications: no notify entry anywhere, so pages are inferred.
func TestTruthInferred(t *testing.T) {
	for seed := range uint64(repeats(1, 3)) {
		t.Run(fmt.Sprint("seed ", seed+1), func(t *testing.T) {
			t.Parallel()
			account := pagerdutytest.Random(seed + 201)
			account.LogEntries = slices.DeleteFunc(account.LogEntries, func(e pagerdutytest.LogEntry) bool {
				return e.Type == "notify_log_entry"
			})
			p := truthSynced(t, account)
			for name, period := range truthPeriods(account, seed, 1) {
				p.check(t, name, period)
			}
		})
	}
}

// The conservation laws of product.md hold of the truth itself, over many more accounts and periods than
// the program can be asked about in a test's time.
func TestTruthConservation(t *testing.T) {
	for seed := uint64(1); seed <= uint64(repeats(10, 40)); seed++ {
		account := pagerdutytest.Random(seed)
		world := truthLoad(account, account.Start, account.End)
		for name, period := range truthPeriods(account, seed, 4) {
			if broken := truthConserved(world.report(period)); len(broken) > 0 {
				t.Errorf("seed %d, %s: %s", seed, name, strings.Join(broken, "; "))
			}
		}
	}
}
