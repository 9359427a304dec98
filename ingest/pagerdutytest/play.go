package pagerdutytest

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"
)

// occurrence is an incident before it has happened: what set it off, and what
// is hidden behind it.
type occurrence struct {
	at      time.Time
	serial  uint64 // tells occurrences apart; seeds what people do
	rule    *rule  // nil: a person opened it
	service *service
	opener  *person
	words   string // title; set when first asked for where a rule fired

	host       string
	hostNumber int
	value      float64
	verdict    Verdict
	clears     time.Duration // the monitor clears it after so long; 0: not by itself
	also       []*occurrence // further alerts of the same incident

	// What is fixed for planted incidents; zero leaves it to chance.
	answer    string        // name of the Answer it belongs to
	work      time.Duration // from acknowledge to resolve
	ackAt     time.Time
	sure      bool          // acknowledged in time
	handsOff  bool          // people acknowledge it, and do nothing else
	heavy     bool          // notes, help and escalation
	staysOpen bool          // never resolved
	priority  int           // 1 is P1; 0 draws it
	follows   *occurrence   // clears after this one ended, by lag
	lag       time.Duration // may be negative
	mergeInto *occurrence
	mergeAt   time.Time
	direct    *person // assigned to this person from the start
	closedBy  *person // ends it from the list, seen or not
	closedAt  time.Time
	ignored   bool // nobody reacts
	dull      bool // hardly anything is left beside it
	forgotten bool // its log entries are gone

	// What became of it.
	id      string
	number  int
	trigger *Reference // to its trigger entry
	ref     *Reference
	end     time.Time // zero: not ended
}

func (o *occurrence) urgency() string {
	if o.rule != nil && o.rule.urgency != "" {
		return o.rule.urgency
	}
	return "high"
}

// play lets all occurrences happen, in the order of time.
func (w *world) play() {
	slices.SortStableFunc(w.occurrences, func(x, y *occurrence) int {
		return cmp.Or(x.at.Compare(y.at), cmp.Compare(x.serial, y.serial))
	})
	w.a.Incidents = make([]Incident, 0, len(w.occurrences))
	w.a.LogEntries = make([]LogEntry, 0, 7*len(w.occurrences))
	for _, o := range w.occurrences {
		w.playOne(o)
	}
	w.merge()
}

// playOne makes the incident of an occurrence, unless an alert with its key is
// open: then PagerDuty would only count it there.
func (w *world) playOne(o *occurrence) {
	if !o.at.Before(w.a.End) || (o.follows != nil && o.follows.id == "") {
		return
	}
	if o.service == nil {
		o.service = o.rule.service
	}
	key := ""
	if o.rule != nil {
		key = o.service.id + "/" + o.key()
		if until, open := w.openUntil[key]; open && o.at.Before(until) {
			return
		}
	}
	w.number++
	o.id, o.number = w.ids.long(), w.number
	o.ref = &Reference{ID: o.id, Type: "incident_reference", Summary: NullString("[#" + itoa(o.number) + "] " + o.titleText())}
	s := &scene{w: w, o: o, d: draw{rand.New(rand.NewPCG(w.seed, o.serial))}, policy: o.service.policy,
		urgency: o.urgency(), entries: w.buffer[:0]}
	s.run()
	if key != "" {
		w.openUntil[key] = cmp.Or(o.end, w.a.End)
	}
	s.store()
	w.buffer = s.entries
}

// store puts what happened before the account's end into it.
func (s *scene) store() {
	a, o := s.w.a, s.o
	if !o.end.IsZero() {
		// An alert after the end would have opened an incident of its own.
		o.also = slices.DeleteFunc(o.also, func(x *occurrence) bool { return x.at.After(o.end) })
		s.entries = slices.DeleteFunc(s.entries, func(e LogEntry) bool { return e.Type == "trigger_log_entry" && e.CreatedAt.After(o.end) })
	}
	slices.SortStableFunc(s.entries, func(x, y LogEntry) int { return x.CreatedAt.Compare(y.CreatedAt) })
	n, _ := slices.BinarySearchFunc(s.entries, a.End, func(e LogEntry, t time.Time) int { return e.CreatedAt.Compare(t) })
	entries := s.entries[:n]
	if odd := s.w.habits.odd; odd != nil {
		entries = odd(s, entries)
	}
	if leave := s.w.habits.leave; leave != nil {
		entries = leave(s, entries)
	}
	in := Incident{ID: o.id, Type: "incident", IncidentNumber: o.number, Title: o.titleText(), Summary: string(o.ref.Summary),
		CreatedAt: o.at, Service: *o.service.ref, Teams: o.service.teams, IsMergeable: true, IncidentType: incidentTypeDefault,
		EscalationPolicy: o.service.policy.ref, AssignedVia: "escalation_policy", Urgency: o.urgency(),
		FirstTriggerLogEntry: o.trigger, ResponderRequests: s.requests, IncidentsResponders: s.responders}
	in.Description = in.Title
	in.firstUrgency, in.firstPolicy = in.Urgency, &o.service.policy.ref
	if o.rule != nil && o.serial%2 == 0 {
		in.IncidentKey = NullString(o.key()) // null in the other half: both have been seen beside alerts
	}
	in.Priority = s.priority()
	s.show(&in)
	settle(&in, entries, o.service)
	if in.Status != "resolved" {
		o.end = time.Time{}
	}
	s.addAlerts(&in)
	a.Incidents = append(a.Incidents, in)
	if !s.o.forgotten {
		a.LogEntries = append(a.LogEntries, entries...)
	}
	truth := Truth{Verdict: o.verdict}
	if o.rule != nil {
		truth.Rule, truth.Tool = o.rule.name, o.rule.tool.vendor
	}
	a.truths[in.ID] = truth
}

var incidentTypeDefault = &IncidentType{"incident_default"}

// priority is what the team gave the incident, if it gave any.
func (s *scene) priority() *Priority {
	n := s.o.priority
	if n == 0 && s.o.verdict == VerdictActionable && s.d.chance(0.35) {
		n = 2 + s.d.IntN(3)
	}
	if n == 0 || len(s.w.a.Priorities) == 0 {
		return nil
	}
	return &s.w.a.Priorities[n-1]
}

// addAlerts makes one alert for each signal.
func (s *scene) addAlerts(in *Incident) {
	if s.o.rule == nil {
		return
	}
	var list []Alert
	for _, x := range append([]*occurrence{s.o}, s.o.also...) {
		if !x.at.Before(s.w.a.End) {
			continue
		}
		alert := Alert{ID: s.w.ids.long(), Type: "alert", Summary: x.titleText(), CreatedAt: x.at, Status: "triggered", AlertKey: x.key(),
			Service: *s.o.service.ref, FirstTriggerLogEntry: x.trigger, Incident: *s.o.ref, Severity: NullString(x.rule.severity),
			Integration: s.w.integrationRefs[x.rule.integration],
			Body:        &AlertBody{Type: "alert_body", Contexts: []any{}, Details: payload{x}, CEFDetails: cefPayload{x}}}
		if x.rule.tool.channel == "email" {
			alert.Body.Details, alert.Body.CEFDetails = x.rule.says, nil
		}
		if in.Status == "resolved" {
			alert.Status = "resolved"
		}
		list = append(list, alert)
		s.w.a.truths[alert.ID] = Truth{Verdict: s.o.verdict, Rule: x.rule.name, Tool: x.rule.tool.vendor}
	}
	s.w.a.Alerts[in.ID] = list
	countAlerts(in, list)
}

func countAlerts(in *Incident, list []Alert) {
	in.AlertCounts = AlertCounts{All: len(list)}
	for _, a := range list {
		if a.Status == "resolved" {
			in.AlertCounts.Resolved++
		} else {
			in.AlertCounts.Triggered++
		}
	}
}

// merge moves the alerts of merged incidents to where they were merged into.
func (w *world) merge() {
	at := map[string]int{}
	for i, in := range w.a.Incidents {
		at[in.ID] = i
	}
	for i := range w.a.Incidents {
		in := &w.a.Incidents[i]
		if in.ResolveReason == nil {
			continue
		}
		target := &w.a.Incidents[at[in.ResolveReason.Incident.ID]]
		for _, alert := range w.a.Alerts[in.ID] {
			alert.Incident = Ref("incident", target.ID, target.Summary)
			alert.Status = map[bool]string{true: "resolved", false: "triggered"}[target.Status == "resolved"]
			w.a.Alerts[target.ID] = append(w.a.Alerts[target.ID], alert)
		}
		delete(w.a.Alerts, in.ID)
		countAlerts(in, nil)
		countAlerts(target, w.a.Alerts[target.ID])
	}
}
