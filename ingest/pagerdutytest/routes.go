package pagerdutytest

import (
	"slices"
	"strings"
	"time"
)

// route is one endpoint. Its kind is the name under which Requests counts it.
type route struct {
	pattern string
	kind    string
	answer  func(*request) ([]byte, *apiError)
}

// routes is tried from the top: fixed paths stand above those with an {id}.
var routes = []route{
	{"/incidents", "incidents", (*request).incidents},
	{"/incidents/{id}", "incident", (*request).oneIncident},
	{"/incidents/{id}/log_entries", "incident_log_entries", (*request).incidentLogEntries},
	{"/incidents/{id}/alerts", "incident_alerts", (*request).incidentAlerts},
	{"/incidents/{id}/notes", "incident_notes", (*request).incidentNotes},
	{"/log_entries", "log_entries", (*request).logEntries},
	{"/log_entries/{id}", "log_entry", (*request).oneLogEntry},
	{"/users", "users", plainList("users")},
	{"/users/me", "user_me", (*request).userMe},
	{"/users/{id}", "user", (*request).oneUser},
	{"/teams", "teams", plainList("teams")},
	{"/teams/{id}", "team", (*request).oneTeam},
	{"/services", "services", plainList("services")},
	{"/services/{id}", "service", (*request).oneService},
	{"/escalation_policies", "escalation_policies", plainList("escalation_policies")},
	{"/escalation_policies/{id}", "escalation_policy", (*request).onePolicy},
	{"/schedules", "schedules", (*request).schedules},
	{"/schedules/{id}", "schedule", (*request).oneSchedule},
	{"/schedules/{id}/overrides", "schedule_overrides", (*request).overrides},
	{"/v3/schedules", "v3_schedules", (*request).v3Schedules},
	{"/v3/schedules/{id}", "v3_schedule", (*request).oneV3Schedule},
	{"/oncalls", "oncalls", (*request).oncalls},
	{"/priorities", "priorities", plainList("priorities")},
	{"/vendors", "vendors", plainList("vendors")},
	{"/abilities", "abilities", (*request).abilities},
	{"/maintenance_windows", "maintenance_windows", (*request).maintenanceWindows},
	{"/change_events", "change_events", (*request).changeEvents},
}

// match finds the route of a path and the value of its {id}.
func match(path string) (route, string, bool) {
	parts := strings.Split(strings.TrimSuffix(path, "/"), "/")
	for _, rt := range routes {
		pattern := strings.Split(rt.pattern, "/")
		if len(pattern) != len(parts) {
			continue
		}
		id, same := "", true
		for i, p := range pattern {
			if p == "{id}" {
				id = parts[i]
			} else if p != parts[i] {
				same = false
				break
			}
		}
		if same {
			return rt, id, true
		}
	}
	return route{kind: "other"}, "", false
}

// plainList serves a kind whole, without a window.
func plainList(kind string) func(*request) ([]byte, *apiError) {
	return func(r *request) ([]byte, *apiError) {
		v, err := r.view(nil)
		if err != nil {
			return nil, err
		}
		return r.page(kind, v.rows(kind))
	}
}

// find serves the object with the path's id, or 404.
func find[T any](r *request, key string, list []T, id func(T) string, render func(*view, T) any) ([]byte, *apiError) {
	i := slices.IndexFunc(list, func(x T) bool { return id(x) == r.id })
	if i < 0 {
		return nil, notFound()
	}
	v, err := r.view(nil)
	if err != nil {
		return nil, err
	}
	return r.one(key, render(v, list[i]))
}

func (r *request) oneUser() ([]byte, *apiError) {
	return find(r, "user", r.ix.a.Users, func(u User) string { return u.ID }, (*view).user)
}

func (r *request) oneTeam() ([]byte, *apiError) {
	return find(r, "team", r.ix.a.Teams, func(t Team) string { return t.ID }, (*view).team)
}

func (r *request) oneService() ([]byte, *apiError) {
	return find(r, "service", r.ix.a.Services, func(s Service) string { return s.ID }, (*view).service)
}

func (r *request) onePolicy() ([]byte, *apiError) {
	return find(r, "escalation_policy", r.ix.a.EscalationPolicies,
		func(p EscalationPolicy) string { return p.ID }, (*view).policy)
}

func (r *request) userMe() ([]byte, *apiError) {
	if r.h.me == "" {
		return nil, invalidInput("The current user cannot be found: this token belongs to the account")
	}
	r.id = r.h.me
	return r.oneUser()
}

func (r *request) abilities() ([]byte, *apiError) {
	return mustJSON(map[string][]string{"abilities": mapped(r.ix.a.Abilities, func(s string) string { return s })}), nil
}

func (r *request) maintenanceWindows() ([]byte, *apiError) {
	v, err := r.view(nil)
	if err != nil {
		return nil, err
	}
	now := r.h.clock()
	keep := map[string]func(MaintenanceWindow) bool{
		"past":    func(w MaintenanceWindow) bool { return !w.EndTime.After(now) },
		"future":  func(w MaintenanceWindow) bool { return w.StartTime.After(now) },
		"ongoing": func(w MaintenanceWindow) bool { return !w.StartTime.After(now) && w.EndTime.After(now) },
		"open":    func(w MaintenanceWindow) bool { return w.EndTime.After(now) },
	}[r.q.Get("filter")]
	var list []MaintenanceWindow
	for _, w := range r.ix.a.MaintenanceWindows {
		if keep == nil || keep(w) {
			list = append(list, w)
		}
	}
	return r.page("maintenance_windows", rowsOf(list, v.maintenanceWindow))
}

func (r *request) changeEvents() ([]byte, *apiError) {
	v, err := r.view(nil)
	if err != nil {
		return nil, err
	}
	window, err := r.openWindow()
	if err != nil {
		return nil, err
	}
	var list []ChangeEvent
	for _, e := range r.ix.a.ChangeEvents {
		if !e.Timestamp.Before(window.since) && !e.Timestamp.After(window.until) {
			list = append(list, e)
		}
	}
	slices.SortStableFunc(list, func(x, y ChangeEvent) int { return y.Timestamp.Compare(x.Timestamp) })
	return r.page("change_events", rowsOf(list, v.changeEvent))
}

// scheduleWindow fills a missing bound two weeks from the other, and two weeks
// from now if both are missing; it refuses what is longer than allowed.
func (r *request) scheduleWindow(since, until *time.Time) (*span, *apiError) {
	const standard = 14 * 24 * time.Hour
	var s span
	switch {
	case since == nil && until == nil:
		s = span{r.h.clock(), r.h.clock().Add(standard)}
	case until == nil:
		s = span{*since, since.Add(standard)}
	case since == nil:
		s = span{until.Add(-standard), *until}
	default:
		s = span{*since, *until}
	}
	if r.h.scheduleRange > 0 && s.until.Sub(s.since) > r.h.scheduleRange {
		return nil, invalidInput("Schedule range is too long")
	}
	return &s, nil
}
