package analysis

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// randomFacts writes and edits the facts of a small account at random, deterministically by seed, and lists the
// incidents it touched as ingest does: those whose facts, alerts or log entries changed.
type randomFacts struct {
	t    testing.TB
	db   *sql.DB
	rng  *rand.Rand
	next int // number of the next row of any kind

	// the incident before: most are followed by one of the same kind, so that alerts flap
	lastAt                 time.Time
	lastTitle, lastService string
	lastHasKey             bool
}

var (
	randomUsers     = []string{"U1", "U2", "U3", "U4"}
	randomSchedules = []string{"S1", "S2", "S3"}
	randomPolicies  = []string{"E1", "E2", "E3"} // E3 is not stored at first
	randomServices  = []string{"V1", "V2", "V3"}
	randomZones     = []string{"UTC", "Europe/Berlin", "America/New_York", "Eastern Time (US & Canada)", "Mars/Olympus", ""}
	// A title says its urgency and is never of another's dedup key, so that excluding either leaves no key in half.
	randomTitles = []string{"disk %d full", "net down", "[FIRING:%d] lag", "low: cert expires"}
)

func newRandomFacts(t testing.TB, db *sql.DB, seed uint64) *randomFacts {
	f := &randomFacts{t: t, db: db, rng: rand.New(rand.NewPCG(seed, 1))}
	for _, id := range randomUsers {
		f.exec(`INSERT INTO users (id, time_zone, is_deleted) VALUES (?, nullif(?, ''), ?)`, id, f.pick(randomZones), f.rng.IntN(6) == 0)
	}
	for _, id := range randomSchedules {
		f.exec(`INSERT INTO schedules (id, name, time_zone, is_readable) VALUES (?, ?, nullif(?, ''), ?)`, id, strings.ToLower(id), f.pick(randomZones), f.rng.IntN(8) > 0)
	}
	f.exec(`INSERT INTO escalation_policies (id) VALUES ('E1'), ('E2')`)
	f.exec(`INSERT INTO escalation_targets VALUES ('E1', 1, 0, 'schedule', 'S1'), ('E1', 2, 0, 'schedule', 'S2'), ('E1', 2, 0, 'user', 'U4'),
		('E2', 1, 0, 'schedule', 'S2'), ('E2', 1, 0, 'schedule', 'S3'), ('E2', 2, 0, 'schedule', 'S1')`)
	f.addTarget()
	for i, id := range randomServices {
		f.exec(`INSERT INTO services (id, name, escalation_policy_id) VALUES (?, ?, ?)`, id, strings.ToLower(id), randomPolicies[i])
	}
	f.exec(`INSERT INTO integrations VALUES ('G1', 'V1', 'events_api_v2_inbound_integration', 'g1', 'Datadog'), ('G2', 'V2', 'nagios_inbound_integration', 'g2', NULL)`)
	f.exec(`INSERT INTO priorities (id, name) VALUES ('R1', 'P1')`)
	for range 24 {
		f.addScheduleEntry()
	}
	for range 40 {
		f.addIncident()
	}
	return f
}

func (f *randomFacts) exec(query string, args ...any) {
	f.t.Helper()
	mustExec(f.t, f.db, query, args...)
}

func (f *randomFacts) pick(from []string) string { return from[f.rng.IntN(len(from))] }

func (f *randomFacts) id(prefix string) string {
	f.next++
	return fmt.Sprintf("%s%04d", prefix, f.next)
}

// at is a moment of the three weeks from 26 October 2026, in which the clocks of New York change; often a round one, so
// that rows meet in one second.
func (f *randomFacts) at() time.Time {
	minutes := f.rng.IntN(21 * 24 * 60)
	if f.rng.IntN(2) == 0 {
		minutes -= minutes % 15
	}
	return time.Date(2026, 10, 26, 0, minutes, 0, 0, time.UTC)
}

func (f *randomFacts) addTarget() {
	kind, id := "schedule", f.pick(randomSchedules)
	if f.rng.IntN(4) == 0 {
		kind, id = "user", f.pick(randomUsers)
	}
	f.exec(`INSERT INTO escalation_targets VALUES (?, ?, 0, ?, ?)`, f.pick(randomPolicies[:2]), 1+f.rng.IntN(3), kind, id)
}

func (f *randomFacts) addScheduleEntry() {
	start := f.at().Truncate(6 * time.Hour)
	user := any(f.pick(randomUsers))
	if f.rng.IntN(10) == 0 {
		user = nil
	}
	f.exec(`INSERT INTO schedule_entries VALUES (?, ?, ?, ?)`, f.pick(randomSchedules), user, start, start.Add(time.Duration(f.rng.IntN(30))*6*time.Hour))
}

func (f *randomFacts) touch(incident string) {
	f.exec(`INSERT INTO touched_incidents VALUES (?)`, incident)
}

func (f *randomFacts) addIncident() {
	if f.lastTitle == "" || f.rng.IntN(3) == 0 {
		f.lastAt, f.lastTitle, f.lastService, f.lastHasKey = f.at(), f.pick(randomTitles), f.pick(randomServices), f.rng.IntN(2) == 0
	} else {
		f.lastAt = f.lastAt.Add(time.Duration(f.rng.IntN(40)) * time.Minute)
	}
	id, at, title, service := f.id("P"), f.lastAt, f.lastTitle, f.lastService
	urgency := "high"
	if strings.HasPrefix(title, "low") {
		urgency = "low"
	}
	key := title
	if strings.Contains(title, "%d") {
		title = fmt.Sprintf(title, f.rng.IntN(5))
	}
	f.exec(`INSERT INTO incidents (id, title, status, urgency, service_id, escalation_policy_id, priority_id, created_at, assigned_via, responder_ids)
		VALUES (?, ?, 'triggered', ?, ?, ?, ?, ?, ?, CASE WHEN ? THEN ['U4'] END)`,
		id, title, urgency, service, f.pick(randomPolicies), []any{"R1", nil}[f.rng.IntN(2)], at, []string{"escalation_policy", "direct_assignment"}[f.rng.IntN(16)/15], f.rng.IntN(8) == 0)
	raw := "{}"
	if f.lastHasKey {
		raw = fmt.Sprintf(`{"channel":{"incident_key":%q,"details":{"monitor_id":"7"}}}`, key)
	}
	f.exec(`INSERT INTO log_entries (id, incident_id, type, created_at, agent_type, channel_type, raw) VALUES (?, ?, 'trigger_log_entry', ?, 'service', 'api', ?)`, f.id("L"), id, at, raw)
	f.addEntry(id, "assign_log_entry", at)
	for range f.rng.IntN(8) {
		f.addEntryAfter(id, at)
	}
	if f.rng.IntN(5) > 0 {
		f.resolve(id, at)
	}
	f.touch(id)
}

func (f *randomFacts) addEntryAfter(incident string, created time.Time) {
	types := []string{"notify_log_entry", "notify_log_entry", "notify_log_entry", "notify_log_entry", "escalate_log_entry", "assign_log_entry", "acknowledge_log_entry",
		"annotate_log_entry", "delegate_log_entry", "repeat_escalation_path_log_entry", "snooze_log_entry"}
	f.addEntry(incident, f.pick(types), created.Add(time.Duration(f.rng.IntN(40))*30*time.Second))
}

func (f *randomFacts) addEntry(incident, kind string, at time.Time) {
	var user, media any
	if kind == "notify_log_entry" {
		user, media = f.pick(randomUsers), f.pick([]string{"push", "sms", "email", "Phone", ""})
	}
	agent, channel := f.pick([]string{"user", "service"}), f.pick([]string{"timeout", "website", "auto"})
	isPair, first, second, only := f.rng.IntN(4) == 0, f.pick(randomUsers), f.pick(randomUsers), f.pick(randomUsers)
	f.exec(`INSERT INTO log_entries (id, incident_id, type, created_at, agent_type, agent_id, channel_type, user_id, assignee_ids, notification_type, note_length, note_tag, snooze_seconds)
		VALUES (?, ?, ?, ?, ?, CASE WHEN ? THEN ? END, ?, ?, CASE WHEN ? THEN [?, ?] ELSE [?] END, ?, ?, nullif(?, ''), CASE WHEN ? THEN 600 END)`,
		f.id("L"), incident, kind, at, agent, agent == "user", first, channel, user,
		isPair, first, second, only, media, f.rng.IntN(40), f.pick([]string{"", "", "", "#a", "#na"}), kind == "snooze_log_entry")
}

func (f *randomFacts) resolve(incident string, created time.Time) {
	agent, channel := "service", f.pick([]string{"api", "api", "timeout"})
	if f.rng.IntN(4) == 0 {
		agent, channel = "user", "website"
	}
	f.exec(`INSERT INTO log_entries (id, incident_id, type, created_at, agent_type, channel_type) VALUES (?, ?, 'resolve_log_entry', ?, ?, ?)`,
		f.id("L"), incident, created.Add(time.Duration(f.rng.IntN(20))*time.Minute), agent, channel)
	f.exec(`UPDATE incidents SET status = 'resolved', resolve_reason = CASE WHEN ? THEN 'merge_resolve_reason' END WHERE id = ?`, f.rng.IntN(8) == 0, incident)
}

// anIncident picks a stored one.
func (f *randomFacts) anIncident() (string, time.Time) {
	f.t.Helper()
	var id string
	var at time.Time
	n := scanOne[int](f.t, f.db, `SELECT count(*) FROM incidents`)
	err := f.db.QueryRow(`SELECT id, created_at FROM incidents ORDER BY id LIMIT 1 OFFSET ?`, f.rng.IntN(n)).Scan(&id, &at)
	if err != nil {
		f.t.Fatal(err)
	}
	return id, at
}

// edit makes one change of the kind that a sync can bring, and says which.
func (f *randomFacts) edit() string {
	id, at := f.anIncident()
	edits := []struct {
		name string
		do   func()
	}{
		{"new incident", f.addIncident},
		{"entry", func() { f.addEntryAfter(id, at); f.touch(id) }},
		{"entry gone", func() {
			f.exec(`DELETE FROM log_entries WHERE id = (SELECT max(id) FROM log_entries WHERE incident_id = ?)`, id)
			f.touch(id)
		}},
		{"resolved", func() { f.resolve(id, at); f.touch(id) }},
		{"reopened", func() { f.exec(`UPDATE incidents SET status = 'triggered' WHERE id = ?`, id); f.touch(id) }},
		{"retitled", func() { f.exec(`UPDATE incidents SET title = 'net down' WHERE id = ?`, id); f.touch(id) }},
		{"moved", func() {
			f.exec(`UPDATE incidents SET service_id = ?, escalation_policy_id = ? WHERE id = ?`, f.pick(randomServices), f.pick(randomPolicies), id)
			f.touch(id)
		}},
		{"deleted", func() { f.exec(`UPDATE incidents SET is_deleted = true WHERE id = ?`, id); f.touch(id) }},
		{"alert", func() {
			f.exec(`INSERT INTO alerts (id, incident_id, service_id, alert_key, created_at, resolved_at) VALUES (?, ?, 'V1', 'net down', ?, ?)`, f.id("A"), id, at, at.Add(time.Hour))
			f.touch(id)
		}},
		{"entry of no incident", func() {
			f.exec(`INSERT INTO log_entries (id, type, created_at, user_id, notification_type) VALUES (?, 'notify_log_entry', ?, 'U1', 'push')`, f.id("L"), at)
		}},
		{"entry of an incident not stored", func() { f.addEntry("PX", "notify_log_entry", at); f.touch("PX") }},
		{"new schedule entry", f.addScheduleEntry},
		{"schedule entry gone", func() {
			f.exec(`DELETE FROM schedule_entries WHERE rowid = (SELECT min(rowid) FROM schedule_entries)`)
		}},
		{"schedule entry extended", func() {
			f.exec(`UPDATE schedule_entries SET end_at = end_at + INTERVAL 18 HOUR WHERE rowid = (SELECT max(rowid) FROM schedule_entries)`)
		}},
		{"schedule entry cut", func() {
			f.exec(`UPDATE schedule_entries SET start_at = start_at + INTERVAL 6 HOUR WHERE rowid = (SELECT max(rowid) FROM schedule_entries) AND end_at > start_at + INTERVAL 6 HOUR`)
		}},
		{"deployment", func() {
			f.exec(`INSERT INTO change_events (id, changed_at, service_ids) SELECT ?, ?, [service_id, 'V1'] FROM incidents WHERE id = ?`, f.id("C"), at.Add(time.Duration(f.rng.IntN(20))*time.Minute), id)
		}},
		{"deployment gone", func() { f.exec(`DELETE FROM change_events WHERE rowid = (SELECT min(rowid) FROM change_events)`) }},
		{"reference", f.editReference},
	}
	e := edits[f.rng.IntN(len(edits))]
	e.do()
	return e.name
}

// editReference changes a table on which every incident may depend.
func (f *randomFacts) editReference() {
	switch f.rng.IntN(9) {
	case 0:
		f.exec(`UPDATE users SET time_zone = ? WHERE id = ?`, f.pick(randomZones), f.pick(randomUsers))
	case 1:
		f.exec(`UPDATE users SET is_deleted = NOT is_deleted WHERE id = ?`, f.pick(randomUsers))
	case 2:
		f.addTarget()
	case 3:
		f.exec(`DELETE FROM escalation_targets WHERE rowid = (SELECT min(rowid) FROM escalation_targets)`)
	case 4:
		f.exec(`UPDATE services SET escalation_policy_id = ? WHERE id = ?`, f.pick(randomPolicies), f.pick(randomServices))
	case 5:
		f.exec(`UPDATE schedules SET time_zone = nullif(?, ''), is_readable = NOT is_readable WHERE id = ?`, f.pick(randomZones), f.pick(randomSchedules))
	case 6:
		f.exec(`UPDATE integrations SET vendor = ? WHERE id = 'G1'`, f.pick([]string{"Datadog", "Prometheus"}))
	case 7:
		f.exec(`UPDATE priorities SET name = name || '.'`)
	case 8:
		f.exec(`INSERT INTO escalation_policies (id) SELECT 'E3' WHERE NOT EXISTS (SELECT 1 FROM escalation_policies WHERE id = 'E3')`)
	}
}
