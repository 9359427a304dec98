package ingest

import (
	"math/rand/v2"
	"slices"
	"time"

	"crywolf/ingest/pagerdutytest"
)

// stage is the sync after which a late change must be in the database.
type stage int

const (
	atNextSync   stage = iota // the change leaves a log entry, touches an open incident, or something that is listed each time
	atWeeklyRead              // nothing tells of it, and it is of the last 30 days
	atFullSync                // nothing tells of it, and it is older: only --full sees it
)

func (s stage) String() string { return []string{"next sync", "weekly re-read", "full sync"}[s] }

// editing is what a change is chosen and judged by.
type editing struct {
	a        *pagerdutytest.Account
	ed       *pagerdutytest.Editor
	rng      *rand.Rand
	since    time.Time // of the period that is synced
	lastSync time.Time // its end
	rereadTo time.Time // what is older than this at the weekly reading is not read again
	alerts   AlertsMode
	wasOpen  map[string]bool // incidents that the last sync saw open
}

// synced notes that a sync saw the account as it is.
func (e *editing) synced() {
	e.lastSync, e.wasOpen = e.a.End, map[string]bool{}
	for _, in := range e.a.Incidents {
		e.wasOpen[in.ID] = in.Status != "resolved"
	}
}

// lateEdit is one kind of change. of tells when the change of an incident (id) with a partner (other) is seen; do makes it.
// Both tell false where the change is not possible.
type lateEdit struct {
	name string
	of   func(e *editing, id, other string) (stage, bool)
	do   func(e *editing, id, other string) bool
}

// ofIncident: what only an incident's record shows is seen at the next sync while the incident is open, for it is
// listed then; once it is resolved, by its age.
func (e *editing) ofIncident(id string) (stage, bool) {
	in := e.a.Incident(id)
	switch {
	case in == nil:
		return 0, false
	case in.Status != "resolved":
		return atNextSync, true
	}
	return e.ofTime(in.CreatedAt), true
}

func (e *editing) ofTime(at time.Time) stage {
	if at.Before(e.rereadTo) || at.Before(e.since) {
		return atFullSync
	}
	return atWeeklyRead
}

func leavesEntry(e *editing, id, _ string) (stage, bool) { return atNextSync, e.a.Incident(id) != nil }

func recordOnly(e *editing, id, _ string) (stage, bool) { return e.ofIncident(id) }

// listed is what is read whole each time: people, policies, the last 30 days of schedules.
func listed(*editing, string, string) (stage, bool) { return atNextSync, true }

func later2(e *editing, id, other string) (stage, bool) {
	a, okA := e.ofIncident(id)
	b, okB := e.ofIncident(other)
	return max(a, b), okA && okB
}

// incidentGone: a deleted incident is missed where it was listed: among the open ones if the last sync saw it open, else
// by its age, or that of a note of it.
func incidentGone(e *editing, id, _ string) (stage, bool) {
	in := e.a.Incident(id)
	if in == nil {
		return 0, false
	}
	if e.wasOpen[id] {
		return atNextSync, true
	}
	seen, possible := e.ofTime(in.CreatedAt), true
	if seen == atFullSync && e.entriesSince(id, e.rereadTo, "annotate_log_entry") > 0 {
		seen = atWeeklyRead
	}
	return seen, possible
}

// entriesSince counts the incident's log entries of a type ("" is any) from a time on.
func (e *editing) entriesSince(id string, since time.Time, kind string) int {
	n := 0
	for _, x := range e.a.LogEntries {
		if x.Incident != nil && x.Incident.ID == id && !x.CreatedAt.Before(since) && (kind == "" || x.Type == kind) {
			n++
		}
	}
	return n
}

// noteGone: a note is deleted without an entry. On an open incident its updated_at tells. A note that is all that
// happened to an incident in the period is left alone: a fresh sync would not read that incident at all.
func noteGone(e *editing, id, _ string) (stage, bool) {
	in, note := e.a.Incident(id), e.a.FirstNote(id)
	switch {
	case in == nil || note == nil || e.entriesSince(id, e.since, "") < 2:
		return 0, false
	case in.Status != "resolved":
		return atNextSync, true
	}
	return e.ofTime(note.CreatedAt), true
}

// entryAt gives a late entry the age that its stage asks for.
func (e *editing) entryAt(s stage) time.Time {
	switch s {
	case atNextSync: // inside the overlap
		return e.lastSync.Add(-time.Duration(1+e.rng.IntN(50)) * time.Minute)
	case atWeeklyRead:
		return e.rereadTo.Add(time.Duration(1+e.rng.IntN(48)) * time.Hour)
	}
	return e.rereadTo.Add(-time.Duration(1+e.rng.IntN(48)) * time.Hour)
}

func lateAt(s stage) lateEdit {
	return lateEdit{"late log entry for the " + s.String(),
		func(e *editing, id, _ string) (stage, bool) {
			in := e.a.Incident(id)
			return s, in != nil && in.CreatedAt.Before(e.rereadTo.Add(-50*time.Hour)) && !in.CreatedAt.Before(e.since)
		},
		func(e *editing, id, _ string) bool { return e.ed.LateEntry(id, e.entryAt(s)) }}
}

func overrideAt(s stage, name string, from time.Duration) lateEdit {
	return lateEdit{name,
		func(*editing, string, string) (stage, bool) { return s, true },
		func(e *editing, _, _ string) bool {
			at := e.a.End.Add(from + time.Duration(e.rng.IntN(40))*time.Hour).Truncate(time.Second)
			return e.ed.Override(e.rng.IntN(len(e.a.Schedules)), at, at.Add(time.Duration(1+e.rng.IntN(30))*time.Hour))
		}}
}

// oneOf makes a change that is about something else than an incident.
func oneOf(do func(*editing) bool) func(*editing, string, string) bool {
	return func(e *editing, _, _ string) bool { return do(e) }
}

const day = 24 * time.Hour

// lateEdits are all changes that the tests make, and when each must be seen.
var lateEdits = []lateEdit{
	{"opened", leavesEntry, func(e *editing, id, _ string) bool { return e.ed.Open(id) }},
	{"acknowledged", leavesEntry, func(e *editing, id, _ string) bool { return e.ed.Acknowledge(id) }},
	{"resolved later", leavesEntry, func(e *editing, id, _ string) bool { return e.ed.Resolve(id) }},
	{"reopened", leavesEntry, func(e *editing, id, _ string) bool { return e.ed.Reopen(id) }},
	{"reopened and resolved", leavesEntry, func(e *editing, id, _ string) bool { return e.ed.Reopen(id) && e.ed.Resolve(id) }},
	{"reassigned", leavesEntry, func(e *editing, id, _ string) bool { return e.ed.Reassign(id) }},
	{"notified", leavesEntry, func(e *editing, id, _ string) bool { return e.ed.Notify(id) }},
	{"merged", leavesEntry, func(e *editing, id, other string) bool { return e.ed.Merge(id, other) }},
	{"urgency changed", leavesEntry, func(e *editing, id, _ string) bool { return e.ed.SetUrgency(id) }},
	{"priority changed with an entry", leavesEntry, func(e *editing, id, _ string) bool { return e.ed.Prioritise(id, true) }},
	{"note added", leavesEntry, func(e *editing, id, _ string) bool { return e.ed.Note(id) }},
	{"alert moved with entries", leavesEntry, func(e *editing, id, other string) bool { return e.ed.MoveAlert(id, other, true) }},
	{"alert moved", later2, func(e *editing, id, other string) bool { return e.ed.MoveAlert(id, other, false) }},
	{"priority changed", recordOnly, func(e *editing, id, _ string) bool { return e.ed.Prioritise(id, false) }},
	{"title changed", recordOnly, func(e *editing, id, _ string) bool { return e.ed.Retitle(id) }},
	{"service moved", recordOnly, func(e *editing, id, _ string) bool { return e.ed.MoveService(id) }},
	{"incident deleted", incidentGone, func(e *editing, id, _ string) bool { return e.ed.Delete(id) }},
	{"note deleted", noteGone, func(e *editing, id, _ string) bool { return e.ed.DeleteNote(id) }},
	lateAt(atNextSync), lateAt(atWeeklyRead), lateAt(atFullSync),
	{"user renamed", listed, oneOf(func(e *editing) bool { return e.ed.Rename(e.rng.IntN(len(e.a.Users))) })},
	{"user moved zone", listed, oneOf(func(e *editing) bool { return e.ed.MoveZone(e.rng.IntN(len(e.a.Users))) })},
	{"user deleted", listed, oneOf(func(e *editing) bool {
		return slices.ContainsFunc(e.rng.Perm(len(e.a.Users)), e.ed.Leave)
	})},
	{"policy changed", listed, oneOf(func(e *editing) bool { return e.ed.Rewire(e.rng.IntN(len(e.a.EscalationPolicies))) })},
	overrideAt(atNextSync, "override in the future", -6*time.Hour),
	overrideAt(atNextSync, "override in the last month", -28*day),
	overrideAt(atFullSync, "override long ago", -37*day),
}

func (x lateEdit) movesAlerts() bool {
	return x.name == "alert moved" || x.name == "alert moved with entries"
}
