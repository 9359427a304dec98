package pagerdutytest

import (
	"slices"
	"sort"
	"time"
)

// rota is a schedule of either kind while an account is made.
type rota struct {
	id, name string
	v3       bool
	zone     *time.Location
	about    string
	turn     time.Duration
	shifts   []shift // after overrides, by start
	base     []shift // before overrides
	over     []shift // the overrides
	longest  time.Duration
}

// shift is one person's time on a rota; a nil person is a vacancy.
type shift struct {
	start, end time.Time
	p          *person
	override   string // id of the override it comes from
}

// finish puts the overrides into the shifts and makes the rota ready for use.
func (r *rota) finish() *rota {
	r.shifts = slices.Clone(r.base)
	for _, o := range r.over {
		r.shifts = overlay(r.shifts, o)
	}
	slices.SortStableFunc(r.shifts, func(x, y shift) int { return x.start.Compare(y.start) })
	for _, s := range r.shifts {
		r.longest = max(r.longest, s.end.Sub(s.start))
	}
	return r
}

// overlay cuts the override's time out of the shifts and puts it in.
func overlay(shifts []shift, o shift) []shift {
	var out []shift
	for _, s := range shifts {
		if !s.start.Before(o.end) || !s.end.After(o.start) {
			out = append(out, s)
			continue
		}
		if s.start.Before(o.start) {
			out = append(out, shift{s.start, o.start, s.p, s.override})
		}
		if s.end.After(o.end) {
			out = append(out, shift{o.end, s.end, s.p, s.override})
		}
	}
	return append(out, o)
}

// onCall returns who is on call at t, nobody twice.
func (r *rota) onCall(t time.Time) []*person {
	var out []*person
	first := sort.Search(len(r.shifts), func(i int) bool { return r.shifts[i].start.After(t.Add(-r.longest - time.Second)) })
	for _, s := range r.shifts[first:] {
		if s.start.After(t) {
			break
		}
		if s.p != nil && t.Before(s.end) && !slices.Contains(out, s.p) {
			out = append(out, s.p)
		}
	}
	return out
}

// weekly hands over every week on the given weekday at a local hour, from
// before since until after until. who says who has the k-th week.
func weekly(zone *time.Location, day time.Weekday, hour int, since, until time.Time, who func(k int, start time.Time) *person) []shift {
	local := since.In(zone)
	back := (int(local.Weekday()) - int(day) + 7) % 7
	start := time.Date(local.Year(), local.Month(), local.Day()-back, hour, 0, 0, 0, zone)
	if start.After(since) {
		start = start.AddDate(0, 0, -7)
	}
	var out []shift
	for k := 0; start.Before(until); k++ {
		end := start.AddDate(0, 0, 7) // the same local hour, whatever the clocks do
		out = append(out, shift{start: start.UTC(), end: end.UTC(), p: who(k, start)})
		start = end
	}
	return out
}

// addTo puts the rota into the account, with the policies that use it.
func (r *rota) addTo(w *world, policies []Reference, team Reference) {
	var members []Reference
	seen := map[*person]bool{}
	for _, s := range r.shifts {
		if s.p != nil && !seen[s.p] && !s.p.left {
			seen[s.p] = true
			members = append(members, *s.p.ref)
		}
	}
	if r.v3 {
		r.addV3(w, policies, team, members)
		return
	}
	s := Schedule{ID: r.id, Type: "schedule", Summary: r.name, Name: r.name, TimeZone: r.zone.String(), Description: NullString(r.about),
		EscalationPolicies: policies, Users: members, Teams: []Reference{team},
		OverridesSubschedule: SubSchedule{Name: "Overrides"}, FinalSchedule: SubSchedule{Name: "Final Schedule"}}
	for _, x := range r.shifts {
		if x.p != nil {
			s.FinalSchedule.RenderedScheduleEntries = append(s.FinalSchedule.RenderedScheduleEntries, ScheduleEntry{Start: x.start, End: x.end, User: *x.p.ref})
		}
	}
	for _, x := range r.over {
		s.OverridesSubschedule.RenderedScheduleEntries = append(s.OverridesSubschedule.RenderedScheduleEntries, ScheduleEntry{ID: x.override, Start: x.start, End: x.end, User: *x.p.ref})
	}
	layer := ScheduleLayer{ID: w.ids.short(), Name: "Layer 1", RotationTurnLengthSeconds: int(r.turn / time.Second)}
	if len(r.base) > 0 {
		layer.Start, layer.RotationVirtualStart = r.base[0].start, r.base[0].start
	}
	for _, x := range r.base {
		if x.p != nil {
			layer.RenderedScheduleEntries = append(layer.RenderedScheduleEntries, ScheduleEntry{Start: x.start, End: x.end, User: *x.p.ref})
		}
	}
	for _, m := range members {
		layer.Users = append(layer.Users, LayerUser{m})
	}
	s.ScheduleLayers = []ScheduleLayer{layer}
	w.a.Schedules = append(w.a.Schedules, s)
}

func (r *rota) addV3(w *world, policies []Reference, team Reference, members []Reference) {
	s := V3Schedule{ID: r.id, Type: "schedule_v3", Name: r.name, TimeZone: r.zone.String(), Description: NullString(r.about),
		EscalationPolicies: policies, Teams: []Reference{team}, Users: members, FinalSchedule: V3FinalSchedule{Type: "final_schedule"}}
	rotation := w.ids.entry()
	for _, x := range r.shifts {
		a := ShiftAssignment{Type: "computed_shift_assignment", StartTime: x.start, EndTime: x.end,
			Member: ShiftMember{Type: "empty_member"}, Source: ShiftSource{Type: "schedule_rotation", RotationID: rotation}}
		if x.p != nil {
			a.Member = ShiftMember{"user_member", x.p.id}
		}
		if x.override != "" {
			a.Source = ShiftSource{Type: "schedule_rotation_override", RotationID: rotation, OverrideID: x.override}
		}
		s.FinalSchedule.ComputedShiftAssignments = append(s.FinalSchedule.ComputedShiftAssignments, a)
	}
	w.a.V3Schedules = append(w.a.V3Schedules, s)
}

// ref is how policies and on-calls name the rota.
func (r *rota) ref() Reference {
	if r.v3 {
		return Ref("schedule_v3", r.id, r.name)
	}
	return Ref("schedule", r.id, r.name)
}
