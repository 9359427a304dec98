package analysis

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDroppedRuleIsAnAccountThatNeverHadItsPages: leaving one rule's notifications out of the relation gives every
// metric the answers of an account in which they were never sent, and the next session knows nothing of it.
func TestDroppedRuleIsAnAccountThatNeverHadItsPages(t *testing.T) {
	for seed := range uint64(repeats(1, 6)) {
		whole, bare := newFacts(t), newFacts(t)
		newRandomFacts(t, whole, seed)
		newRandomFacts(t, bare, seed)
		before := freshAnswers(t, whole)
		rule := busiestRule(before["noisy"])
		got := replayed(t, whole, fmt.Sprintf(
			`FROM notifications WHERE incident_id NOT IN (SELECT incident_id FROM incident_facts WHERE rule_id = '%s')`, rule))

		mustDerive(t, bare, DeriveOptions{})
		mustExec(t, bare, `DELETE FROM log_entries WHERE type = 'notify_log_entry'
			AND incident_id IN (SELECT incident_id FROM incident_facts WHERE rule_id = ?)`, rule)
		deriveFromScratch(t, bare, DeriveOptions{})
		want := freshAnswers(t, bare)

		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("seed %d, rule %s: never sent (-), left out (+):\n%s", seed, rule, diff)
		}
		if cmp.Equal(before["totals"], want["totals"]) {
			t.Errorf("seed %d: the rule %s never paged: nothing was compared", seed, rule)
		}
		if diff := cmp.Diff(before, freshAnswers(t, whole)); diff != "" {
			t.Errorf("seed %d: the replay stayed (+):\n%s", seed, diff)
		}
	}
}

// TestPagesHeldBackMoveToTheShiftOfTheirNewTime: another relation may move notifications too; they are attributed anew.
func TestPagesHeldBackMoveToTheShiftOfTheirNewTime(t *testing.T) {
	for seed := range uint64(repeats(1, 3)) {
		whole, late := newFacts(t), newFacts(t)
		f := newRandomFacts(t, whole, seed)
		newRandomFacts(t, late, seed)
		mustDerive(t, whole, DeriveOptions{})
		one, _ := f.anIncident()
		f.touch(one)
		mustDerive(t, whole, DeriveOptions{}) // the last derivation on this connection was of one incident
		got := replayed(t, whole, `SELECT * REPLACE (notified_at + INTERVAL 7 HOUR AS notified_at) FROM notifications`)
		mustExec(t, late, `UPDATE log_entries SET created_at = created_at + INTERVAL 7 HOUR WHERE type = 'notify_log_entry'`)
		want := freshAnswers(t, late)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("seed %d: sent seven hours later (-), held back (+):\n%s", seed, diff)
		}
	}
}

// TestAReplayLeavesNothingOnItsConnection: the pool may hand the connection to a derivation next.
func TestAReplayLeavesNothingOnItsConnection(t *testing.T) {
	db := newFacts(t)
	db.SetMaxOpenConns(1)
	f := newRandomFacts(t, db, 1)
	mustDerive(t, db, DeriveOptions{})
	replayed(t, db, `FROM notifications WHERE medium <> 'push'`)
	if s, err := OpenReplay(context.Background(), db, DefaultSettings(), `FROM incidents`); err == nil { // fails half-way
		s.Close()
		t.Error("incidents passed for notifications")
	}
	id, at := f.anIncident()
	f.addEntry(id, "notify_log_entry", at)
	f.touch(id)
	mustDerive(t, db, DeriveOptions{})
	sameFromScratch(t, db, "after a replay")
}

func TestReplayOfAnythingButASelectIsRefused(t *testing.T) {
	db := newFacts(t)
	mustDerive(t, db, DeriveOptions{})
	if s, err := OpenReplay(context.Background(), db, DefaultSettings(), `DROP TABLE incidents`); !errors.Is(err, ErrNotSelect) {
		if err == nil {
			s.Close()
		}
		t.Errorf("got %v, want ErrNotSelect", err)
	}
}

// freshAnswers derives what is not derived yet, and gives every metric's answers.
func freshAnswers(t *testing.T, db *sql.DB) map[string][][]any {
	t.Helper()
	mustDerive(t, db, DeriveOptions{})
	answers, _ := answersWith(t, db, DefaultSettings())
	return answers
}

// replayed gives every metric's answers under another relation of notifications.
func replayed(t *testing.T, db *sql.DB, relation string) map[string][][]any {
	t.Helper()
	s, err := OpenReplay(context.Background(), db, DefaultSettings(), relation)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	return answersOf(t, s)
}

// busiestRule is the rule with the most pages among rows of noisy.
func busiestRule(rows [][]any) string {
	rule, most := "", int64(0)
	for _, row := range rows {
		if pages := row[5].(int64); pages > most {
			rule, most = row[0].(string), pages
		}
	}
	return rule
}
