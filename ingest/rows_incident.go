package ingest

// incidentRow reads an incident. Its raw keeps the first trigger entry as a reference: that entry is stored as a
// log entry, and an incident must look the same whichever list it came from.
func (b *nameBook) incidentRow(r record) row {
	title := r.at("title")
	if title == nil {
		title = r.at("description")
	}
	out := row{
		r.id("id"), r.integer("incident_number"), b.title(title), b.word(r.str("status")), b.word(r.str("urgency")),
		r.id("service", "id"), r.id("escalation_policy", "id"), r.id("priority", "id"),
		r.time("created_at"), r.time("updated_at"), r.time("resolved_at"), b.word(r.str("assigned_via")),
		b.word(r.str("resolve_reason", "type")), r.id("resolve_reason", "incident", "id"), b.word(r.str("incident_key")),
		r.count("alert_counts", "all"), r.id("first_trigger_log_entry", "id"), responders(r), assignments(r), false, nil, nil,
	}
	if _, ok := r["first_trigger_log_entry"]; ok {
		r["first_trigger_log_entry"] = reference(r["first_trigger_log_entry"], "trigger_log_entry_reference")
	}
	out[len(out)-2] = encode(b.redact(map[string]any(r)))
	return out
}

// responders gives the users whom responder requests asked, each once, in the order of the record.
func responders(r record) []string {
	out, seen := []string{}, map[string]bool{}
	add := func(user record) {
		if id, ok := user.id("id").(string); ok && !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	for _, responder := range r.objects("incidents_responders") {
		add(responder.object("user"))
	}
	for _, request := range r.objects("responder_requests") {
		for _, t := range request.objects("responder_request_targets") {
			// PagerDuty's schema has a target bare, its examples have it wrapped and the key in the plural.
			target := t.object("responder_request_target")
			if target == nil {
				target = t
			}
			if isUser("", target) {
				add(target)
			}
			for _, responder := range append(target.objects("incidents_responders"), target.objects("incident_responders")...) {
				add(responder.object("user"))
			}
		}
	}
	return out
}

// assignments gives who has the incident now.
func assignments(r record) []map[string]any {
	out := []map[string]any{}
	for _, a := range r.objects("assignments") {
		if id := a.id("assignee", "id"); id != nil {
			out = append(out, map[string]any{"user_id": id, "assigned_at": a.time("at")})
		}
	}
	return out
}

// isWholeIncident tells a whole incident from a reference to one.
func isWholeIncident(r record) bool {
	return r.id("id") != nil && r.text("status") != "" && r.time("created_at") != nil
}

// alertRow reads an alert that was listed under an incident.
func (b *nameBook) alertRow(r record, incidentID string) row {
	parent := r.id("incident", "id")
	if parent == nil {
		parent = incidentID
	}
	out := row{
		r.id("id"), parent, r.id("service", "id"), r.id("integration", "id"), b.word(r.str("alert_key")), b.word(r.str("status")),
		b.word(r.str("severity")), r.flag("suppressed"), b.title(r.at("summary")), r.time("created_at"), r.time("resolved_at"), nil, nil,
	}
	for _, k := range []string{"incident", "first_trigger_log_entry"} {
		if _, ok := r[k]; ok {
			r[k] = reference(r[k], "")
		}
	}
	out[len(out)-2] = encode(b.redact(map[string]any(r)))
	return out
}

// maintenanceRow reads a maintenance window.
func (b *nameBook) maintenanceRow(r record) row {
	return row{r.id("id"), r.time("start_time"), r.time("end_time"), ids(r.objects("services")),
		encode(b.redact(map[string]any(r))), nil}
}

// changeRow reads a change event.
func (b *nameBook) changeRow(r record) row {
	return row{r.id("id"), r.time("timestamp"), ids(r.objects("services")), encode(b.redact(map[string]any(r))), nil}
}

// ids gives the ids of references.
func ids(refs []record) []string {
	out := []string{}
	for _, ref := range refs {
		if id, ok := ref.id("id").(string); ok {
			out = append(out, id)
		}
	}
	return out
}
