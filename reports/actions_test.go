package reports

import (
	"slices"
	"testing"
)

func TestChooseActions(t *testing.T) {
	alert := func(rule, recommendation string, pages int64, saves, night *float64) Alert {
		a := Alert{Rule: rule, PageCount: pages, SavesPagesPerWeek: saves, SavesNightPagesPerWeek: night}
		if recommendation != "" {
			a.Recommendation = &recommendation
		}
		return a
	}
	for _, c := range []struct {
		name   string
		alerts []Alert
		want   []string
	}{
		{"nights saved come first, and three at most", []Alert{
			alert("a", "delete", 50, num(12), num(0)), alert("b", "wait", 20, num(5), num(4)), alert("c", "demote", 9, num(2), num(2)), alert("d", "group", 90, num(20), num(0.5))},
			[]string{"b", "c", "d"}},
		{"then pages saved, pages, id", []Alert{
			alert("d", "delete", 8, num(1), num(1)), alert("c", "delete", 9, num(1), num(1)), alert("b", "delete", 8, num(1), num(1)), alert("a", "delete", 5, num(2), num(1))},
			[]string{"a", "c", "b"}},
		{"what saves nothing or takes nothing away is no action", []Alert{
			alert("a", "delete", 50, num(0), num(0)), alert("b", "fix_cause", 50, num(9), num(9)), alert("c", "keep", 50, num(9), nil),
			alert("d", "unclear", 50, nil, nil), alert("e", "wait", 5, nil, nil), alert("f", "", 5, num(9), nil)},
			[]string{}},
		{"nothing paged", nil, []string{}},
	} {
		if got := ChooseActions(c.alerts); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

// TestActionsAreSaidOnce holds the first screen to naming each alert in one of its two blocks.
func TestActionsAreSaidOnce(t *testing.T) {
	rot := &sample().Rotations[0]
	first, others := actionsGrid(rot, true), 0
	shown, rest := firstAlerts(rot)
	for _, a := range slices.Concat(shown, rest) {
		if slices.ContainsFunc(first.Rows, func(row []string) bool { return row[0] == a.Rule }) {
			t.Errorf("%s stands in both blocks", a.Rule)
		}
		others++
	}
	if len(first.Rows) != 3 || others != len(rot.Alerts)-3 {
		t.Errorf("%d things to do and %d others, of %d alerts", len(first.Rows), others, len(rot.Alerts))
	}
}
