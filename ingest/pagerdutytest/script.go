package pagerdutytest

import (
	"slices"
	"time"
)

// habits are how people behave, as chances and medians.
type habits struct {
	ignores  float64       // a page by day goes unanswered; by night twice as often
	reaction time.Duration // from the first message to the acknowledgement, by day
	teammate float64       // somebody not paged acknowledges
	failed   float64       // a message is not delivered
	raise    float64       // a low urgency is raised
	reopen   float64
	handover float64 // of actionable incidents, to another level, person or policy
	help     float64 // asking further responders
	snooze   float64
	note     float64 // of actionable incidents

	// odd may change the entries of an incident before its state is taken
	// from them; nil: no.
	odd func(*scene, []LogEntry) []LogEntry

	// leave adds what people and machines leave beside; nil: nothing.
	leave func(*scene, []LogEntry) []LogEntry
}

var usualHabits = habits{ignores: 0.05, reaction: 2 * time.Minute, teammate: 0.03, failed: 0.02, raise: 0.08,
	reopen: 0.02, handover: 0.16, help: 0.07, snooze: 0.03, note: 0.6}

// script is what the person who took the incident will do.
type script struct {
	end  ending
	ends bool
	acts []act // by time
}

type act struct {
	at   time.Time
	kind actKind
}

type actKind int

const (
	actNote actKind = iota
	actEscalate
	actReassign
	actDelegate
	actHelp
	actSnooze
)

// write draws the script at the first acknowledgement.
func (s *scene) write(p *person, at time.Time) *script {
	switch o := s.o; {
	case o.staysOpen:
		return &script{acts: []act{{at.Add(9 * time.Minute), actNote}, {at.Add(70 * time.Minute), actNote}}}
	case o.handsOff:
		return &script{}
	case o.work > 0 && !o.heavy:
		return &script{end: ending{at.Add(o.work), byPerson, p}, ends: true}
	case o.verdict == VerdictActionable:
		return s.writeWork(p, at)
	case o.verdict == VerdictNotUrgent:
		return s.writeLater(p, at)
	}
	return s.writeNothing(p, at)
}

// writeWork: the person works on it, alone or with others.
func (s *scene) writeWork(p *person, at time.Time) *script {
	d, habits := s.d, s.w.habits
	work := s.o.work
	if work == 0 {
		work = max(d.around(34*time.Minute, 0.9), 3*time.Minute)
		if hour := at.In(p.zone).Hour(); (hour >= 22 || hour < 7) && d.chance(0.2) {
			work += d.around(8*time.Hour, 0.3) // the rest is done in the morning
		}
	}
	sc := &script{end: ending{at.Add(work), byPerson, p}, ends: true}
	if s.o.rule != nil && !s.o.heavy && d.chance(0.35) {
		sc.end.kind = byMonitor // repaired, and the monitor sees it
	}
	part := func(lo, hi float64) time.Time {
		return at.Add(time.Duration((lo + (hi-lo)*d.Float64()) * float64(work)).Round(time.Second))
	}
	if s.o.heavy || d.chance(habits.note) {
		for range 1 + d.count(0.5) {
			sc.acts = append(sc.acts, act{part(0.1, 0.95), actNote})
		}
	}
	if s.o.heavy || d.chance(habits.help) {
		sc.acts = append(sc.acts, act{part(0.1, 0.3), actHelp})
	}
	if d.chance(habits.handover) || s.o.heavy && d.chance(0.5) {
		kind := []actKind{actEscalate, actEscalate, actReassign, actDelegate}[d.IntN(4)]
		sc.acts = append(sc.acts, act{part(0.2, 0.5), kind})
	} else if d.chance(habits.snooze) {
		sc.acts = append(sc.acts, act{part(0.2, 0.6), actSnooze})
	}
	sortActs(sc)
	return sc
}

// writeLater: the person does it when it suits.
func (s *scene) writeLater(p *person, at time.Time) *script {
	d := s.d
	after := d.around(5*time.Hour, 1.1)
	if s.urgency == "low" {
		after = d.around(36*time.Hour, 1.8)
	}
	sc := &script{end: ending{at.Add(max(after, time.Minute)), byPerson, p}, ends: true}
	if d.chance(0.2) {
		sc.acts = append(sc.acts, act{at.Add(after / 2).Truncate(time.Second), actNote})
	}
	if s.urgency == "high" && d.chance(0.25) {
		sc.acts = append(sc.acts, act{at.Add(d.between(time.Minute, 6*time.Minute)), actSnooze})
	}
	sortActs(sc)
	return sc
}

// writeNothing: there is nothing to do, and the person finds that out.
func (s *scene) writeNothing(p *person, at time.Time) *script {
	d := s.d
	sc := &script{}
	clears := slices.ContainsFunc(s.endings, func(e ending) bool { return e.kind == byMonitor })
	switch {
	case clears && d.chance(0.75): // waits for the monitor
	case d.chance(0.75):
		sc.end, sc.ends = ending{at.Add(max(d.around(3*time.Minute, 0.6), 15*time.Second)), byPerson, p}, true
	default: // left for the morning
		sc.end, sc.ends = ending{at.Add(d.around(7*time.Hour, 0.7)), byPerson, p}, true
	}
	if d.chance(0.06) {
		sc.acts = append(sc.acts, act{at.Add(d.between(30*time.Second, 3*time.Minute)), actNote})
	}
	if d.chance(s.w.habits.snooze) {
		sc.acts = append(sc.acts, act{at.Add(d.between(30*time.Second, 3*time.Minute)), actSnooze})
	}
	sortActs(sc)
	return sc
}

func sortActs(sc *script) {
	slices.SortStableFunc(sc.acts, func(x, y act) int { return x.at.Compare(y.at) })
}

// handle lets p work from their acknowledgement on; true: the incident has
// ended. False: somebody is paged again, from s.now on.
func (s *scene) handle(p *person, at time.Time) bool {
	s.now, s.assignees = at, []*person{p}
	if s.script == nil {
		s.script = s.write(p, at)
		if s.script.ends {
			s.endings = append(s.endings, s.script.end)
		}
	}
	for {
		end, ends := s.firstEnding()
		if len(s.script.acts) > 0 && (!ends || s.script.acts[0].at.Before(end.at)) {
			next := s.script.acts[0]
			next.at = later(next.at, s.now.Add(time.Second))
			if s.ackRunsOut(at, next.at) {
				return false
			}
			s.script.acts = s.script.acts[1:]
			if s.do(p, next) {
				return false
			}
			continue
		}
		if !ends {
			end.at = s.o.at.Add(horizon)
		}
		if s.ackRunsOut(at, end.at) {
			return false
		}
		if !ends {
			s.now = end.at
			return true
		}
		if end.kind == byPerson && s.script.ends && end.by == s.script.end.by {
			end.by = p // whoever has it by then ends it
		}
		s.resolve(end)
		return true
	}
}

// ackRunsOut ends the acknowledgement where the service's timeout passes
// before the next thing that happens.
func (s *scene) ackRunsOut(ackAt, next time.Time) bool {
	limit := s.o.service.ackTimeout
	if limit == 0 || !ackAt.Add(limit).Before(next) {
		return false
	}
	s.unacknowledge(ackAt.Add(limit))
	return true
}

// do carries an act out; true: somebody is paged again.
func (s *scene) do(p *person, a act) bool {
	s.now = a.at
	switch a.kind {
	case actNote:
		s.note(p, a.at)
	case actHelp:
		s.askForHelp(p, a.at)
	case actSnooze:
		return s.snooze(p, a.at)
	case actEscalate:
		return s.escalateByHand(p, a.at)
	case actReassign:
		if other := s.w.teammate(s.d, s.o.service.team, p); other != nil {
			s.assignByHand(a.at, p, []*person{other})
			return true
		}
	case actDelegate:
		return s.delegate(p, a.at)
	}
	return false
}
