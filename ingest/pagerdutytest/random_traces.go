package pagerdutytest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// The functions of this file leave, in Random accounts, what people and
// machines leave beside the course of an incident: notes of all lengths,
// status updates, priorities, workflows, fields, references, a conference
// bridge. Which of it says that somebody worked is not decided here.

// trace is one kind of thing that is left; entry kinds are guesses where no
// schema lists any.
type trace struct {
	kinds []string // of the log entry; none: the incident alone shows it
	leave func(t *tracer, e *LogEntry)
}

// tracer leaves traces on one incident.
type tracer struct {
	*scene
	rng draw
}

var traces = []trace{
	{[]string{"annotate"}, (*tracer).note},
	{[]string{"annotate"}, (*tracer).note},
	{[]string{"status_update"}, func(_ *tracer, e *LogEntry) { e.Summary = "Status update sent." }},
	{[]string{"priority_change"}, (*tracer).prioritise},
	{[]string{"priority_change"}, (*tracer).prioritise},
	{[]string{"incident_workflow_start", "workflow_completed"}, func(_ *tracer, e *LogEntry) { e.Summary = "Workflow started: Major incident." }},
	{[]string{"custom_field_value_change", "field_value_change"}, (*tracer).setField},
	{[]string{"external_reference_create", ""}, (*tracer).link},
	{[]string{"postmortem_create"}, func(_ *tracer, e *LogEntry) { e.Summary = "Postmortem created." }},
	{[]string{""}, func(t *tracer, _ *LogEntry) {
		t.bridge = map[string]any{"conference_number": "+1 415-555-0142,,7321#", "conference_url": "https://meet.tidewater.example/war-room"}
	}},
}

// leave adds traces to the entries of some incidents, each by a person, by the
// service or by nobody, at any time up to a little after the end.
func leave(s *scene, entries []LogEntry) []LogEntry {
	t := &tracer{s, newDraw(s.w.seed, "traces/"+fmt.Sprint(s.o.serial))}
	few := 0.35
	if s.o.ignored || s.o.dull {
		few = 0.02
	}
	if len(entries) == 0 || !t.rng.chance(few) {
		return entries
	}
	own := slices.Clone(entries)
	for range 1 + t.rng.count(0.5) {
		at := t.moment(entries)
		if !at.Before(s.w.a.End) {
			continue
		}
		x := pick(t.rng, traces)
		e := LogEntry{CreatedAt: at, Service: s.o.service.ref, Incident: s.o.ref, Teams: s.o.service.teams}
		t.by(&e)
		kind := pick(t.rng, append(x.kinds, x.kinds[0]))
		x.leave(t, &e)
		if kind != "" {
			e.ID, e.Type = s.w.ids.entry(), kind+"_log_entry"
			own = append(own, e)
		}
	}
	slices.SortStableFunc(own, func(x, y LogEntry) int { return x.CreatedAt.Compare(y.CreatedAt) })
	return own
}

// moment is at one of the entries, or anywhere from the creation to ten
// minutes after the last of them.
func (t *tracer) moment(entries []LogEntry) time.Time {
	if t.rng.chance(0.2) {
		return later(pick(t.rng, entries).CreatedAt, t.o.at)
	}
	last := entries[len(entries)-1].CreatedAt.Add(10 * time.Minute)
	return t.o.at.Add(t.rng.between(time.Second, max(last.Sub(t.o.at), time.Minute)))
}

func (t *tracer) by(e *LogEntry) {
	switch x := t.rng.Float64(); {
	case x < 0.6:
		if p := t.w.teammate(t.rng, t.o.service.team, nil); p != nil {
			e.Agent, e.Channel = p.ref, channelWebsite
			return
		}
	case x < 0.7:
		e.Channel = channelAuto
		return
	}
	e.Agent, e.Channel = t.o.service.ref, channelAuto
}

// note leaves a note of some length, or one of about twenty letters; now and
// then it starts with a tag, or with what only looks like one.
func (t *tracer) note(e *LogEntry) {
	text := pick(t.rng, []string{"Seen ", "Seen ", "#a ", "#na ", "#all ", "  #A: ", "#NA, "}) + itoa(t.o.number)
	for length := pick(t.rng, []int{8, 19, 20, 21, 22, 60}); len(text) < length; {
		text += pick(t.rng, []string{" q", "z", "x"})
	}
	text = strings.TrimRight(text, " ")
	t.w.a.secrets.Notes = append(t.w.a.secrets.Notes, text)
	e.Summary, e.Channel = "Note added.", &Channel{Type: "note", Summary: text}
}

// prioritise gives the incident another priority, and says which way it went.
func (t *tracer) prioritise(e *LogEntry) {
	old := cmp.Or(t.given, 1+t.rng.IntN(5))
	t.given = 1 + t.rng.IntN(5)
	switch {
	case t.given < old:
		e.Summary = fmt.Sprintf("Priority raised from P%d to P%d.", old, t.given)
	case t.given > old:
		e.Summary = fmt.Sprintf("Priority lowered from P%d to P%d.", old, t.given)
	default:
		e.Summary = fmt.Sprintf("Priority set to P%d.", t.given)
	}
}

// setField sets a custom field, or one back to nothing.
func (t *tracer) setField(e *LogEntry) {
	e.Summary = "Custom field Environment changed."
	field := CustomField{ID: "PFIELD1", Type: "field_value", Name: "environment", DisplayName: "Environment", DataType: "string"}
	if t.rng.chance(0.5) {
		field.Value = "production"
	}
	t.fields = []CustomField{field}
}

// link ties the incident to a ticket.
func (t *tracer) link(e *LogEntry) {
	e.Summary = "Linked to a ticket."
	t.references = append(t.references, ExternalReference{ID: "PLINK" + itoa(t.o.number), Type: "external_reference", Summary: "OPS-" + itoa(t.o.number),
		ExternalID: itoa(t.o.number), ExternalURL: "https://tickets.tidewater.example/OPS-" + itoa(t.o.number), Sync: t.rng.chance(0.5)})
}

// show puts into the incident what only its record shows.
func (s *scene) show(in *Incident) {
	in.ConferenceBridge = s.bridge
	in.ExternalReferences, in.CustomFields = s.references, s.fields
	if s.given > 0 {
		in.Priority = &s.w.a.Priorities[s.given-1]
	}
}
