package pagerdutytest

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
)

// A hostile handler serves the same records with oddities that a robust client
// must live through. What is done to a record depends on its id alone, so that
// reading it twice gives the same. Most oddities leave the meaning: an extra
// field, a null where null is allowed, a fraction of a second, event_details
// of any type, a number as text. About one record in two hundred of incidents,
// log entries and alerts cannot be read: its created_at is not a time.
//
// Two kinds of list end with more set to true although nothing follows.

// hostileMore tells whether a list that has ended says that there is more.
func hostileMore(key string, offset, n int) bool {
	return (key == "teams" || key == "priorities") && offset <= n+maximumLimit
}

// Unreadable tells whether a hostile handler spoils the record of a kind
// ("incidents", "log_entries", "alerts") with this id so that it cannot be read.
func Unreadable(kind, id string) bool {
	switch kind {
	case "incidents", "log_entries", "alerts":
		return hostileRand(kind, id).IntN(200) == 0
	}
	return false
}

func hostileRand(kind, id string) *rand.Rand {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s/%s", kind, id)
	return rand.New(rand.NewPCG(h.Sum64(), 0x405711e))
}

func hostileRecord(kind string, raw json.RawMessage) json.RawMessage {
	var record map[string]any
	if err := json.Unmarshal(raw, &record); err != nil {
		return raw
	}
	id, _ := record["id"].(string)
	rng := hostileRand(kind, id)
	unreadable := rng.IntN(200) == 0
	record["x_new_field"] = map[string]any{"nested": []any{1, nil, "text"}}
	switch kind {
	case "incidents":
		hostileIncident(rng, record)
	case "log_entries":
		hostileEntry(rng, record)
	case "alerts":
		hostileAlert(rng, record)
	case "users":
		record["job_title"], record["contact_methods"] = nil, nil
	case "services":
		record["description"], record["teams"] = map[string]any{"odd": true}, nil
	}
	if unreadable && Unreadable(kind, id) {
		record["created_at"] = map[string]any{"seconds": 1}
	}
	return mustJSON(record)
}

func hostileIncident(rng *rand.Rand, record map[string]any) {
	switch rng.IntN(6) {
	case 0:
		record["acknowledgements"], record["assignments"] = nil, orNil(record["assignments"])
	case 1:
		record["priority"], record["teams"], record["pending_actions"] = nil, nil, nil
	case 2:
		record["incident_number"] = fmt.Sprint(record["incident_number"])
	case 3:
		delete(record, "alert_grouping")
		delete(record, "incident_type")
		delete(record, "subscriber_requests")
		if record["conference_bridge"] == nil {
			record["conference_bridge"] = map[string]any{"conference_number": nil, "conference_url": nil}
		}
	case 4:
		record["description"], record["incident_key"] = nil, nil
		fraction(record, "created_at", "updated_at", "resolved_at")
	}
}

// orNil turns an empty list into null and keeps any other.
func orNil(list any) any {
	if l, ok := list.([]any); ok && len(l) == 0 {
		return nil
	}
	return list
}

func hostileEntry(rng *rand.Rand, record map[string]any) {
	switch rng.IntN(8) {
	case 0:
		record["event_details"] = map[string]any{"description": map[string]any{"deep": 1}, "n": 7, "list": []any{true}}
	case 1:
		record["event_details"] = []any{"not", "an", "object"}
	case 2:
		record["contexts"], record["teams"] = nil, nil
	case 3:
		fraction(record, "created_at")
	case 4:
		// Only where the channel says nothing that counts.
		if channel, ok := record["channel"].(map[string]any); ok && record["type"] == "assign_log_entry" && channel["type"] == "auto" {
			channel["type"] = nil
		}
	case 5:
		record["note"] = 42
	}
}

func hostileAlert(rng *rand.Rand, record map[string]any) {
	switch rng.IntN(4) {
	case 0:
		record["severity"] = nil
	case 1:
		record["suppressed"] = "false"
	case 2:
		fraction(record, "created_at")
	}
}

// fraction writes times as Z with six digits, as some recorded bodies have them.
func fraction(record map[string]any, fields ...string) {
	for _, f := range fields {
		if text, ok := record[f].(string); ok && len(text) == len("2006-01-02T15:04:05Z") {
			record[f] = text[:len(text)-1] + ".000000Z"
		}
	}
}
