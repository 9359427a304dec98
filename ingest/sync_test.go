package ingest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"sort"
	"testing"
	"time"

	"crywolf/ingest/pagerdutytest"

	"github.com/google/go-cmp/cmp"
)

// fast is the pace at which tests let the double be asked.
const fast = 1_000_000

// newStore opens a new database in a directory of the test.
func newStore(t testing.TB) (*Store, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "crywolf.duckdb")
	return openStore(t, path), path
}

func openStore(t testing.TB, path string) *Store {
	t.Helper()
	st, err := Open(context.Background(), path, ReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

// serve serves an account until the test ends.
func serve(t testing.TB, a *pagerdutytest.Account, opts ...pagerdutytest.Option) *pagerdutytest.Server {
	t.Helper()
	srv := pagerdutytest.NewServer(a, append([]pagerdutytest.Option{pagerdutytest.WithRate(fast)}, opts...)...)
	t.Cleanup(srv.Close)
	return srv
}

// options are those of a sync with srv from the account's start.
func options(srv *pagerdutytest.Server, a *pagerdutytest.Account) Options {
	return Options{Token: "t0ps3cret", BaseURL: srv.URL, Since: a.Start, PseudonymKey: []byte("key"), RetryWaitFactor: 0.001}
}

func mustSync(t testing.TB, st *Store, opts Options) Summary {
	t.Helper()
	sum, err := Sync(context.Background(), st, opts)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// factTables are compared row by row. fetched_at says when, not what; the other tables are about the reading.
var factTables = []string{
	"users", "teams", "priorities", "services", "integrations", "escalation_policies", "escalation_targets", "schedules",
	"schedule_entries", "schedule_overrides", "incidents", "log_entries", "alerts", "maintenance_windows",
	"change_events", "unreadable_records",
}

// facts gives every row of every fact table as text.
func facts(t testing.TB, st *Store) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, name := range factTables {
		out[name] = column(t, st, fmt.Sprintf(
			"SELECT CAST(to_json(t) AS VARCHAR) FROM (SELECT COLUMNS(lambda c: c <> 'fetched_at') FROM %s) t", name))
		sort.Strings(out[name])
	}
	return out
}

// column gives a query's only column as text, NULL as "NULL".
func column(t testing.TB, st *Store, query string) []string {
	t.Helper()
	rows, err := st.DB().Query(query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var v any
		if err := rows.Scan(&v); err != nil {
			t.Fatal(err)
		}
		if v == nil {
			v = "NULL"
		}
		out = append(out, fmt.Sprint(v))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func one(t testing.TB, st *Store, query string) string {
	t.Helper()
	rows := column(t, st, query)
	if len(rows) != 1 {
		t.Fatalf("%s: %d rows", query, len(rows))
	}
	return rows[0]
}

// sameFacts compares the fact tables of two databases.
func sameFacts(t testing.TB, got, want map[string][]string) {
	t.Helper()
	for _, name := range factTables {
		if diff := cmp.Diff(want[name], got[name]); diff != "" {
			if len(diff) > 4000 {
				diff = diff[:4000] + "…"
			}
			t.Errorf("%s: %d rows, want %d (-want +got):\n%s", name, len(got[name]), len(want[name]), diff)
		}
	}
}

// idsOf gives the ids of the account's objects, those created from its start on.
func idsOf(t testing.TB, a *pagerdutytest.Account, kind string, since time.Time) []string {
	t.Helper()
	var out []string
	for _, raw := range a.Objects(kind) {
		var o struct {
			ID        string    `json:"id"`
			CreatedAt time.Time `json:"created_at"`
		}
		if err := json.Unmarshal(raw, &o); err != nil {
			t.Fatal(err)
		}
		if o.CreatedAt.IsZero() || !o.CreatedAt.Before(since) {
			out = append(out, o.ID)
		}
	}
	sort.Strings(out)
	return out
}

func TestFirstSyncReadsEverything(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 3, Weeks: 4})
	srv := serve(t, a)
	st, _ := newStore(t)
	sum := mustSync(t, st, options(srv, a))
	for _, kind := range []string{"users", "teams", "services", "escalation_policies", "priorities", "maintenance_windows", "change_events"} {
		got := column(t, st, "SELECT id FROM "+kind+" ORDER BY id")
		want := idsOf(t, a, kind, time.Time{})
		if missing := missingFrom(got, want); len(missing) > 0 {
			t.Errorf("%s: %d are missing, as %s", kind, len(missing), missing[0])
		}
	}
	for _, kind := range []string{"incidents", "log_entries"} {
		where := " WHERE created_at >= '" + a.Start.Format("2006-01-02 15:04:05") + "'"
		got := column(t, st, "SELECT id FROM "+kind+where+" ORDER BY id")
		if diff := cmp.Diff(idsOf(t, a, kind, a.Start), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", kind, diff)
		}
	}
	if len(sum.Notes) > 0 {
		t.Errorf("notes: %v", sum.Notes)
	}
	checkAlerts(t, st, a)
	checkBudget(t, sum, a)
	if got := one(t, st, "SELECT count(*) FROM ledger WHERE state <> 'whole'"); got != "0" {
		t.Errorf("%s ledger rows are not whole", got)
	}
}

func missingFrom(got, want []string) []string {
	have := map[string]bool{}
	for _, id := range got {
		have[id] = true
	}
	var out []string
	for _, id := range want {
		if !have[id] {
			out = append(out, id)
		}
	}
	return out
}

// checkAlerts expects the alerts of exactly those incidents that have two or more.
func checkAlerts(t *testing.T, st *Store, a *pagerdutytest.Account) {
	t.Helper()
	var want []string
	for _, in := range a.Incidents {
		if in.AlertCounts.All < 2 {
			continue
		}
		if in.CreatedAt.Before(a.Start) && one(t, st, "SELECT count(*) FROM incidents WHERE id = '"+in.ID+"'") == "0" {
			continue
		}
		for _, al := range a.Alerts[in.ID] {
			want = append(want, al.ID)
		}
	}
	sort.Strings(want)
	if diff := cmp.Diff(want, column(t, st, "SELECT id FROM alerts ORDER BY id")); diff != "" {
		t.Errorf("alerts (-want +got):\n%s", diff)
	}
}

// checkBudget holds the sync to the number of requests that the issue allows, counted from the account itself.
func checkBudget(t *testing.T, sum Summary, a *pagerdutytest.Account) {
	t.Helper()
	n, several := 0, 0
	for _, in := range a.Incidents {
		if !in.CreatedAt.Before(a.Start) {
			n++
		}
		if in.AlertCounts.All >= 2 {
			several++
		}
	}
	other := sum.RequestCount - sum.Requests[kindIncidents] - sum.Requests[kindLogEntries] - sum.Requests[kindAlerts]
	bound := 1.15 * float64((n+99)/100+(len(a.LogEntries)+99)/100+several+other)
	if float64(sum.RequestCount) > bound {
		t.Errorf("%d requests, the bound is %.0f: %v", sum.RequestCount, bound, sum.Requests)
	}
	if sum.RequestCount > sum.BudgetCount {
		t.Errorf("%d requests, the summary's own bound is %d", sum.RequestCount, sum.BudgetCount)
	}
}

func TestIncrementalSyncEndsLikeAFreshOne(t *testing.T) {
	t.Parallel()
	for _, plain := range []bool{false, true}[:repeats(1, 2)] {
		t.Run(fmt.Sprintf("plain includes %v", plain), func(t *testing.T) {
			a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 5, Weeks: 3})
			var opts []pagerdutytest.Option
			if plain {
				opts = append(opts, pagerdutytest.WithPlainIncludes())
			}
			st, _ := newStore(t)
			for _, back := range []time.Duration{15 * 24 * time.Hour, 8*24*time.Hour + 5*time.Hour, 26 * time.Hour, 0} {
				then := a.At(a.End.Add(-back))
				srv := serve(t, then, opts...)
				o := options(srv, a)
				if back != 15*24*time.Hour {
					o.Since = time.Time{} // it goes on from what is stored
				}
				sum := mustSync(t, st, o)
				if back == 0 && sum.Requests[kindLogEntries] > 8 {
					t.Errorf("the last day took %d pages of log entries", sum.Requests[kindLogEntries])
				}
				srv.Close()
			}
			fresh, _ := newStore(t)
			srv := serve(t, a, opts...)
			mustSync(t, fresh, options(srv, a))
			sameFacts(t, facts(t, st), facts(t, fresh))
		})
	}
}

func TestASecondSyncChangesNothing(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 7, Weeks: 3})
	srv := serve(t, a)
	st, _ := newStore(t)
	mustSync(t, st, options(srv, a))
	before := facts(t, st)
	if _, err := st.DB().Exec("DELETE FROM touched_incidents"); err != nil {
		t.Fatal(err)
	}
	mustSync(t, st, options(srv, a))
	sameFacts(t, facts(t, st), before)
	if got := one(t, st, "SELECT count(*) FROM touched_incidents"); got != "0" {
		t.Errorf("%s incidents count as touched though nothing changed", got)
	}
	o := options(srv, a)
	o.Full = true
	sum := mustSync(t, st, o)
	if sum.Rows[kindLogEntries] == 0 {
		t.Error("a full sync read no log entries")
	}
	sameFacts(t, facts(t, st), before)
}

func TestAnEarlierSinceReadsTheOlderPartOnly(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 9, Weeks: 3})
	srv := serve(t, a)
	st, _ := newStore(t)
	o := options(srv, a)
	o.Since = a.End.AddDate(0, 0, -14)
	first := mustSync(t, st, o)
	o.Since = a.Start
	second := mustSync(t, st, o)
	fresh, _ := newStore(t)
	whole := mustSync(t, fresh, options(srv, a))
	if sum := first.Rows[kindLogEntries] + second.Rows[kindLogEntries]; float64(sum) > 1.05*float64(whole.Rows[kindLogEntries]) {
		t.Errorf("two syncs read %d log entries, one %d", sum, whole.Rows[kindLogEntries])
	}
	sameFacts(t, facts(t, st), facts(t, fresh))
}

func TestNothingSecretIsStored(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 11, Weeks: 4})
	srv := serve(t, a)
	st, path := newStore(t)
	o := options(srv, a)
	o.Alerts = AlertsAll
	mustSync(t, st, o)
	secrets := a.Secrets()
	if len(secrets.Names) == 0 || len(secrets.Emails) == 0 || len(secrets.Phones) == 0 || len(secrets.Notes) == 0 {
		t.Fatal("the account has nothing to hide")
	}
	for _, leak := range leaks(t, st, path, a, o.Token) {
		t.Error(leak)
	}
}

func TestAnotherAccountIsRefused(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 2})
	srv := serve(t, a)
	st, _ := newStore(t)
	mustSync(t, st, options(srv, a))
	before := facts(t, st)
	b := pagerdutytest.Generate(pagerdutytest.Config{Seed: 2, Weeks: 2})
	b.Subdomain = "somebody-else"
	other := serve(t, b)
	_, err := Sync(context.Background(), st, options(other, b))
	var mismatch *AccountMismatchError
	if !errors.As(err, &mismatch) || mismatch.Have.Subdomain != "somebody-else" || mismatch.Want.Subdomain != a.Subdomain {
		t.Errorf("error %v", err)
	}
	sameFacts(t, facts(t, st), before)
	o := options(srv, a)
	o.MadeBy = "demo"
	_, err = Sync(context.Background(), st, o)
	var madeBy *MadeByError
	if !errors.As(err, &madeBy) {
		t.Errorf("a demo into a sync's database: %v", err)
	}
}
