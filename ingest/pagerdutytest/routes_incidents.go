package pagerdutytest

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

func (r *request) incidents() ([]byte, *apiError) {
	v, err := r.view(nil)
	if err != nil {
		return nil, err
	}
	all := r.q.Get("date_range") == "all"
	window, err := r.incidentWindow()
	if err != nil && !all {
		return nil, err
	}
	if !all && window.until.After(window.since.AddDate(0, 6, 0)) {
		if r.h.sixMonthsEmpty {
			return r.page("incidents", &rows{})
		}
		return nil, invalidInput("")
	}
	pos, err := r.incidentPositions(window, all)
	if err != nil {
		return nil, err
	}
	a := r.ix.a
	return r.page("incidents", &rows{len(pos), func(i int) any { return v.incident(&a.Incidents[pos[i]]) }})
}

// incidentPositions finds and orders the incidents asked for. The order of
// creation needs no filtering: two binary searches do.
func (r *request) incidentPositions(window span, all bool) ([]int32, *apiError) {
	keep := r.incidentFilter()
	sortBy := r.q.Get("sort_by")
	ordered := r.ix.byCreated.pos
	inOrder := sortBy == "" || sortBy == "created_at" || sortBy == "created_at:asc"
	if inOrder && !all {
		lo, hi := r.ix.byCreated.within(window)
		ordered = ordered[lo:hi]
	}
	if inOrder && keep == nil {
		return ordered, nil
	}
	if !inOrder {
		var ok bool
		if ordered, ok = r.ix.sortedIncidents(sortBy); !ok {
			return nil, invalidInput("sort_by is invalid")
		}
	}
	var pos []int32
	for _, i := range ordered {
		in := &r.ix.a.Incidents[i]
		inside := all || !in.CreatedAt.Before(window.since) && !in.CreatedAt.After(window.until)
		if inside && (keep == nil || keep(in)) {
			pos = append(pos, i)
		}
	}
	return pos, nil
}

// incidentFilter returns nil where no filter is asked for.
func (r *request) incidentFilter() func(*Incident) bool {
	statuses, urgencies := r.list("statuses"), r.list("urgencies")
	services, teams, users := r.list("service_ids"), r.list("team_ids"), r.list("user_ids")
	key := r.q.Get("incident_key")
	if key == "" && len(statuses)+len(urgencies)+len(services)+len(teams)+len(users) == 0 {
		return nil
	}
	one := func(wanted []string, value string) bool {
		return len(wanted) == 0 || slices.Contains(wanted, value)
	}
	return func(in *Incident) bool {
		return one(statuses, in.Status) && one(urgencies, in.Urgency) && one(services, in.Service.ID) &&
			(key == "" || string(in.IncidentKey) == key) &&
			(len(teams) == 0 || slices.ContainsFunc(in.Teams, func(t Reference) bool { return one(teams, t.ID) })) &&
			(len(users) == 0 || slices.ContainsFunc(in.Assignments, func(x Assignment) bool { return one(users, x.Assignee.ID) }))
	}
}

func (r *request) find() (*Incident, *apiError) {
	id, err := url.PathUnescape(r.id)
	i, ok := r.ix.incidentAt[id]
	if err != nil || !ok {
		return nil, notFound()
	}
	return &r.ix.a.Incidents[i], nil
}

func (r *request) oneIncident() ([]byte, *apiError) {
	in, err := r.find()
	if err != nil {
		return nil, err
	}
	v, err := r.view(nil)
	if err != nil {
		return nil, err
	}
	return r.one("incident", v.incident(in))
}

// overview are the entries that is_overview=true leaves.
func overview(e *LogEntry) bool {
	switch e.Type {
	case "trigger_log_entry", "acknowledge_log_entry", "resolve_log_entry", "escalate_log_entry",
		"assign_log_entry", "delegate_log_entry", "annotate_log_entry", "snooze_log_entry", "unacknowledge_log_entry":
		return true
	}
	return false
}

// entryFilter returns nil where no filter is asked for.
func (r *request) entryFilter() func(*LogEntry) bool {
	teams, important := r.list("team_ids"), r.q.Get("is_overview") == "true"
	if len(teams) == 0 && !important {
		return nil
	}
	return func(e *LogEntry) bool {
		return (!important || overview(e)) && (len(teams) == 0 ||
			slices.ContainsFunc(e.Teams, func(t Reference) bool { return slices.Contains(teams, t.ID) }))
	}
}

func (r *request) logEntries() ([]byte, *apiError) {
	window, err := r.openWindow()
	if err != nil {
		return nil, err
	}
	lo, hi := r.ix.byTime.within(window)
	return r.entryPage(r.ix.byTime.pos[lo:hi])
}

func (r *request) incidentLogEntries() ([]byte, *apiError) {
	in, err := r.find()
	if err != nil {
		return nil, err
	}
	window, err := r.openWindow()
	if err != nil {
		return nil, err
	}
	var pos []int32
	for _, i := range r.ix.incidentEntries(in.ID) {
		if at := r.ix.a.LogEntries[i].CreatedAt; !at.Before(window.since) && !at.After(window.until) {
			pos = append(pos, i)
		}
	}
	return r.entryPage(pos)
}

// entryPage serves the entries at the positions, given oldest first, newest first.
func (r *request) entryPage(pos []int32) ([]byte, *apiError) {
	v, err := r.view(r.ix.zone)
	if err != nil {
		return nil, err
	}
	a := r.ix.a
	if keep := r.entryFilter(); keep != nil {
		var kept []int32
		for _, i := range pos {
			if keep(&a.LogEntries[i]) {
				kept = append(kept, i)
			}
		}
		pos = kept
	}
	body, err := r.page("log_entries", &rows{len(pos), func(i int) any {
		return v.logEntry(&a.LogEntries[pos[len(pos)-1-i]])
	}})
	if err != nil && err.Code == 2002 {
		// The second wording that has been seen for the same limit.
		err.Errors = []string{"Offset must be less than " + itoa(r.h.cap) + " minus limit"}
	}
	return body, err
}

func (r *request) oneLogEntry() ([]byte, *apiError) {
	i := slices.IndexFunc(r.ix.a.LogEntries, func(e LogEntry) bool { return e.ID == r.id })
	if i < 0 {
		return nil, notFound()
	}
	v, err := r.view(r.ix.zone)
	if err != nil {
		return nil, err
	}
	return r.one("log_entry", v.logEntry(&r.ix.a.LogEntries[i]))
}

func (r *request) incidentAlerts() ([]byte, *apiError) {
	in, err := r.find()
	if err != nil {
		return nil, err
	}
	v, err := r.view(nil)
	if err != nil {
		return nil, err
	}
	statuses, key := r.list("statuses"), r.q.Get("alert_key")
	var list []Alert
	for _, x := range r.ix.a.Alerts[in.ID] {
		if (len(statuses) == 0 || slices.Contains(statuses, x.Status)) && (key == "" || x.AlertKey == key) {
			list = append(list, x)
		}
	}
	if strings.HasSuffix(r.q.Get("sort_by"), ":desc") {
		slices.Reverse(list)
	}
	return r.page("alerts", rowsOf(list, v.alert))
}

// incidentNotes are the annotate entries in their other form, not paginated.
func (r *request) incidentNotes() ([]byte, *apiError) {
	in, err := r.find()
	if err != nil {
		return nil, err
	}
	v, err := r.view(r.ix.zone)
	if err != nil {
		return nil, err
	}
	type note struct {
		ID        string     `json:"id"`
		User      *Reference `json:"user"`
		Content   string     `json:"content"`
		CreatedAt time.Time  `json:"created_at"`
	}
	notes := []note{}
	for _, i := range r.ix.incidentEntries(in.ID) {
		if e := &r.ix.a.LogEntries[i]; e.Type == "annotate_log_entry" && e.Channel != nil {
			written := note{ID: e.ID, Content: e.Channel.Summary, CreatedAt: v.at(e.CreatedAt)}
			if e.Agent != nil && strings.HasPrefix(e.Agent.Type, "user") { // a program's note has no user
				written.User = v.refp(e.Agent, "")
			}
			notes = append(notes, written)
		}
	}
	return mustJSON(map[string]any{"notes": notes}), nil
}
