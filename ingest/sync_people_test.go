package ingest

import (
	"strings"
	"testing"

	"crywolf/ingest/pagerdutytest"
)

// TestANameMetLateIsTakenOutOfWhatWasStoredBefore has somebody who left and whom only the oldest log entry refers
// to, while newer entries, read before it, and a title speak of that person by name.
func TestANameMetLateIsTakenOutOfWhatWasStoredBefore(t *testing.T) {
	t.Parallel()
	a := crowded(t, 400)
	const name = "Zoë Quux-Lehmann"
	left := pagerdutytest.Ref("user", "PLEFT01", name)
	a.LogEntries[0].Agent = &left
	for i := range a.LogEntries[600:] {
		a.LogEntries[600+i].Summary = "Left to zoë quux-lehmann as usual"
	}
	a.Incidents[399].Title = "Call " + name + ", the disk is full"
	a.Incidents[399].IncidentKey = pagerdutytest.NullString("call " + name)
	srv := serve(t, a)
	st, _ := newStore(t)
	mustSync(t, st, options(srv, a))
	for _, table := range []string{"incidents", "log_entries"} {
		for _, line := range column(t, st, "SELECT CAST(to_json(t) AS VARCHAR) FROM "+table+" t") {
			if strings.Contains(strings.ToLower(line), "quux") {
				t.Fatalf("%s: %s", table, line)
			}
		}
	}
	if got := one(t, st, "SELECT title FROM incidents WHERE id = 'Q00000399'"); got != "Call [name], the disk is full" {
		t.Errorf("title %q", got)
	}
	if got := one(t, st, "SELECT name || ' ' || is_deleted FROM users WHERE id = 'PLEFT01'"); got != name+" true" {
		t.Errorf("user %q", got)
	}
	if got := one(t, st, "SELECT max(value) FROM meta WHERE key = '"+uncheckedKey+"'"); got != "" {
		t.Errorf("still to be masked: %s", got)
	}
}
