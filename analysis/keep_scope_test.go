package analysis

import (
	"context"
	"reflect"
	"slices"
	"testing"
)

// TestKeptForSomeRotations: a session for a document about some rotations gives their rows as one about the whole account
// does, and what is of the account unchanged; explanations and certificates in between make no difference.
func TestKeptForSomeRotations(t *testing.T) {
	ctx := context.Background()
	db, since, until := pagedFacts(t)
	p := Period{since.Add(until.Sub(since) / 3), until}
	whole := newSession(t, db, DefaultSettings())
	all := rowsOf(t, whole, "rotations", p, nil)
	if len(all) < 3 {
		t.Fatalf("%d rotations: too few to tell anything", len(all))
	}
	some := []string{all[0][0].(string), all[2][0].(string)}
	want, wantNotes := map[string][][]any{}, certified(t, whole, p)
	for _, m := range whole.Metrics() {
		want[m.Name] = rowsOf(t, whole, m.Name, p, some)
	}
	if err := whole.Close(); err != nil {
		t.Fatal(err)
	}
	keeping, err := Open(ctx, db, DefaultSettings())
	if err != nil {
		t.Fatal(err)
	}
	defer keeping.Close()
	keeping.Keep(some)
	left, held := 0, 0
	for _, m := range keeping.Metrics() {
		if got := certified(t, keeping, p); !reflect.DeepEqual(got, wantNotes) {
			t.Fatalf("before %s the certificate is %v, not %v", m.Name, got, wantNotes)
		}
		got := rowsOf(t, keeping, m.Name, p, some)
		if m.Name == "label_agreement" { // about incidents, not rotations: only those that paged them
			continue
		}
		wanted := want[m.Name]
		if column := slices.IndexFunc(columnsOf(t, keeping, m.Name, p), func(c Column) bool { return c.Name == "rotation_id" }); column >= 0 {
			wanted = slices.DeleteFunc(slices.Clone(wanted), func(row []any) bool {
				id, _ := row[column].(string)
				return !slices.Contains(some, id)
			})
			left += len(want[m.Name]) - len(wanted)
		}
		if held += len(wanted); len(got) != len(wanted) || len(got) > 0 && !reflect.DeepEqual(got, wanted) {
			t.Errorf("%s:\n got %v\nwant %v", m.Name, got, wanted)
		}
	}
	if left < 20 || held < 50 {
		t.Errorf("%d rows of these rotations and %d of others: too few to tell anything", held, left)
	}
}

func rowsOf(t *testing.T, s *Session, metric string, p Period, rotations []string) [][]any {
	t.Helper()
	r, err := s.RunFor(context.Background(), metric, p, rotations)
	if err != nil {
		t.Fatal(err)
	}
	return r.Rows
}

func columnsOf(t *testing.T, s *Session, metric string, p Period) []Column {
	t.Helper()
	r, err := s.Run(context.Background(), metric, p)
	if err != nil {
		t.Fatal(err)
	}
	return r.Columns
}

func certified(t *testing.T, s *Session, p Period) []Note {
	t.Helper()
	c, err := s.Certificate(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	return c.Notes
}
