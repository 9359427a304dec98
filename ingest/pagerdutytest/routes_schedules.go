package pagerdutytest

import (
	"slices"
	"strings"
	"time"
)

func (r *request) schedules() ([]byte, *apiError) {
	v, err := r.view(nil)
	if err != nil {
		return nil, err
	}
	since, until, err := r.bounds()
	if err != nil {
		return nil, err
	}
	if since != nil || until != nil {
		if v.window, err = r.scheduleWindow(since, until); err != nil {
			return nil, err
		}
	} else {
		// Rendered parts need a range in the list, whatever is included.
		v.include = slices.DeleteFunc(v.include, func(s string) bool {
			return s == "final_schedule" || s == "overrides_subschedule"
		})
	}
	return r.page("schedules", rowsOf(r.ix.a.Schedules, v.schedule))
}

func (r *request) findSchedule() (*Schedule, *apiError) {
	i := slices.IndexFunc(r.ix.a.Schedules, func(s Schedule) bool { return s.ID == r.id })
	if i < 0 {
		return nil, notFound() // also for a v3 schedule
	}
	return &r.ix.a.Schedules[i], nil
}

// oneSchedule gives all parts, in the schedule's own zone.
func (r *request) oneSchedule() ([]byte, *apiError) {
	s, err := r.findSchedule()
	if err != nil {
		return nil, err
	}
	v, err := r.view(loadZone(s.TimeZone))
	if err != nil {
		return nil, err
	}
	since, until, err := r.bounds()
	if err != nil {
		return nil, err
	}
	if v.window, err = r.scheduleWindow(since, until); err != nil {
		return nil, err
	}
	v.include = append(v.include, "schedule_layers", "overrides_subschedule", "final_schedule")
	return r.one("schedule", v.schedule(*s))
}

// overrides is not paginated, and both bounds are required.
func (r *request) overrides() ([]byte, *apiError) {
	s, err := r.findSchedule()
	if err != nil {
		return nil, err
	}
	v, err := r.view(loadZone(s.TimeZone))
	if err != nil {
		return nil, err
	}
	since, until, err := r.bounds()
	if err != nil {
		return nil, err
	}
	if since == nil || until == nil {
		return nil, invalidInput("since and until are required")
	}
	v.window = &span{*since, *until}
	sub := v.subSchedule(s.OverridesSubschedule, "Overrides")
	return mustJSON(map[string]any{"overrides": sub.RenderedScheduleEntries}), nil
}

// v3Schedules gives references only, up to 1,000 at once, and no total.
func (r *request) v3Schedules() ([]byte, *apiError) {
	v, err := r.view(nil)
	if err != nil {
		return nil, err
	}
	limit, offset, err := r.paging(maximumV3Limit, 100)
	if err != nil {
		return nil, err
	}
	return r.render("schedules", rowsOf(r.ix.a.V3Schedules, v.v3Reference), limit, offset, ""), nil
}

func (r *request) oneV3Schedule() ([]byte, *apiError) {
	if _, err := r.findSchedule(); err == nil {
		return nil, invalidInput("Schedule is not a shift-based schedule") // it was not upgraded
	}
	i := slices.IndexFunc(r.ix.a.V3Schedules, func(s V3Schedule) bool { return s.ID == r.id })
	if i < 0 {
		return nil, notFound()
	}
	v, err := r.view(nil)
	if err != nil {
		return nil, err
	}
	since, until, err := r.bounds()
	if err != nil {
		return nil, err
	}
	if v.window, err = r.scheduleWindow(since, until); err != nil {
		return nil, err
	}
	return r.one("schedule", v.v3Schedule(r.ix.a.V3Schedules[i]))
}

// oncall is one row of /oncalls: a user at a level of a policy, through a
// schedule, or for good where the policy names the user.
type oncall struct {
	EscalationPolicy any        `json:"escalation_policy"`
	EscalationLevel  int        `json:"escalation_level"`
	Schedule         *Reference `json:"schedule"`
	User             any        `json:"user"`
	Start            *time.Time `json:"start"`
	End              *time.Time `json:"end"`

	userID, scheduleID, policyID string
}

func (r *request) oncalls() ([]byte, *apiError) {
	v, err := r.view(r.ix.zone)
	if err != nil {
		return nil, err
	}
	since, until, err := r.bounds()
	if err != nil {
		return nil, err
	}
	now := r.h.clock()
	window := span{now, now}
	if since != nil {
		window = span{*since, *since}
		if now.After(*since) {
			window.until = now
		}
	}
	if until != nil {
		window.until = *until
	}
	users, schedules, policies := r.list("user_ids"), r.list("schedule_ids"), r.list("escalation_policy_ids")
	one := func(wanted []string, value string) bool {
		return len(wanted) == 0 || slices.Contains(wanted, value)
	}
	var list []oncall
	for _, p := range r.ix.a.EscalationPolicies {
		for level, rule := range p.EscalationRules {
			for _, target := range rule.Targets {
				for _, row := range v.oncallsOf(p, level+1, target, window) {
					if one(users, row.userID) && one(schedules, row.scheduleID) && one(policies, row.policyID) {
						list = append(list, row)
					}
				}
			}
		}
	}
	return r.page("oncalls", rowsOf(list, func(o oncall) any { return o }))
}

// oncallsOf lists who is on call through one target in the window.
func (v *view) oncallsOf(p EscalationPolicy, level int, target Reference, window span) []oncall {
	policy := v.policyOf(Ref("escalation_policy", p.ID, p.Name))
	schedule := v.ref(target)
	row := func(user Reference, start, end *time.Time) oncall {
		return oncall{policy, level, &schedule, v.ref(user), v.atp(start), v.atp(end), user.ID, target.ID, p.ID}
	}
	var out []oncall
	switch {
	case strings.HasPrefix(target.Type, "user"):
		permanent := row(target, nil, nil)
		permanent.Schedule, permanent.scheduleID = nil, "null"
		return []oncall{permanent}
	case strings.HasPrefix(target.Type, "schedule_v3"):
		for _, s := range v.a.V3Schedules {
			for _, c := range s.FinalSchedule.ComputedShiftAssignments {
				if s.ID == target.ID && c.Member.UserID != "" && window.holds(c.StartTime, c.EndTime) {
					out = append(out, row(v.userRef(c.Member.UserID), &c.StartTime, &c.EndTime))
				}
			}
		}
	default:
		for _, s := range v.a.Schedules {
			for _, e := range s.FinalSchedule.RenderedScheduleEntries {
				if s.ID == target.ID && window.holds(e.Start, e.End) {
					out = append(out, row(e.User, &e.Start, &e.End))
				}
			}
		}
	}
	return out
}

func (v *view) userRef(id string) Reference {
	for _, u := range v.a.Users {
		if u.ID == id {
			return Ref("user", u.ID, u.Name)
		}
	}
	return Ref("user", id, "")
}
