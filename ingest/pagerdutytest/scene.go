package pagerdutytest

import (
	"slices"
	"time"
)

// scene plays one incident: PagerDuty pages, people react, monitors clear.
// What people do follows from the planted verdict and their habits alone.
type scene struct {
	w *world
	d draw
	o *occurrence

	entries []LogEntry

	now       time.Time // when the present assignees were assigned
	assignees []*person
	policy    *policy
	level     int // 0: assigned by hand, no escalation
	loops     int
	urgency   string
	again     bool // the same people were just paged for it

	endings    []ending
	raiseAt    time.Time // when a low urgency is raised by hand; zero: never
	script     *script
	responders []Responder
	requests   []ResponderRequest
	given      int // priority given in its course, 1 is P1; 0: none
	bridge     any
	references []ExternalReference
	fields     []CustomField
}

// ending is a way in which the incident may end. The earliest one counts.
type ending struct {
	at   time.Time
	kind endKind
	by   *person // for byPerson and byMerge
}

type endKind int

const (
	byMonitor endKind = iota
	byTimeout
	byPerson
	byMerge
)

// horizon ends scenes that nobody ends.
const horizon = 90 * 24 * time.Hour

func (s *scene) run() {
	s.trigger()
	s.prepareEndings()
	if d := s.o.direct; d != nil {
		s.assignByHand(s.o.at, s.o.opener, []*person{d})
	} else {
		s.toLevel(1, s.o.at)
	}
	s.live()
	if s.o.verdict == VerdictActionable && !s.o.end.IsZero() && s.d.chance(s.w.habits.reopen) {
		s.reopen(s.o.end.Add(s.d.between(3*time.Minute, 25*time.Minute)))
	}
}

// live goes on until the incident has ended or nobody will ever end it.
func (s *scene) live() {
	for s.now.Before(s.o.at.Add(horizon)) {
		p, at := s.await()
		if p == nil {
			return
		}
		s.acknowledge(p, at)
		if s.handle(p, at) {
			return
		}
	}
}

// prepareEndings draws what may end the incident without an acknowledgement.
func (s *scene) prepareEndings() {
	o, d, habits := s.o, s.d, s.w.habits
	if o.follows != nil && !o.follows.end.IsZero() {
		s.endings = append(s.endings, ending{later(o.follows.end.Add(o.lag), o.at.Add(20*time.Second)), byMonitor, nil})
	}
	if o.clears > 0 {
		s.endings = append(s.endings, ending{o.at.Add(o.clears), byMonitor, nil})
	}
	if o.service.autoResolve > 0 {
		s.endings = append(s.endings, ending{o.at.Add(o.service.autoResolve), byTimeout, nil})
	}
	if m := o.mergeInto; m != nil && m.id != "" && (m.end.IsZero() || m.end.After(o.mergeAt)) {
		if by := o.service.policy.levels[0].onCall(o.mergeAt); len(by) > 0 {
			s.endings = append(s.endings, ending{o.mergeAt, byMerge, by[0]})
		}
	}
	if o.closedBy != nil {
		s.endings = append(s.endings, ending{o.closedAt, byPerson, o.closedBy})
	}
	if o.handsOff || o.staysOpen || o.sure {
		return
	}
	low := o.urgency() == "low"
	switch {
	case low && d.chance(0.6):
		// A ticket: somebody closes it when they come round to it.
		s.closeLater(d.around(40*time.Hour, 1.9))
	case low && d.chance(habits.raise):
		s.raiseAt = o.at.Add(d.around(6*time.Hour, 0.7))
	case o.verdict == VerdictUnattended:
		s.closeLater(d.around(9*time.Hour, 0.9))
	case !low && d.chance(0.03): // put right or seen elsewhere, never acknowledged
		s.closeLater(d.around(11*time.Minute, 0.8))
	}
}

func (s *scene) closeLater(after time.Duration) {
	at := s.o.at.Add(max(after, 30*time.Second))
	if by := s.o.service.policy.levels[0].onCall(at); len(by) > 0 {
		s.endings = append(s.endings, ending{at, byPerson, by[0]})
	}
}

// firstEnding returns the earliest ending after the present; false if there is none.
func (s *scene) firstEnding() (ending, bool) {
	if len(s.endings) == 0 {
		return ending{}, false
	}
	first := slices.MinFunc(s.endings, func(x, y ending) int { return x.at.Compare(y.at) })
	first.at = later(first.at, s.now.Add(time.Second))
	return first, true
}

// later returns the later of two times.
func later(t, u time.Time) time.Time {
	if t.Before(u) {
		return u
	}
	return t
}

// await lets time run from now until somebody acknowledges; nil: the incident
// ended before, or nobody ever will.
func (s *scene) await() (*person, time.Time) {
	for {
		acker, ackAt := s.reaction()
		until, next := ackAt, "ack"
		if acker == nil {
			until, next = s.o.at.Add(horizon), "never"
		}
		if t, ok := s.deadline(); ok && t.Before(until) {
			until, next = t, "escalate"
		}
		if !s.raiseAt.IsZero() && s.raiseAt.After(s.now) && s.raiseAt.Before(until) {
			until, next = s.raiseAt, "raise"
		}
		end, ends := s.firstEnding()
		if ends && !end.at.After(until) {
			until, next = end.at, "end"
		}
		s.notify(until)
		switch next {
		case "ack":
			return acker, ackAt
		case "escalate":
			s.escalateByTimeout(until)
		case "raise":
			s.raiseUrgency(until)
		case "end":
			s.resolve(end)
			return nil, until
		default:
			return nil, until
		}
	}
}

// deadline is when the policy escalates; false: never.
func (s *scene) deadline() (time.Time, bool) {
	if s.urgency == "low" || s.level == 0 || s.level > len(s.policy.levels) || len(s.policy.levels) == 0 {
		return time.Time{}, false
	}
	return s.now.Add(s.policy.levels[s.level-1].delay), true
}

// reaction draws who acknowledges first, and when; nil if nobody does.
func (s *scene) reaction() (*person, time.Time) {
	var first *person
	var at time.Time
	o := s.o
	if o.verdict == VerdictUnattended || o.ignored {
		return nil, at
	}
	for _, p := range s.assignees {
		t, ok := s.reacts(p)
		if ok && (first == nil || t.Before(at)) {
			first, at = p, t
		}
	}
	if first != nil && !o.ackAt.IsZero() && o.ackAt.After(s.now) {
		at = o.ackAt
	}
	if first != nil && s.d.chance(s.w.habits.teammate) {
		// Somebody of the team who was not paged takes it.
		if p := s.w.teammate(s.d, o.service.team, first); p != nil {
			first = p
		}
	}
	return first, at
}

// reacts draws when a person who was just assigned acknowledges.
func (s *scene) reacts(p *person) (time.Time, bool) {
	d, habits := s.d, s.w.habits
	if s.urgency == "low" {
		return s.now.Add(d.around(9*time.Hour, 1.2)), d.chance(0.7)
	}
	if len(p.high) == 0 {
		return time.Time{}, false
	}
	told := s.now.Add(p.high[0].after + 10*time.Second)
	if s.o.sure {
		return told.Add(d.between(40*time.Second, 6*time.Minute)), true
	}
	median, ignored := habits.reaction, habits.ignores
	if hour := told.In(p.zone).Hour(); hour >= 23 || hour < 7 {
		median, ignored = 2*median, 2*ignored
	}
	if s.again {
		median, ignored = median/2, 0
	}
	return told.Add(max(d.around(median, 0.8), 5*time.Second)), !d.chance(ignored)
}

// teammate picks a member of the team other than p who has not left.
func (w *world) teammate(d draw, t *team, p *person) *person {
	var others []*person
	for _, x := range w.people {
		if x != p && !x.left && t.members[x.id] {
			others = append(others, x)
		}
	}
	if len(others) == 0 {
		return nil
	}
	return pick(d, others)
}
