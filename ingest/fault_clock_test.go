package ingest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"crywolf/ingest/pagerdutytest"
)

// dated answers with a Date header that is off.
type dated struct {
	http.ResponseWriter
	date time.Time
}

func (d *dated) WriteHeader(status int) {
	d.Header().Set("Date", d.date.UTC().Format(http.TimeFormat))
	d.ResponseWriter.WriteHeader(status)
}

// TestAClockThatIsOff tells a wrong time during a sync of an account as it was a day before its end, and the right time
// a day later. What happened in that day is found, also what a clock that was ahead had declared as read already; and an
// incident that an earlier run had read is brought up to date.
func TestAClockThatIsOff(t *testing.T) {
	t.Parallel()
	early, a := pagerdutytest.Random(3).Thin(8), pagerdutytest.Random(3).Thin(8)
	newEditing(early, 1, AlertsAll, 2)
	e := newEditing(a, 1, AlertsAll, 2)
	then := a.End
	e.synced()
	e.ed.Pass(then.Add(day))
	for range 12 {
		e.script(atNextSync)
	}
	reopened := 0
	for _, in := range a.Incidents { // which only its log entries tell
		if id := in.ID; reopened < 4 && e.ed.Reopen(id) && e.ed.Resolve(id) {
			reopened++
		}
	}
	calm := pagerdutytest.NewHandler(a, pagerdutytest.WithRate(fast))
	sync := func(st *Store, right http.Handler, off func() time.Duration) {
		t.Helper()
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			at := then.Add(day)
			if off != nil {
				at = then.Add(off())
			}
			right.ServeHTTP(&dated{w, at}, r)
		}))
		defer srv.Close()
		mustSync(t, st, Options{Token: "x", BaseURL: srv.URL, Since: e.since, Alerts: AlertsAll, PseudonymKey: []byte("key"), RetryWaitFactor: 1e-5})
	}
	fresh, _ := newStore(t)
	sync(fresh, calm, nil)
	want := contents(t, fresh)
	clocks := []struct {
		name string
		off  func() time.Duration
	}{
		{"ahead by more than the time to the next sync", always(5 * day)}, {"jumping", jumping()}, {"behind", always(-3 * day)},
		{"ahead by less than that", always(23 * time.Hour)}, {"ahead by minutes", always(20 * time.Minute)},
	}
	for _, c := range clocks[:repeats(2, len(clocks))] {
		t.Run(c.name, func(t *testing.T) {
			st, path := newStore(t)
			defer st.Close()
			sync(st, pagerdutytest.NewHandler(early, pagerdutytest.WithRate(fast)), c.off)
			derive(t, st)
			sync(st, calm, nil)
			if diff := differ(contents(t, st), want); diff != "" {
				t.Error(diff)
			}
			for _, x := range append(unsound(t, st, path, a, "x0x0x0"), lawless(t, st)...) {
				t.Error(x)
			}
			if got := one(t, st, "SELECT max(until_at)::VARCHAR FROM ledger WHERE since_at IS NOT NULL"); got != a.End.Format(time.DateTime) {
				t.Errorf("the ledger ends at %s, the account at %s", got, a.End)
			}
		})
	}
}

// TestASyncCutOffIsResumedLater has a sync fail for good at some request, and the account go on for a day before the next
// one: that first finishes what the failed one had planned, and must not take for fresh what that had read.
func TestASyncCutOffIsResumedLater(t *testing.T) {
	t.Parallel()
	early, a := pagerdutytest.Random(3).Thin(8), pagerdutytest.Random(3).Thin(8)
	newEditing(early, 1, AlertsAll, 2)
	e := newEditing(a, 1, AlertsAll, 2)
	first := &trial{a: early, since: e.since, calm: pagerdutytest.NewHandler(early, pagerdutytest.WithRate(fast))}
	e.synced()
	e.ed.Pass(a.End.Add(day))
	for i, in := range a.Incidents {
		if id := in.ID; i%3 == 0 && e.ed.Reopen(id) {
			e.ed.Resolve(id)
		}
	}
	later := &trial{a: a, since: e.since, calm: pagerdutytest.NewHandler(a, pagerdutytest.WithRate(fast))}
	st, _ := newStore(t)
	sum, err := later.sync(t, st, later.calm, nil)
	if err != nil {
		t.Fatal(err)
	}
	later.want = contents(t, st)
	st.Close()
	cuts := []lasting{{"log_entries", 2, "500"}, {"incidents/{id}/alerts", 4, "500"}, {"incidents", 1, "500"}, {"log_entries", 1, "500"}}
	for _, c := range cuts[:repeats(2, len(cuts))] {
		t.Run(fmt.Sprintf("%s %d", strings.ReplaceAll(c.endpoint, "/", "|"), c.from), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "crywolf.duckdb")
			st := openStore(t, path)
			if _, err := first.sync(t, st, first.calm, c.disturbance()); err == nil {
				t.Fatalf("it did not fail; a whole sync takes %v", sum.Requests)
			}
			st.Close()
			later.heals(t, path)
		})
	}
}

// TestAWeeklyReadingCutOffIsResumed has the reading of the last month fail for good at some request: what nothing but that
// reading tells is found by the next sync all the same, though its week is not over.
func TestAWeeklyReadingCutOffIsResumed(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Random(3).Thin(4)
	e := newEditing(a, 1, AlertsAll, 2)
	tr := &trial{a: a, since: e.since, calm: pagerdutytest.NewHandler(a, pagerdutytest.WithRate(fast))}
	base := filepath.Join(t.TempDir(), "base.duckdb")
	st := openStore(t, base)
	if _, err := tr.sync(t, st, tr.calm, nil); err != nil {
		t.Fatal(err)
	}
	st.Close()
	e.synced()
	e.ed.Pass(a.End.Add(8 * day))
	for range 40 {
		e.script(atWeeklyRead)
	}
	tr.calm, tr.late = pagerdutytest.NewHandler(a, pagerdutytest.WithRate(fast)), true
	st, _ = newStore(t)
	if _, err := tr.sync(t, st, tr.calm, nil); err != nil {
		t.Fatal(err)
	}
	tr.want = contents(t, st)
	st.Close()
	cuts := []lasting{{"incidents/{id}", 2, "500"}, {"log_entries", 2, "500"}, {"incidents", 1, "500"}, {"incidents/{id}/log_entries", 1, "500"}}
	for _, c := range cuts[:repeats(2, len(cuts))] {
		t.Run(fmt.Sprintf("%s %d", strings.ReplaceAll(c.endpoint, "/", "|"), c.from), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "crywolf.duckdb")
			copyFile(t, base, path)
			st := openStore(t, path)
			if sum, err := tr.sync(t, st, tr.calm, c.disturbance()); err == nil {
				t.Fatalf("it did not fail, with %v", sum.Requests)
			}
			st.Close()
			tr.heals(t, path)
		})
	}
}

func always(d time.Duration) func() time.Duration { return func() time.Duration { return d } }

// jumping is off by up to two hours to either side, each time anew.
func jumping() func() time.Duration {
	var mu sync.Mutex
	rng := rand.New(rand.NewPCG(1, 1))
	return func() time.Duration {
		mu.Lock()
		defer mu.Unlock()
		return time.Duration(rng.IntN(4*3600)-2*3600) * time.Second
	}
}

// TestAProxysClockDoesNotCount: a time that only refusals tell is not PagerDuty's.
func TestAProxysClockDoesNotCount(t *testing.T) {
	c, _ := answers(t, body(200, "application/json", page0), body(502, "text/html", "<html>"), body(403, "text/html", "<html>"))
	good := time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)
	c.date = good
	if _, err := c.get(context.Background(), kindUsers, "/users", nil, listOf("users")); err != nil || c.now().Equal(good) {
		t.Fatalf("a good answer does not tell the time: %v", err)
	}
	told := c.now().AddDate(0, 0, -1)
	c.date = told
	if _, err := c.get(context.Background(), kindUsers, "/users", nil, listOf("users")); err == nil || !c.now().Equal(told) {
		t.Errorf("now it is %s (%v)", c.now(), err)
	}
}
