package pagerdutytest

import (
	"slices"
	"time"
)

// The functions of this file write log entries, each kind in the shape in
// which it has been seen or is documented.

var (
	channelAuto    = &Channel{Type: "auto"}
	channelTimeout = &Channel{Type: "timeout"}
	channelWebsite = &Channel{Type: "website"}
	channelMobile  = &Channel{Type: "mobile"}
	channelAPI     = &Channel{Type: "api"}
	channelNagios  = &Channel{Type: "nagios"}
	channelEmail   = &Channel{Type: "email"}
)

// eventDescription is what event_details holds of a trigger entry.
type eventDescription struct {
	Description string `json:"description"`
}

func (s *scene) emit(at time.Time, kind, summary string, agent *Reference, channel *Channel) *LogEntry {
	s.entries = append(s.entries, LogEntry{ID: s.w.ids.entry(), Type: kind + "_log_entry", Summary: summary, CreatedAt: at,
		Agent: agent, Channel: channel, Service: s.o.service.ref, Incident: s.o.ref, Teams: s.o.service.teams})
	return &s.entries[len(s.entries)-1]
}

// byHand is the channel of what a person does.
func (s *scene) byHand() *Channel {
	if s.d.chance(0.4) {
		return channelMobile
	}
	return channelWebsite
}

// trigger writes the first trigger entry, at times a second before the
// incident, and one more for each further alert.
func (s *scene) trigger() {
	o := s.o
	if o.rule == nil {
		e := s.emit(o.at, "trigger", "Triggered through the website.", o.opener.ref, &Channel{Type: "web_trigger", Summary: o.words, Subject: o.words})
		e.EventDetails = eventDescription{o.words}
		o.trigger = &Reference{ID: e.ID, Type: "trigger_log_entry_reference", Summary: NullString(e.Summary)}
		return
	}
	for i, x := range append([]*occurrence{o}, o.also...) {
		at := x.at
		if i == 0 && s.d.chance(0.12) {
			at = at.Add(-time.Second)
		}
		e := s.emit(at, "trigger", "Triggered through the API.", s.w.integrationRefs[x.rule.integration], x.channel())
		if x.rule.tool.channel == "email" {
			e.Summary = "Triggered through email."
			s.w.secretEmail(e.Channel.From)
		}
		e.EventDetails = eventDescription{x.titleText()}
		x.trigger = &Reference{ID: e.ID, Type: "trigger_log_entry_reference", Summary: NullString(e.Summary)}
	}
}

// toLevel assigns the incident to a level for the first time.
func (s *scene) toLevel(n int, at time.Time) {
	s.now, s.level, s.again = at, n, false
	s.assignees = nil
	for ; s.level <= len(s.policy.levels); s.level++ {
		if s.assignees = s.policy.levels[s.level-1].onCall(at); len(s.assignees) > 0 {
			break // a level with nobody on call is passed over
		}
	}
	for _, p := range s.assignees {
		s.emit(at, "assign", p.assigned, s.o.service.ref, channelAuto).Assignees = p.assignee
	}
}

// notify writes the messages that are due before until.
func (s *scene) notify(until time.Time) {
	for _, p := range s.assignees {
		steps := p.high
		if s.urgency == "low" {
			steps = p.low
		}
		for _, c := range steps {
			at := s.now.Add(c.after + s.d.between(time.Second, 8*time.Second))
			if !at.Before(until) {
				continue
			}
			e := s.emit(at, "notify", c.summary, nil, c.channel)
			e.User = p.ref
			if s.d.chance(s.w.habits.failed) {
				e.Channel = c.failed
			}
		}
	}
}

func (s *scene) acknowledge(p *person, at time.Time) {
	channel := s.byHand()
	s.emit(at, "acknowledge", p.acknowledged, p.ref, channel)
	if len(s.assignees) != 1 || s.assignees[0] != p {
		// Narrowed to whoever acknowledged.
		s.emit(at, "assign", p.assigned, p.ref, channel).Assignees = p.assignee
	}
	s.assignees = []*person{p}
}

// unacknowledge: the acknowledgement or the snooze ran out, and the same
// person is paged again.
func (s *scene) unacknowledge(at time.Time) {
	s.emit(at, "unacknowledge", "Unacknowledged due to timeout.", s.o.service.ref, channelTimeout)
	s.now, s.again = at, true
}

func (s *scene) snooze(p *person, at time.Time) bool {
	length := []time.Duration{time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour}[s.d.IntN(4)]
	s.emit(at, "snooze", "Snoozed by "+p.name+".", p.ref, &Channel{Type: s.byHand().Type, Duration: int(length / time.Second)})
	if end, ends := s.firstEnding(); ends && !end.at.After(at.Add(length)) {
		return false
	}
	s.unacknowledge(at.Add(length))
	return true
}

// escalateByTimeout goes one level up, or round again, or no further.
func (s *scene) escalateByTimeout(at time.Time) {
	s.again = false
	for s.level++; s.level <= len(s.policy.levels); s.level++ {
		if on := s.policy.levels[s.level-1].onCall(at); len(on) > 0 {
			s.escalated(at, on, s.o.service.ref, channelTimeout)
			return
		}
	}
	if s.loops < s.policy.loops {
		if on := s.policy.levels[0].onCall(at); len(on) > 0 {
			s.loops, s.level = s.loops+1, 1
			s.emit(at, "repeat_escalation_path", "Escalation policy repeated.", s.o.service.ref, channelTimeout)
			s.escalated(at, on, s.o.service.ref, channelTimeout)
			return
		}
	}
	s.emit(at, "exhaust_escalation_path", "Escalation policy exhausted.", s.o.service.ref, channelTimeout)
	s.now, s.level = at, 0
	s.assignees = nil // still assigned, but nobody is told any more
}

// escalated writes one entry for each new assignee.
func (s *scene) escalated(at time.Time, to []*person, agent *Reference, channel *Channel) {
	s.now, s.assignees = at, to
	for _, p := range to {
		// A timeout's text reads as if somebody had done it.
		s.emit(at, "escalate", "Escalated to "+p.name+" through the API.", agent, channel).Assignees = p.assignee
	}
}

// escalateByHand sends the incident to another level of the policy.
func (s *scene) escalateByHand(p *person, at time.Time) bool {
	for n := len(s.policy.levels); n >= 1; n-- {
		on := s.policy.levels[n-1].onCall(at)
		if n != s.level && len(on) > 0 && !slices.Equal(on, []*person{p}) {
			s.level, s.again = n, false
			s.escalated(at, on, p.ref, s.byHand())
			return true
		}
	}
	return false
}

// assignByHand takes the incident out of its policy.
func (s *scene) assignByHand(at time.Time, by *person, to []*person) {
	s.now, s.assignees, s.level, s.again = at, to, 0, false
	channel := s.byHand()
	for _, p := range to {
		s.emit(at, "assign", "Assigned to "+p.name+" by "+by.name+".", by.ref, channel).Assignees = p.assignee
	}
}

// delegate moves the incident to another policy, whose first level gets it.
func (s *scene) delegate(by *person, at time.Time) bool {
	var others []*policy
	for _, p := range s.w.policies {
		if p != s.policy && len(p.levels) > 0 && len(p.levels[0].onCall(at)) > 0 {
			others = append(others, p)
		}
	}
	if len(others) == 0 {
		return false
	}
	s.policy = pick(s.d, others)
	s.now, s.level, s.loops, s.again = at, 1, 0, false
	s.assignees = s.policy.levels[0].onCall(at)
	channel := s.byHand()
	s.emit(at, "delegate", "Reassigned to "+string(s.policy.ref.Summary)+" by "+by.name+".", by.ref, channel).EscalationPolicy = &s.policy.ref
	for _, p := range s.assignees {
		s.emit(at, "assign", p.assigned, by.ref, channel).Assignees = p.assignee
	}
	return true
}

func (s *scene) raiseUrgency(at time.Time) {
	s.urgency, s.now, s.again, s.raiseAt = "high", at, false, time.Time{}
	s.emit(at, "urgency_change", "Urgency changed to high.", s.o.service.ref, &Channel{Type: "auto", NewUrgency: "high"})
}

// resolve ends the incident.
func (s *scene) resolve(end ending) {
	at := end.at
	s.o.end, s.now = at, at
	switch end.kind {
	case byMonitor:
		in := s.o.rule.integration
		channel := map[string]*Channel{"api": channelAPI, "nagios": channelNagios, "email": channelEmail}[s.o.rule.tool.channel]
		agent := s.w.integrationRefs[in]
		if s.o.serial%3 == 0 {
			agent = s.o.service.ref // both kinds of agent occur
		}
		s.emit(at, "resolve", "Resolved through the API.", agent, channel)
	case byTimeout:
		s.emit(at, "resolve", "Resolved due to timeout.", s.o.service.ref, channelTimeout)
	case byPerson:
		s.emit(at, "resolve", end.by.resolved, end.by.ref, s.byHand())
	case byMerge:
		e := s.emit(at, "resolve", end.by.resolved, end.by.ref, channelWebsite)
		e.mergedInto = s.o.mergeInto.ref
	}
}

// reopen: a person sets the incident's status back, and its first level is
// paged again. Which entries PagerDuty writes then is not known; assumed is
// one of an undocumented type, and assign entries.
func (s *scene) reopen(at time.Time) {
	by := s.assignees
	on := s.o.service.policy.levels[0].onCall(at)
	if len(by) == 0 || len(on) == 0 || !at.Before(s.w.a.End) {
		return
	}
	s.policy, s.level, s.loops, s.again, s.now, s.assignees = s.o.service.policy, 1, 0, false, at, on
	s.script, s.endings, s.o.end = nil, nil, time.Time{}
	s.emit(at, "reopen", "Reopened by "+by[0].name+".", by[0].ref, channelWebsite)
	for _, p := range on {
		s.emit(at, "assign", p.assigned, by[0].ref, channelWebsite).Assignees = p.assignee
	}
	s.live()
}
