package ingest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sort"
	"strings"
	"testing"
	"time"

	"crywolf/ingest/pagerdutytest"

	"github.com/google/go-cmp/cmp"
)

func TestATokenThatIsRefused(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 1})
	st, _ := newStore(t)
	srv := serve(t, a, pagerdutytest.WithToken("another"))
	var auth *AuthError
	if _, err := Sync(context.Background(), st, options(srv, a)); !errors.As(err, &auth) || auth.Status != 401 || auth.What != "" {
		t.Errorf("wrong token: %v", err)
	}
	if _, err := Sync(context.Background(), st, Options{BaseURL: srv.URL}); !errors.As(err, &auth) || auth.Status != 0 {
		t.Errorf("no token: %v", err)
	}
	for path, what := range map[string]string{"/incidents": "incidents", "/log_entries": "log entries"} {
		srv := serve(t, a, pagerdutytest.WithDenied(403, path))
		if _, err := Sync(context.Background(), st, options(srv, a)); !errors.As(err, &auth) || auth.Status != 403 || auth.What != what {
			t.Errorf("%s: %v", path, err)
		}
		if _, err := EstimateSync(context.Background(), options(srv, a)); !errors.As(err, &auth) || auth.What != what {
			t.Errorf("estimate, %s: %v", path, err)
		}
	}
}

// TestDoingWithout denies each endpoint that a report can do without: the sync goes on and says so.
func TestDoingWithout(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 1})
	for _, kind := range []string{kindAbilities, kindUsers, kindTeams, kindPriorities, kindServices, kindPolicies, kindMaintenance, kindChanges} {
		for _, status := range []int{402, 403, 404} {
			if status != 403 && kind != kindChanges {
				continue
			}
			t.Run(fmt.Sprint(kind, " ", status), func(t *testing.T) {
				t.Parallel()
				srv := serve(t, a, pagerdutytest.WithDenied(status, "/"+kind))
				st, _ := newStore(t)
				sum := mustSync(t, st, options(srv, a))
				if kind == kindAbilities {
					return
				}
				if len(sum.Notes) != 1 || sum.Notes[0].Code != "endpoint_skipped" || sum.Notes[0].Kind != kind {
					t.Errorf("notes %v", sum.Notes)
				}
				if got := one(t, st, "SELECT code || ' ' || kind FROM sync_notes"); got != "endpoint_skipped "+kind {
					t.Errorf("stored note %s", got)
				}
				if got := one(t, st, "SELECT count(*) FROM ledger WHERE state = 'skipped' AND kind = '"+kind+"'"); got != "1" {
					t.Errorf("%s ledger rows are skipped", got)
				}
				if kind == kindUsers && one(t, st, "SELECT count(*) FROM users WHERE is_deleted") != "0" {
					t.Error("users count as deleted though they were not listed")
				}
			})
		}
	}
}

func TestSchedulesThatMayNotBeRead(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 2})
	srv := serve(t, a, pagerdutytest.WithDenied(403, "/schedules"))
	st, _ := newStore(t)
	mustSync(t, st, options(srv, a))
	targeted := one(t, st, "SELECT count(DISTINCT target_id) FROM escalation_targets WHERE target_kind = 'schedule'")
	if got := one(t, st, "SELECT count(*) FROM schedules WHERE NOT is_readable"); got != targeted || got == "0" {
		t.Errorf("%s schedules are unreadable, %s are targeted", got, targeted)
	}
	if got := one(t, st, "SELECT count(*) FROM ledger WHERE kind = 'schedules' AND state = 'whole'"); got != "0" {
		t.Errorf("%s windows of schedules count as whole", got)
	}
	// Once it may be read it is.
	mustSync(t, st, options(serve(t, a), a))
	fresh, _ := newStore(t)
	mustSync(t, fresh, options(serve(t, a), a))
	sameFacts(t, facts(t, st), facts(t, fresh))
	if got := one(t, st, "SELECT count(*) FROM ledger WHERE state = 'skipped'"); got != "0" {
		t.Errorf("%s ledger rows are still skipped", got)
	}
}

// TestSchedulesAreReadAsRendered compares the stored entries with the account's, those of shift-based schedules
// with several people and vacancies too.
func TestSchedulesAreReadAsRendered(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 6, Weeks: 2})
	for name, opts := range map[string][]pagerdutytest.Option{
		"in months":                 nil,
		"refused over twelve days":  {pagerdutytest.WithScheduleRange(12 * 24 * time.Hour)},
		"without the v3 endpoint":   {pagerdutytest.WithDenied(404, "/v3/")},
		"with a forbidden endpoint": {pagerdutytest.WithDenied(403, "/v3/")},
	} {
		t.Run(name, func(t *testing.T) {
			srv := serve(t, a, opts...)
			st, _ := newStore(t)
			mustSync(t, st, options(srv, a))
			noV3 := strings.HasPrefix(name, "with")
			got := column(t, st, `SELECT schedule_id || ' ' || coalesce(user_id, '') || ' ' || start_at || ' ' || end_at
				FROM schedule_entries ORDER BY 1`)
			if diff := cmp.Diff(expectedEntries(a, !noV3), got); diff != "" {
				t.Errorf("entries (-want +got):\n%s", diff)
			}
			unreadable := one(t, st, "SELECT count(*) FROM schedules WHERE NOT is_readable AND name IS NOT NULL")
			if want := fmt.Sprint(len(a.V3Schedules)); noV3 && unreadable != want || !noV3 && unreadable != "0" {
				t.Errorf("%s schedules are unreadable", unreadable)
			}
			if got := one(t, st, "SELECT count(*) > 0 FROM schedule_overrides"); got != "true" {
				t.Error("no overrides")
			}
		})
	}
}

// expectedEntries are the account's entries, clipped to what a sync reads and merged where they touch.
func expectedEntries(a *pagerdutytest.Account, withV3 bool) []string {
	w := span{a.Start.Add(-scheduleLead), a.End}
	var out []string
	add := func(id string, list []duty) {
		for _, d := range replaceDuties(nil, list, w) {
			const layout = "2006-01-02 15:04:05"
			out = append(out, fmt.Sprintf("%s %s %s %s", id, d.userID, d.from.UTC().Format(layout), d.to.UTC().Format(layout)))
		}
	}
	for _, s := range a.Schedules {
		var list []duty
		for _, e := range s.FinalSchedule.RenderedScheduleEntries {
			list = append(list, duty{e.User.ID, e.Start, e.End})
		}
		add(s.ID, list)
	}
	for _, s := range a.V3Schedules {
		var list []duty
		for _, e := range s.FinalSchedule.ComputedShiftAssignments {
			list = append(list, duty{e.Member.UserID, e.StartTime, e.EndTime})
		}
		if withV3 {
			add(s.ID, list)
		}
	}
	sort.Strings(out)
	return out
}

func TestHostileRecordsAreKept(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 8, Weeks: 4})
	srv := serve(t, a, pagerdutytest.WithHostile())
	st, _ := newStore(t)
	o := options(srv, a)
	o.Alerts = AlertsAll
	mustSync(t, st, o)
	for _, kind := range []string{"incidents", "log_entries", "alerts"} {
		since := a.Start
		if kind == "alerts" {
			since = time.Time{}
		}
		var readable, not []string
		for _, id := range idsOf(t, a, kind, since) {
			if pagerdutytest.Unreadable(kind, id) {
				not = append(not, id)
			} else {
				readable = append(readable, id)
			}
		}
		stored := column(t, st, "SELECT id FROM "+kind)
		if kind == "alerts" { // those of incidents from before the period are not asked for
			readable = missingFrom(missingFrom(stored, readable), readable)
		}
		if missing := missingFrom(stored, readable); len(missing) > 0 {
			t.Errorf("%s: %d of %d are missing, as %s", kind, len(missing), len(readable), missing[0])
		}
		kept := column(t, st, "SELECT id FROM unreadable_records WHERE kind = '"+kind+"'")
		if missing := missingFrom(kept, not); len(missing) > 0 && kind != "alerts" {
			t.Errorf("%s: %d of %d unreadable ones are not named", kind, len(missing), len(not))
		}
	}
	if got := one(t, st, "SELECT count(*) FROM sync_notes WHERE code = 'unreadable_records'"); got == "0" {
		t.Error("no note speaks of the unreadable records")
	}
	before := facts(t, st)
	mustSync(t, st, o)
	sameFacts(t, facts(t, st), before)
}

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

func TestAnInterruptedSyncKeepsWhatItRead(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 2})
	srv := serve(t, a)
	st, _ := newStore(t)
	ctx, cancel := context.WithCancel(context.Background())
	o := options(srv, a)
	o.Progress = func(p Progress) {
		if p.Kind == kindLogEntries && p.Rows >= 300 {
			cancel()
		}
	}
	_, err := Sync(ctx, st, o)
	if !errors.Is(err, ErrInterrupted) || !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v", err)
	}
	if got := one(t, st, "SELECT count(*) >= 300 FROM log_entries"); got != "true" {
		t.Error("what was read is not kept")
	}
	if got := one(t, st, "SELECT count(*) FROM ledger WHERE state = 'reading' AND kind = 'log_entries'"); got != "1" {
		t.Errorf("%s windows are to be finished", got)
	}
	o.Progress = nil
	mustSync(t, st, o)
	fresh, _ := newStore(t)
	mustSync(t, fresh, o)
	sameFacts(t, facts(t, st), facts(t, fresh))
}

func TestProgressTellsKindWindowRowsAndBudget(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 2})
	srv := serve(t, a)
	st, _ := newStore(t)
	var seen []Progress
	o := options(srv, a)
	o.Progress = func(p Progress) { seen = append(seen, p) }
	sum := mustSync(t, st, o)
	rows := map[string]int64{}
	for _, p := range seen {
		if p.Rows < rows[p.Kind] || p.Requests > sum.RequestCount || p.RequestsLeft < 0 {
			t.Fatalf("%+v", p)
		}
		rows[p.Kind] = p.Rows
		if p.Kind == kindLogEntries && (p.Since.IsZero() || !p.Until.Equal(a.End) || p.SecondsLeft < 0) {
			t.Errorf("%+v", p)
		}
	}
	if rows[kindLogEntries] != sum.Rows[kindLogEntries] || rows[kindIncidents] == 0 {
		t.Errorf("rows told %v, read %v", rows, sum.Rows)
	}
}

func TestVanishedIncidentsBecomeTombstones(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 2})
	st, _ := newStore(t)
	mustSync(t, st, options(serve(t, a), a))
	var gone string
	for i, in := range a.Incidents {
		if in.Status != "resolved" && in.CreatedAt.Before(a.End.AddDate(0, 0, -1)) {
			gone = in.ID
			a.Incidents = append(a.Incidents[:i:i], a.Incidents[i+1:]...)
			break
		}
	}
	if gone == "" {
		t.Fatal("no incident is open")
	}
	mustSync(t, st, options(serve(t, a), a))
	if got := one(t, st, "SELECT is_deleted FROM incidents WHERE id = '"+gone+"'"); got != "true" {
		t.Errorf("is_deleted %s", got)
	}
	if got := one(t, st, "SELECT count(*) > 0 FROM touched_incidents WHERE incident_id = '"+gone+"'"); got != "true" {
		t.Error("it does not count as touched")
	}
}

func TestAlertsAreReadAgainOnlyWhenTheirIncidentChanged(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 2})
	st, _ := newStore(t)
	first := mustSync(t, st, options(serve(t, a), a))
	if first.Requests[kindAlerts] == 0 {
		t.Fatal("no incident has two alerts")
	}
	if again := mustSync(t, st, options(serve(t, a), a)); again.Requests[kindAlerts] != 0 {
		t.Errorf("%d incidents' alerts were read again", again.Requests[kindAlerts])
	}
	o := options(serve(t, a), a)
	o.Alerts = AlertsNone
	none, _ := newStore(t)
	if sum := mustSync(t, none, o); sum.Requests[kindAlerts] != 0 {
		t.Error("alerts were read with --alerts none")
	}
	o.Alerts = "some"
	if _, err := Sync(context.Background(), none, o); err == nil {
		t.Error("--alerts some was taken")
	}
	denied := serve(t, a, func() pagerdutytest.Option {
		return pagerdutytest.WithDenied(http.StatusForbidden, "/incidents/Q", "/incidents/P")
	}())
	skipped, _ := newStore(t)
	sum := mustSync(t, skipped, options(denied, a))
	if len(sum.Notes) == 0 || sum.Notes[0].Code != "alerts_skipped" {
		t.Errorf("notes %v", sum.Notes)
	}
}

func TestPseudonymsAreStable(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 2})
	st, _ := newStore(t)
	mustSync(t, st, options(serve(t, a), a))
	before, err := st.Pseudonyms(context.Background(), []byte("key"))
	if err != nil || len(before) < len(a.Users) {
		t.Fatalf("%d pseudonyms, %v", len(before), err)
	}
	a.Users = append(a.Users[1:], pagerdutytest.User{ID: "PNEWONE", Type: "user", Name: "New Person", Summary: "New Person"})
	mustSync(t, st, options(serve(t, a), a))
	after, err := st.Pseudonyms(context.Background(), []byte("key"))
	if err != nil {
		t.Fatal(err)
	}
	used := map[int]bool{}
	for id, n := range before {
		used[n] = true
		if after[id] != n {
			t.Errorf("R%d became R%d", n, after[id])
		}
	}
	if n := after["PNEWONE"]; n != len(before)+1 || used[n] {
		t.Errorf("the new person is R%d of %d", n, len(after))
	}
	if got := one(t, st, "SELECT count(*) FROM pseudonyms WHERE contains(user_key, 'P') OR length(user_key) <> 64"); got != "0" {
		t.Error("a key shows its user")
	}
	if got := one(t, st, "SELECT count(*) FROM users WHERE is_deleted AND name IS NOT NULL"); got == "0" {
		t.Error("who is not listed any more is not marked")
	}
}

func TestTheServersClockSetsTheEnd(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 2})
	st, _ := newStore(t)
	o := options(serve(t, a), a)
	o.Until = a.End.AddDate(5, 0, 0)
	sum := mustSync(t, st, o)
	if !sum.Until.Equal(a.End) {
		t.Errorf("until %s, the server's time is %s", sum.Until, a.End)
	}
	o.Since, o.Until = a.End, a.End.AddDate(0, 0, -1)
	if _, err := Sync(context.Background(), st, o); err == nil {
		t.Error("a period that ends before it starts was taken")
	}
}

func TestTheEstimateHoldsWhatItPromises(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 4})
	srv := serve(t, a)
	for _, weeks := range []int{1, 13, 60, 200} {
		o := options(srv, a)
		o.Since = a.End.AddDate(0, 0, -7*weeks)
		srv.ResetLog()
		e, err := EstimateSync(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(srv.Log()); n > 12 || n != e.RequestsSpent {
			t.Errorf("%d weeks: %d requests, it says %d", weeks, n, e.RequestsSpent)
		}
		if weeks > 13 {
			continue
		}
		st, _ := newStore(t)
		sum := mustSync(t, st, o)
		if sum.RequestCount < e.Requests.Low || sum.RequestCount > e.Requests.High {
			t.Errorf("%d weeks: %d requests, estimated %+v", weeks, sum.RequestCount, e)
		}
	}
}

func TestRandomAccountsAreReadWhole(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			a := pagerdutytest.Random(seed)
			var opts []pagerdutytest.Option
			if seed%2 == 1 {
				opts = append(opts, pagerdutytest.WithPlainIncludes(), pagerdutytest.WithCap(200))
			}
			srv := serve(t, a, opts...)
			st, _ := newStore(t)
			o := options(srv, a)
			o.Since = a.At(a.Start.AddDate(0, 0, 9)).End // in the middle of things
			mustSync(t, st, o)
			for _, kind := range []string{"incidents", "log_entries"} {
				got := column(t, st, "SELECT id FROM "+kind)
				if missing := missingFrom(got, idsOf(t, a, kind, o.Since)); len(missing) > 0 {
					t.Errorf("%s: %d are missing, as %s", kind, len(missing), missing[0])
				}
			}
			// Whoever has an entry in the period has all entries, and an incident.
			touched := column(t, st, "SELECT DISTINCT incident_id FROM log_entries")
			if missing := missingFrom(column(t, st, "SELECT id FROM incidents"), touched); len(missing) > 0 {
				t.Errorf("%d incidents have entries only, as %s", len(missing), missing[0])
			}
			entries := map[string]int{}
			for _, e := range a.LogEntries {
				entries[e.Incident.ID]++
			}
			for _, line := range column(t, st, `SELECT incident_id || ' ' || count(*) FROM log_entries
				WHERE incident_id IN (SELECT incident_id FROM log_entries WHERE created_at >= '`+o.Since.Format(time.DateTime)+`') GROUP BY incident_id`) {
				id, n, _ := strings.Cut(line, " ")
				if n != fmt.Sprint(entries[id]) {
					t.Errorf("%s has %s of its %d entries", id, n, entries[id])
				}
			}
			then := a.At(a.End.AddDate(0, 0, -4))
			steps, _ := newStore(t)
			o.BaseURL = serve(t, then, opts...).URL
			mustSync(t, steps, o)
			o.BaseURL = srv.URL
			mustSync(t, steps, o)
			sameFacts(t, facts(t, steps), facts(t, st))
		})
	}
}

func TestAWeekLaterTheLastMonthIsReadAgain(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 2})
	st, _ := newStore(t)
	mustSync(t, st, options(serve(t, a), a))
	changed := &a.Incidents[len(a.Incidents)/2]
	changed.Title = "renamed without a log entry"
	mustSync(t, st, options(serve(t, a, pagerdutytest.WithNow(a.End.AddDate(0, 0, 3))), a))
	if got := one(t, st, "SELECT count(*) FROM incidents WHERE title LIKE 'renamed%'"); got != "0" {
		t.Error("the change was seen before the week was over: the test does not try what it says")
	}
	mustSync(t, st, options(serve(t, a, pagerdutytest.WithNow(a.End.AddDate(0, 0, 8))), a))
	if got := one(t, st, "SELECT id FROM incidents WHERE title LIKE 'renamed%'"); got != changed.ID {
		t.Errorf("renamed: %s", got)
	}
}

func TestManySmallSyncsArePacked(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 1})
	st, _ := newStore(t)
	o := options(serve(t, a), a)
	mustSync(t, st, o)
	const groups = "SELECT count(DISTINCT row_group_id) FROM pragma_storage_info('log_entries')"
	for i := range 60 {
		for _, q := range []string{"SET max_vacuum_tasks = 0", fmt.Sprintf("INSERT INTO log_entries (id, created_at) VALUES ('X%d', '2020-01-01')", i), "CHECKPOINT"} {
			if _, err := st.DB().Exec(q); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := column(t, st, groups+" HAVING count(DISTINCT row_group_id) > 55"); len(got) == 0 {
		t.Fatal("the rows do not lie in many groups: the test does not try what it says")
	}
	mustSync(t, st, o)
	if got := column(t, st, groups+" HAVING count(DISTINCT row_group_id) > 40"); len(got) > 0 {
		t.Errorf("%v row groups are left", got)
	}
}
