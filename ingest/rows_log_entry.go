package ingest

import (
	"strings"
)

// Types of log entries that are read in their own way. Every other type is stored just the same.
const (
	typeTrigger  = "trigger_log_entry"
	typeNotify   = "notify_log_entry"
	typeAnnotate = "annotate_log_entry"
	typeDelegate = "delegate_log_entry"
	typeSnooze   = "snooze_log_entry"
)

// logEntryRow reads a log entry. incidentID is used where the entry does not name its incident.
func (b *nameBook) logEntryRow(r record, incidentID string) row {
	kind := r.text("type")
	parent := r.id("incident", "id")
	if parent == nil && incidentID != "" {
		parent = incidentID
	}
	var policy, medium, snooze any
	switch kind {
	case typeDelegate:
		policy = r.id("escalation_policy", "id")
		if policy == nil {
			policy = r.id("channel", "escalation_policy", "id")
		}
	case typeNotify:
		medium = summaryMedium(r.text("summary"))
	case typeSnooze:
		snooze = r.integer("channel", "duration")
	}
	var n note
	if kind == typeAnnotate {
		n = readNote(r)
	}
	return row{
		r.id("id"), parent, b.word(r.str("type")), r.time("created_at"), b.word(agentType(r)), r.id("agent", "id"),
		b.word(r.str("channel", "type")), r.id("user", "id"), assignees(r), policy, b.word(r.str("channel", "notification", "type")),
		b.word(r.str("channel", "notification", "status")), medium, n.length, n.tag, snooze, r.id("service", "id"),
		b.logEntryRaw(r, n), nil,
	}
}

// logEntryRaw gives an entry's JSON after redaction. The incident inside shrinks to a reference whether the whole
// one was included or not, so that an entry looks the same from every list.
func (b *nameBook) logEntryRaw(r record, n note) string {
	kind := r.text("type")
	switch {
	case kind == typeAnnotate:
		r = bareNote(r, n)
	case typedText.MatchString(kind):
		r = bareEntry(r)
	case kind == typeNotify:
		if summary, ok := r["summary"].(string); ok {
			r["summary"] = phoneNumber.ReplaceAllString(summary, "[phone]")
		}
	}
	if _, ok := r["incident"]; ok {
		r["incident"] = reference(r["incident"], "incident_reference")
	}
	return encode(b.redact(map[string]any(r)))
}

// agentType is who acted, a reference or not.
func agentType(r record) any {
	kind := strings.TrimSuffix(r.text("agent", "type"), "_reference")
	if kind == "" {
		return nil
	}
	return kind
}

// assignees gives whom an entry assigns to; nil where the entry has no such list.
func assignees(r record) any {
	if _, ok := r.at("assignees").([]any); !ok {
		return nil
	}
	return ids(r.objects("assignees"))
}
