package pagerdutytest

import "slices"

// wireIncident is an incident whose references may have been replaced by whole
// objects, as include[] asks.
type wireIncident struct {
	Incident
	Service              any `json:"service"`
	EscalationPolicy     any `json:"escalation_policy"`
	FirstTriggerLogEntry any `json:"first_trigger_log_entry"`
	Teams                any `json:"teams"`
}

func (v *view) incident(stored *Incident) any {
	in := *stored
	v.link(&in.Self, &in.HTMLURL, "incident", in.ID, "")
	in.CreatedAt, in.UpdatedAt = v.at(in.CreatedAt), v.at(in.UpdatedAt)
	in.LastStatusChangeAt, in.ResolvedAt = v.at(in.LastStatusChangeAt), v.atp(in.ResolvedAt)
	in.LastStatusChangeBy = v.refp(in.LastStatusChangeBy, in.Service.ID)
	in.Assignments = mapped(in.Assignments, func(x Assignment) Assignment {
		return Assignment{v.at(x.At), v.ref(x.Assignee)}
	})
	in.Acknowledgements = mapped(in.Acknowledgements, func(x Acknowledgement) Acknowledgement {
		return Acknowledgement{v.at(x.At), v.refIn(x.Acknowledger, in.Service.ID)}
	})
	in.PendingActions = mapped(in.PendingActions, func(x PendingAction) PendingAction {
		return PendingAction{x.Type, v.at(x.At), x.To}
	})
	in.IncidentsResponders = mapped(in.IncidentsResponders, v.responder)
	in.ResponderRequests = mapped(in.ResponderRequests, v.responderRequest)
	in.SubscriberRequests = mapped(in.SubscriberRequests, func(x any) any { return x })
	if in.Priority != nil {
		p := v.priority(*in.Priority).(Priority)
		in.Priority = &p
	}
	if in.ResolveReason != nil {
		in.ResolveReason = &ResolveReason{in.ResolveReason.Type, v.ref(in.ResolveReason.Incident)}
	}
	return wireIncident{
		Incident:             in,
		Service:              v.serviceOf(in.Service),
		EscalationPolicy:     v.policyOf(in.EscalationPolicy),
		FirstTriggerLogEntry: v.firstTrigger(&in),
		Teams:                v.refs(in.Teams),
	}
}

// mapped is never nil: the API gives an empty list as [].
func mapped[T any](list []T, f func(T) T) []T {
	out := make([]T, len(list))
	for i, x := range list {
		out[i] = f(x)
	}
	return out
}

func (v *view) responder(x Responder) Responder {
	x.User, x.Incident, x.Requester = v.ref(x.User), v.ref(x.Incident), v.ref(x.Requester)
	x.UpdatedAt, x.RequestedAt = v.at(x.UpdatedAt), v.at(x.RequestedAt)
	return x
}

func (v *view) responderRequest(x ResponderRequest) ResponderRequest {
	x.Incident, x.Requester, x.RequestedAt = v.ref(x.Incident), v.ref(x.Requester), v.at(x.RequestedAt)
	x.Targets = mapped(x.Targets, func(t ResponderRequestTarget) ResponderRequestTarget {
		t.Target.IncidentsResponders = mapped(t.Target.IncidentsResponders, v.responder)
		return t
	})
	return x
}

func (v *view) serviceOf(r Reference) any {
	if v.has("services") {
		if i := slices.IndexFunc(v.a.Services, func(s Service) bool { return s.ID == r.ID }); i >= 0 {
			return v.service(v.a.Services[i])
		}
	}
	return v.ref(r)
}

func (v *view) policyOf(r Reference) any {
	if v.has("escalation_policies") {
		if i := slices.IndexFunc(v.a.EscalationPolicies, func(p EscalationPolicy) bool { return p.ID == r.ID }); i >= 0 {
			return v.policy(v.a.EscalationPolicies[i])
		}
	}
	return v.ref(r)
}

// firstTrigger returns the whole entry, with its channel, where it is included.
func (v *view) firstTrigger(in *Incident) any {
	if in.FirstTriggerLogEntry == nil {
		return nil
	}
	if v.has("first_trigger_log_entries") {
		for _, i := range v.incidentEntries(in.ID) {
			if e := &v.a.LogEntries[i]; e.ID == in.FirstTriggerLogEntry.ID {
				whole := v.index.view(v.zone, "channels")
				return whole.logEntry(e)
			}
		}
	}
	return v.refIn(*in.FirstTriggerLogEntry, in.ID)
}

type wireLogEntry struct {
	LogEntry
	Channel  any `json:"channel,omitempty"`
	Service  any `json:"service"`
	Incident any `json:"incident"`
}

func (v *view) logEntry(stored *LogEntry) any {
	e := *stored
	incidentID, serviceID := "", ""
	if e.Incident != nil {
		incidentID = e.Incident.ID
	}
	if e.Service != nil {
		serviceID = e.Service.ID
	}
	v.link(&e.Self, &e.HTMLURL, e.Type, e.ID, incidentID)
	if e.Self == "" { // a type that does not end in _log_entry
		v.link(&e.Self, &e.HTMLURL, "any_log_entry", e.ID, incidentID)
	}
	e.CreatedAt = v.at(e.CreatedAt)
	e.Agent, e.User, e.EscalationPolicy = v.refp(e.Agent, serviceID), v.refp(e.User, ""), v.refp(e.EscalationPolicy, "")
	e.Teams = v.refs(e.Teams)
	if len(e.Assignees) > 0 {
		e.Assignees = v.refs(e.Assignees)
	}
	if e.Contexts == nil {
		e.Contexts = []any{}
	}
	w := wireLogEntry{LogEntry: e}
	if e.Channel != nil {
		w.Channel = Channel{Type: e.Channel.Type}
		if v.has("channels") {
			channel := *e.Channel
			channel.Details, channel.CEFDetails = served(channel.Details), served(channel.CEFDetails)
			w.Channel = channel
		}
	}
	if e.Service != nil {
		w.Service = v.serviceOf(*e.Service)
	}
	if e.Incident != nil {
		w.Incident = v.incidentOf(*e.Incident)
	}
	return w
}

func (v *view) incidentOf(r Reference) any {
	if v.has("incidents") && !v.plain {
		if i, ok := v.incidentAt[r.ID]; ok {
			return v.index.view(v.zone).incident(&v.a.Incidents[i])
		}
	}
	return v.ref(r)
}

type wireAlert struct {
	Alert
	Incident             any `json:"incident"`
	Service              any `json:"service"`
	FirstTriggerLogEntry any `json:"first_trigger_log_entry"`
}

func (v *view) alert(a Alert) any {
	v.link(&a.Self, &a.HTMLURL, "alert", a.ID, "")
	a.CreatedAt, a.ResolvedAt = v.at(a.CreatedAt), v.atp(a.ResolvedAt)
	if a.Body != nil {
		body := *a.Body
		body.Details, body.CEFDetails = served(body.Details), served(body.CEFDetails)
		a.Body = &body
	}
	a.Integration = v.refp(a.Integration, a.Service.ID)
	in := Incident{ID: a.Incident.ID, FirstTriggerLogEntry: a.FirstTriggerLogEntry}
	return wireAlert{a, v.incidentOf(a.Incident), v.serviceOf(a.Service), v.firstTrigger(&in)}
}
