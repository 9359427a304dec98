package analysis

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// FuzzTitle gives the title normaliser any title: one with nothing left to mask comes out as it went in, it is valid text
// on one line, and no mask adds more than it is long.
func FuzzTitle(f *testing.F) {
	for _, title := range []string{"", "  ", "[FIRING:2] CPU 91% on web-1 since 2026-11-02T10:00:00Z", "job 123e4567-e89b-12d3-a456-426614174000 of a@b.example took 35s",
		"GET https://x.example/1 from 10.0.0.1: 500", "[Triggered] [Warn] deadbeef01 on db01.eu.example.net", "ÜBERLAST", "İ", "\u00a0\u2028x", "1:23 ::1 0xdeadbeef"} {
		f.Add(title)
	}
	db := newFacts(f)
	if err := Derive(context.Background(), db, DeriveOptions{}); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, title string) {
		title = strings.ToValidUTF8(title, "?") // as encoding/json leaves it
		var once, twice string
		err := db.QueryRow(`SELECT normalised_title(t), normalised_title(normalised_title(t)) FROM (SELECT ?::VARCHAR AS t)`, title).Scan(&once, &twice)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case once != twice:
			t.Errorf("%q becomes %q and then %q", title, once, twice)
		case !utf8.ValidString(once) || strings.ContainsAny(once, "\n\t\r") || strings.TrimSpace(once) != once:
			t.Errorf("%q becomes %q", title, once)
		case utf8.RuneCountInString(once) > 3*utf8.RuneCountInString(strings.ToLower(title))+4:
			t.Errorf("%q becomes %q, which is longer", title, once)
		}
	})
}

// FuzzPayload gives what a tool sends, of any shape, to the rules, once by its trigger entry and once by its alert: neither
// fails, and both give the same source, rule and key (--alerts auto = all).
func FuzzPayload(f *testing.F) {
	files, err := filepath.Glob("../testdata/payloads/*.json")
	if err != nil {
		f.Fatal(err)
	}
	for i, file := range files {
		if i%4 > 0 { // a derivation each, in every go test
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		var p struct {
			Alert struct {
				AlertKey string `json:"alert_key"`
				Summary  string
				Body     struct {
					Details json.RawMessage
					CEF     struct {
						Client    string
						ClientURL string `json:"client_url"`
					} `json:"cef_details"`
				}
			}
		}
		if err := json.Unmarshal(text, &p); err != nil {
			f.Fatal(err)
		}
		f.Add(p.Alert.Summary, p.Alert.AlertKey, p.Alert.Body.CEF.Client, p.Alert.Body.CEF.ClientURL, []byte(p.Alert.Body.Details))
	}
	for _, details := range []string{`null`, `"text"`, `[]`, `[{"a":[]}]`, `{}`, `{"":""}`, `{"firing":7}`, `{"a\u0000b":"\u0000"}`, `{"alert_id":{"x":1}}`, `1e400`, `{"monitor":{"id":[1]}}`} {
		f.Add("title", "key", "client", "https://x.example", []byte(details))
	}
	db := newFacts(f)
	f.Fuzz(func(t *testing.T, title, key, client, clientURL string, details []byte) {
		if len(title)+len(key)+len(client)+len(clientURL)+len(details) > 4000 {
			return
		}
		title, key, client, clientURL = asStored(title), asStored(key), asStored(client), asStored(clientURL) // as JSON's reader has made them
		var sent any
		if json.Unmarshal(details, &sent) != nil {
			sent = string(details)
		}
		channel := map[string]any{"type": "api", "description": title, "incident_key": key, "client": client, "client_url": clientURL, "details": sent}
		body := map[string]any{"details": sent, "cef_details": map[string]any{"client": client, "client_url": clientURL}}
		mustExec(t, db, `DELETE FROM incidents; DELETE FROM log_entries; DELETE FROM alerts; DELETE FROM services; DROP TABLE IF EXISTS derived_state;
			INSERT INTO services (id) VALUES ('V')`)
		mustExec(t, db, `INSERT INTO incidents (id, title, service_id, created_at, alert_count) SELECT unnest(['E', 'A']), ?, 'V', '2026-11-03 10:00', 1`, title)
		mustExec(t, db, `INSERT INTO log_entries (id, incident_id, type, created_at, agent_type, agent_id, channel_type, raw)
			VALUES ('T', 'E', 'trigger_log_entry', '2026-11-03 10:00', 'service', 'V', 'api', ?)`, rawJSON(t, map[string]any{"channel": channel}))
		mustExec(t, db, `INSERT INTO alerts (id, incident_id, service_id, alert_key, title, created_at, raw) VALUES ('L', 'A', 'V', ?, ?, '2026-11-03 10:00', ?)`,
			key, title, rawJSON(t, map[string]any{"body": body}))
		if err := Derive(context.Background(), db, DeriveOptions{}); err != nil {
			t.Fatal(err)
		}
		read := map[string]readRule{}
		for _, id := range []string{"E", "A"} {
			var r readRule
			if err := db.QueryRow(`SELECT source, rule_name, rule_id, alert_key FROM incident_facts WHERE incident_id = ?`, id).
				Scan(&r.Source, &r.RuleName, &r.RuleID, &r.AlertKey); err != nil {
				t.Fatal(err)
			}
			read[id] = r
		}
		if diff := cmp.Diff(read["E"], read["A"]); diff != "" {
			t.Errorf("by the entry (-), by the alert (+):\n%s", diff)
		}
	})
}

func asStored(text string) string { return strings.ToValidUTF8(text, "\ufffd") }

func rawJSON(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// FuzzClasses reads a team's own file of classes. What it takes, the database takes too; what it refuses, it names by its line.
func FuzzClasses(f *testing.F) {
	f.Add("class,pattern,note\nsymptom,latency,\n")
	f.Add("symptom,\"a\n,b\",x\ncause,(?i)\\bdisk\\b,\n")
	f.Add("\ufeffclass;pattern\n")
	f.Add("cause,'); DROP TABLE users; --,x\n")
	f.Add("cause,a\x00b,x\ncause,(?<name>x),y\n")
	db := newFacts(f)
	if err := Derive(context.Background(), db, DeriveOptions{}); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		classes, err := ParseClasses(context.Background(), []byte(text))
		var bad *BadClassError
		if err != nil && !errors.As(err, &bad) {
			t.Fatalf("%q: %v", text, err)
		}
		if err != nil || len(classes) == 0 {
			return
		}
		settings := DefaultSettings()
		settings.Classes = classes
		s, err := Open(context.Background(), db, settings)
		if err != nil {
			t.Fatalf("%q: %v", classes, err)
		}
		defer s.Close()
		if _, err := s.RunSQL(context.Background(), `SELECT class_of('disk full' || chr(10) || 'x')`, someWeek); err != nil {
			t.Errorf("%q: %v", classes, err)
		}
	})
}
