package ingest

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// emailMask stands where an e-mail address stood.
const emailMask = "[email]"

var (
	emailAddress = regexp.MustCompile(`[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+`)
	phoneNumber  = regexp.MustCompile(`\+\d[\d ().-]{6,}\d`)
	// mediumAtEnd finds the medium in "Notified NAME by email."
	mediumAtEnd = regexp.MustCompile(`(?i)\bby (push|sms|phone|e-?mail)(?: notification| message| call)?\.?\s*$`)
)

// droppedKeys never reach the database: ways to reach a person, pictures of one, how to join a call, and keys and
// private addresses with which somebody could send events or read a calendar.
var droppedKeys = map[string]bool{
	"email": true, "address": true, "phone": true, "phone_number": true, "contact_methods": true,
	"notification_rules": true, "avatar_url": true, "job_title": true, "user_url": true,
	"conference_number": true, "conference_url": true,
	"addresses": true, "from_email": true, "invitation_sent": true,
	"integration_key": true, "integration_email": true, "service_key": true, "routing_key": true,
	"http_cal_url": true, "web_cal_url": true, "password": true, "api_key": true,
}

// conferenceBridge says how to join a call. That there was one tells that people worked together, so just this is kept.
const conferenceBridge = "conference_bridge"

// customFields hold what people typed into an incident's fields. That they did tells of work, so just this is kept.
const customFields = "custom_fields"

// externalReferences are tickets linked to an incident: that there are some tells of work, what they say is elsewhere's.
const externalReferences = "external_references"

// bareReferences keeps id and type of linked objects.
func bareReferences(v any) any {
	list, ok := v.([]any)
	if !ok {
		return nil
	}
	for i, x := range list {
		list[i] = reference(x, "")
	}
	return list
}

// fieldKeys are what is kept of a custom field: which one it is.
var fieldKeys = []string{"id", "name", "display_name", "type", "data_type", "field_type"}

// bareFields gives what is kept of custom fields: of each in a list which one it is and whether it is set; of anything
// else nothing, since what people typed may stand under any key of it.
func bareFields(v any) any {
	fields, _ := v.([]any)
	out := []any{}
	for _, field := range fields {
		m, ok := field.(map[string]any)
		if !ok {
			continue
		}
		bare := map[string]any{}
		for _, k := range fieldKeys {
			if s, ok := m[k].(string); ok {
				bare[k] = s
			}
		}
		value, there := m["value"]
		if list, ok := value.([]any); there && value != nil && value != "" && (!ok || len(list) > 0) {
			bare["value"] = true
		} else if there {
			bare["value"] = nil
		}
		out = append(out, bare)
	}
	return out
}

// isSet tells whether an object has any value in it, or was redacted to true before.
func isSet(v any) bool {
	if v == true {
		return true
	}
	m, _ := v.(map[string]any)
	for _, x := range m {
		if x != nil && x != "" {
			return true
		}
	}
	return false
}

// payloadKeys hold what a monitoring tool sent. In them "message" is the alert's text; elsewhere it is what one
// person wrote to another.
var payloadKeys = map[string]bool{
	"details": true, "cef_details": true, "event_details": true, "custom_details": true, "body": true,
}

// userKeys hold a person whatever the object's type says: recordings have users typed as schedules there.
var userKeys = map[string]bool{
	"user": true, "users": true, "assignee": true, "assignees": true, "acknowledger": true, "requester": true,
	"created_by": true,
}

// maskEmails replaces e-mail addresses.
func maskEmails(text string) string {
	if !strings.Contains(text, "@") {
		return text
	}
	return emailAddress.ReplaceAllString(text, emailMask)
}

// isUser tells whether an object found under key is a person.
func isUser(key string, r record) bool {
	kind, _ := r["type"].(string)
	switch {
	case kind == "user" || kind == "user_reference":
		return true
	case !userKeys[key]:
		return false
	case key == "user":
		return true
	}
	_, wraps := r["user"].(map[string]any)
	_, hasID := r["id"]
	return hasID && !wraps && (kind == "" || strings.HasPrefix(kind, "user"))
}

// collectNames notes every user reference inside v, before anything is redacted.
func (b *nameBook) collectNames(key string, v any) {
	switch v := v.(type) {
	case map[string]any:
		if isUser(key, v) {
			b.meet(v)
		}
		for k, x := range v {
			b.collectNames(k, x)
		}
	case []any:
		for _, x := range v {
			b.collectNames(key, x)
		}
	}
}

// redact takes out of v, in place, what product.md says is not stored, and gives what stays.
func (b *nameBook) redact(v any) any { return b.redactUnder("", v, false) }

func (b *nameBook) redactUnder(key string, v any, inPayload bool) any {
	switch v := v.(type) {
	case map[string]any:
		return b.redactObject(key, v, inPayload)
	case []any:
		for i, x := range v {
			v[i] = b.redactUnder(key, x, inPayload)
		}
		return v
	case string:
		single := key == "summary" || key == "title" || key == "description"
		return b.mask(maskEmails(v), !single)
	}
	return v
}

func (b *nameBook) redactObject(key string, m map[string]any, inPayload bool) any {
	if isUser(key, m) {
		return userReference(m)
	}
	b.maskKeys(m)
	for k, x := range m {
		switch {
		case droppedKeys[k], k == "message" && !inPayload:
			delete(m, k)
		case k == conferenceBridge:
			delete(m, k)
			if isSet(x) {
				m[k] = true
			}
		case k == customFields && !inPayload:
			m[k] = b.redactUnder(k, bareFields(x), inPayload)
		case k == externalReferences && !inPayload:
			m[k] = bareReferences(x)
		default:
			m[k] = b.redactUnder(k, x, inPayload || payloadKeys[k])
		}
	}
	return m
}

// userReference is what is kept of a person inside another record.
func userReference(r record) map[string]any {
	out := map[string]any{}
	for _, k := range []string{"id", "type"} {
		if s, ok := r[k].(string); ok {
			out[k] = s
		}
	}
	return out
}

// reference is what is kept of an object whose own record is stored elsewhere.
func reference(v any, kind string) any {
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	if kind == "" {
		kind = record(m).text("type")
	}
	return map[string]any{"id": m["id"], "type": kind}
}

// note is what is kept of a note: its length in characters and whether it starts with a label.
type note struct {
	length any
	tag    any
}

var noteTag = regexp.MustCompile(`(?i)^\s*#(a|na)(?:\W|$)`)

// readNote measures the note of an annotate entry. PagerDuty puts its text into the channel's summary; content
// and body are where other kinds of channel have theirs.
func readNote(entry record) note {
	for _, path := range [][]string{
		{"channel", "summary"}, {"channel", "content"}, {"channel", "body"}, {"note", "content"}, {"note"}, {"content"},
	} {
		text, ok := entry.at(path...).(string)
		if !ok {
			continue
		}
		n := note{length: int32(utf8.RuneCountInString(text))}
		if m := noteTag.FindStringSubmatch(text); m != nil {
			n.tag = "#" + strings.ToLower(m[1])
		}
		return n
	}
	return note{}
}

// typedText matches the types of entries that hold what people typed, a note aside: values of fields, status updates.
var typedText = regexp.MustCompile(`field_value|status_update`)

// bareEntry is what raw keeps of an entry in which people's text may stand anywhere: names of what may stay.
func bareEntry(entry record) record {
	out := record{}
	for _, k := range []string{"id", "type", "created_at", "agent", "incident", "service", "teams"} {
		if v, ok := entry[k]; ok {
			out[k] = v
		}
	}
	if kind := entry.text("channel", "type"); kind != "" {
		out["channel"] = map[string]any{"type": kind}
	}
	return out
}

// bareNote is what raw keeps of an annotate entry.
func bareNote(entry record, n note) record {
	out := bareEntry(entry)
	channel, ok := out["channel"].(map[string]any)
	if !ok {
		channel = map[string]any{}
		out["channel"] = channel
	}
	channel["note_length"], channel["note_tag"] = n.length, n.tag
	return out
}

// summaryMedium reads the medium of a notification from its summary, nil where it does not end so.
func summaryMedium(summary string) any {
	m := mediumAtEnd.FindStringSubmatch(summary)
	if m == nil {
		return nil
	}
	return strings.ReplaceAll(strings.ToLower(m[1]), "-", "")
}
