package ingest

import (
	"context"
	"slices"
	"sort"
	"testing"
	"time"

	"crywolf/ingest/pagerdutytest"
)

// TestUnreadableRecordsHaveTheirPlace: a record whose own time can't be read lies between its neighbours in the list.
func TestUnreadableRecordsHaveTheirPlace(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 8, Weeks: 3})
	st, _ := newStore(t)
	o := options(serve(t, a, pagerdutytest.WithHostile()), a)
	mustSync(t, st, o)
	made := map[string]time.Time{}
	for _, in := range a.Incidents {
		made[in.ID] = in.CreatedAt
	}
	for _, e := range a.LogEntries {
		made[e.ID] = e.CreatedAt
	}
	rows, err := st.DB().Query(`SELECT id, since_at, until_at FROM unreadable_records WHERE kind IN ('incidents', 'log_entries')`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	placed := 0
	for rows.Next() {
		var id string
		var since, until *time.Time
		if err := rows.Scan(&id, &since, &until); err != nil {
			t.Fatal(err)
		}
		at := made[id]
		if since == nil || until == nil {
			if at.After(a.Start) { // only those of histories from before the period may have no neighbour
				t.Errorf("%s, made in the period, has the place %v – %v", id, since, until)
			}
			continue
		}
		placed++
		if at.Truncate(time.Second).Before(since.Truncate(time.Second)) || at.After(until.Add(time.Second)) {
			t.Errorf("%s was made at %v and is placed in %v – %v", id, at, since, until)
		}
		if until.Sub(*since) > 12*time.Hour {
			t.Errorf("%s is placed no closer than %v – %v", id, since, until)
		}
	}
	if rows.Err() != nil || placed < 5 {
		t.Fatalf("only %d were placed, %v", placed, rows.Err())
	}

	// Read again from a PagerDuty that has mended them: nothing is unreadable any more, not even what has no place.
	placeless(t, st)
	o = options(serve(t, a, pagerdutytest.WithNow(a.End.Add(time.Hour))), a)
	o.Full = true
	mustSync(t, st, o)
	if got := one(t, st, "SELECT count(*) FROM unreadable_records WHERE kind IN ('incidents', 'log_entries')"); got != "0" {
		t.Errorf("%s records that were read since still count as unreadable", got)
	}
}

// placeless writes of an unreadable entry of which not even the id and the time are known.
func placeless(t *testing.T, st *Store) {
	t.Helper()
	const q = `INSERT INTO unreadable_records (kind, shape, digest, fetched_at)
		SELECT 'log_entries', '"string"', 'placeless', max(fetched_at) FROM incidents`
	if _, err := st.DB().Exec(q); err != nil {
		t.Fatal(err)
	}
}

// TestASmallFullSyncForgetsNothingElse: what can't be read outside the time that is read again stays known.
func TestASmallFullSyncForgetsNothingElse(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 8, Weeks: 3})
	st, _ := newStore(t)
	mustSync(t, st, options(serve(t, a, pagerdutytest.WithHostile()), a))
	placeless(t, st)
	const known = "SELECT kind || ' ' || digest FROM unreadable_records WHERE kind IN ('incidents', 'log_entries', 'change_events') ORDER BY 1"
	before := column(t, st, known)
	o := options(serve(t, a, pagerdutytest.WithHostile(), pagerdutytest.WithNow(a.End.Add(time.Hour))), a)
	o.Full, o.Since, o.Until = true, a.End.AddDate(0, 0, -3), a.End.AddDate(0, 0, -2)
	mustSync(t, st, o)
	after := column(t, st, known)
	if lost := missingFrom(after, before); len(before) < 10 || len(lost) > 0 {
		t.Errorf("of %d unreadable records %d are forgotten, as %v", len(before), len(lost), lost)
	}
}

func TestPlacesInAPage(t *testing.T) {
	at := func(h int) time.Time { return time.Date(2026, 11, 1, h, 0, 0, 0, time.UTC) }
	none := time.Time{}
	for _, c := range []struct {
		name        string
		clocks      []time.Time
		newestFirst bool
		want        []span
	}{
		{"between", []time.Time{at(1), none, at(3)}, false, []span{{at(1), at(3)}}},
		{"newest first", []time.Time{at(3), none, at(1)}, true, []span{{at(1), at(3)}}},
		{"two in a row", []time.Time{at(1), none, none, at(3)}, false, []span{{at(1), at(3)}, {at(1), at(3)}}},
		{"at the ends", []time.Time{none, at(1), at(3), none}, false, []span{{at(0), at(1)}, {at(3), at(9)}}},
		{"at the ends, newest first", []time.Time{none, at(3), at(1), none}, true, []span{{at(3), at(9)}, {at(0), at(1)}}},
		{"alone", []time.Time{none}, true, []span{{at(0), at(9)}}},
		{"out of order", []time.Time{at(3), none, at(1)}, false, []span{{at(0), at(9)}}},
	} {
		p := page{clocks: c.clocks}
		for i, clock := range c.clocks {
			if clock.IsZero() {
				p.unreadable = append(p.unreadable, unreadable{row: i})
			}
		}
		p.placeUnreadable(span{at(0), at(9)}, c.newestFirst)
		for i, u := range p.unreadable {
			if u.made != c.want[i] {
				t.Errorf("%s: %v, want %v", c.name, u.made, c.want[i])
			}
		}
	}
}

// TestAScheduleThatComesLateIsReadWhole: one that the token could not see at first has its past read too, also where
// that is cut off.
func TestAScheduleThatComesLateIsReadWhole(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 6, Weeks: 8})
	all := a.Schedules
	a.Schedules = all[1:]
	st, _ := newStore(t)
	mustSync(t, st, options(serve(t, a), a))
	a.Schedules = all
	late := all[0].ID
	entries := "SELECT count(*) FROM schedule_entries WHERE schedule_id = '" + late + "'"

	ctx, cancel := context.WithCancel(context.Background())
	o := options(serve(t, a), a)
	o.Progress = func(p Progress) {
		if p.Kind == kindSchedules && one(t, st, "SELECT count(*) FROM ledger WHERE scope = '"+late+"'") != "0" {
			cancel()
		}
	}
	if _, err := Sync(ctx, st, o); err == nil {
		t.Fatal("the sync was not cut off")
	}
	if got := one(t, st, "SELECT count(*) FROM ledger WHERE scope = '"+late+"' AND state = 'reading'"); got == "0" {
		t.Fatal("the ledger does not say that the schedule's past is not read")
	}
	mustSync(t, st, options(serve(t, a), a))
	fresh, _ := newStore(t)
	mustSync(t, fresh, options(serve(t, a), a))
	if got, want := one(t, st, entries), one(t, fresh, entries); got != want || want == "0" {
		t.Errorf("%s entries, a fresh sync has %s", got, want)
	}
	sameFacts(t, facts(t, st), facts(t, fresh))
	if again := mustSync(t, st, options(serve(t, a), a)); again.Requests[kindSchedules] > 6 {
		t.Errorf("%d requests for schedules though none is new", again.Requests[kindSchedules])
	}
}

// TestAnUnfinishedSyncIsMarked from its plan to its end.
func TestAnUnfinishedSyncIsMarked(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 2})
	st, _ := newStore(t)
	const marks = "SELECT count(*) FROM meta WHERE key = 'sync_unfinished_until'"
	ctx, cancel := context.WithCancel(context.Background())
	o := options(serve(t, a), a)
	o.Progress = func(p Progress) {
		if p.Kind == kindOpen { // incidents and log entries are whole by then
			cancel()
		}
	}
	if _, err := Sync(ctx, st, o); err == nil {
		t.Fatal("the sync was not cut off")
	}
	if got := one(t, st, "SELECT count(*) FROM ledger WHERE kind IN ('incidents', 'log_entries') AND scope = '' AND state = 'reading'"); got != "0" || one(t, st, marks) != "1" {
		t.Errorf("%s windows are being read, %s marks", got, one(t, st, marks))
	}
	mustSync(t, st, options(serve(t, a), a))
	if one(t, st, marks) != "0" || one(t, st, "SELECT count(*) FROM meta WHERE key = 'last_sync_at'") != "1" {
		t.Error("a sync that ended is not told from one that did not")
	}
}

// TestEditsWithoutALogEntry: the weekly re-read finds them and says so; what an entry tells of is no late edit.
func TestEditsWithoutALogEntry(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 2})
	st, _ := newStore(t)
	before := a.At(a.End.AddDate(0, 0, -3))
	mustSync(t, st, options(serve(t, before), a))
	edited := &a.Incidents[len(a.Incidents)/2]
	edited.Priority = nil
	edited.Title = "renamed"
	want := []string{edited.ID}
	for i, in := range a.Incidents {
		if in.Status == "resolved" && in.CreatedAt.After(a.Start) && in.CreatedAt.Before(before.End.AddDate(0, 0, -1)) && in.ID != edited.ID {
			want = append(want, in.ID)
			a.Incidents = append(a.Incidents[:i:i], a.Incidents[i+1:]...) // deleted
			break
		}
	}
	sort.Strings(want)
	mustSync(t, st, options(serve(t, a, pagerdutytest.WithNow(a.End.AddDate(0, 0, 8))), a))
	if got := column(t, st, "SELECT incident_id FROM late_edits ORDER BY 1"); len(want) != 2 || !slices.Equal(got, want) {
		t.Errorf("late edits: %v, want %s", got, want)
	}
	if got := one(t, st, "SELECT count(*) > 0 FROM incidents WHERE fetched_at > (SELECT max(known_at) FROM late_edits) AND status = 'resolved'"); got != "true" {
		t.Error("no incident changed with a log entry: the test does not try what it says")
	}
	mustSync(t, st, options(serve(t, a, pagerdutytest.WithNow(a.End.AddDate(0, 0, 16))), a))
	if got := one(t, st, "SELECT count(*) FROM late_edits"); got != "2" {
		t.Errorf("%s late edits after a re-read that found nothing", got)
	}
}

// TestAlertsThatNobodyAskedForAreNotWhole.
func TestAlertsThatNobodyAskedForAreNotWhole(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 1})
	st, _ := newStore(t)
	o := options(serve(t, a), a)
	o.Alerts = AlertsNone
	mustSync(t, st, o)
	if got := one(t, st, "SELECT state || ': ' || reason FROM ledger WHERE kind = 'alerts'"); got != "skipped: not asked for (--alerts none)" {
		t.Error(got)
	}
}
