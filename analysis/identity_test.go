package analysis

import (
	"context"
	"testing"
)

// TestRuleIDIsTheDatabases: a label keeps a rule's parts, and finds the rule again by the id made of them.
func TestRuleIDIsTheDatabases(t *testing.T) {
	db := newFacts(t)
	mustExec(t, db, `
INSERT INTO incidents (id, title, service_id, created_at) VALUES
  ('P1', 'Plätze voll = "9" %', 'V1', '2026-11-03 10:00'), ('P2', 'no service', NULL, '2026-11-03 10:00'), ('P3', NULL, 'V1', '2026-11-03 10:00')`)
	s := newSession(t, db, DefaultSettings())
	r, err := s.RunSQL(context.Background(), `SELECT rule_id, coalesce(service_id, ''), source, rule_name FROM incident_facts ORDER BY incident_id`, someWeek)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Rows) != 3 {
		t.Fatalf("%d incidents", len(r.Rows))
	}
	for _, row := range r.Rows {
		if got := RuleID(row[1].(string), row[2].(string), row[3].(string)); got != row[0] {
			t.Errorf("%q has id %s, in the database %s", row[1:], got, row[0])
		}
	}
	// printf 'V1\0prometheus\0TargetDown' | sha256sum
	if got := RuleID("V1", "prometheus", "TargetDown"); got != "c7b914e7" {
		t.Errorf("got %s", got)
	}
}
