package ingest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestTimesOfAllForms(t *testing.T) {
	utc := time.Date(2026, 3, 19, 13, 52, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"2026-03-19T13:52:00Z":          utc,
		"2026-03-19T13:52:00.000000Z":   utc,
		"2026-03-19T15:52:00+02:00":     utc,
		"2026-03-19T15:52:00+0200":      utc,
		"2026-03-19T13:52:00":           utc,
		"2026-03-19 13:52:00 UTC":       utc,
		" 2026-03-19T13:52:00Z ":        utc,
		"2026-03-19T13:52:00.1234567Z":  utc.Add(123456 * time.Microsecond),
		"2026-03-19T13:52:00.25":        utc.Add(250 * time.Millisecond),
		"0001-01-01T00:00:00Z":          {},
		"":                              {},
		"yesterday":                     {},
		"19/03/2026":                    {},
		"12345":                         {},
		"2026-13-45T99:99:99Z":          {},
		strings.Repeat("2026-03-19", 9): {},
	} {
		got, ok := parseTime(text)
		if ok != !want.IsZero() || ok && !got.Equal(want) {
			t.Errorf("%q: %v %v", text, got, ok)
		}
	}
}

func testSyncer() *syncer { return &syncer{book: newNameBook(), rows: map[string]int64{}} }

func decodeAll(t *testing.T, kind string, raws ...string) page {
	t.Helper()
	body := fields{kind: json.RawMessage("[" + strings.Join(raws, ",") + "]")}
	p, err := testSyncer().decodePage(kind, body)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestAnOddFieldLosesNeitherItsRecordNorItsPage gives incidents and log entries in which every field in turn has
// every odd type: each record but those without id or time is kept.
func TestAnOddFieldLosesNeitherItsRecordNorItsPage(t *testing.T) {
	odd := []string{`null`, `42`, `-1.5e300`, `true`, `"text"`, `""`, `"a\u0000b\ud800c"`, `[]`, `[1,null,"x",{}]`, `{}`, `{"id":{"id":[]},"type":7,"summary":[]}`, `{"user":[{"user":null}]}`}
	samples := map[string]string{
		kindIncidents:  `{"id":"Q1","incident_number":1,"title":"t","description":"d","status":"resolved","urgency":"high","created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z","resolved_at":null,"service":{"id":"S"},"escalation_policy":{"id":"E"},"priority":{"id":"P"},"assignments":[{"at":"2026-01-01T00:00:00Z","assignee":{"id":"U"}}],"acknowledgements":null,"alert_counts":{"all":2},"first_trigger_log_entry":{"id":"R1"},"incidents_responders":[{"user":{"id":"U"}}],"responder_requests":[{"responder_request_targets":[{"responder_request_target":{"id":"U","type":"user_reference"}}]}],"resolve_reason":{"type":"merge_resolve_reason","incident":{"id":"Q2"}},"incident_key":"k","assigned_via":"escalation_policy","conference_bridge":{},"body":{"details":{}}}`,
		kindLogEntries: `{"id":"R1","type":"notify_log_entry","created_at":"2026-01-01T00:00:00Z","summary":"Notified A B by sms.","agent":{"id":"U","type":"user_reference"},"channel":{"type":"auto","notification":{"type":"sms","status":"success","address":"+1"}},"user":{"id":"U"},"assignees":[{"id":"U"}],"incident":{"id":"Q1"},"service":{"id":"S"},"teams":[],"event_details":{"a":"b"},"escalation_policy":{"id":"E"}}`,
		kindAlerts:     `{"id":"A1","created_at":"2026-01-01T00:00:00Z","summary":"s","status":"resolved","severity":"info","suppressed":false,"alert_key":"k","service":{"id":"S"},"integration":{"id":"I"},"incident":{"id":"Q1"},"body":{"details":"text","cef_details":{}}}`,
	}
	st, _ := newStore(t)
	conn, err := st.DB().Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	w := &writer{conn: conn, now: time.Now}
	for kind, sample := range samples {
		var rows []row
		var whole map[string]any
		if err := json.Unmarshal([]byte(sample), &whole); err != nil {
			t.Fatal(err)
		}
		for field := range whole {
			for _, v := range odd {
				spoilt := map[string]json.RawMessage{}
				_ = json.Unmarshal([]byte(sample), &spoilt)
				spoilt[field] = json.RawMessage(v)
				raw, _ := json.Marshal(spoilt)
				p := decodeAll(t, kind, sample, string(raw), sample)
				if field == "id" || field == "created_at" {
					continue
				}
				if len(p.records) != 3 {
					t.Fatalf("%s with %s = %s: %d of 3 records", kind, field, v, len(p.records))
				}
				b := newNameBook()
				for _, r := range p.records {
					r["id"] = fmt.Sprint("X", len(rows))
					rows = append(rows, rowOf(b, kind, r))
				}
			}
		}
		tb := map[string]table{kindIncidents: incidentsTable, kindLogEntries: logEntriesTable, kindAlerts: alertsTable}[kind]
		if n, err := w.upsert(context.Background(), tb, rows, replaceChanged); err != nil || int(n) != len(rows) {
			t.Errorf("%s: %d of %d rows are stored: %v", kind, n, len(rows), err)
		}
	}
}

func rowOf(b *nameBook, kind string, r record) row {
	switch kind {
	case kindIncidents:
		return b.incidentRow(r)
	case kindLogEntries:
		return b.logEntryRow(r, "")
	}
	return b.alertRow(r, "Q0")
}

func TestUnreadableRecordsKeepTheirShapeOnly(t *testing.T) {
	p := decodeAll(t, kindIncidents, `7`, `null`, `[1]`, `"Jane Doe"`, `{"title":"Jane Doe","id":""}`,
		`{"id":"Q1","created_at":{"seconds":1},"title":"Jane Doe","teams":[],"open":true,"n":1,"x":null}`)
	if len(p.records) != 0 || len(p.unreadable) != 6 || p.rows != 6 {
		t.Fatalf("%d records, %d unreadable", len(p.records), len(p.unreadable))
	}
	want := `{"created_at":"object","id":"string","n":"number","open":"boolean","teams":"array","title":"string","x":"null"}`
	if last := p.unreadable[5]; last.shape != want || last.id != "Q1" {
		t.Errorf("shape %s of %v", last.shape, last.id)
	}
	for _, u := range p.unreadable {
		if strings.Contains(u.shape, "Jane") {
			t.Errorf("shape %s", u.shape)
		}
	}
}

func TestColumnsOfALogEntry(t *testing.T) {
	entry := func(raw string) map[string]any {
		p := decodeAll(t, kindLogEntries, raw)
		out := map[string]any{}
		for i, v := range newNameBook().logEntryRow(p.records[0], "Q0") {
			out[logEntriesTable.columns[i]] = v
		}
		return out
	}
	notify := entry(`{"id":"R1","type":"notify_log_entry","created_at":"2026-01-01T00:00:00Z","summary":"Notified Jane Doe by e-mail.","channel":{"type":"auto","notification":{"type":"SMS","status":"failed","address":"+49 30 1234567"}},"user":{"id":"PU","type":"user_reference","summary":"Jane Doe"},"incident":{"id":"Q1"}}`)
	if notify["summary_medium"] != "email" || notify["notification_type"] != "SMS" || notify["notification_status"] != "failed" || notify["user_id"] != "PU" || notify["agent_type"] != nil || notify["incident_id"] != "Q1" {
		t.Errorf("notify: %v", notify)
	}
	note := entry(`{"id":"R2","type":"annotate_log_entry","created_at":"2026-01-01T00:00:00Z","summary":"#na it is only the disk again","agent":{"id":"PU","type":"user_reference"},"channel":{"type":"note","summary":"#NA it is only the disk again"}}`)
	if note["note_length"] != int32(29) || note["note_tag"] != "#na" || note["agent_type"] != "user" || note["incident_id"] != "Q0" || strings.Contains(note["raw"].(string), "disk") {
		t.Errorf("note: %v", note)
	}
	for text, tag := range map[string]any{"#a fixed": "#a", "#actually": nil, " #na": "#na", "see #a": nil, "#nab": nil, "": nil} {
		raw, _ := json.Marshal(map[string]any{"id": "R", "type": "annotate_log_entry", "created_at": "2026-01-01T00:00:00Z", "channel": map[string]any{"summary": text}})
		if got := entry(string(raw))["note_tag"]; got != tag {
			t.Errorf("tag of %q: %v", text, got)
		}
	}
	snooze := entry(`{"id":"R3","type":"snooze_log_entry","created_at":"2026-01-01T00:00:00Z","channel":{"type":"website","duration":3600}}`)
	delegate := entry(`{"id":"R4","type":"delegate_log_entry","created_at":"2026-01-01T00:00:00Z","escalation_policy":{"id":"PE"},"assignees":[{"id":"PA"},{"id":"PB"}],"agent":{"id":"S","type":"service"}}`)
	if snooze["snooze_seconds"] != int64(3600) || delegate["escalation_policy_id"] != "PE" || delegate["agent_type"] != "service" || len(delegate["assignee_ids"].([]string)) != 2 {
		t.Errorf("snooze %v, delegate %v", snooze, delegate)
	}
}

// TestAnIdIsOneWordThatCanBeSeen: what else stands where an id belongs is as good as none.
func TestAnIdIsOneWordThatCanBeSeen(t *testing.T) {
	for text, want := range map[string]any{
		"PT4KHLK": "PT4KHLK", " PT4KHLK\n": "PT4KHLK", "01HZ-x_9": "01HZ-x_9", "7": "7", "Ö": "Ö",
		"": nil, " ": nil, "P1 P2": nil, "P1\tP2": nil, "P1\u001b[2J": nil, "P1\u009b2J": nil, "P\u202e1": nil, "P\u00a01": nil, "P\u20281": nil, "P\u00001": nil,
	} {
		if got := (record{"id": text}).id("id"); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// TestRespondersOfEveryShape: targets wrapped, as in PagerDuty's examples, and bare, as in its schema.
func TestRespondersOfEveryShape(t *testing.T) {
	for _, targets := range []string{
		`{"responder_request_target":{"type":"user_reference","id":"PA"}},{"responder_request_target":{"type":"escalation_policy","id":"PE","incidents_responders":[{"user":{"id":"PB"}}]}}`,
		`{"type":"user","id":"PA","summary":"Jane Doe"},{"type":"escalation_policy","id":"PE","incident_responders":[{"user":{"id":"PB"}}]}`,
	} {
		p := decodeAll(t, kindIncidents, `{"id":"Q1","created_at":"2026-01-01T00:00:00Z","responder_requests":[{"responder_request_targets":[`+targets+`]}]}`)
		if got := strings.Join(responders(p.records[0]), " "); got != "PA PB" {
			t.Errorf("%s: %s", targets, got)
		}
		if raw := encode(newNameBook().redact(map[string]any(p.records[0]))); strings.Contains(raw, "Jane") {
			t.Errorf("stored is %s", raw)
		}
	}
}

func TestColumnsOfAnIncident(t *testing.T) {
	p := decodeAll(t, kindIncidents, `{"id":"Q1","incident_number":"12","title":"Disk of ann@example.com full","status":"resolved","created_at":"2026-01-01T01:00:00+01:00","resolve_reason":{"type":"merge_resolve_reason","incident":{"id":"Q2"}},"alert_counts":{"all":3},"first_trigger_log_entry":{"id":"R1","type":"trigger_log_entry","channel":{"type":"api"}},"incidents_responders":[{"user":{"id":"PA"}},{"user":{"id":"PB"}}],"responder_requests":[{"message":"please help","responder_request_targets":[{"responder_request_target":{"type":"user_reference","id":"PB"}},{"responder_request_target":{"type":"escalation_policy_reference","id":"PE","incidents_responders":[{"user":{"id":"PC"}}]}}]}],"assignments":[{"at":"2026-01-01T00:00:00Z","assignee":{"id":"PA"}}]}`)
	out := map[string]any{}
	for i, v := range newNameBook().incidentRow(p.records[0]) {
		out[incidentsTable.columns[i]] = v
	}
	if out["incident_number"] != int64(12) || out["title"] != "Disk of [email] full" || out["merged_into_id"] != "Q2" || out["alert_count"] != int32(3) || out["first_trigger_log_entry_id"] != "R1" {
		t.Errorf("%v", out)
	}
	if got := strings.Join(out["responder_ids"].([]string), " "); got != "PA PB PC" {
		t.Errorf("responders %s", got)
	}
	if a := out["assignments"].([]map[string]any); len(a) != 1 || a[0]["user_id"] != "PA" {
		t.Errorf("assignments %v", a)
	}
	if raw := out["raw"].(string); strings.Contains(raw, "please help") || strings.Contains(raw, "channel") {
		t.Errorf("raw %s", raw)
	}
}
