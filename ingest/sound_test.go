package ingest

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"sort"
	"strings"
	"testing"
	"time"

	"crywolf/analysis"
	"crywolf/ingest/pagerdutytest"

	"github.com/google/go-cmp/cmp"
)

// derivedTables are compared after deriving, but for the two that only hold the zones of the world.
var derivedTables = []string{"shifts", "shift_days", "notifications", "notified_pairs", "incident_facts", "incident_alert_keys",
	"episodes", "key_order", "service_changes"}

func derive(t testing.TB, st *Store) {
	t.Helper()
	if err := analysis.Derive(context.Background(), st.DB(), analysis.DeriveOptions{}); err != nil {
		t.Fatal(err)
	}
}

// contents derives, and gives every row of the fact tables and the derived ones as text, apart from what a fresh sync
// cannot know: the rows of incidents and people that are gone.
func contents(t testing.TB, st *Store) map[string][]string {
	t.Helper()
	derive(t, st)
	const gone = "WHERE incident_id NOT IN (SELECT id FROM incidents WHERE is_deleted) OR incident_id IS NULL"
	where := map[string]string{
		"incidents": "WHERE NOT is_deleted", "users": "WHERE NOT is_deleted", // who left keeps the zone that was known
		"log_entries": gone, "alerts": gone, "incident_alert_keys": gone,
	}
	out := map[string][]string{}
	for _, name := range append(append([]string{}, factTables...), derivedTables...) {
		out[name] = column(t, st, fmt.Sprintf(
			"SELECT CAST(to_json(t) AS VARCHAR) FROM (SELECT COLUMNS(lambda c: c <> 'fetched_at') FROM %s %s) t", name, where[name]))
		sort.Strings(out[name])
	}
	out["people who left"] = column(t, st, "SELECT id FROM users WHERE is_deleted ORDER BY id")
	return out
}

// differ tells in what a database's contents are not those of one that was synced freshly and undisturbed; "" for nothing.
func differ(got, fresh map[string][]string) string {
	var out strings.Builder
	for name, want := range fresh {
		if name == "people who left" {
			if lost := missingFrom(got[name], want); len(lost) > 0 {
				fmt.Fprintf(&out, "%s: %v are not known\n", name, lost)
			}
			continue
		}
		if diff := cmp.Diff(want, got[name]); diff != "" {
			fmt.Fprintf(&out, "%s: %d rows, fresh %d (-fresh +got):\n%.2500s\n", name, len(got[name]), len(want), diff)
		}
	}
	return out.String()
}

// unsound lists what must hold of a database at any time, also after a sync that failed, and does not.
func unsound(t testing.TB, st *Store, path string, a *pagerdutytest.Account, token string) []string {
	t.Helper()
	var out []string
	for _, name := range []string{"users", "teams", "services", "escalation_policies", "schedules", "incidents", "log_entries", "alerts", "change_events"} {
		out = append(out, column(t, st, "SELECT '"+name+" holds '||id||' twice' FROM "+name+" GROUP BY id HAVING count(*) > 1")...)
	}
	conn, err := st.DB().Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, kind := range []string{kindIncidents, kindLogEntries} {
		whole, err := (&writer{conn: conn}).spans(context.Background(), kind, "", stateWhole)
		if err != nil {
			t.Fatal(err)
		}
		stored := map[string]bool{}
		for _, id := range append(column(t, st, "SELECT id FROM "+kind), column(t, st, "SELECT id FROM unreadable_records WHERE id IS NOT NULL")...) {
			stored[id] = true
		}
		for id, at := range timesOf(a, kind) {
			for _, w := range whole {
				if !at.Before(w.from) && at.Before(w.to) && !stored[id] {
					out = append(out, fmt.Sprintf("the ledger says that %s of %s were read, and %s is missing", kind, stamp(at), id))
				}
			}
		}
	}
	return append(out, leaks(t, st, path, a, token)...)
}

// lawless lists the laws of the derived tables that are broken: every page is one rotation's or has a reason why not,
// and lies in one shift of that rotation; nothing is derived from what is not stored.
func lawless(t testing.TB, st *Store) []string {
	t.Helper()
	var out []string
	for _, q := range []string{
		"SELECT 'attributed and not: '||incident_id FROM notified_pairs WHERE (rotation_id IS NULL) = (reason IS NULL)",
		`SELECT 'in no shift, or in several: '||incident_id FROM notified_pairs p WHERE rotation_id IS NOT NULL AND 1 <>
			(SELECT count(*) FROM shifts s WHERE s.schedule_id = p.rotation_id AND s.user_id = p.user_id AND s.start_at = p.shift_start_at)`,
		`SELECT 'notified without a notification: '||incident_id FROM notified_pairs p
			WHERE NOT EXISTS (SELECT 1 FROM notifications n WHERE n.incident_id = p.incident_id AND n.user_id = p.user_id)`,
		"SELECT 'a notification from nowhere: '||notification_id FROM notifications WHERE medium <> 'assignment' AND notification_id NOT IN (SELECT id FROM log_entries)",
		"SELECT 'an incident from nowhere: '||incident_id FROM incident_facts WHERE incident_id NOT IN (SELECT id FROM incidents WHERE NOT is_deleted)",
		"SELECT 'not derived: '||id FROM incidents WHERE NOT is_deleted AND id NOT IN (SELECT incident_id FROM incident_facts)",
	} {
		out = append(out, column(t, st, q)...)
	}
	return out
}

func timesOf(a *pagerdutytest.Account, kind string) map[string]time.Time {
	out := map[string]time.Time{}
	switch kind {
	case kindIncidents:
		for _, in := range a.Incidents {
			out[in.ID] = in.CreatedAt
		}
	case kindLogEntries:
		for _, e := range a.LogEntries {
			out[e.ID] = e.CreatedAt
		}
	}
	return out
}

// leaks lists the account's secrets that stand in a database, its file or its log, and the token.
func leaks(t testing.TB, st *Store, path string, a *pagerdutytest.Account, token string) []string {
	t.Helper()
	var texts []string
	for _, name := range column(t, st, "SELECT table_name FROM duckdb_tables() WHERE NOT internal AND NOT temporary ORDER BY 1") {
		columns := "*"
		if name == "users" {
			columns = "* EXCLUDE (name)"
		}
		texts = append(texts, column(t, st, "SELECT CAST(to_json(t) AS VARCHAR) FROM (SELECT "+columns+" FROM "+name+") t")...)
	}
	stored := strings.Join(texts, "\n")
	var files []byte
	for _, name := range []string{path, path + ".wal"} {
		data, err := os.ReadFile(name)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		files = append(files, data...)
	}
	secrets := a.Secrets()
	var out []string
	for what, list := range map[string][]string{"e-mail": secrets.Emails, "phone": secrets.Phones, "note": secrets.Notes, "key": secrets.Keys, "token": {token}} {
		for _, s := range list {
			if strings.Contains(stored, s) || bytes.Contains(files, []byte(s)) {
				out = append(out, fmt.Sprintf("%s %q is stored", what, s))
			}
		}
	}
	for _, name := range secrets.Names { // until its end a sync may not know that a text holds one
		if i := strings.Index(stored, name); i >= 0 && one(t, st, "SELECT coalesce(max(value), '') FROM meta WHERE key = '"+uncheckedKey+"'") == "" {
			out = append(out, fmt.Sprintf("name %q is stored: …%s…", name, stored[max(0, i-200):min(len(stored), i+200)]))
		}
	}
	return out
}
