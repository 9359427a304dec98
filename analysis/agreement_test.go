package analysis

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"
)

// agreementFacts: I01 to I12, of twelve rules. I01–I04 are actionable to the rules (A3), I05–I10 non_actionable (N2),
// I11 and I12 unknown.
const agreementFacts = `
INSERT INTO incidents (id, title, status, urgency, service_id, created_at)
  SELECT 'I' || lpad(n::VARCHAR, 2, '0'), 'alert ' || chr(96 + n::INTEGER), 'resolved', 'high', 'V1', TIMESTAMP '2026-11-03 00:00' + to_hours(n) FROM range(1, 13) AS t(n);
INSERT INTO log_entries (id, incident_id, type, created_at, agent_type, channel_type)
  SELECT 'k' || id, id, 'acknowledge_log_entry', created_at + INTERVAL 1 MINUTE, 'user', 'mobile' FROM incidents;
INSERT INTO log_entries (id, incident_id, type, created_at, agent_type, channel_type)
  SELECT 'e' || id, id, 'escalate_log_entry', created_at + INTERVAL 2 MINUTE, 'user', 'website' FROM incidents WHERE id <= 'I04';
INSERT INTO log_entries (id, incident_id, type, created_at, agent_type, channel_type)
  SELECT 'r' || id, id, 'resolve_log_entry', created_at + INTERVAL 4 MINUTE, 'service', 'api' FROM incidents WHERE id BETWEEN 'I05' AND 'I10';
INSERT INTO log_entries (id, incident_id, type, created_at, agent_type, channel_type)
  SELECT 'r' || id, id, 'resolve_log_entry', created_at + INTERVAL 8 MINUTE, 'user', 'website' FROM incidents WHERE id NOT BETWEEN 'I05' AND 'I10';
INSERT INTO log_entries (id, incident_id, type, created_at, user_id, notification_type)
  SELECT 'p' || id, id, 'notify_log_entry', created_at, 'U1', 'push' FROM incidents;
INSERT INTO log_entries (id, incident_id, type, created_at, agent_type, channel_type, note_length, note_tag) VALUES
  ('n10', 'I10', 'annotate_log_entry', '2026-11-03 10:30', 'user', 'note', 5, '#a'),
  ('n05', 'I05', 'annotate_log_entry', '2026-11-03 05:30', 'user', 'note', 5, '#a');
INSERT INTO services (id, escalation_policy_id) VALUES ('V1', 'E1');
INSERT INTO escalation_policies (id) VALUES ('E1');
INSERT INTO schedules (id, is_readable) VALUES ('S1', true);
INSERT INTO escalation_targets VALUES ('E1', 1, 0, 'schedule', 'S1');
INSERT INTO schedule_entries VALUES ('S1', 'U1', '2026-11-01', '2026-11-10');`

func labelsOf(words map[string]string) []Label {
	var out []Label
	for id, word := range words {
		out = append(out, Label{IncidentID: id, Label: word, At: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)})
	}
	slices.SortFunc(out, func(a, b Label) int { return slices.Compare([]byte(a.IncidentID), []byte(b.IncidentID)) })
	return out
}

// TestAgreement by hand: tp 4 (I05–I08), fp 2 (I09, and I10 by its note), fn 1 (I04), tn 2 (I01, I02); I03 is unknown to
// people, I11 to the rules. Raw 6/9; by chance (6·5 + 3·4)/81 = 42/81; kappa (54 − 42)/(81 − 42) = 12/39.
func TestAgreement(t *testing.T) {
	db := newFacts(t)
	mustExec(t, db, agreementFacts)
	settings := DefaultSettings()
	settings.Labels = append(labelsOf(map[string]string{
		"I01": "actionable", "I02": "actionable", "I03": "unknown", "I04": "non_actionable",
		"I05": "non_actionable", "I06": "non_actionable", "I07": "non_actionable", "I08": "non_actionable", "I09": "actionable",
		"I11": "actionable", "I99": "actionable",
	}), Label{RuleID: RuleID("V1", "unknown", "alert l"), Label: "non_actionable", At: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)})
	s := newSession(t, db, settings)
	ruled, err := s.RunSQL(context.Background(), `SELECT label_source FROM verdict_in($since, $until) WHERE incident_id = 'I12'`, someWeek)
	if err != nil || ruled.Rows[0][0] != "rule" {
		t.Fatalf("the label of I12's rule is not in force: %v, %v", ruled.Rows, err)
	}
	a, err := s.Agreement(context.Background(), someWeek)
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(a.Labelled, a.ByFile, a.Compared, a.JudgedNoise, a.SaidNoise)
	if want := fmt.Sprint(11, 10, 9, 6, 5); got != want {
		t.Errorf("labelled, by file, compared, noise to the rules, to people: %s, want %s", got, want)
	}
	cells := map[string]int64{}
	for _, c := range a.Cells {
		cells[c.Judged+" "+c.Label] = c.Count
	}
	for pair, want := range map[string]int64{"non_actionable non_actionable": 4, "non_actionable actionable": 2, "actionable non_actionable": 1,
		"actionable actionable": 2, "actionable unknown": 1, "unknown actionable": 1, "redundant actionable": 0} {
		if cells[pair] != want {
			t.Errorf("%s: %d, want %d", pair, cells[pair], want)
		}
	}
	for name, pair := range map[string][2]*float64{"kappa": {a.Result.Kappa, new(12.0 / 39)}, "raw": {a.Result.Raw, new(6.0 / 9)},
		"precision": {a.Result.Precision, new(4.0 / 6)}, "recall": {a.Result.Recall, new(4.0 / 5)}} {
		if pair[0] == nil || math.Abs(*pair[0]-*pair[1]) > 1e-9 {
			t.Errorf("%s is %v, want %v", name, pair[0], *pair[1])
		}
	}
	var mistakes []string
	for _, n := range a.CalledNoise {
		mistakes = append(mistakes, n.IncidentID+" "+n.Title)
	}
	if !slices.Equal(mistakes, []string{"I09 alert i", "I10 alert j"}) {
		t.Errorf("called noise: %q", mistakes)
	}
	if d := a.Doubts(); len(d) != 2 || d[0] != "9 labels could be compared, fewer than 100" || d[1] != "kappa 0.31 is below 0.60" {
		t.Errorf("doubts: %q", d)
	}
}

func TestDoubts(t *testing.T) {
	kappa := func(v float64) (a Agreement) { a.Compared, a.Result.Kappa = 100, &v; return a }
	for _, c := range []struct {
		name string
		a    Agreement
		want int
	}{{"at the bounds", kappa(0.6), 0}, {"kappa below", kappa(0.59), 1}, {"no kappa", Agreement{Compared: 100}, 1}, {"nothing", Agreement{}, 1}} {
		if d := c.a.Doubts(); len(d) != c.want {
			t.Errorf("%s: %q", c.name, d)
		}
	}
}

// TestSampleIsStratified: 12 incidents in strata by day (08:00 to 22:00) and night. Actionable by night: I01–I04. Unknown by
// day: I11, I12. Non-actionable by night: I05–I07; by day: I08 and I09, for I10 has a note's label. So the first four are
// one a stratum, the largest first, and the whole holds everything but what is labelled.
func TestSampleIsStratified(t *testing.T) {
	db := newFacts(t)
	mustExec(t, db, agreementFacts)
	mustExec(t, db, `DELETE FROM log_entries WHERE id = 'n05'`)
	settings := DefaultSettings()
	settings.Labels = []Label{{RuleID: RuleID("V1", "unknown", "alert a"), Label: "non_actionable"}} // leaves nothing out
	s := newSession(t, db, settings)
	r, err := s.RunSQL(context.Background(), `SELECT incident_id FROM label_sample_in($since, $until) ORDER BY sample_position`, someWeek)
	if err != nil {
		t.Fatal(err)
	}
	strata := map[string]string{"I08": "noise by day", "I09": "noise by day", "I11": "unknown by day", "I12": "unknown by day"}
	for i := range 7 {
		strata[fmt.Sprintf("I%02d", i+1)] = map[bool]string{true: "work by night", false: "noise by night"}[i < 4]
	}
	var order []string
	seen := map[string]bool{}
	for _, row := range r.Rows {
		id := row[0].(string)
		if strata[id] == "" || seen[id] {
			t.Errorf("%s is drawn, or drawn twice", id)
		}
		seen[id] = true
		order = append(order, strata[id])
	}
	if len(order) != 11 {
		t.Fatalf("%d are drawn", len(order))
	}
	if order[0] != "work by night" || order[1] != "noise by night" {
		t.Errorf("the largest strata come first: %q", order)
	}
	if first := slices.Sorted(slices.Values(order[:4])); len(slices.Compact(first)) != 4 {
		t.Errorf("the first four are not of four strata: %q", order[:4])
	}
	// Sainte-Laguë: 1.5/4 < 1.5/3 < 2.5/4 < 1.5/2 …
	if order[4] != "work by night" || order[5] != "noise by night" || order[6] != "work by night" {
		t.Errorf("then the strata go by their sizes: %q", order[4:])
	}
}
