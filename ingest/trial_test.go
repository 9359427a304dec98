package ingest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"crywolf/ingest/pagerdutytest"
)

// disturbance answers the nth request of a sync in its own way, or tells that it leaves it to the server.
type disturbance func(n int, w http.ResponseWriter, r *http.Request) bool

// trial is an account whose syncs are disturbed, and what an undisturbed one ends with.
type trial struct {
	a        *pagerdutytest.Account
	since    time.Time
	calm     http.Handler
	requests int
	full     bool          // the syncs are with Full
	late     bool          // records came late into windows that had been read: the ledger could not know
	timeout  time.Duration // of one request; 0 is the usual one
	want     map[string][]string
}

// calmTrial is made once, by the first test that needs it.
var calmTrial struct {
	sync.Once
	trial
}

// newTrial gives a small account and what an undisturbed sync of it ends with. The account must not be changed.
func newTrial(t testing.TB) *trial {
	t.Helper()
	calmTrial.Do(func() { calmTrial.trial = *makeTrial(t) })
	if calmTrial.want == nil {
		t.Fatal("the undisturbed sync failed in another test")
	}
	own := calmTrial.trial
	return &own
}

func makeTrial(t testing.TB) *trial {
	t.Helper()
	a := pagerdutytest.Random(3).Thin(30)
	e := newEditing(a, 1, AlertsAll, 2)
	tr := &trial{a: a, since: e.since, calm: pagerdutytest.NewHandler(a, pagerdutytest.WithRate(fast))}
	st, _ := newStore(t)
	sum, err := tr.sync(t, st, tr.calm, nil)
	if err != nil {
		t.Fatal(err)
	}
	tr.requests, tr.want = sum.RequestCount, contents(t, st)
	if sum.Requests[kindLogEntries] < 2 || len(tr.want["alerts"]) < 10 || sum.Requests[kindHistory] == 0 || len(a.V3Schedules) == 0 {
		t.Fatalf("the account has too little of everything: %v, %d shift-based schedules", sum.Requests, len(a.V3Schedules))
	}
	st.Close()
	return tr
}

// sync runs one sync against a handler, disturbed by d.
func (tr *trial) sync(t testing.TB, st *Store, right http.Handler, d disturbance) (Summary, error) {
	t.Helper()
	var mu sync.Mutex
	n := 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		n++
		nth := n
		mu.Unlock()
		w.Header().Set("Date", tr.a.End.Format(http.TimeFormat))
		if d == nil || !d(nth, w, r) {
			right.ServeHTTP(w, r)
		}
	}))
	defer srv.Close()
	defer srv.CloseClientConnections() // those that hang on purpose
	o := tr.options(srv.URL)
	o.RequestTimeout = tr.timeout
	return Sync(context.Background(), st, o)
}

func (tr *trial) options(url string) Options {
	return Options{Token: "u+t0ps3cretToken", BaseURL: url, Since: tr.since, Alerts: AlertsAll, Full: tr.full,
		PseudonymKey: []byte("key"), RetryWaitFactor: 1e-5}
}

// disturb syncs into a new database while d disturbs, and gives back what came of it. Whatever it was, the database can
// be opened again and holds what must hold at any time; and the next sync, undisturbed, ends like one that always was.
func (tr *trial) disturb(t *testing.T, right http.Handler, d disturbance) (Summary, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "crywolf.duckdb")
	st := openStore(t, path)
	sum, err := tr.sync(t, st, right, d)
	if err != nil && strings.Contains(err.Error(), "t0ps3cret") {
		t.Errorf("the error shows the token: %v", err)
	}
	if err := st.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	tr.heals(t, path)
	return sum, err
}

// heals checks a database that a disturbed sync left, and syncs it undisturbed.
func (tr *trial) heals(t *testing.T, path string) {
	t.Helper()
	st := openStore(t, path)
	defer st.Close()
	for _, x := range unsound(t, st, path, tr.a, "u+t0ps3cretToken") {
		if !tr.late {
			t.Errorf("after the fault: %s", x)
		}
	}
	derive(t, st)
	for _, x := range lawless(t, st) {
		t.Errorf("after the fault: %s", x)
	}
	if _, err := tr.sync(t, st, tr.calm, nil); err != nil {
		t.Errorf("the next sync: %v", err)
		return
	}
	if diff := differ(contents(t, st), tr.want); diff != "" {
		t.Errorf("after the next sync:\n%s", diff)
	}
	for _, x := range append(unsound(t, st, path, tr.a, "u+t0ps3cretToken"), lawless(t, st)...) {
		t.Errorf("after the next sync: %s", x)
	}
}
