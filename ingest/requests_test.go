package ingest

import (
	"fmt"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"crywolf/ingest/pagerdutytest"
)

// requestPlan is how another open ingester reads the same history, as its source code says.
type requestPlan struct {
	name, brings string
	requests     func(s *requestShape) int
}

// requestShape is what the number of requests depends on.
type requestShape struct {
	days            int
	dailyIncidents  map[int]int // by day of the period
	dailyEntries    map[int]int
	entries, alerts map[string]int // by incident
	incidents       []pagerdutytest.Incident
	entryCount      int
}

func newRequestShape(a *pagerdutytest.Account) *requestShape {
	s := &requestShape{days: int(a.End.Sub(a.Start).Hours()+23) / 24, dailyIncidents: map[int]int{}, dailyEntries: map[int]int{},
		entries: map[string]int{}, alerts: map[string]int{}}
	day := func(at time.Time) int { return int(at.Sub(a.Start).Hours()) / 24 }
	for _, in := range a.Incidents {
		if in.CreatedAt.Before(a.Start) {
			continue
		}
		s.incidents = append(s.incidents, in)
		s.dailyIncidents[day(in.CreatedAt)]++
		s.alerts[in.ID] = in.AlertCounts.All
	}
	for _, e := range a.LogEntries {
		if !e.CreatedAt.Before(a.Start) {
			s.dailyEntries[day(e.CreatedAt)]++
			s.entries[e.Incident.ID]++
			s.entryCount++
		}
	}
	return s
}

// each sums the pages that a list of each incident takes, at least one.
func (s *requestShape) each(rows map[string]int) int {
	n := 0
	for _, in := range s.incidents {
		n += pagesOf(rows[in.ID])
	}
	return n
}

// daily sums the pages of a list that is read day by day.
func (s *requestShape) daily(rows map[int]int, size int) int {
	n := 0
	for day := range s.days {
		n += max(1, (rows[day]+size-1)/size)
	}
	return n
}

// requestPlans are those of pagerduty-api.md 6, as of 2026-11: with the history of incidents and log entries, and what else.
var requestPlans = []requestPlan{
	{"python-pagerduty iter_history", "log entries", func(s *requestShape) int {
		return 2 + pagesOf(len(s.incidents)) + pagesOf(s.entryCount) // a probe for each list, below 10,000 rows
	}},
	{"pd2pg", "log entries", func(s *requestShape) int {
		return s.daily(s.dailyIncidents, 100) + s.daily(s.dailyEntries, 100)
	}},
	{"Faros connector", "log entries", func(s *requestShape) int {
		return s.daily(s.dailyIncidents, 25) + s.daily(s.dailyEntries, 25)
	}},
	{"Steampipe", "log entries", func(s *requestShape) int {
		return pagesOf(len(s.incidents)) + s.each(s.entries)
	}},
	{"Singer tap", "log entries, alerts", func(s *requestShape) int {
		return pagesOf(len(s.incidents)) + s.each(s.entries) + s.each(s.alerts)
	}},
	{"CloudQuery", "log entries, alerts, notes", func(s *requestShape) int {
		return pagesOf(len(s.incidents)) + s.each(s.entries) + s.each(s.alerts) + len(s.incidents)
	}},
}

// TestRequestsPerThousandIncidents measures syncs against the double, beside what other ingesters' plans come to for the same
// account. With -v and CRYWOLF_THOROUGH it prints the README's table.
func TestRequestsPerThousandIncidents(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Incidents: 1000})
	s := newRequestShape(a)
	srv := serve(t, a)
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	line := func(name, brings string, requests int) int {
		per := (1000*requests + len(s.incidents)/2) / len(s.incidents)
		fmt.Fprintf(w, "%s\t%s\t%d\n", name, brings, per)
		return per
	}
	ours := map[AlertsMode]int{}
	modes := []AlertsMode{AlertsAuto, AlertsNone, AlertsAll}
	for _, mode := range modes[:repeats(1, len(modes))] {
		o := options(srv, a)
		o.Alerts = mode
		st, _ := newStore(t)
		sum := mustSync(t, st, o)
		if sum.RetryCount > 0 || one(t, st, "SELECT count(*) FROM incidents") == "0" {
			t.Errorf("%s: %d retries", mode, sum.RetryCount)
		}
		st.Close()
		brings := map[AlertsMode]string{AlertsNone: "log entries, shifts", AlertsAuto: "log entries, shifts, alerts of incidents with several",
			AlertsAll: "log entries, shifts, alerts"}[mode]
		ours[mode] = line("crywolf --alerts "+string(mode), brings, sum.RequestCount)
	}
	plans := map[string]int{}
	for _, p := range requestPlans {
		plans[p.name] = line(p.name, p.brings, p.requests(s))
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	t.Logf("requests per 1,000 incidents; %d incidents with %.1f log entries each, %d days:\n%s", len(s.incidents),
		float64(s.entryCount)/float64(len(s.incidents)), s.days, b.String())

	// What reads the account's lists cannot do with less than a page for 100 rows; schedules and people are all we add.
	if floor := 1000 * (pagesOf(len(s.incidents)) + pagesOf(s.entryCount)) / len(s.incidents); ours[AlertsNone] > floor+30 || ours[AlertsAuto] < floor {
		t.Errorf("it takes %d requests for 1,000 incidents, %d without alerts, and the floor is %d", ours[AlertsAuto], ours[AlertsNone], floor)
	}
	for name, than := range map[string]AlertsMode{"pd2pg": AlertsAuto, "Faros connector": AlertsAuto, "Steampipe": AlertsAuto, "Singer tap": AlertsAll, "CloudQuery": AlertsAll} {
		if ours[than] >= plans[name] {
			t.Errorf("--alerts %s takes %d requests, %s %d", than, ours[than], name, plans[name])
		}
	}
}
