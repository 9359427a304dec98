package main

import (
	"slices"
	"sort"
	"strings"
	"time"
)

// loadIncidents knows an incident that was created in the window or that something happened to within it,
// with all that ever happened to it, and of the open ones of before that they are there.
func (w *truthWorld) loadIncidents(source truthSource, since, until time.Time) {
	entries, notifications := map[string][]truthEntry{}, map[string][]truthNotification{}
	touched := map[string]bool{}
	objects := truthObjects(source, "log_entries")
	slices.Reverse(objects) // they come newest first; within a second the order is that of happening
	for _, object := range objects {
		at, id := object.time("created_at"), object.text("incident", "id")
		if !at.Before(until) {
			continue
		}
		touched[id] = touched[id] || !at.Before(since)
		entries[id] = append(entries[id], truthEntryOf(object))
		if object.kind() == "notify_log_entry" {
			notifications[id] = append(notifications[id], truthNotificationOf(object))
		}
	}
	for _, object := range truthObjects(source, "incidents") {
		incident := truthIncidentOf(object)
		known := !incident.created.Before(since) || incident.status != "resolved" || touched[incident.id]
		if !known || !incident.created.Before(until) {
			continue
		}
		w.incidents[incident.id] = incident
		if incident.created.Before(since) && !touched[incident.id] {
			continue
		}
		incident.entries = entries[incident.id]
		sort.SliceStable(incident.entries, func(i, j int) bool { return incident.entries[i].at.Before(incident.entries[j].at) })
		w.notifications = append(w.notifications, notifications[incident.id]...)
	}
	sort.SliceStable(w.notifications, func(i, j int) bool { return w.notifications[i].at.Before(w.notifications[j].at) })
}

func truthIncidentOf(object truthObject) *truthIncident {
	incident := &truthIncident{
		id:          object.text("id"),
		title:       object.text("title"),
		status:      object.text("status"),
		urgency:     object.text("urgency"),
		service:     object.text("service", "id"),
		policy:      object.text("escalation_policy", "id"),
		serviceName: object.text("service", "summary"),
		created:     object.time("created_at"),
		resolved:    object.time("resolved_at"),
		direct:      object.text("assigned_via") == "direct_assignment",
		merged:      object.kind("resolve_reason") == "merge_resolve_reason",
		responders:  map[string]bool{},
	}
	for _, responder := range object.list("incidents_responders") {
		incident.responders[responder.text("user", "id")] = true
	}
	for _, request := range object.list("responder_requests") {
		for _, target := range request.list("responder_request_targets") {
			incident.responders[target.text("responder_request_target", "id")] = true
			for _, responder := range target.list("responder_request_target", "incidents_responders") {
				incident.responders[responder.text("user", "id")] = true
			}
		}
	}
	delete(incident.responders, "")
	truthTraces(incident, object)
	for _, assignment := range object.list("assignments") {
		incident.assigned = append(incident.assigned, truthPage{
			truthPair: truthPair{incident.id, assignment.text("assignee", "id")}, at: assignment.time("at"),
		})
	}
	return incident
}

func truthEntryOf(object truthObject) truthEntry {
	entry := truthEntry{
		kind:      strings.TrimSuffix(object.kind(), "_log_entry"),
		at:        object.time("created_at"),
		agentKind: object.kind("agent"),
		agent:     object.text("agent", "id"),
		channel:   object.text("channel", "type"),
	}
	for _, assignee := range object.list("assignees") {
		entry.assignees = append(entry.assignees, assignee.text("id"))
	}
	entry.summary = object.text("summary")
	if entry.kind == "annotate" {
		entry.note = object.text("channel", "summary")
	}
	if entry.kind != "trigger" {
		return entry
	}
	for _, path := range [][]string{{"channel", "incident_key"}, {"channel", "cef_details", "dedup_key"}} {
		if entry.alertKey == "" {
			entry.alertKey = object.text(path...)
		}
	}
	if strings.Contains(entry.agentKind, "integration") {
		entry.integration = entry.agent
	}
	return entry
}

func truthAlertOf(object truthObject) truthAlert {
	return truthAlert{
		id:          object.text("id"),
		incident:    object.text("incident", "id"),
		service:     object.text("service", "id"),
		integration: object.text("integration", "id"),
		key:         object.text("alert_key"),
		title:       object.text("summary"),
		created:     object.time("created_at"),
		resolved:    object.time("resolved_at"),
		status:      object.text("status"),
	}
}
