package ingest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"crywolf/ingest/pagerdutytest"
)

func TestAWeekLaterTheLastMonthIsReadAgain(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 2})
	st, _ := newStore(t)
	mustSync(t, st, options(serve(t, a), a))
	changed := &a.Incidents[len(a.Incidents)/2]
	changed.Title = "renamed without a log entry"
	if sum := mustSync(t, st, options(serve(t, a, pagerdutytest.WithNow(a.End.AddDate(0, 0, 3))), a)); sum.AgainCount != 0 {
		t.Errorf("%d requests read something again before the week was over", sum.AgainCount)
	}
	if got := one(t, st, "SELECT count(*) FROM incidents WHERE title LIKE 'renamed%'"); got != "0" {
		t.Error("the change was seen before the week was over: the test does not try what it says")
	}
	o := options(serve(t, a, pagerdutytest.WithNow(a.End.AddDate(0, 0, 8))), a)
	again := map[string]int{}
	o.Progress = func(p Progress) {
		if p.Again {
			again[p.Kind]++
		}
	}
	sum := mustSync(t, st, o)
	if again[kindIncidents] != sum.Requests[kindIncidents] || again[kindLogEntries] != sum.Requests[kindLogEntries] || len(again) != 2 ||
		sum.AgainCount != again[kindIncidents]+again[kindLogEntries] || sum.AgainCount < 3 {
		t.Errorf("told to be read again: %v, counted %d, asked for %v", again, sum.AgainCount, sum.Requests)
	}
	if got := one(t, st, "SELECT id FROM incidents WHERE title LIKE 'renamed%'"); got != changed.ID {
		t.Errorf("renamed: %s", got)
	}
}

// TestASmallSyncPostponesNothing: one that reads a part of the last month, with Full or without, leaves the rest due.
func TestASmallSyncPostponesNothing(t *testing.T) {
	t.Parallel()
	for _, full := range []bool{true, false} {
		a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 2})
		st, _ := newStore(t)
		mustSync(t, st, options(serve(t, a), a))
		changed := &a.Incidents[len(a.Incidents)/2]
		changed.Title = "renamed without a log entry"
		week := serve(t, a, pagerdutytest.WithNow(a.End.AddDate(0, 0, 8)))
		o := options(week, a)
		o.Full, o.Since = full, a.End.AddDate(0, 0, -1)
		mustSync(t, st, o)
		if got := one(t, st, "SELECT count(*) FROM incidents WHERE title LIKE 'renamed%'"); got != "0" {
			t.Fatal("the small sync saw the change: the test does not try what it says")
		}
		mustSync(t, st, options(week, a))
		if got := one(t, st, "SELECT count(*) FROM incidents WHERE title LIKE 'renamed%'"); got != "1" {
			t.Errorf("full %v: the month was not read again", full)
		}
		if again := mustSync(t, st, options(week, a)); again.AgainCount != 0 {
			t.Errorf("full %v: %d requests though the month has just been read again", full, again.AgainCount)
		}
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

// TestAReReadThatBreaksOff is made up for by the next sync, though the time had been read whole before.
func TestAReReadThatBreaksOff(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{kindIncidents, kindLogEntries, kindSchedules}[:repeats(1, 3)] {
		a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 2})
		st, _ := newStore(t)
		mustSync(t, st, options(serve(t, a), a))
		b := &breaking{right: pagerdutytest.NewHandler(a, pagerdutytest.WithRate(fast), pagerdutytest.WithNow(a.End.AddDate(0, 0, 8))), key: kind, breaks: listPath(kind)}
		srv := httptest.NewServer(b)
		t.Cleanup(srv.Close)
		o := options(serve(t, a), a)
		o.BaseURL, o.Rate = srv.URL, fast
		mustSync(t, st, o)
		lost := "SELECT count(*) FROM ledger WHERE kind = '" + kind + "' AND state = 'truncated'"
		if one(t, st, lost) == "0" {
			t.Fatalf("%s: nothing is truncated", kind)
		}
		changed := &a.Incidents[len(a.Incidents)/2]
		changed.Title = "renamed without a log entry"
		b.right, b.after = pagerdutytest.NewHandler(a, pagerdutytest.WithRate(fast), pagerdutytest.WithNow(a.End.AddDate(0, 0, 9))), -1
		mustSync(t, st, o)
		if got := one(t, st, lost); got != "0" {
			t.Errorf("%s: %s windows are still truncated", kind, got)
		}
		if got := column(t, st, "SELECT incident_id FROM late_edits"); kind == kindIncidents && !slices.Equal(got, []string{changed.ID}) {
			t.Errorf("late edits %v", got)
		}
	}
}

// TestALostWindowReadInParts is lost no more when each of its parts was read.
func TestALostWindowReadInParts(t *testing.T) {
	t.Parallel()
	st, _ := newStore(t)
	ctx := context.Background()
	conn, err := st.DB().Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	w := &writer{conn: conn, now: time.Now}
	add := func(from, to int, state string) *window {
		win := reading(kindIncidents, from, to)
		win.state = state
		if err := w.addWindow(ctx, &win); err != nil {
			t.Fatal(err)
		}
		return &win
	}
	add(100, 200, stateTruncated)
	parts := []*window{add(0, 130, stateReading), add(130, 150, stateReading), add(150, 300, stateReading)}
	for i, left := range [][]span{{{at(130), at(200)}}, {{at(150), at(200)}}, nil} {
		parts[i].state = stateWhole
		if err := w.saveWindow(ctx, parts[i]); err != nil {
			t.Fatal(err)
		}
		if got, err := w.spans(ctx, kindIncidents, "", stateTruncated); err != nil || !slices.Equal(got, left) {
			t.Errorf("after %d parts %v are lost, %v", i+1, got, err)
		}
	}
}
