package pagerdutytest

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Note adds a note to an incident, open or not.
func (e *Editor) Note(id string) bool {
	in := e.a.Incident(id)
	if in == nil {
		return false
	}
	at := e.tick()
	text := fmt.Sprintf("Edited: looked at it once more, case %d of %d", e.rng.IntN(1000), at.Unix())
	e.a.secrets.Notes = append(e.a.secrets.Notes, text)
	e.log(in, at, "annotate", func(entry *LogEntry) {
		e.by(entry)
		entry.Summary, entry.Channel = "Note added.", &Channel{Type: "note", Summary: text}
	})
	return true
}

// FirstNote is the oldest note of an incident that is not its oldest entry; nil
// if there is none.
func (a *Account) FirstNote(id string) *LogEntry {
	entries := a.entriesOf(id)
	for i, x := range entries {
		if x.Type == "annotate_log_entry" && x.CreatedAt.After(entries[0].CreatedAt) {
			return &entries[i]
		}
	}
	return nil
}

// DeleteNote deletes the first note of an incident, which leaves no entry. The
// incident's updated_at moves while it is open.
func (e *Editor) DeleteNote(id string) bool {
	in, note := e.a.Incident(id), e.a.FirstNote(id)
	if in == nil || note == nil {
		return false
	}
	e.a.LogEntries = slices.DeleteFunc(slices.Clone(e.a.LogEntries), func(x LogEntry) bool { return x.ID == note.ID })
	if in.Status != "resolved" {
		in.UpdatedAt = later(e.tick(), in.UpdatedAt)
	}
	return true
}

// LateEntry writes a notification into the past, as one that PagerDuty wrote
// down late: the incident's record stays as it was.
func (e *Editor) LateEntry(id string, at time.Time) bool {
	in := e.a.Incident(id)
	if in == nil {
		return false
	}
	before := *in
	e.log(in, at, "notify", func(entry *LogEntry) {
		entry.Agent, entry.User = nil, e.someone()
		entry.Channel = &Channel{Type: "auto", Notification: &Notification{Type: "sms_notification", Address: "+14155550100", Status: "success"}}
	})
	*in = before
	return true
}

// Open opens an incident like an earlier one that was over within half an hour.
func (e *Editor) Open(like string) bool {
	in := e.a.Incident(like)
	if in == nil || in.ResolvedAt == nil || in.UpdatedAt.Sub(in.CreatedAt) > 30*time.Minute {
		return false
	}
	next, at := *in, e.tick()
	shift := at.Sub(in.CreatedAt)
	number := slices.MaxFunc(e.a.Incidents, func(x, y Incident) int { return cmp.Compare(x.IncidentNumber, y.IncidentNumber) }).IncidentNumber + 1
	next.ID, next.IncidentNumber, next.CreatedAt = e.ids.long(), number, at
	next.Summary = "[#" + itoa(number) + "] " + next.Title
	ref := Ref("incident", next.ID, next.Summary)
	triggers := map[string]Reference{}
	for _, x := range e.a.entriesOf(like) {
		was := x.ID
		x.ID, x.CreatedAt, x.Incident = e.ids.entry(), x.CreatedAt.Add(shift), &ref
		triggers[was] = Ref("trigger_log_entry", x.ID, x.Summary)
		e.a.LogEntries = append(e.a.LogEntries, x)
	}
	if in.FirstTriggerLogEntry != nil {
		first := triggers[in.FirstTriggerLogEntry.ID]
		next.FirstTriggerLogEntry = &first
	}
	settle(&next, e.a.entriesOf(next.ID), nil)
	for _, x := range e.a.Alerts[like] {
		x.ID, x.CreatedAt, x.Incident = e.ids.long(), x.CreatedAt.Add(shift), ref
		if x.ResolvedAt != nil {
			ended := x.ResolvedAt.Add(shift)
			x.ResolvedAt = &ended
		}
		x.FirstTriggerLogEntry = next.FirstTriggerLogEntry
		e.a.Alerts[next.ID] = append(e.a.Alerts[next.ID], x)
	}
	countAlerts(&next, e.a.Alerts[next.ID])
	e.a.Incidents = append(slices.Clone(e.a.Incidents), next)
	return true
}

// Rename gives a person another name, wherever the account speaks of them.
func (e *Editor) Rename(user int) bool {
	old := e.a.Users[user].Name
	name := strings.Fields(old)[0] + " Newname-" + itoa(e.rng.IntN(10_000))
	e.a.secrets.Names = append(e.a.secrets.Names, name)
	kept := e.a.secrets
	replaceText(reflect.ValueOf(e.a), old, name, map[uintptr]bool{})
	e.a.secrets = kept
	return true
}

// replaceText replaces a text in every string that can be reached.
func replaceText(v reflect.Value, old, name string, seen map[uintptr]bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && !seen[v.Pointer()] {
			seen[v.Pointer()] = true
			replaceText(v.Elem(), old, name, seen)
		}
	case reflect.Interface:
		if !v.IsNil() && v.CanSet() && v.Elem().Kind() == reflect.String {
			v.Set(reflect.ValueOf(strings.ReplaceAll(v.Elem().String(), old, name)))
		} else if !v.IsNil() {
			replaceText(v.Elem(), old, name, seen)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				replaceText(v.Field(i), old, name, seen)
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			replaceText(v.Index(i), old, name, seen)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			if x := v.MapIndex(k); x.Kind() == reflect.Interface && !x.IsNil() && x.Elem().Kind() == reflect.String {
				v.SetMapIndex(k, reflect.ValueOf(strings.ReplaceAll(x.Elem().String(), old, name)))
			} else {
				replaceText(x, old, name, seen)
			}
		}
	case reflect.String:
		if v.CanSet() && strings.Contains(v.String(), old) {
			v.SetString(strings.ReplaceAll(v.String(), old, name))
		}
	}
}

// MoveZone lets a person move to another time zone.
func (e *Editor) MoveZone(user int) bool {
	e.a.Users[user].TimeZone = NullString(pick(e.rng, randomZones))
	return true
}

// Leave takes a person out of the account whom no policy targets. What speaks
// of them stays.
func (e *Editor) Leave(user int) bool {
	id := e.a.Users[user].ID
	for _, p := range e.a.EscalationPolicies {
		for _, r := range p.EscalationRules {
			if slices.ContainsFunc(r.Targets, func(t Reference) bool { return t.ID == id }) {
				return false
			}
		}
	}
	if len(e.a.Users) < 3 {
		return false
	}
	e.a.Users = slices.Delete(slices.Clone(e.a.Users), user, user+1)
	return true
}

// Override puts somebody else on call from since to until.
func (e *Editor) Override(schedule int, since, until time.Time) bool {
	s := &e.a.Schedules[schedule]
	who := *e.someone()
	var final []ScheduleEntry
	for _, x := range s.FinalSchedule.RenderedScheduleEntries {
		if x.Start.Equal(x.End) || !x.Start.Before(until) || !x.End.After(since) {
			final = append(final, x)
			continue
		}
		if x.Start.Before(since) {
			final = append(final, ScheduleEntry{Start: x.Start, End: since, User: x.User})
		}
		if x.End.After(until) {
			final = append(final, ScheduleEntry{Start: until, End: x.End, User: x.User})
		}
	}
	final = append(final, ScheduleEntry{Start: since, End: until, User: who})
	slices.SortStableFunc(final, func(x, y ScheduleEntry) int { return cmp.Or(x.Start.Compare(y.Start), x.End.Compare(y.End)) })
	s.FinalSchedule.RenderedScheduleEntries = final
	s.OverridesSubschedule.RenderedScheduleEntries = append(slices.Clone(s.OverridesSubschedule.RenderedScheduleEntries),
		ScheduleEntry{ID: e.ids.short(), Start: since, End: until, User: who})
	return true
}

// Rewire lets a policy page somebody further at its first level, and turns its levels round.
func (e *Editor) Rewire(policy int) bool {
	p := &e.a.EscalationPolicies[policy]
	rules := slices.Clone(p.EscalationRules)
	slices.Reverse(rules)
	if len(rules) > 0 {
		rules[0].Targets = append(slices.Clone(rules[0].Targets), *e.someone())
	}
	p.EscalationRules = rules
	return true
}

// Thin keeps every nth incident, those that are open and those that somebody
// was merged into, so that a small account has some of everything.
func (a *Account) Thin(n int) *Account {
	keep := map[string]bool{}
	for i, in := range a.Incidents {
		if i%n != 0 && in.Status == "resolved" {
			continue
		}
		keep[in.ID] = true
		if in.ResolveReason != nil {
			keep[in.ResolveReason.Incident.ID] = true
		}
	}
	thin := *a
	thin.Incidents = slices.DeleteFunc(slices.Clone(a.Incidents), func(in Incident) bool { return !keep[in.ID] })
	thin.LogEntries = slices.DeleteFunc(slices.Clone(a.LogEntries), func(x LogEntry) bool { return x.Incident == nil || !keep[x.Incident.ID] })
	thin.Alerts = map[string][]Alert{}
	for id := range keep {
		thin.Alerts[id] = a.Alerts[id]
	}
	return &thin
}
