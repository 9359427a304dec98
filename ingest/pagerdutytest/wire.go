package pagerdutytest

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// view renders an account's objects for one request: its includes, its zone,
// its window. What an account stores has no links; a view adds them.
type view struct {
	*index
	zone     *time.Location // nil: each endpoint's default
	include  []string
	plain    bool  // include[]=incidents gives references only
	window   *span // for rendered schedule entries
	overflow bool  // do not cut entries at the window
}

func (ix *index) view(zone *time.Location, include ...string) *view {
	return &view{index: ix, zone: zone, include: include}
}

func (v *view) has(include string) bool { return slices.Contains(v.include, include) }

func (v *view) at(t time.Time) time.Time {
	if v.zone == nil {
		return t.UTC()
	}
	return t.In(v.zone)
}

func (v *view) atp(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	at := v.at(*t)
	return &at
}

// rows is a list that renders a row only when it is asked for.
type rows struct {
	n  int
	at func(i int) any
}

func (r *rows) len() int { return r.n }

func rowsOf[T any](list []T, render func(T) any) *rows {
	return &rows{len(list), func(i int) any { return render(list[i]) }}
}

// rows returns all objects of a kind, nil for an unknown kind.
func (v *view) rows(kind string) *rows {
	a := v.a
	switch kind {
	case "users":
		return rowsOf(a.Users, v.user)
	case "teams":
		return rowsOf(a.Teams, v.team)
	case "services":
		return rowsOf(a.Services, v.service)
	case "escalation_policies":
		return rowsOf(a.EscalationPolicies, v.policy)
	case "schedules":
		return rowsOf(a.Schedules, v.schedule)
	case "v3_schedules":
		return rowsOf(a.V3Schedules, v.v3Schedule)
	case "priorities":
		return rowsOf(a.Priorities, v.priority)
	case "vendors":
		return rowsOf(a.Vendors, v.vendor)
	case "maintenance_windows":
		return rowsOf(a.MaintenanceWindows, v.maintenanceWindow)
	case "change_events":
		return rowsOf(a.ChangeEvents, v.changeEvent)
	case "incidents":
		pos := v.byCreated.pos
		return &rows{len(pos), func(i int) any { return v.incident(&a.Incidents[pos[i]]) }}
	case "log_entries":
		pos := v.byTime.pos
		return &rows{len(pos), func(i int) any { return v.logEntry(&a.LogEntries[pos[len(pos)-1-i]]) }}
	case "alerts":
		var all []Alert
		for _, i := range v.byCreated.pos {
			all = append(all, a.Alerts[a.Incidents[i].ID]...)
		}
		return rowsOf(all, v.alert)
	}
	return nil
}

// link fills the links of an object or reference of a kind, where they are empty.
// parent is the incident of a log entry, or the service of an integration.
func (v *view) link(self, html *NullString, kind, id, parent string) {
	if *self != "" || id == "" {
		return
	}
	known, ok := v.links[liveKey{kind, id}]
	if !ok {
		known = v.linksOf(kind, id, parent, false)
	}
	*self, *html = known.self, known.html
}

const apiURL = "https://api.pagerduty.com"

// linksOf makes the links of an object. Of one that is gone, only the API's
// address is told.
func (ix *index) linksOf(kind, id, parent string, alive bool) links {
	site := "https://" + ix.a.Subdomain + ".pagerduty.com"
	both := func(path, page string) links {
		if !alive && page != "" && goneWithoutPage[kind] {
			page = ""
		}
		if page != "" {
			page = site + page
		}
		return links{NullString(apiURL + path), NullString(page)}
	}
	switch kind {
	case "user", "team", "schedule", "escalation_policy", "incident", "alert":
		path := "/" + plural(kind) + "/" + id
		return both(path, path)
	case "service":
		return both("/services/"+id, "/service-directory/"+id)
	case "schedule_v3":
		return both("/v3/schedules/"+id, "/schedules/"+id)
	case "priority", "vendor":
		return both("/"+plural(kind)+"/"+id, "")
	case "maintenance_window":
		return both("/maintenance_windows/"+id, "/service-directory/maintenance-windows/"+id)
	}
	switch {
	case strings.HasSuffix(kind, "_inbound_integration") && parent != "":
		path := "/services/" + parent + "/integrations/" + id
		return both(path, path)
	case strings.HasSuffix(kind, "_log_entry") && parent != "":
		return both("/log_entries/"+id, "/incidents/"+parent+"/log_entries/"+id)
	case strings.HasSuffix(kind, "_log_entry"):
		return both("/log_entries/"+id, "")
	}
	return links{}
}

// goneWithoutPage are the kinds of which a deleted object has no page.
var goneWithoutPage = map[string]bool{"user": true, "team": true, "schedule": true, "escalation_policy": true, "service": true, "schedule_v3": true}

func plural(kind string) string {
	if stem, ok := strings.CutSuffix(kind, "y"); ok {
		return stem + "ies"
	}
	return kind + "s"
}

func (v *view) ref(r Reference) Reference { return v.refIn(r, "") }

func (v *view) refIn(r Reference, parent string) Reference {
	v.link(&r.Self, &r.HTMLURL, strings.TrimSuffix(r.Type, "_reference"), r.ID, parent)
	return r
}

func (v *view) refp(r *Reference, parent string) *Reference {
	if r == nil {
		return nil
	}
	linked := v.refIn(*r, parent)
	return &linked
}

func (v *view) refs(list []Reference) []Reference {
	out := make([]Reference, len(list))
	for i, r := range list {
		out[i] = v.ref(r)
	}
	return out
}

func (v *view) user(u User) any {
	v.link(&u.Self, &u.HTMLURL, "user", u.ID, "")
	u.Teams = v.refs(u.Teams)
	if !v.has("contact_methods") {
		methods := make([]ContactMethod, len(u.ContactMethods))
		for i, m := range u.ContactMethods {
			// A reference has neither label nor address.
			methods[i] = ContactMethod{ID: m.ID, Type: m.Type + "_reference", Summary: m.Summary}
		}
		u.ContactMethods = methods
	}
	if u.NotificationRules == nil || !v.has("notification_rules") {
		u.NotificationRules = []NotificationRule{}
	}
	return u
}

func (v *view) team(t Team) any {
	v.link(&t.Self, &t.HTMLURL, "team", t.ID, "")
	return t
}

func (v *view) priority(p Priority) any {
	v.link(&p.Self, &p.HTMLURL, "priority", p.ID, "")
	return p
}

func (v *view) vendor(x Vendor) any {
	v.link(&x.Self, &x.HTMLURL, "vendor", x.ID, "")
	return x
}

func (v *view) service(s Service) any {
	v.link(&s.Self, &s.HTMLURL, "service", s.ID, "")
	s.Teams = v.refs(s.Teams)
	s.EscalationPolicy = v.ref(s.EscalationPolicy)
	s.CreatedAt, s.UpdatedAt, s.LastIncidentTimestamp = v.at(s.CreatedAt), v.at(s.UpdatedAt), v.atp(s.LastIncidentTimestamp)
	s.Addons = v.refs(s.Addons)
	if s.ScheduledActions == nil {
		s.ScheduledActions = []any{}
	}
	full, references := make([]Integration, len(s.Integrations)), make([]Reference, len(s.Integrations))
	for i, in := range s.Integrations {
		v.link(&in.Self, &in.HTMLURL, in.Type, in.ID, s.ID)
		if in.Service == nil {
			in.Service = &Reference{ID: s.ID, Type: "service_reference", Summary: NullString(s.Name)}
		}
		in.Service, in.Vendor, in.CreatedAt = v.refp(in.Service, ""), v.refp(in.Vendor, ""), v.at(in.CreatedAt)
		full[i] = in
		references[i] = Reference{ID: in.ID, Type: in.Type + "_reference", Summary: NullString(in.Summary), Self: in.Self, HTMLURL: in.HTMLURL}
	}
	if v.has("integrations") {
		s.Integrations = full
		return s
	}
	return struct {
		Service
		Integrations []Reference `json:"integrations"`
	}{s, references}
}

func (v *view) policy(p EscalationPolicy) any {
	v.link(&p.Self, &p.HTMLURL, "escalation_policy", p.ID, "")
	p.Services, p.Teams = v.refs(p.Services), v.refs(p.Teams)
	rules := make([]EscalationRule, len(p.EscalationRules))
	for i, r := range p.EscalationRules {
		r.Targets = v.refs(r.Targets)
		rules[i] = r
	}
	p.EscalationRules = rules
	return p
}

func (v *view) maintenanceWindow(w MaintenanceWindow) any {
	v.link(&w.Self, &w.HTMLURL, "maintenance_window", w.ID, "")
	w.StartTime, w.EndTime = v.at(w.StartTime), v.at(w.EndTime)
	w.Services, w.Teams, w.CreatedBy = v.refs(w.Services), v.refs(w.Teams), v.refp(w.CreatedBy, "")
	return w
}

func (v *view) changeEvent(e ChangeEvent) any {
	e.Timestamp, e.Services = v.at(e.Timestamp), v.refs(e.Services)
	if e.Links == nil {
		e.Links = []any{}
	}
	if e.Images == nil {
		e.Images = []any{}
	}
	return e
}

func itoa(n int) string { return strconv.Itoa(n) }
