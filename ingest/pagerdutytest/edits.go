package pagerdutytest

import (
	"slices"
	"strings"
	"time"
)

// Editor changes an account as time goes on in it: what people and PagerDuty do
// to incidents that somebody has read already. It changes the account in place;
// a server that serves it must be told by Reload. Methods report whether there
// was anything to change.
//
// A change that leaves log entries goes through them, as when an account is
// made: the incident's state is what its entries say. Of the others only the
// changed record tells; whether its updated_at moves is theirs to say.
type Editor struct {
	a   *Account
	rng draw
	ids *ids
	now time.Time
}

// NewEditor returns an editor whose choices follow from the seed.
func NewEditor(a *Account, seed uint64) *Editor {
	return &Editor{a: a, rng: newDraw(seed, "edits"), ids: newIDs(^seed), now: a.End}
}

// Pass lets time go on to t: later changes happen before it, each some time
// after the one before.
func (e *Editor) Pass(t time.Time) { e.now, e.a.End = later(e.now, e.a.End), t }

func (e *Editor) tick() time.Time {
	e.now = e.now.Add(e.rng.between(time.Second, e.a.End.Sub(e.now)/40))
	return e.now
}

// Incident finds an incident by its id, nil if there is none.
func (a *Account) Incident(id string) *Incident {
	if i := slices.IndexFunc(a.Incidents, func(in Incident) bool { return in.ID == id }); i >= 0 {
		return &a.Incidents[i]
	}
	return nil
}

// entriesOf returns copies of an incident's log entries, oldest first.
func (a *Account) entriesOf(id string) []LogEntry {
	var out []LogEntry
	for _, x := range a.LogEntries {
		if x.Incident != nil && x.Incident.ID == id {
			out = append(out, x)
		}
	}
	slices.SortStableFunc(out, func(x, y LogEntry) int { return x.CreatedAt.Compare(y.CreatedAt) })
	return out
}

// log writes an entry and brings the incident to the state that its entries give.
func (e *Editor) log(in *Incident, at time.Time, kind string, fill func(*LogEntry)) *LogEntry {
	ref, service := Ref("incident", in.ID, string(in.Summary)), in.Service
	entry := LogEntry{ID: e.ids.entry(), Type: kind + "_log_entry", CreatedAt: at, Incident: &ref, Service: &service, Teams: in.Teams,
		Agent: &service, Channel: channelAuto, Summary: "It changed."}
	if fill != nil {
		fill(&entry)
	}
	e.a.LogEntries = append(e.a.LogEntries, entry)
	updated := in.UpdatedAt
	settle(in, e.a.entriesOf(in.ID), nil)
	in.UpdatedAt = later(in.UpdatedAt, updated)
	return &e.a.LogEntries[len(e.a.LogEntries)-1]
}

// by lets somebody of the account have done it on the website.
func (e *Editor) by(entry *LogEntry) {
	entry.Agent, entry.Channel = e.someone(), channelWebsite
}

func (e *Editor) someone() *Reference {
	u := pick(e.rng, e.a.Users)
	ref := Ref("user", u.ID, u.Name)
	return &ref
}

// Acknowledge lets a person acknowledge an open incident.
func (e *Editor) Acknowledge(id string) bool {
	in := e.a.Incident(id)
	if in == nil || in.Status == "resolved" {
		return false
	}
	e.log(in, e.tick(), "acknowledge", e.by)
	return true
}

// Resolve ends an open incident, by a person or the monitor.
func (e *Editor) Resolve(id string) bool {
	in := e.a.Incident(id)
	if in == nil || in.Status == "resolved" {
		return false
	}
	e.log(in, e.tick(), "resolve", func(entry *LogEntry) {
		entry.Channel = channelAPI
		if e.rng.chance(0.5) {
			e.by(entry)
		}
	})
	e.settleAlerts(in)
	return true
}

// settleAlerts gives the alerts of a resolved incident that state.
func (e *Editor) settleAlerts(in *Incident) {
	list := slices.Clone(e.a.Alerts[in.ID])
	for i := range list {
		if in.Status == "resolved" {
			list[i].Status = "resolved"
		}
	}
	e.a.Alerts[in.ID] = list
	countAlerts(in, list)
}

// Reopen sets a resolved incident's status back; somebody is assigned anew.
func (e *Editor) Reopen(id string) bool {
	in := e.a.Incident(id)
	if in == nil || in.Status != "resolved" || in.ResolveReason != nil {
		return false
	}
	at := e.tick()
	e.log(in, at, "reopen", e.by)
	e.log(in, at, "assign", func(entry *LogEntry) { entry.Assignees = []Reference{*e.someone()} })
	return true
}

// Reassign gives an open incident to somebody else, by hand.
func (e *Editor) Reassign(id string) bool {
	in := e.a.Incident(id)
	if in == nil || in.Status == "resolved" {
		return false
	}
	e.log(in, e.tick(), "assign", func(entry *LogEntry) {
		e.by(entry)
		entry.Assignees = []Reference{*e.someone()}
	})
	return true
}

// Notify tells somebody of an open incident once more.
func (e *Editor) Notify(id string) bool {
	in := e.a.Incident(id)
	if in == nil || in.Status == "resolved" {
		return false
	}
	e.log(in, e.tick(), "notify", func(entry *LogEntry) {
		entry.Agent, entry.User = nil, e.someone()
		entry.Channel = &Channel{Type: "auto", Notification: &Notification{Type: "push_notification", Status: "success"}}
	})
	return true
}

// Merge merges an open incident into another one; its alerts move there.
func (e *Editor) Merge(id, into string) bool {
	in, target := e.a.Incident(id), e.a.Incident(into)
	if in == nil || target == nil || id == into || in.Status == "resolved" || target.Status == "resolved" {
		return false
	}
	ref := Ref("incident", target.ID, string(target.Summary))
	e.log(in, e.tick(), "resolve", func(entry *LogEntry) {
		e.by(entry)
		entry.mergedInto = &ref
	})
	for _, x := range slices.Clone(e.a.Alerts[id]) {
		e.move(x, in, target)
	}
	return true
}

// MoveAlert moves the last alert of an incident to another one. logged: both
// get an entry of it; otherwise only their records tell.
func (e *Editor) MoveAlert(id, into string, logged bool) bool {
	in, target := e.a.Incident(id), e.a.Incident(into)
	if in == nil || target == nil || id == into || len(e.a.Alerts[id]) == 0 {
		return false
	}
	list := e.a.Alerts[id]
	e.move(list[len(list)-1], in, target)
	if logged {
		at := e.tick()
		e.log(in, at, "unlink", e.by)
		e.log(target, at, "link", e.by)
	} else {
		in.UpdatedAt, target.UpdatedAt = later(in.UpdatedAt, e.tick()), later(target.UpdatedAt, e.now)
	}
	return true
}

func (e *Editor) move(x Alert, from, to *Incident) {
	e.a.Alerts[from.ID] = slices.DeleteFunc(slices.Clone(e.a.Alerts[from.ID]), func(y Alert) bool { return x.ID == y.ID })
	x.Incident = Ref("incident", to.ID, string(to.Summary))
	moved := append(slices.Clone(e.a.Alerts[to.ID]), x)
	slices.SortStableFunc(moved, func(x, y Alert) int { return x.CreatedAt.Compare(y.CreatedAt) })
	e.a.Alerts[to.ID] = moved
	countAlerts(from, e.a.Alerts[from.ID])
	countAlerts(to, moved)
}

// SetUrgency turns an incident's urgency over.
func (e *Editor) SetUrgency(id string) bool {
	in := e.a.Incident(id)
	if in == nil {
		return false
	}
	urgency := map[string]string{"high": "low", "low": "high"}[in.Urgency]
	e.log(in, e.tick(), "urgency_change", func(entry *LogEntry) {
		e.by(entry)
		entry.Channel = &Channel{Type: "website", NewUrgency: urgency}
	})
	return true
}

// Prioritise gives an incident another priority; logged: with an entry that says so.
func (e *Editor) Prioritise(id string, logged bool) bool {
	in := e.a.Incident(id)
	if in == nil || len(e.a.Priorities) == 0 {
		return false
	}
	p := pick(e.rng, e.a.Priorities)
	in.Priority = &p
	if logged {
		e.log(in, e.tick(), "priority_change", func(entry *LogEntry) {
			e.by(entry)
			entry.Summary = "Priority set to " + p.Name + "."
		})
	}
	return true
}

// Retitle changes an incident's title; nothing else tells of it.
func (e *Editor) Retitle(id string) bool {
	in := e.a.Incident(id)
	if in == nil {
		return false
	}
	in.Title = strings.TrimSuffix(in.Title, " (edited)") + " (edited)"
	in.Description, in.Summary = in.Title, "[#"+itoa(in.IncidentNumber)+"] "+in.Title
	return true
}

// MoveService moves an incident to another service; nothing else tells of it.
func (e *Editor) MoveService(id string) bool {
	in := e.a.Incident(id)
	if in == nil {
		return false
	}
	for range 8 {
		if s := pick(e.rng, e.a.Services); s.ID != in.Service.ID {
			in.Service = Ref("service", s.ID, s.Name)
			return true
		}
	}
	return false
}

// Delete takes an incident, its entries and its alerts out of the account.
func (e *Editor) Delete(id string) bool {
	if e.a.Incident(id) == nil {
		return false
	}
	e.a.Incidents = slices.DeleteFunc(slices.Clone(e.a.Incidents), func(in Incident) bool { return in.ID == id })
	e.a.LogEntries = slices.DeleteFunc(slices.Clone(e.a.LogEntries), func(x LogEntry) bool { return x.Incident != nil && x.Incident.ID == id })
	delete(e.a.Alerts, id)
	return true
}
