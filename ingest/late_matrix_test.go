package ingest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"crywolf/ingest/pagerdutytest"
)

// lateCase is one change of one incident (or two), and when it must be seen.
type lateCase struct {
	name      string
	id, other string
	seen      stage
}

// TestEachLateChangeIsSeenInTime makes every change of lateEdits once for each age that its incident can have, each of
// another incident of one account, and expects it to be seen by the sync that lateEdits says, and not before: what is
// seen earlier is promised too little.
func TestEachLateChangeIsSeenInTime(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Random(16)
	e := newEditing(a, 1, AlertsAll, 14)
	base := e.lastSync
	srv := serve(t, a)
	o := options(srv, a)
	o.Since, o.Alerts = e.since, e.alerts
	st, _ := newStore(t)
	mustSync(t, st, o)
	e.synced()

	e.ed.Pass(base.Add(2 * day))
	cases := e.makeCases(t, column(t, st, "SELECT id FROM incidents WHERE NOT is_deleted ORDER BY id"))
	for _, sync := range []stage{atNextSync, atWeeklyRead, atFullSync} {
		if sync == atWeeklyRead {
			e.ed.Pass(base.Add(8 * day))
		}
		srv.Reload(a)
		o.Full = sync == atFullSync
		mustSync(t, st, o)
		fresh, _ := newStore(t)
		o.Full = false
		mustSync(t, fresh, o)
		stored, right := liveRows(t, st), liveRows(t, fresh)
		for _, c := range cases {
			seen := slices.Equal(stored.of(c), right.of(c))
			if want := c.seen <= sync; seen != want {
				t.Errorf("%s, after the %s: seen %v, want %v", c.name, sync, seen, want)
				if want {
					t.Logf("stored %v\nfresh %v", stored.of(c), right.of(c))
				}
			}
		}
		if sync == atFullSync {
			if diff := differ(contents(t, st), contents(t, fresh)); diff != "" {
				t.Errorf("after the full sync:\n%s", diff)
			}
		}
	}
}

// makeCases plays each change of an incident on incidents of its own.
func (e *editing) makeCases(t *testing.T, stored []string) []lateCase {
	t.Helper()
	used := map[string]bool{}
	ages := []struct {
		name string
		is   func(in *pagerdutytest.Incident) bool
	}{
		{"open", func(in *pagerdutytest.Incident) bool { return in.Status != "resolved" }},
		{"resolved, of the last 30 days", func(in *pagerdutytest.Incident) bool {
			return in.Status == "resolved" && !in.CreatedAt.Before(e.rereadTo)
		}},
		{"resolved, older", func(in *pagerdutytest.Incident) bool {
			return in.Status == "resolved" && in.CreatedAt.Before(e.rereadTo) && !in.CreatedAt.Before(e.since)
		}},
		{"resolved, from before the period", func(in *pagerdutytest.Incident) bool {
			return in.Status == "resolved" && in.CreatedAt.Before(e.since)
		}},
	}
	var out []lateCase
	done := map[string]int{}
	for _, age := range ages {
		for _, x := range lateEdits {
			c := lateCase{name: fmt.Sprintf("%s (%s)", x.name, age.name)}
			pick := func(other string) string {
				for _, id := range stored {
					in := e.a.Incident(id)
					if in == nil || used[id] || !age.is(in) || id == other {
						continue
					}
					if other != "" || x.partnerless(e, id) {
						return id
					}
				}
				return ""
			}
			if c.id = pick(""); c.id == "" {
				continue
			}
			c.other = pick(c.id)
			seen, possible := x.of(e, c.id, c.other)
			if !possible || !x.do(e, c.id, c.other) {
				continue
			}
			done[x.name]++
			used[c.id], c.seen = true, seen
			if x.movesAlerts() || x.name == "merged" {
				used[c.other] = true
			}
			if x.aboutIncident() {
				out = append(out, c)
			}
		}
	}
	for _, x := range lateEdits {
		if done[x.name] == 0 {
			t.Errorf("%s was not tried", x.name)
		}
	}
	for name, n := range map[string]int{"title changed": 4, "priority changed": 4, "incident deleted": 4, "note deleted": 4, "alert moved": 3} {
		if done[name] < n {
			t.Errorf("%s was tried for %d ages only", name, done[name])
		}
	}
	return out
}

// partnerless tells whether an incident could have the change, leaving its partner aside.
func (x lateEdit) partnerless(e *editing, id string) bool {
	if x.movesAlerts() {
		return len(e.a.Alerts[id]) > 0
	}
	_, possible := x.of(e, id, id)
	return possible
}

// aboutIncident tells whether the change shows in the rows of its incident.
func (x lateEdit) aboutIncident() bool {
	_, possible := x.of(&editing{a: &pagerdutytest.Account{}}, "", "")
	return !possible && x.name != "opened"
}

// incidentRows are what the facts say of each incident, sorted; nothing of those that are gone.
type incidentRows map[string][]string

func liveRows(t *testing.T, st *Store) incidentRows {
	t.Helper()
	out := incidentRows{}
	for _, from := range []string{"incidents", "log_entries", "alerts"} {
		key := map[bool]string{true: "id", false: "incident_id"}[from == "incidents"]
		rows := column(t, st, fmt.Sprintf(`SELECT %[1]s || ' ' || CAST(to_json(t) AS VARCHAR) FROM (SELECT COLUMNS(lambda c: c <> 'fetched_at') FROM %[2]s) t
			WHERE %[1]s NOT IN (SELECT id FROM incidents WHERE is_deleted) ORDER BY 1`, key, from))
		for _, row := range rows {
			id, text, _ := strings.Cut(row, " ")
			out[id] = append(out[id], from+" "+text)
		}
	}
	return out
}

// of gives the rows of a case's incidents.
func (r incidentRows) of(c lateCase) []string {
	out := slices.Clone(r[c.id])
	if c.pair() {
		out = append(out, r[c.other]...)
	}
	return out
}

func (c lateCase) pair() bool {
	return len(c.name) > 5 && (c.name[:5] == "alert" || c.name[:5] == "merge")
}
