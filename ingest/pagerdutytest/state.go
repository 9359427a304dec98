package pagerdutytest

import (
	"slices"
	"strings"
	"time"
)

// settle sets the present state of an incident from its log entries, oldest
// first, as PagerDuty would show it after the last of them. The service may be
// nil.
func settle(in *Incident, entries []LogEntry, svc *service) {
	in.Status, in.ResolvedAt, in.ResolveReason = "triggered", nil, nil
	in.Assignments, in.Acknowledgements, in.PendingActions = nil, nil, nil
	in.UpdatedAt, in.LastStatusChangeAt, in.LastStatusChangeBy = in.CreatedAt, in.CreatedAt, &in.Service
	for i := range entries {
		e := &entries[i]
		if e.CreatedAt.After(in.UpdatedAt) {
			in.UpdatedAt = e.CreatedAt
		}
		switch e.Type {
		case "assign_log_entry", "escalate_log_entry", "delegate_log_entry":
			assign(in, e, entries[:i])
		case "acknowledge_log_entry":
			in.change("acknowledged", e)
			in.Acknowledgements = append(in.Acknowledgements, Acknowledgement{e.CreatedAt, *e.Agent})
			if svc != nil && svc.ackTimeout > 0 {
				in.PendingActions = []PendingAction{{Type: "unacknowledge", At: e.CreatedAt.Add(svc.ackTimeout)}}
			}
		case "snooze_log_entry":
			in.PendingActions = []PendingAction{{Type: "unacknowledge", At: e.CreatedAt.Add(time.Duration(e.Channel.Duration) * time.Second)}}
		case "unacknowledge_log_entry":
			in.change("triggered", e)
			in.Acknowledgements, in.PendingActions = nil, nil
		case "urgency_change_log_entry":
			in.Urgency = e.Channel.NewUrgency
		case "resolve_log_entry":
			resolve(in, e)
		}
	}
	if in.Status == "triggered" {
		in.LastStatusChangeAt = in.UpdatedAt // as the API documents it
	}
}

func (in *Incident) change(status string, e *LogEntry) {
	in.Status, in.LastStatusChangeAt = status, e.CreatedAt
	in.LastStatusChangeBy = &in.Service // what happens by itself is the service's doing
	if e.Agent != nil && strings.HasPrefix(e.Agent.Type, "user") {
		in.LastStatusChangeBy = e.Agent
	}
}

func resolve(in *Incident, e *LogEntry) {
	in.change("resolved", e)
	at := e.CreatedAt
	in.ResolvedAt, in.Assignments, in.Acknowledgements, in.PendingActions = &at, nil, nil, nil
	if e.mergedInto != nil {
		in.ResolveReason = &ResolveReason{"merge_resolve_reason", *e.mergedInto}
	}
}

// assign takes an assign, escalate or delegate entry into the state. before
// are the entries before it.
func assign(in *Incident, e *LogEntry, before []LogEntry) {
	if in.Status == "resolved" { // it was reopened
		in.change("triggered", e)
		in.ResolvedAt, in.ResolveReason = nil, nil
	}
	first := true       // of the entries of this second that assign
	narrowing := false  // to whoever acknowledged
	newAssignee := true // by hand, outside a policy
	for i := len(before) - 1; i >= 0 && before[i].CreatedAt.Equal(e.CreatedAt); i-- {
		switch b := before[i]; b.Type {
		case "acknowledge_log_entry":
			narrowing = true
		case "delegate_log_entry":
			newAssignee = false
			first = first && len(b.Assignees) == 0
		case "assign_log_entry", "escalate_log_entry":
			first = false
		case "reopen_log_entry":
			newAssignee = false
		}
	}
	if e.Type == "escalate_log_entry" && in.Status == "acknowledged" {
		in.change("triggered", e)
		in.Acknowledgements, in.PendingActions = nil, nil
	}
	if first {
		in.Assignments = nil
	}
	for _, who := range e.Assignees {
		in.Assignments = append(in.Assignments, Assignment{e.CreatedAt, who})
	}
	switch {
	case e.Type == "delegate_log_entry":
		in.AssignedVia = "escalation_policy"
		if e.EscalationPolicy != nil {
			in.EscalationPolicy = *e.EscalationPolicy
		}
		in.change("triggered", e)
		in.Acknowledgements, in.PendingActions = nil, nil
	case e.Type == "escalate_log_entry", narrowing:
	case newAssignee && e.Agent != nil && strings.HasPrefix(e.Agent.Type, "user"):
		in.AssignedVia = "direct_assignment"
		if in.Status == "acknowledged" {
			in.change("triggered", e)
			in.Acknowledgements, in.PendingActions = nil, nil
		}
	case e.Agent != nil && !strings.HasPrefix(e.Agent.Type, "user"):
		in.AssignedVia = "escalation_policy"
	}
}

// At returns the account as it was at t: incidents created by then in their
// state of then, and the log entries and alerts of before. End is t. What
// people and schedules are is not wound back, nor are merged alerts, priorities
// and whatever else only the incident's record shows.
func (a *Account) At(t time.Time) *Account {
	past := *a
	past.End = t
	past.Incidents, past.LogEntries, past.Alerts = nil, nil, map[string][]Alert{}
	byIncident := map[string][]LogEntry{}
	for _, e := range a.LogEntries {
		if e.CreatedAt.Before(t) {
			past.LogEntries = append(past.LogEntries, e)
			if e.Incident != nil {
				byIncident[e.Incident.ID] = append(byIncident[e.Incident.ID], e)
			}
		}
	}
	for _, in := range a.Incidents {
		if !in.CreatedAt.Before(t) {
			continue
		}
		entries := byIncident[in.ID]
		if in.UpdatedAt.Before(t) {
			// Nothing happened later: the state is the same.
			past.Incidents = append(past.Incidents, in)
			past.Alerts[in.ID] = a.Alerts[in.ID]
			continue
		}
		slices.SortStableFunc(entries, func(x, y LogEntry) int { return x.CreatedAt.Compare(y.CreatedAt) })
		if in.firstUrgency != "" {
			in.Urgency = in.firstUrgency
		}
		if in.firstPolicy != nil {
			in.EscalationPolicy = *in.firstPolicy
		}
		in.AssignedVia = "escalation_policy"
		settle(&in, entries, nil)
		past.Alerts[in.ID] = alertsAt(a.Alerts[in.ID], in.Status, t)
		countAlerts(&in, past.Alerts[in.ID])
		past.Incidents = append(past.Incidents, in)
	}
	return &past
}

func alertsAt(list []Alert, status string, t time.Time) []Alert {
	var out []Alert
	for _, x := range list {
		if x.CreatedAt.Before(t) {
			if x.ResolvedAt != nil && !x.ResolvedAt.Before(t) {
				x.ResolvedAt = nil
			}
			if status != "resolved" && x.ResolvedAt == nil {
				x.Status = "triggered"
			}
			out = append(out, x)
		}
	}
	return out
}
