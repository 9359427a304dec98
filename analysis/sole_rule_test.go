package analysis

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"testing"
)

// trigger stores a trigger entry; details is JSON or "".
func trigger(t *testing.T, db *sql.DB, id, incident, at, key, title, details string) {
	t.Helper()
	if details == "" {
		details = "null"
	}
	mustExec(t, db, `INSERT INTO log_entries (id, incident_id, type, created_at, agent_type, channel_type, raw)
		VALUES (?, ?, 'trigger_log_entry', ?::TIMESTAMP, 'service', 'api',
		        json_object('channel', json_object('type', 'api', 'incident_key', nullif(?, ''), 'description', nullif(?, ''), 'details', ?::JSON)))`,
		id, incident, at, key, title, details)
}

// TestExtentOfRules: what makes two events one rule, and what keeps them two.
func TestExtentOfRules(t *testing.T) {
	type event struct{ title, details string }
	for _, c := range []struct {
		name   string
		events []event
		rules  int64
		source string
	}{
		{"two monitors with one title", []event{{"queue is long", `{"monitor_id":1}`}, {"queue is long", `{"monitor_id":2}`}}, 2, "datadog"},
		{"one monitor on five hosts", []event{
			{"[Triggered on {host:a}] disk", `{"monitor_id":7}`}, {"disk of b", `{"monitor_id":7}`}, {"disk of c", `{"monitor_id":7}`},
			{"disk of d", `{"monitor_id":7}`}, {"disk of e", `{"monitor_id":7}`}}, 1, "datadog"},
		{"a number and the same as text", []event{{"a", `{"monitor_id":48151623}`}, {"b", `{"monitor_id":"48151623"}`}}, 1, "datadog"},
		{"one service check on five hosts", []event{
			{"a", `{"pd_nagios_object":"service","SERVICEDESC":"load","HOSTNAME":"a"}`}, {"b", `{"pd_nagios_object":"service","SERVICEDESC":"load","HOSTNAME":"b"}`}}, 1, "nagios"},
		{"host checks of two hosts", []event{{"HOSTNAME=database", `{"pd_nagios_object":"host","HOSTNAME":"database"}`}, {"HOSTNAME=mail", `{"pd_nagios_object":"host","HOSTNAME":"mail"}`}}, 1, "nagios"},
		{"an identity that is empty", []event{{"queue is long", `{"monitor_id":""}`}, {"queue 2 is long", `{"monitor_id":null}`}}, 2, "datadog"},
		{"nothing known", []event{{"CPU 91% on web-1", ""}, {"CPU 97% on web-2", `{}`}}, 1, "unknown"},
		{"details that are a text", []event{{"backup", `"monitor_id 7"`}, {"backup", `"monitor_id 8"`}}, 1, "unknown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := newFacts(t)
			for i, e := range c.events {
				id := fmt.Sprint("P", i)
				mustExec(t, db, `INSERT INTO incidents (id, service_id, created_at) VALUES (?, 'V1', '2026-11-03 10:00')`, id)
				trigger(t, db, "T"+id, id, "2026-11-03 10:00", "", e.title, e.details)
			}
			mustDerive(t, db, DeriveOptions{})
			if got := scanOne[int64](t, db, `SELECT count(DISTINCT rule_id) FROM incident_facts`); got != c.rules {
				t.Errorf("%d rules, want %d", got, c.rules)
			}
			if got := scanOne[string](t, db, `SELECT string_agg(DISTINCT source) FROM incident_facts`); got != c.source {
				t.Errorf("source %s, want %s", got, c.source)
			}
		})
	}
}

// TestPublicRuleID keeps the ids that labels and scripts carry: SHA-256 of "V1", "datadog" and "7" joined by NUL.
func TestPublicRuleID(t *testing.T) {
	db := newFacts(t)
	mustExec(t, db, `INSERT INTO incidents (id, service_id, created_at) VALUES ('P1', 'V1', '2026-11-03 10:00')`)
	trigger(t, db, "T1", "P1", "2026-11-03 10:00", "", "disk", `{"monitor_id":7}`)
	mustDerive(t, db, DeriveOptions{})
	sum := sha256.Sum256([]byte("V1\x00datadog\x007"))
	if got, want := scanOne[string](t, db, `SELECT rule_id FROM incident_facts`), hex.EncodeToString(sum[:4]); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestSoleRule: deleting a rule saves the pages of incidents whose alerts are all its own, and known.
func TestSoleRule(t *testing.T) {
	const own, other = `{"monitor_id":7}`, `{"monitor_id":8}`
	type entry struct{ key, title, details string }
	type alert struct{ key, of, details string }
	for _, c := range []struct {
		name    string
		count   any // alert_count
		entries []entry
		alerts  []alert
		want    bool
	}{
		{"one alert", 1, []entry{{"a", "disk", own}}, nil, true},
		{"no alert", 0, []entry{{"a", "disk", own}}, nil, true},
		{"unknown number of alerts", nil, []entry{{"a", "disk", own}}, nil, true},
		{"nothing stored of it", 1, nil, nil, true},
		{"two alerts, one known", 2, []entry{{"a", "disk", own}}, nil, false},
		{"two alerts, none known", 2, nil, nil, false},
		{"two of the rule, by the log", 2, []entry{{"a", "disk", own}, {"b", "disk of b", own}}, nil, true},
		{"two of the rule, by the alerts", 2, []entry{{"a", "disk", own}}, []alert{{"a", "T0", own}, {"b", "T9", own}}, true},
		{"two rules, by the log", 2, []entry{{"a", "disk", own}, {"b", "disk", other}}, nil, false},
		{"two rules, by the alerts", 2, []entry{{"a", "disk", own}}, []alert{{"a", "T0", own}, {"b", "T9", other}}, false},
		{"two rules, by alerts alone", 2, nil, []alert{{"a", "T0", own}, {"b", "T9", other}}, false},
		{"two rules, one a title", 2, []entry{{"a", "disk", own}, {"b", "queue", ""}}, nil, false},
		{"another rule, though the count says one", 1, []entry{{"a", "disk", own}, {"b", "disk", other}}, nil, false},
		{"another rule, though the count is not known", nil, []entry{{"a", "disk", own}, {"b", "disk", other}}, nil, false},
		{"a further entry that says nothing is no alert known", 2, []entry{{"a", "disk", own}, {"", "", ""}}, nil, false},
		{"it alone is nothing contrary", 1, []entry{{"a", "disk", own}, {"", "", ""}}, nil, true},
		{"entries without payload, their alerts have it", 2, []entry{{"a", "disk", ""}, {"b", "disk", ""}}, []alert{{"a", "T0", own}, {"b", "T1", own}}, true},
		{"entries without payload, their alerts are of two rules", 2, []entry{{"a", "disk", ""}, {"b", "disk", ""}}, []alert{{"a", "T0", own}, {"b", "T1", other}}, false},
		{"three alerts, two stored, three in the log", 3, []entry{{"a", "disk", own}, {"b", "disk", own}, {"c", "disk", own}}, []alert{{"a", "T0", own}, {"b", "T1", own}}, true},
		{"the first is the one that the first entry names", 2, []entry{{"a", "disk", ""}}, []alert{{"b", "T9", other}, {"a", "T0", own}}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := newFacts(t)
			mustExec(t, db, `INSERT INTO incidents (id, service_id, title, created_at, alert_count) VALUES ('P1', 'V1', 'disk', '2026-11-03 10:00', ?)`, c.count)
			for i, e := range c.entries {
				trigger(t, db, fmt.Sprint("T", i), "P1", fmt.Sprintf("2026-11-03 10:%02d", i), e.key, e.title, e.details)
			}
			for i, a := range c.alerts {
				mustExec(t, db, `INSERT INTO alerts (id, incident_id, service_id, alert_key, title, created_at, raw) VALUES (?, 'P1', 'V1', ?, 'disk', ?::TIMESTAMP,
					json_object('first_trigger_log_entry', json_object('id', ?), 'body', json_object('details', ?::JSON)))`,
					fmt.Sprint("A", i), a.key, fmt.Sprintf("2026-11-03 10:%02d", i), a.of, a.details)
			}
			mustDerive(t, db, DeriveOptions{})
			if got := scanOne[bool](t, db, `SELECT is_sole_rule FROM incident_facts`); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
			if len(c.alerts) == 0 {
				return
			}
			if got := scanOne[string](t, db, `SELECT rule_name FROM incident_facts`); got != "7" {
				t.Errorf("the incident's own rule is %s, want 7", got)
			}
		})
	}
}
