package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"crywolf/ingest/pagerdutytest"
)

// What the comparison of random accounts compares must occur in them: every evidence, verdict and
// recommendation, every guard, a service that is evidence-poor.
func TestTruthCorners(t *testing.T) {
	found := map[string]int{}
	for _, id := range slices.Sorted(maps.Keys(truthPoints)) {
		found[id] = 0
	}
	for _, word := range []string{"delete", "wait", "demote", "group", "fix_cause", "keep", "unclear",
		"actionable", "non_actionable", "redundant", "unattended", "unknown", "label #a", "label #na", "sure", "evidence-poor",
		"sole detector", "unattended guard", "priority guard", "foreign alerts"} {
		found[word] = 0
	}
	for seed := uint64(1); seed <= 10; seed++ {
		account := pagerdutytest.Random(seed)
		w := truthLoad(account, account.Start, account.End)
		scope := w.scope(account, "", truthPeriod{account.Start, account.End})
		for _, page := range scope.pages {
			v := scope.judged[page.truthPair]
			found[v.verdict]++
			found["label "+w.incidents[page.incident].label()]++
			if v.confidence == "high" {
				found["sure"]++
			}
			for _, id := range v.evidence {
				found[id]++
			}
		}
		found["evidence-poor"] += len(slices.DeleteFunc(slices.Collect(maps.Values(w.poor())), func(poor bool) bool { return !poor }))
		for _, row := range scope.noisy() {
			found[row.Recommendation]++
		}
		for _, x := range scope.suspects() {
			if len(x.worked) == 0 && len(x.incidents) >= 10 {
				x.countGuards(found)
			}
			if slices.ContainsFunc(x.incidents, func(i *truthIncident) bool { return !x.ownAlerts(i) }) {
				found["foreign alerts"]++
			}
		}
	}
	for _, what := range slices.Sorted(maps.Keys(found)) {
		if found[what] == 0 {
			t.Errorf("nowhere: %s", what)
		}
	}
}

func (x *truthSuspect) countGuards(found map[string]int) {
	if slices.ContainsFunc(x.pages, func(p truthPage) bool { return x.judged[p.truthPair].verdict == "unattended" }) {
		found["unattended guard"]++
	}
	if slices.ContainsFunc(x.incidents, func(i *truthIncident) bool { return i.important }) {
		found["priority guard"]++
	}
	if x.isSoleDetector() {
		found["sole detector"]++
	}
}

// The comparison must see each key of a row: each is changed, and then left out.
func TestTruthCompareNoisySees(t *testing.T) {
	account := pagerdutytest.Random(1)
	scope := truthLoad(account, account.Start, account.End).scope(account, "", truthPeriod{account.Start, account.End})
	want := scope.noisy()
	rules := map[string]string{}
	rows := func() []map[string]any {
		var rows []map[string]any
		for n, row := range want {
			fields := truthFields(row)
			id := fmt.Sprintf("%08d", n) // the order of ids is that of the list
			rules[id] = row.Rule
			fields["rule"], fields["title"], fields["source"], fields["reasons"] = id, "t", "s", []any{"r"}
			rows = append(rows, fields)
		}
		return rows
	}
	if differences := truthCompareNoisy(rows(), want, rules); len(differences) > 0 {
		t.Fatalf("the rows differ from themselves: %s", strings.Join(differences, "\n"))
	}
	for key := range rows()[0] {
		changed := rows()
		left := 0
		changed[0][key] = truthSpoil(changed[0][key], "", &left, false, new(string))
		if list, ok := changed[0][key].([]any); ok && len(list) == 0 {
			changed[0][key] = []any{"one more"}
		}
		removed := rows()
		delete(removed[0], key)
		if key != "title" && key != "source" && key != "reasons" && len(truthCompareNoisy(changed, want, rules)) == 0 {
			t.Errorf("%s was changed, and the comparison saw nothing", key)
		}
		if len(truthCompareNoisy(removed, want, rules)) == 0 {
			t.Errorf("%s was removed, and the comparison saw nothing", key)
		}
	}
	swapped := rows()
	swapped[0], swapped[1] = swapped[1], swapped[0]
	if len(truthCompareNoisy(swapped, want, rules)) == 0 {
		t.Error("two rows were swapped, and the comparison saw nothing")
	}
}
