package ingest

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"crywolf/ingest/pagerdutytest"
)

// TestLateChangesAreSeen plays random scripts of changes in an account that has been synced, and expects each further
// sync to end like a fresh one: the next sync, where each change leaves a log entry, touches an open incident or a list
// that is read each time; the sync of a week later, for other changes of the last 30 days; a full sync, for older ones.
// Which change belongs where is said in lateEdits. CRYWOLF_EDIT_RUNS plays more runs of 21 scripts; two
// runs take both ways of reading alerts.
func TestLateChangesAreSeen(t *testing.T) {
	runs := fromEnv(t, "CRYWOLF_EDIT_RUNS", repeats(1, 6))
	for seed := range uint64(runs) {
		t.Run(fmt.Sprint("run ", seed), func(t *testing.T) {
			t.Parallel()
			playScripts(t, seed)
		})
	}
}

// fromEnv reads a number of repetitions.
func fromEnv(t testing.TB, name string, standard int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return standard
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s: %q is no number of repetitions", name, text)
	}
	return n
}

func playScripts(t *testing.T, seed uint64) {
	const scripts = 7 // in each of the three phases
	a := pagerdutytest.Random(seed).Thin(12)
	e := newEditing(a, seed, []AlertsMode{AlertsAll, AlertsAuto}[seed%2], 3)
	base := e.lastSync
	srv := serve(t, a)
	o := options(srv, a)
	o.Since, o.Alerts = e.since, e.alerts
	st, _ := newStore(t)
	mustSync(t, st, o)
	e.synced()
	for _, phase := range []struct {
		seen stage
		end  time.Time
	}{{atNextSync, base.Add(2 * day)}, {atWeeklyRead, base.Add(8 * day)}, {atFullSync, base.Add(9 * day)}} {
		e.ed.Pass(phase.end)
		var played []string
		for range scripts {
			played = append(played, e.script(phase.seen))
		}
		srv.Reload(a)
		o.Full = phase.seen == atFullSync
		mustSync(t, st, o)
		fresh, _ := newStore(t)
		o.Full = false
		mustSync(t, fresh, o)
		if diff := differ(contents(t, st), contents(t, fresh)); diff != "" {
			t.Fatalf("%s, alerts %s, after %s:\n%s", phase.seen, e.alerts, strings.Join(played, "; "), diff)
		}
		fresh.Close()
		e.synced()
	}
}

// newEditing lets a day pass in which notes are written to at most so many incidents that are open or from before the period: such
// are rare, and those from before it are only read for something that happened in it. Then somebody is notified, so that
// those notes do not lie in the overlap of two syncs.
func newEditing(a *pagerdutytest.Account, seed uint64, alerts AlertsMode, most int) *editing {
	base := a.End.Add(2 * day)
	e := &editing{a: a, ed: pagerdutytest.NewEditor(a, seed), rng: rand.New(rand.NewPCG(seed, 5)), lastSync: base,
		since: a.Start.AddDate(0, 0, 9), rereadTo: base.Add(8*day - RereadDepth), alerts: alerts}
	e.ed.Pass(a.End.Add(day))
	noted := map[bool]int{}
	for _, in := range a.Incidents {
		open := in.Status != "resolved"
		if noted[open] < most && (open || in.CreatedAt.Before(e.since)) {
			e.ed.Note(in.ID)
			e.ed.Note(in.ID)
			noted[open]++
		}
	}
	e.ed.Pass(base.Add(-time.Hour))
	e.ed.Pass(base)
	for _, in := range a.Incidents {
		if e.ed.Notify(in.ID) {
			break
		}
	}
	return e
}

// script makes one to four changes of one incident, or of what is not about incidents, that must be seen by then; it
// tells which.
func (e *editing) script(by stage) string {
	id, other := e.incident(), e.incident()
	done := []string{id}
	for wanted, tries := 1+e.rng.IntN(4), 0; wanted > 0 && tries < 60; tries++ {
		x := lateEdits[e.rng.IntN(len(lateEdits))]
		if e.alerts == AlertsAuto && x.movesAlerts() {
			continue // see TestEachLateChangeIsSeenInTime
		}
		if seen, possible := x.of(e, id, other); !possible || seen > by {
			continue
		}
		if x.do(e, id, other) {
			done = append(done, x.name)
			wanted--
		}
	}
	return strings.Join(done, " ")
}

// incident picks one: half of the time one that is open.
func (e *editing) incident() string {
	var open []string
	for _, in := range e.a.Incidents {
		if in.Status != "resolved" {
			open = append(open, in.ID)
		}
	}
	if len(open) > 0 && e.rng.IntN(2) == 0 {
		return open[e.rng.IntN(len(open))]
	}
	return e.a.Incidents[e.rng.IntN(len(e.a.Incidents))].ID
}
