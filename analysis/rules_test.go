package analysis

import (
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// payload is a case of testdata/payloads: one tool's event as PagerDuty shows it, in the channel of the trigger entry
// and in the alert, and what must be read from either. Shape says where the form comes from; the values are invented.
type payload struct {
	Shape         string
	Want          identity
	WantByPayload *identity `json:"want_by_payload"` // where the integration names no tool; Want if absent
	Integration   struct{ Type, Vendor string }
	Channel       json.RawMessage
	Alert         struct {
		Summary  string
		AlertKey string `json:"alert_key"`
		Severity string
		Body     json.RawMessage
	}
}

type identity struct {
	Source   string
	RuleName string `json:"rule_name"`
}

func readPayloads(t *testing.T) map[string]payload {
	t.Helper()
	files, err := filepath.Glob("../testdata/payloads/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no payloads (%v)", err)
	}
	out := map[string]payload{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var p payload
		if err := json.Unmarshal(text, &p); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if p.Shape == "" {
			t.Errorf("%s: say where the shape comes from", file)
		}
		out[strings.TrimSuffix(filepath.Base(file), ".json")] = p
	}
	return out
}

// What is known of the integration that sent: its record, only its type (event orchestration sends through one that no
// service lists), or nothing.
const (
	byRecord = iota
	byType
	byPayload
)

// store writes the event as an incident of its own service, seen in its trigger entry, its alert or both.
func (p payload) store(t *testing.T, db *sql.DB, id string, known int, asEntry, asAlert bool) {
	t.Helper()
	mustExec(t, db, `INSERT INTO services (id) VALUES (?)`, "V"+id)
	mustExec(t, db, `INSERT INTO incidents (id, title, service_id, created_at, alert_count) VALUES (?, ?, ?, '2026-11-03 10:00', 1)`, id, p.Alert.Summary, "V"+id)
	agentType, agentID := p.Integration.Type, "G"+id
	if known == byPayload {
		agentType, agentID = "service", "V"+id
	}
	if known == byRecord {
		mustExec(t, db, `INSERT INTO integrations (id, service_id, type, vendor) VALUES (?, ?, ?, nullif(?, ''))`, "G"+id, "V"+id, p.Integration.Type, p.Integration.Vendor)
	}
	if asEntry {
		mustExec(t, db, `INSERT INTO log_entries (id, incident_id, type, created_at, agent_type, agent_id, channel_type, raw)
			VALUES (?, ?, 'trigger_log_entry', '2026-11-03 10:00', ?, ?, json_extract_string(?::VARCHAR, '$.type'), json_object('channel', ?::JSON))`,
			"T"+id, id, agentType, agentID, string(p.Channel), string(p.Channel))
	}
	if asAlert {
		alert := map[string]any{"body": p.Alert.Body, "first_trigger_log_entry": map[string]string{"id": "T" + id}}
		var integration any
		if known != byPayload {
			alert["integration"], integration = map[string]string{"type": p.Integration.Type + "_reference"}, "G"+id
		}
		raw, err := json.Marshal(alert)
		if err != nil {
			t.Fatal(err)
		}
		mustExec(t, db, `INSERT INTO alerts (id, incident_id, service_id, integration_id, alert_key, title, created_at, raw) VALUES (?, ?, ?, ?, ?, ?, '2026-11-03 10:00', ?)`,
			"A"+id, id, "V"+id, integration, p.Alert.AlertKey, p.Alert.Summary, string(raw))
	}
}

type readRule struct{ Source, RuleName, RuleID, AlertKey string }

// TestPayloads reads every payload from its trigger entry, from its alert and from both, at each state of knowledge of
// its integration: source and rule are as stated, key and public id the same whichever way (--alerts auto = all).
func TestPayloads(t *testing.T) {
	payloads := readPayloads(t)
	typesOfTools := map[string]bool{}
	for _, line := range readSourceTools(t) {
		typesOfTools[line[3]] = typesOfTools[line[3]] || line[1] == "type"
	}
	for known, knowledge := range []string{"record", "type", "payload alone"} {
		first := map[string]readRule{}
		for _, seen := range []struct {
			name             string
			asEntry, asAlert bool
		}{{"trigger entry", true, false}, {"alert", false, true}, {"both", true, true}} {
			db := newFacts(t)
			for id, p := range payloads {
				p.store(t, db, id, known, seen.asEntry, seen.asAlert)
			}
			mustDerive(t, db, DeriveOptions{})
			for id, p := range payloads {
				var got readRule
				err := db.QueryRow(`SELECT source, rule_name, rule_id, alert_key FROM incident_facts WHERE incident_id = ?`, id).
					Scan(&got.Source, &got.RuleName, &got.RuleID, &got.AlertKey)
				if err != nil {
					t.Fatal(err)
				}
				want := p.Want
				if p.WantByPayload != nil && (known == byPayload || known == byType && !typesOfTools[p.Integration.Type]) {
					want = *p.WantByPayload
				}
				if diff := cmp.Diff(want, identity{got.Source, got.RuleName}); diff != "" {
					t.Errorf("%s by its %s, integration by %s: want (-), got (+):\n%s", id, seen.name, knowledge, diff)
				}
				if before, ok := first[id]; ok && before != got {
					t.Errorf("%s, integration by %s: the %s gives %q, the trigger entry %q", id, knowledge, seen.name, got, before)
				} else if !ok {
					first[id] = got
				}
			}
		}
	}
}

// TestEveryToolHasAPayload: a line of recognition that no payload stands for may be wrong for years.
func TestEveryToolHasAPayload(t *testing.T) {
	known := map[string]bool{}
	for _, p := range readPayloads(t) {
		known[p.Want.Source] = true
	}
	for _, line := range readSourceTools(t) {
		if line[0] != "" && !known[line[0]] {
			t.Errorf("no payload of %s", line[0])
		}
	}
}

func readSourceTools(t *testing.T) [][]string {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(sourceToolsText)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return lines[1:]
}

// TestSourceTools holds the table of recognition to its form.
func TestSourceTools(t *testing.T) {
	needs := map[string]struct{ place, pattern bool }{
		"vendor": {false, true}, "type": {false, true}, "client": {false, true}, "fingerprint": {true, false}, "rule": {true, false}}
	types := map[string]bool{}
	for i, line := range readSourceTools(t) {
		step, place, pattern := line[1], line[2], line[3]
		need, ok := needs[step]
		if !ok || (place != "") != need.place || (pattern == "" && need.pattern) {
			t.Errorf("line %d: %v", i+2, line)
		}
		if place != "" && !strings.HasPrefix(place, "$.") && pattern == "" {
			t.Errorf("line %d: %s without a pattern always holds", i+2, place)
		}
		expression, err := regexp.Compile(pattern)
		if err != nil {
			t.Errorf("line %d: %v", i+2, err)
		} else if step == "rule" && pattern != "" && expression.NumSubexp() == 0 {
			t.Errorf("line %d: a rule's pattern has a group", i+2)
		}
		if step == "type" && types[pattern] {
			t.Errorf("line %d: the type %s stands twice", i+2, pattern)
		}
		types[pattern] = types[pattern] || step == "type"
	}
}
