package analysis

import (
	"context"
	"testing"
	"time"
)

// TestWhichLabelCounts: an incident's outranks its note's and that its rule's; of several the last in time, of one second
// the last in the file; a rule's holds for incidents created before its end. Incidents and rules are those of TestAgreement:
// I05 and I10 have a note with #a.
func TestWhichLabelCounts(t *testing.T) {
	at := func(day int) time.Time { return time.Date(2026, 11, day, 9, 0, 0, 500, time.FixedZone("", 3600)) }
	rule := func(letter, word string, until time.Time) Label {
		return Label{RuleID: RuleID("V1", "unknown", "alert "+letter), Label: word, At: at(20), Until: until}
	}
	created := func(hour int) time.Time { return time.Date(2026, 11, 3, hour, 0, 0, 0, time.UTC) }
	settings := DefaultSettings()
	settings.Labels = []Label{
		{IncidentID: "I01", Label: "actionable", At: at(21), Reason: `"quoted", [and] {so} \ on`}, // the last in time
		{IncidentID: "I01", Label: "unknown", At: at(20)},
		{IncidentID: "I02", Label: "unknown", At: at(20)},
		{IncidentID: "I02", Label: "non_actionable", At: at(20)}, // the last in the file
		{IncidentID: "I03", Label: "non_actionable"},             // nobody knows when
		rule("d", "non_actionable", time.Time{}),                 // I04
		rule("e", "non_actionable", time.Time{}),                 // I05 has a note
		{IncidentID: "I10", Label: "unknown", At: at(20)},        // and so has I10
		rule("f", "actionable", created(6)),                      // I06 was created then
		rule("g", "actionable", created(7).Add(time.Second)),     // I07 just before
		{IncidentID: "I08", Label: "actionable", At: at(20)},
		rule("h", "non_actionable", time.Time{}),             // I08 has its own
		{IncidentID: "I77", Label: "actionable", At: at(20)}, // not of this database
	}
	db := newFacts(t)
	mustExec(t, db, agreementFacts)
	s := newSession(t, db, settings)
	r, err := s.RunSQL(context.Background(), `SELECT incident_id, verdict, coalesce(label_source, '') FROM verdict_in($since, $until) ORDER BY incident_id`, someWeek)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][2]string{
		"I01": {"actionable", "incident"}, "I02": {"non_actionable", "incident"}, "I03": {"non_actionable", "incident"},
		"I04": {"non_actionable", "rule"}, "I05": {"actionable", "note"}, "I06": {"non_actionable", ""}, "I07": {"actionable", "rule"},
		"I08": {"actionable", "incident"}, "I09": {"non_actionable", ""}, "I10": {"unknown", "incident"}, "I11": {"unknown", ""}, "I12": {"unknown", ""},
	}
	if len(r.Rows) != len(want) {
		t.Errorf("%d pages have a verdict", len(r.Rows))
	}
	for _, row := range r.Rows {
		if id := row[0].(string); [2]string{row[1].(string), row[2].(string)} != want[id] {
			t.Errorf("%s is %v by %v, want %q", id, row[1], row[2], want[id])
		}
	}
	kept, err := s.RunSQL(context.Background(), `SELECT labelled_at, reason, until_at FROM labels WHERE position = 0`, someWeek)
	if err != nil {
		t.Fatal(err)
	}
	if row := kept.Rows[0]; !row[0].(time.Time).Equal(at(21).Truncate(time.Microsecond)) || row[1] != settings.Labels[0].Reason || row[2] != nil {
		t.Errorf("a label is kept as %v", row)
	}
}
