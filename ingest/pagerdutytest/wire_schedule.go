package pagerdutytest

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// span is a time from since to until. Whether until belongs to it is for its
// user to say: PagerDuty's lists take it in, on-call times do not.
type span struct{ since, until time.Time }

// holds tells whether an on-call time from start to end is seen in the span.
// A span without length is one instant; a time without length is seen where it lies.
func (s span) holds(start, end time.Time) bool {
	switch {
	case s.since.Equal(s.until):
		return !start.After(s.since) && (s.since.Before(end) || start.Equal(end) && start.Equal(s.since))
	case s.until.Sub(s.since) < time.Millisecond:
		return false // bounds microseconds apart give an empty list
	case start.Equal(end):
		return !start.Before(s.since) && start.Before(s.until)
	}
	return start.Before(s.until) && end.After(s.since)
}

// cut returns the part of the on-call time inside the span.
func (s span) cut(start, end time.Time) (time.Time, time.Time) {
	if s.since.Equal(s.until) {
		return start, end
	}
	if start.Before(s.since) {
		start = s.since
	}
	if end.After(s.until) {
		end = s.until
	}
	return start, end
}

// wireSchedule leaves parts out that were not asked for.
type wireSchedule struct {
	Schedule
	ScheduleLayers       []ScheduleLayer `json:"schedule_layers,omitempty"`
	OverridesSubschedule *SubSchedule    `json:"overrides_subschedule,omitempty"`
	FinalSchedule        *SubSchedule    `json:"final_schedule,omitempty"`
}

func (v *view) schedule(s Schedule) any {
	v.link(&s.Self, &s.HTMLURL, "schedule", s.ID, "")
	s.EscalationPolicies, s.Users, s.Teams = v.refs(s.EscalationPolicies), v.refs(s.Users), v.refs(s.Teams)
	w := wireSchedule{Schedule: s}
	if v.has("schedule_layers") {
		w.ScheduleLayers = mapped(s.ScheduleLayers, v.layer)
	}
	if v.has("overrides_subschedule") {
		w.OverridesSubschedule = v.subSchedule(s.OverridesSubschedule, "Overrides")
	}
	if v.has("final_schedule") {
		w.FinalSchedule = v.subSchedule(s.FinalSchedule, "Final Schedule")
	}
	return w
}

func (v *view) layer(l ScheduleLayer) ScheduleLayer {
	l.Start, l.End, l.RotationVirtualStart = v.at(l.Start), v.atp(l.End), v.at(l.RotationVirtualStart)
	l.Users = mapped(l.Users, func(u LayerUser) LayerUser { return LayerUser{v.ref(u.User)} })
	l.Restrictions = mapped(l.Restrictions, func(r Restriction) Restriction { return r })
	sub := v.subSchedule(SubSchedule{RenderedScheduleEntries: l.RenderedScheduleEntries}, "")
	l.RenderedScheduleEntries, l.RenderedCoveragePercentage = sub.RenderedScheduleEntries, sub.RenderedCoveragePercentage
	return l
}

// subSchedule renders the entries seen in the view's window; without one the
// entries are empty and the coverage null.
func (v *view) subSchedule(s SubSchedule, name string) *SubSchedule {
	out := &SubSchedule{Name: name, RenderedScheduleEntries: []ScheduleEntry{}}
	if v.window == nil {
		return out
	}
	var covered []span
	for _, e := range s.RenderedScheduleEntries {
		if !v.window.holds(e.Start, e.End) {
			continue
		}
		start, end := v.window.cut(e.Start, e.End)
		covered = append(covered, span{start, end})
		if v.overflow {
			start, end = e.Start, e.End
		}
		id := e.ID
		if name == "Final Schedule" {
			id = "" // only overrides have ids
		}
		out.RenderedScheduleEntries = append(out.RenderedScheduleEntries,
			ScheduleEntry{id, v.at(start), v.at(end), v.ref(e.User)})
	}
	p := coverage(covered, *v.window)
	out.RenderedCoveragePercentage = &p
	return out
}

// coverage is the share of the window, in percent with one decimal, in which
// somebody is on call.
func coverage(parts []span, window span) float64 {
	total := window.until.Sub(window.since)
	if total <= 0 {
		if len(parts) > 0 {
			return 100
		}
		return 0
	}
	slices.SortFunc(parts, func(x, y span) int {
		return cmp.Or(x.since.Compare(y.since), x.until.Compare(y.until))
	})
	var covered time.Duration
	reach := window.since
	for _, p := range parts {
		if p.since.Before(reach) {
			p.since = reach
		}
		if p.until.After(p.since) {
			covered += p.until.Sub(p.since)
			reach = p.until
		}
	}
	return math.Round(1000*float64(covered)/float64(total)) / 10
}

type wireV3Schedule struct {
	V3Schedule
	Users         []Reference      `json:"users,omitempty"`
	FinalSchedule *V3FinalSchedule `json:"final_schedule,omitempty"`
}

func (v *view) v3Schedule(s V3Schedule) any {
	v.link(&s.Self, &s.HTMLURL, "schedule_v3", s.ID, "")
	s.Type = "schedule_v3"
	s.EscalationPolicies, s.Teams = v.refs(s.EscalationPolicies), v.refs(s.Teams)
	w := wireV3Schedule{V3Schedule: s}
	if v.has("users") {
		w.Users = v.refs(s.Users)
	}
	if v.has("final_schedule") && v.window != nil {
		w.FinalSchedule = v.v3Final(s.FinalSchedule)
	}
	return w
}

func (v *view) v3Final(f V3FinalSchedule) *V3FinalSchedule {
	out := &V3FinalSchedule{Type: "final_schedule", ComputedShiftAssignments: []ShiftAssignment{}}
	var covered []span
	for _, s := range f.ComputedShiftAssignments {
		if !v.window.holds(s.StartTime, s.EndTime) {
			continue
		}
		start, end := v.window.cut(s.StartTime, s.EndTime)
		if s.Member.Type != "empty_member" {
			covered = append(covered, span{start, end})
		}
		if !v.overflow {
			s.StartTime, s.EndTime = start, end
		}
		s.Type, s.StartTime, s.EndTime = "computed_shift_assignment", v.at(s.StartTime), v.at(s.EndTime)
		out.ComputedShiftAssignments = append(out.ComputedShiftAssignments, s)
	}
	out.RenderedCoveragePercentage = coverage(covered, *v.window)
	return out
}

// v3Reference is what the v3 list gives of a schedule.
func (v *view) v3Reference(s V3Schedule) any {
	return v.ref(Ref("schedule_v3", s.ID, s.Name))
}
