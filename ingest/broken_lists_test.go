package ingest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"crywolf/ingest/pagerdutytest"
)

// breaking answers some lists with one that says there is more and gives nothing, on the first page or after one row.
type breaking struct {
	right  http.Handler
	key    string
	breaks func(*http.Request) bool
	after  int // rows; less than 0: nothing breaks
}

func (b *breaking) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if b.after < 0 || !b.breaks(r) {
		b.right.ServeHTTP(w, r)
		return
	}
	q := r.URL.Query()
	rec := httptest.NewRecorder()
	if q.Get("offset") == "0" && b.after > 0 {
		q.Set("limit", fmt.Sprint(b.after))
		r.URL.RawQuery = q.Encode()
		b.right.ServeHTTP(w, r)
		return
	}
	b.right.ServeHTTP(rec, r)
	w.Header().Set("Date", rec.Header().Get("Date"))
	fmt.Fprintf(w, `{%q: [], "more": true, "limit": 100, "offset": %s}`, b.key, q.Get("offset"))
}

// listPath tells requests of the whole account's list.
func listPath(kind string) func(*http.Request) bool {
	return func(r *http.Request) bool { return r.URL.Path == "/"+kind && r.URL.Query().Get("date_range") == "" }
}

// ofIncident tells requests of a list that each incident has.
func ofIncident(part string) func(*http.Request) bool {
	return func(r *http.Request) bool {
		return strings.HasPrefix(r.URL.Path, "/incidents/") && strings.HasSuffix(r.URL.Path, "/"+part)
	}
}

// TestAListThatBreaksOffIsNoWholeOne: nothing that was stored is taken to be gone, the ledger says that something is
// missing, and the list is asked for again the next time.
func TestAListThatBreaksOffIsNoWholeOne(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 1})
	for _, id := range []string{"PMAINT1", "PMAINT2"} {
		a.MaintenanceWindows = append(a.MaintenanceWindows, pagerdutytest.MaintenanceWindow{ID: id, Type: "maintenance_window",
			StartTime: a.Start, EndTime: a.End})
	}
	calm := pagerdutytest.NewHandler(a, pagerdutytest.WithRate(fast))
	type list struct {
		kind, key string
		breaks    func(*http.Request) bool
		windows   bool // what breaks off after some rows goes on from the last one: see advance
		lost      string
	}
	lists := []list{
		{kind: kindOpen, key: kindIncidents, breaks: func(r *http.Request) bool { return r.URL.Query().Get("date_range") == "all" }},
		{kind: kindAlerts, key: kindAlerts, breaks: ofIncident("alerts"), lost: "SELECT count(*) FROM alert_reads WHERE state = 'truncated'"},
		{kind: kindHistory, key: kindLogEntries, breaks: ofIncident("log_entries")},
	}
	for _, kind := range []string{kindUsers, kindTeams, kindPriorities, kindServices, kindPolicies, kindMaintenance, kindSchedules} {
		lists = append(lists, list{kind: kind, key: kind, breaks: listPath(kind)})
	}
	for _, kind := range []string{kindIncidents, kindLogEntries, kindChanges} {
		lists = append(lists, list{kind: kind, key: kind, breaks: listPath(kind), windows: true})
	}
	o := options(serve(t, a), a)
	o.Rate, o.Since, o.Alerts = fast, a.Start.AddDate(0, 0, 3), AlertsAll
	fresh, _ := newStore(t)
	mustSync(t, fresh, o)
	want := facts(t, fresh)
	for i, l := range lists {
		if i%repeats(6, 1) != 0 {
			continue
		}
		t.Run(l.kind, func(t *testing.T) {
			t.Parallel()
			b := &breaking{right: calm, key: l.key, breaks: l.breaks}
			srv := httptest.NewServer(b)
			t.Cleanup(srv.Close)
			o := o
			o.BaseURL = srv.URL
			st, _ := newStore(t)
			lost := l.lost
			if lost == "" {
				lost = "SELECT count(*) FROM ledger WHERE kind = '" + l.kind + "' AND state = 'truncated'"
			}
			later := 1
			if l.windows {
				later = 0
			}
			sync := func(after int, full bool) {
				b.after, o.Full = after, full
				mustSync(t, st, o)
				if got := one(t, st, lost); (got == "0") == (after >= 0) {
					t.Errorf("after %d rows, full %v: %s are truncated", after, full, got)
				}
				said := one(t, st, "SELECT count(*) FROM sync_notes WHERE code IN ('rows_lost', 'alerts_skipped') AND kind = '"+l.kind+"'")
				if (said == "0") == (after >= 0) {
					t.Errorf("after %d rows, full %v: %s notes say so", after, full, said)
				}
			}
			sync(later, false)
			sync(-1, false)
			sameFacts(t, facts(t, st), want)
			sync(0, true)
			got := facts(t, st)
			if l.kind == kindSchedules { // those that policies target were read alone, which gives more of them
				if one(t, st, "SELECT count(*) FROM schedules WHERE is_deleted OR NOT is_readable") != "0" {
					t.Error("schedules count as deleted, or as not readable")
				}
				got["schedules"] = want["schedules"]
			}
			sameFacts(t, got, want)
			sync(-1, false)
			sameFacts(t, facts(t, st), want)
		})
	}
}
