package ingest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"crywolf/ingest/pagerdutytest"
)

func TestHostileRecordsAreKept(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 8, Weeks: 3})
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

func TestRandomAccountsAreReadWhole(t *testing.T) {
	for seed := range uint64(repeats(1, 6)) {
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
