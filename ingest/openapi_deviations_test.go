package ingest

import (
	"slices"
	"strings"
)

// deviation is where PagerDuty's description of its API is known to differ from the API itself. Each has to be needed:
// TestConformance leaves each out once.
type deviation struct {
	name string
	why  string
	mend func(s slice)
}

var deviations = []deviation{
	{"acknowledge_log_entry", "the list of types has it, and so have recorded entries; the kind itself says acknowledgement_log_entry",
		func(s slice) {
			property(s.schema("AcknowledgeLogEntry"), "type")["enum"] = []any{"acknowledge_log_entry"}
		}},
	{"types of log entries", "PagerDuty's live console knows link_log_entry; priorities, help, status updates and workflows leave entries whose types no list has",
		anyLogEntry},
	{"agents", "an integration is a reference of its own kind, as in services and alerts (events_api_v2_inbound_integration_reference), not integration_reference",
		func(s slice) { delete(property(s.schema("AgentReference"), "type"), "enum") }},
	{"types of notifications", "those of /notifications; in log entries PagerDuty's own scripts expect push, email, phone and sms, and WhatsApp and Slack came later",
		func(s slice) { delete(property(s.schema("Notification"), "type"), "enum") }},
	{"include[]=incidents", "documented, and its result is not",
		func(s slice) { orWhole(s, property(s.schema("LogEntry"), "incident"), "Incident") }},
	{"include[]=integrations", "\"these are full objects\" says the text, references say the types",
		func(s slice) {
			orWhole(s, property(s.schema("Service"), "integrations")["items"].(map[string]any), "Integration")
		}},
	{"include[]=contact_methods", "documented, and its result is not",
		func(s slice) {
			orWhole(s, property(s.schema("User"), "contact_methods")["items"].(map[string]any), "ContactMethod")
		}},
	{"details of an alert", "\"an arbitrary JSON object or string\" says the text, object says the type",
		func(s slice) { delete(property(property(s.schema("Alert"), "body"), "details"), "type") }},
	{"status of overrides", "only 201 is documented for the GET, which is the answer to making one",
		func(s slice) {
			responses := s.doc["paths"].(map[string]any)["/schedules/{id}/overrides"].(map[string]any)["get"].(map[string]any)["responses"].(map[string]any)
			responses["200"] = responses["201"]
		}},
	{"times of change events", "their pattern is a picture of a date (YYYY-MM-DDThh:mm:ssZ), not an expression that one matches",
		func(s slice) {
			everyNode(s.doc, func(node map[string]any) {
				if node["pattern"] == "YYYY-MM-DDThh:mm:ssZ" {
					delete(node, "pattern")
				}
			})
		}},
	// These two concern every schema, also those that the others brought in: they come last.
	{"null", "the guides say of any field that is not required that it may be null; recorded are priority, resolve_reason, descriptions and more",
		func(s slice) { everyNode(s.doc, nullable) }},
	{"one of several", "references and whole objects, and kinds of channels, have members in common: \"exactly one\" never holds",
		func(s slice) {
			everyNode(s.doc, func(node map[string]any) {
				if list, ok := node["oneOf"].([]any); ok {
					node["anyOf"] = list
					delete(node, "oneOf")
					delete(node, "discriminator")
				}
			})
		}},
}

// undocumentedKeys are what the double serves although the description has no such key. The left side is the end of a place.
var undocumentedKeys = map[string]string{
	"/change_events.limit": "the classic pagination, left out of this one list", "/change_events.offset": "as limit",
	"/change_events.more": "as limit", "/change_events.total": "as limit",
	".channel.client": "events carry it, and the guides show it in incidents", ".channel.client_url": "as client",
	".channel.cef_details": "as in recorded alerts; assumed of entries", ".body.cef_details": "in recorded alerts",
	"alerts[].resolved_at":  "the list can be sorted by it; Random accounts only",
	".incident.description": "recorded", "incidents[].description": "recorded", "incidents[].basic_alert_grouping": "recorded",
	".incident.basic_alert_grouping": "recorded", "incidents[].subscriber_requests": "recorded", ".incident.subscriber_requests": "recorded",
	"incidents[].custom_fields": "an include of single incidents; assumed of lists", ".incident.custom_fields": "as in lists",
	"incidents[].external_references": "PagerDuty's clients read it; assumed", ".incident.external_references": "as in lists",
	".priority.color": "recorded", ".priority.order": "recorded", ".priorities[].color": "recorded", ".priorities[].order": "recorded",
	"log_entries[].escalation_policy": "delegations name the new policy in the guide to webhooks; assumed of entries",
	"[].responder_request_target":     "the file's own examples wrap each target so, as PagerDuty's clients expect",
	".rendered_schedule_entries[].id": "recorded of overrides", ".integrations[].integration_key": "the text on making one names it",
	"services[].updated_at": "recorded", ".service.updated_at": "as in lists", "teams[].parent": "recorded", ".team.parent": "as in lists",
	".channel.new_urgency": "assumed: an entry that says that the urgency changed has to say to what",
}

// anyLogEntry lets an entry be of a type that no list has: it is a log entry like others then.
func anyLogEntry(s slice) {
	kind := property(s.schema("LogEntry"), "type")
	types := slices.DeleteFunc(slices.Clone(kind["enum"].([]any)), func(name any) bool {
		return strings.Contains(name.(string), "field_value_change") // of these two, the answers' lists of kinds have none
	})
	delete(kind, "enum")
	listed := map[string]any{"properties": map[string]any{"type": map[string]any{"enum": types}}}
	other := map[string]any{"allOf": []any{map[string]any{"not": listed}, map[string]any{"$ref": "#/components/schemas/LogEntry"}}}
	everyNode(s.doc, func(node map[string]any) {
		kinds, _ := node["oneOf"].([]any)
		isOfEntries := slices.ContainsFunc(kinds, func(kind any) bool {
			ref, _ := kind.(map[string]any)["$ref"].(string)
			return strings.HasSuffix(ref, "/UnacknowledgeLogEntry")
		})
		if isOfEntries {
			node["oneOf"] = append(kinds, other)
		}
	})
}

// orWhole lets a reference be a whole object instead.
func orWhole(s slice, reference map[string]any, whole string) {
	s.require(whole)
	before := map[string]any{}
	for key, v := range reference {
		before[key] = v
		delete(reference, key)
	}
	reference["anyOf"] = []any{before, map[string]any{"$ref": "#/components/schemas/" + whole}}
}

// nullable lets the properties of a schema be null that it does not require.
func nullable(schema map[string]any) {
	required, _ := schema["required"].([]any)
	properties, _ := schema["properties"].(map[string]any)
	for name, p := range properties {
		if p, isSchema := p.(map[string]any); isSchema && !slices.Contains(required, any(name)) {
			properties[name] = map[string]any{"anyOf": []any{p, map[string]any{"nullable": true, "enum": []any{nil}}}}
		}
	}
}

// property finds a property of a schema or of a part of it. Without one, a deviation speaks of nothing: it panics.
func property(schema map[string]any, name string) map[string]any {
	parts, _ := schema["allOf"].([]any)
	for _, part := range append([]any{schema}, parts...) {
		properties, _ := part.(map[string]any)["properties"].(map[string]any)
		if p, ok := properties[name].(map[string]any); ok {
			return p
		}
	}
	panic("PagerDuty's schema has no property " + name)
}
