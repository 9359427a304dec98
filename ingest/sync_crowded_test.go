package ingest

import (
	"fmt"
	"testing"
	"time"

	"crywolf/ingest/pagerdutytest"
)

func TestACrowdedMonthIsReadWhole(t *testing.T) {
	t.Parallel()
	const n = 12_500
	a := crowded(t, n)
	srv := serve(t, a)
	st, _ := newStore(t)
	sum := mustSync(t, st, options(srv, a))
	if got := one(t, st, "SELECT count(*) FROM incidents"); got != fmt.Sprint(n) {
		t.Errorf("%s incidents", got)
	}
	if got := one(t, st, "SELECT count(*) FROM log_entries"); got != fmt.Sprint(len(a.LogEntries)) || len(a.LogEntries) <= 10_000 {
		t.Errorf("%s of %d log entries", got, len(a.LogEntries))
	}
	if got := one(t, st, "SELECT count(DISTINCT id) FROM log_entries"); got != fmt.Sprint(len(a.LogEntries)) {
		t.Errorf("%s different log entries", got)
	}
	checkBudget(t, sum, a)
	if got := one(t, st, "SELECT count(*) FROM ledger WHERE state <> 'whole'"); got != "0" || len(sum.Notes) > 0 {
		t.Errorf("%s windows are not whole, notes %v", got, sum.Notes)
	}
}

// crowded is an account with n incidents in a month, some of them in crowds of one second, and two log entries each.
func crowded(t *testing.T, n int) *pagerdutytest.Account {
	t.Helper()
	a := pagerdutytest.NewAccount("crowd")
	a.Start = a.End.AddDate(0, -1, 0)
	service := pagerdutytest.Service{ID: "PSERVIC", Type: "service", Name: "s", Summary: "s"}
	a.Services = append(a.Services, service)
	seconds := int(a.End.Sub(a.Start).Seconds())
	for i := range n {
		second := i * (seconds - 10) / n
		if i%500 < 150 {
			second = (i - i%500) * (seconds - 10) / n
		}
		created := a.Start.Add(time.Duration(second) * time.Second)
		resolved := created.Add(5 * time.Second)
		ref := pagerdutytest.Ref("service", service.ID, service.Name)
		in := pagerdutytest.Incident{ID: fmt.Sprintf("Q%08d", i), Type: "incident", Title: "t", IncidentNumber: i, CreatedAt: created,
			UpdatedAt: resolved, ResolvedAt: &resolved, LastStatusChangeAt: resolved, Status: "resolved", Urgency: "high", Service: ref}
		a.Incidents = append(a.Incidents, in)
		incident := pagerdutytest.Ref("incident", in.ID, "t")
		for k, kind := range []string{"trigger_log_entry", "resolve_log_entry"} {
			a.LogEntries = append(a.LogEntries, pagerdutytest.LogEntry{ID: fmt.Sprintf("R%08d%d", i, k), Type: kind, Incident: &incident,
				CreatedAt: created.Add(time.Duration(5*k) * time.Second), Service: &ref, Agent: &ref, Channel: &pagerdutytest.Channel{Type: "api"}})
		}
	}
	return a
}

func TestASecondFullerThanAListIsNamed(t *testing.T) {
	t.Parallel()
	a := crowded(t, 700)
	crowdedSecond := a.Incidents[300].CreatedAt
	for i := 300; i < 700; i++ {
		a.Incidents[i].CreatedAt = crowdedSecond
	}
	// The list reaches 300 rows here: less than what stands in one second.
	srv := serve(t, a, pagerdutytest.WithCap(300))
	st, _ := newStore(t)
	sum := mustSync(t, st, options(srv, a))
	if len(sum.Notes) == 0 || sum.Notes[0].Code != "rows_lost" {
		t.Errorf("notes %v", sum.Notes)
	}
	got := column(t, st, "SELECT kind || ' ' || since_at || ' ' || until_at FROM ledger WHERE state = 'truncated' AND kind = 'incidents'")
	want := fmt.Sprintf("incidents %s %s", crowdedSecond.Format("2006-01-02 15:04:05"), crowdedSecond.Add(time.Second).Format("2006-01-02 15:04:05"))
	if len(got) != 1 || got[0] != want {
		t.Errorf("truncated: %v, want %s", got, want)
	}
	lost := missingFrom(column(t, st, "SELECT id FROM incidents"), idsOf(t, a, "incidents", a.Start))
	for _, id := range lost {
		if one(t, st, "SELECT count(*) FROM log_entries WHERE incident_id = '"+id+"'") == "0" {
			t.Errorf("%s is lost without a trace", id)
		}
	}
}
