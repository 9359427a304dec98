package analysis

import (
	"context"
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// exclusions of every kind, and the condition over incidents i and services v that means the same.
var exclusionCases = []struct {
	exclusion Exclusion
	condition string
}{
	{Exclusion{"service", "V[23]"}, `i.service_id IN ('V2', 'V3')`},
	{Exclusion{"title", "disk [0-2]|lag"}, `regexp_matches(i.title, 'disk [0-2]') OR i.title LIKE '%lag%'`},
	{Exclusion{"urgency", "low"}, `i.urgency = 'low'`},
	{Exclusion{"title", "matches nothing"}, `false`},
	{Exclusion{"service", "V?"}, `true`},
	{Exclusion{"title", "^NET"}, `i.title = 'net down'`},
}

// TestExclusionsAreInNoNumber compares each metric under an exclusion with the same metric over facts from which the
// incidents were taken beforehand, and the certificate's counts with what the totals lost.
func TestExclusionsAreInNoNumber(t *testing.T) {
	db := newFacts(t)
	newRandomFacts(t, db, 11)
	// A notify entry of long ago: without it the database would hold none at all, where everything is taken away.
	mustExec(t, db, `INSERT INTO log_entries (id, type, created_at) VALUES ('old', 'notify_log_entry', '2020-01-01');
		CREATE TEMP TABLE kept_incidents AS FROM incidents;
		CREATE TEMP TABLE kept_log_entries AS FROM log_entries`)
	mustDerive(t, db, DeriveOptions{})
	all, _ := answersWith(t, db, DefaultSettings())
	cases := exclusionCases[:repeats(2, len(exclusionCases))]
	excluded, certificates := make([]map[string][][]any, len(cases)), make([]Certificate, len(cases))
	for n, c := range cases { // while all facts are there
		settings := DefaultSettings()
		settings.Exclusions = []Exclusion{c.exclusion}
		excluded[n], certificates[n] = answersWith(t, db, settings)
	}
	for n, c := range cases {
		t.Run(c.exclusion.Kind+" "+c.exclusion.Pattern, func(t *testing.T) {
			got, certificate := excluded[n], certificates[n]
			mustExec(t, db, fmt.Sprintf(`CREATE OR REPLACE TEMP TABLE gone AS SELECT i.id FROM incidents AS i WHERE %s;
				DELETE FROM log_entries WHERE incident_id IN (SELECT id FROM gone);
				DELETE FROM incidents WHERE id IN (SELECT id FROM gone)`, c.condition))
			deriveFromScratch(t, db, DeriveOptions{})
			want, _ := answersWith(t, db, DefaultSettings())
			mustExec(t, db, `DELETE FROM incidents; INSERT INTO incidents FROM kept_incidents;
				DELETE FROM log_entries; INSERT INTO log_entries FROM kept_log_entries`)

			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("incidents never stored (-), excluded (+):\n%s", diff)
			}
			lost := func(column int) int64 {
				return all["totals"][0][column].(int64) - got["totals"][0][column].(int64)
			}
			counted := []Excluded{{Kind: c.exclusion.Kind, Pattern: c.exclusion.Pattern, IncidentCount: lost(0), PageCount: lost(1)}}
			if diff := cmp.Diff(counted, certificate.Excluded); diff != "" {
				t.Errorf("lost from the totals (-), listed (+):\n%s", diff)
			}
			if c.condition != "false" && (lost(0) == 0 || lost(1) == 0) {
				t.Error("the exclusion leaves nothing out: it tests nothing")
			}
		})
	}
}

// answersWith runs every metric over the weeks of random facts.
func answersWith(t *testing.T, db *sql.DB, settings Settings) (map[string][][]any, Certificate) {
	t.Helper()
	s, err := Open(context.Background(), db, settings)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c, err := s.Certificate(context.Background(), randomPeriod)
	if err != nil {
		t.Fatal(err)
	}
	return answersOf(t, s), c
}

// randomPeriod lies within the weeks of random facts.
var randomPeriod = Period{time.Date(2026, 10, 28, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 14, 0, 0, 0, 0, time.UTC)}

// answersOf gives every metric's rows over the weeks of random facts.
func answersOf(t *testing.T, s *Session) map[string][][]any {
	t.Helper()
	out := map[string][][]any{}
	for _, m := range s.Metrics() {
		r, err := s.Run(context.Background(), m.Name, randomPeriod)
		if err != nil {
			t.Fatal(err)
		}
		out[m.Name] = r.Rows
	}
	return out
}

// TestOverlappingExclusions: each is listed with all that it matches, and an incident matched twice is left out once.
func TestOverlappingExclusions(t *testing.T) {
	db := newFacts(t)
	mustExec(t, db, `
		INSERT INTO services (id, name) VALUES ('V1', 'billing');
		INSERT INTO incidents (id, title, urgency, service_id, created_at) VALUES
			('P1', 'disk', 'low', 'V1', '2026-11-03'), ('P2', 'disk', 'high', 'V1', '2026-11-03'), ('P3', 'net', 'low', 'V2', '2026-11-03'),
			('P4', 'net', 'high', 'V2', '2026-11-03'), ('P5', 'disk', 'low', 'V1', '2026-11-09');
		INSERT INTO log_entries (id, incident_id, type, created_at, user_id, notification_type)
			SELECT 'n' || id, id, 'notify_log_entry', created_at, 'U1', 'push' FROM incidents`)
	settings := DefaultSettings()
	settings.Exclusions = []Exclusion{{"service", "bill*"}, {"urgency", "low"}}
	s := newSession(t, db, settings)
	c, err := s.Certificate(context.Background(), someWeek)
	if err != nil {
		t.Fatal(err)
	}
	want := []Excluded{{"service", "bill*", 2, 2}, {"urgency", "low", 2, 2}}
	if diff := cmp.Diff(want, c.Excluded); diff != "" {
		t.Error(diff)
	}
	r, err := s.Run(context.Background(), "totals", someWeek)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]any{{int64(1), int64(1), int64(1), int64(1)}}, r.Rows); diff != "" {
		t.Errorf("totals are P4's alone:\n%s", diff)
	}
}

// TestExcludedPartOfARule: of a rule whose titles an exclusion matches in part, only the rest is counted.
func TestExcludedPartOfARule(t *testing.T) {
	db := newFacts(t)
	f := newRandomFacts(t, db, 11)
	f.addCalmRule("calm 1", 0, "service")
	f.addCalmRule("calm 2", 12*time.Hour, "service")
	f.exec(`INSERT INTO schedule_entries SELECT 'S1', id, '2026-11-01', '2026-11-12' FROM users`)
	settings := DefaultSettings()
	settings.Exclusions = []Exclusion{{"title", "calm 1"}}
	s := newSession(t, db, settings)
	for _, row := range named(run(t, s, "unworked_rules", someWeek)) {
		if row["title"] == "calm 2" && row["rotation_id"] == "S1" {
			if row["incident_count"] != int64(12) || row["page_count"] != int64(12) || row["first_seen_at"] != day(4).Add(12*time.Hour) {
				t.Errorf("got %v", row)
			}
			return
		}
	}
	t.Error("the rule is not listed")
}

func TestUnknownExclusionKindIsRefused(t *testing.T) {
	db, ctx := newFacts(t), context.Background()
	mustDerive(t, db, DeriveOptions{})
	settings := DefaultSettings()
	settings.Exclusions = []Exclusion{{"colour", "red"}}
	if s, err := Open(ctx, db, settings); err == nil {
		s.Close()
		t.Error("an exclusion by colour was accepted")
	}
}
