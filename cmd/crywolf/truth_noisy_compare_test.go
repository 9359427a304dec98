package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// truthNoisyDocument is noisy -f json as the program writes it; its alerts stay as they come, so that a key
// that is not there is not taken for 0.
type truthNoisyDocument struct {
	SchemaVersion string `json:"schema_version"`
	Period        struct {
		Since string `json:"since"`
		Until string `json:"until"`
	} `json:"period"`
	Data struct {
		Complete bool `json:"complete"`
	} `json:"data"`
	Alerts []map[string]any `json:"alerts"`
}

func (p *truthProgram) noisy(t *testing.T, rotation string, period truthPeriod) truthNoisyDocument {
	t.Helper()
	args := []string{"noisy", "-f", "json", "--min-pages", "0", "--top", "0",
		"--since", period.since.Format(time.RFC3339), "--until", period.until.Format(time.RFC3339)}
	if rotation != "" {
		args = append(args, rotation)
	}
	var document truthNoisyDocument
	if err := json.Unmarshal(p.run(t, args...), &document); err != nil {
		t.Fatal(err)
	}
	return document
}

// rules maps the program's rule ids to what is planted, by the pages of a period. The two must be one to one.
func (p *truthProgram) rules(pages []truthProgramPage) (rules map[string]string, differences []string) {
	rules, back := map[string]string{}, map[string]string{}
	for _, page := range pages {
		rule := truthRule(p.account, p.world.incidents[page.Incident])
		if one, seen := rules[page.Rule]; seen && one != rule {
			differences = append(differences, fmt.Sprintf("rule %s is both %s and %s", page.Rule, one, rule))
		}
		if one, seen := back[rule]; seen && one != page.Rule {
			differences = append(differences, fmt.Sprintf("%s is both rule %s and rule %s", rule, one, page.Rule))
		}
		rules[page.Rule], back[rule] = rule, page.Rule
	}
	return rules, differences
}

// checkNoisy compares the document of noisy for the whole account and for each rotation of a report, and what
// the report says of the same rules.
func (p *truthProgram) checkNoisy(t *testing.T, name string, period truthPeriod, report truthDocument) {
	t.Helper()
	rules, differences := p.rules(p.pages(t, period))
	scopes := []string{""}
	for _, rotation := range report.Rotations {
		scopes = append(scopes, rotation.ID)
	}
	for n, id := range scopes {
		want := p.world.scope(p.account, id, period).noisy()
		where := "noisy " + id + ": "
		if n > 0 {
			differences = append(differences, truthCompareAlerts(report.Rotations[n-1], want, rules)...)
		}
		if n > 1 {
			continue // the whole account, and one of its rotations, are enough
		}
		got := p.noisy(t, id, period)
		if got.SchemaVersion != "1.0" || !got.Data.Complete || got.Period.Since != period.since.Format(time.RFC3339) || got.Period.Until != period.until.Format(time.RFC3339) {
			differences = append(differences, fmt.Sprintf("%sversion %s, complete %v, period %v", where, got.SchemaVersion, got.Data.Complete, got.Period))
		}
		for _, line := range truthCompareNoisy(got.Alerts, want, rules) {
			differences = append(differences, where+line)
		}
	}
	if len(differences) > 0 {
		t.Errorf("%s, %s to %s:\n  %s", name, period.since.Format(time.RFC3339), period.until.Format(time.RFC3339), strings.Join(differences, "\n  "))
	}
}

// truthCompareNoisy lists in what the program's rows differ, in content and in order.
func truthCompareNoisy(got []map[string]any, want []truthNoisyRow, rules map[string]string) []string {
	var differences []string
	rows := map[string]map[string]any{}
	for n, row := range got {
		id, _ := row["rule"].(string)
		rows[rules[id]] = row
		if n > 0 && truthNoisyOrder(got[n-1], row) >= 0 {
			differences = append(differences, fmt.Sprintf("%v stands before %v", got[n-1]["rule"], id))
		}
	}
	if len(rows) != len(got) || len(got) != len(want) {
		differences = append(differences, fmt.Sprintf("%d rows of %d rules, want %d", len(got), len(rows), len(want)))
	}
	for _, w := range want {
		row, ok := rows[w.Rule]
		if !ok {
			differences = append(differences, w.Rule+": missing")
			continue
		}
		for _, key := range []string{"title", "source", "reasons"} {
			if value, ok := row[key]; !ok || value == nil {
				differences = append(differences, fmt.Sprintf("%s: no %s", w.Rule, key))
			}
		}
		differences = append(differences, truthCompareRow(w.Rule, row, truthFields(w))...)
	}
	return differences
}

// truthFields are a row's keys as JSON has them.
func truthFields(row any) map[string]any {
	encoded, err := json.Marshal(row)
	if err != nil {
		panic(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(encoded, &fields); err != nil {
		panic(err)
	}
	return fields
}

func truthCompareRow(rule string, got, want map[string]any) []string {
	var differences []string
	for _, key := range slices.Sorted(maps.Keys(want)) {
		value, ok := got[key]
		same := ok && key != "worked_incidents" && truthSame(key, value, want[key])
		if key == "worked_incidents" {
			same = truthIDSet(value) == truthIDSet(want[key])
		}
		if !same {
			differences = append(differences, fmt.Sprintf("%s: %s: got %v, want %v", rule, key, value, want[key]))
		}
	}
	return differences
}

// truthIDSet is a list of ids in order of the alphabet; that of no list is not that of an empty one.
func truthIDSet(value any) string {
	list, ok := value.([]any)
	if !ok {
		return "no list"
	}
	var ids []string
	for _, id := range list {
		ids = append(ids, fmt.Sprint(id))
	}
	slices.Sort(ids)
	return strings.Join(ids, " ")
}

// truthNoisyOrder: most night pages saved, most pages saved, most pages, rule id.
func truthNoisyOrder(a, b map[string]any) int {
	for _, key := range []string{"saves_night_pages_per_week", "saves_pages_per_week", "page_count"} {
		x, _ := a[key].(float64)
		y, _ := b[key].(float64)
		switch {
		case x > y:
			return -1
		case x < y:
			return 1
		}
	}
	x, _ := a["rule"].(string)
	y, _ := b["rule"].(string)
	return strings.Compare(x, y)
}

// truthCompareAlerts compares what a rotation's report says of its rules with the rules judged over it.
func truthCompareAlerts(got truthRotation, want []truthNoisyRow, rules map[string]string) []string {
	var differences []string
	rows := map[string]truthAlertRow{}
	for _, row := range got.Alerts {
		rows[rules[row.Rule]] = row
	}
	for _, w := range want {
		wanted := truthAlertRow{
			Rule: rows[w.Rule].Rule, Service: w.Service, Pages: w.Pages, NightPages: w.NightPages, AutoResolved: w.AutoResolved,
			NonActionable: w.nonActionable, Flapping: w.FlappingRuns > 0, Recommendation: w.Recommendation,
		}
		for _, line := range truthCompareRow(w.Rule, truthFields(rows[w.Rule]), truthFields(wanted)) {
			differences = append(differences, "report "+got.ID+": "+line)
		}
	}
	return differences
}
