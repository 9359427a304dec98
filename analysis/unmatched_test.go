package analysis

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestUnmatched(t *testing.T) {
	ctx := context.Background()
	db := newFacts(t)
	mustExec(t, db, `
		INSERT INTO services (id, name) VALUES ('V1', 'billing');
		INSERT INTO incidents (id, title, urgency, status, service_id, created_at) VALUES ('P1', 'Disk 7 full', 'high', 'resolved', 'V1', '2026-11-03')`)
	mustDerive(t, db, DeriveOptions{})
	rule := scanOne[string](t, db, `SELECT rule_id FROM incident_facts`)
	settings := DefaultSettings()
	settings.Exclusions = []Exclusion{{"service", "bill*"}, {"service", "ledger"}, {"urgency", "low"}, {"title", "^disk"}, {"title", "net"}}
	settings.Labels = []Label{{IncidentID: "P1"}, {IncidentID: "P2"}, {RuleID: rule}, {RuleID: "00000000"}}
	s, err := Open(ctx, db, settings)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	got, err := s.Unmatched(ctx, []TitlePattern{{Pattern: `disk \d+`}, {Pattern: `Disk`}})
	want := Unmatched{Exclusions: []Exclusion{{"service", "ledger"}, {"urgency", "low"}, {"title", "net"}},
		Labels: []Label{{IncidentID: "P2"}, {RuleID: "00000000"}}, TitlePatterns: []TitlePattern{{Pattern: "Disk"}}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestDerivationOf(t *testing.T) {
	db := newFacts(t)
	check := func(want Derivation) {
		t.Helper()
		if got, err := DerivationOf(context.Background(), db); got != want || err != nil {
			t.Errorf("got %s, %v, want %s", got, err, want)
		}
	}
	check(DerivedNot)
	mustDerive(t, db, DeriveOptions{})
	check(DerivedCurrent)
	mustExec(t, db, `INSERT INTO touched_incidents VALUES ('P1')`)
	check(DerivedBehind)
	mustExec(t, db, `UPDATE derived_state SET value = 'old' WHERE key = 'version'`)
	check(DerivedOutdated)
	mustExec(t, db, `DELETE FROM derived_state`)
	check(DerivedNot)
}
