package analysis

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"
)

// TestVerdictsAndRulesAddUp: over random accounts, each page has one verdict and, where its incident is stored, one
// rule; what was not attended to is no noise; a recommendation keeps its promises.
func TestVerdictsAndRulesAddUp(t *testing.T) {
	seen := map[string]int{}
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			db := newFacts(t)
			f := newRandomFacts(t, db, 500+seed)
			for range 60 {
				f.edit()
			}
			f.addCalmRule("calm", 0, "user")
			f.addCalmRule("echo", []time.Duration{time.Minute, 10 * time.Minute}[seed%2], "user")
			f.addCalmRule("blip", 20*time.Minute, "service")
			if seed%3 == 1 {
				f.exec(`DELETE FROM log_entries WHERE type = 'notify_log_entry'`) // pages are inferred
			}
			settings := DefaultSettings()
			if seed%3 == 2 {
				settings.Exclusions = []Exclusion{{Kind: "urgency", Pattern: "low"}}
			}
			s := newSession(t, db, settings)
			for _, p := range []Period{someWeek, {day(-6), day(16)}} {
				verdictsAddUp(t, s, p)
				rulesAddUp(t, s, p, seen)
			}
			unattendedIsWhatNobodyTook(t, s, Period{day(-6), day(16)}, seen)
		})
	}
	for _, what := range []string{"unattended", "non_actionable", "unclear", "group", "wait", "delete", "keep"} {
		if seen[what] == 0 {
			t.Errorf("no account has anything %s: the test looks at nothing", what)
		}
	}
}

// addCalmRule gives a rule twelve incidents, an hour apart, on which nobody worked.
func (f *randomFacts) addCalmRule(title string, offset time.Duration, resolvedBy string) {
	for i := range 12 {
		id, at := f.id("P"), day(4).Add(time.Duration(i)*time.Hour+offset)
		f.exec(`INSERT INTO incidents (id, title, status, urgency, service_id, escalation_policy_id, created_at) VALUES (?, ?, 'resolved', 'high', 'V1', 'E1', ?)`, id, title, at)
		f.exec(`INSERT INTO log_entries (id, incident_id, type, created_at, user_id, notification_type) VALUES (?, ?, 'notify_log_entry', ?, ?, 'push')`, f.id("L"), id, at, f.pick(randomUsers))
		f.exec(`INSERT INTO log_entries (id, incident_id, type, created_at, agent_type, channel_type) VALUES (?, ?, 'resolve_log_entry', ?, ?, 'api')`, f.id("L"), id, at.Add(4*time.Minute), resolvedBy)
	}
}

func run(t *testing.T, s *Session, metric string, p Period) Result {
	t.Helper()
	r, err := s.Run(context.Background(), metric, p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// named gives each row as a map from column to value; counts are numbers.
func named(r Result) []map[string]any {
	var out []map[string]any
	for _, row := range r.Rows {
		m := map[string]any{}
		for i, c := range r.Columns {
			m[c.Name] = row[i]
		}
		out = append(out, m)
	}
	return out
}

// storedPages counts the pages of each rotation ("NULL": of none) whose incident is stored.
func storedPages(t *testing.T, s *Session, p Period) (byRotation map[string]int64, all int64) {
	t.Helper()
	r, err := s.RunSQL(context.Background(), `
		SELECT p.rotation_id, count(*) FROM page_in($since, $until) AS p
		JOIN incidents AS i ON i.id = p.incident_id AND NOT coalesce(i.is_deleted, false)
		GROUP BY p.rotation_id`, p)
	if err != nil {
		t.Fatal(err)
	}
	byRotation = map[string]int64{}
	for _, row := range r.Rows {
		byRotation[asText(row[0])] = row[1].(int64)
		all += row[1].(int64)
	}
	return byRotation, all
}

func verdictsAddUp(t *testing.T, s *Session, p Period) {
	t.Helper()
	pages := map[any]int64{}
	for _, row := range named(run(t, s, "load", p)) {
		pages[row["rotation_id"]] = row["page_count"].(int64)
	}
	verdicts := named(run(t, s, "verdicts", p))
	if len(verdicts) != len(pages) {
		t.Errorf("verdicts of %d rotations, load of %d", len(verdicts), len(pages))
	}
	for _, row := range verdicts {
		id := row["rotation_id"]
		n := func(verdict string) float64 { return float64(row[verdict+"_page_count"].(int64)) }
		actionable, noise, unknown := n("actionable"), n("non_actionable"), n("unknown")
		if sum := actionable + noise + unknown + n("redundant") + n("unattended"); sum != float64(pages[id]) {
			t.Errorf("%v: %g verdicts of %d pages", id, sum, pages[id])
		}
		// redundant and unattended pages stand in neither part of a share
		isShare(t, row, "non_actionable_ratio", noise, actionable+noise)
		isShare(t, row, "non_actionable_high_ratio", noise+unknown, actionable+noise+unknown)
		if low, ok := row["non_actionable_low_ratio"].(float64); ok && low > noise/(actionable+noise+unknown)+1e-9 {
			t.Errorf("%v: low share %g of %g pages that are noise", id, low, noise)
		}
	}
}

func isShare(t *testing.T, row map[string]any, column string, k, n float64) {
	t.Helper()
	got, ok := row[column].(float64)
	if ok != (n > 0) || ok && math.Abs(got-k/n) > 1e-9 {
		t.Errorf("%v: %s is %v of %g of %g", row["rotation_id"], column, row[column], k, n)
	}
}

func rulesAddUp(t *testing.T, s *Session, p Period, seen map[string]int) {
	t.Helper()
	want, all := storedPages(t, s, p)
	delete(want, "NULL")
	got := map[string]int64{}
	for _, row := range named(run(t, s, "alerts", p)) {
		got[asText(row["rotation_id"])] += row["page_count"].(int64)
		keepsItsPromise(t, row, p)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("pages of rules by rotation: %v, of stored incidents %v", got, want)
	}
	sum := int64(0)
	rows := named(run(t, s, "noisy", p))
	for _, row := range rows {
		sum += row["page_count"].(int64)
		keepsItsPromise(t, row, p)
		isWithinReason(t, row)
		seen[row["recommendation"].(string)]++
	}
	if sum != all {
		t.Errorf("pages of all rules: %d, of stored incidents %d", sum, all)
	}
	if total := named(run(t, s, "totals", p))[0]["page_count"].(int64); all > total {
		t.Errorf("%d pages of stored incidents, %d in all", all, total)
	}
	ids := []string{}
	for _, row := range rows {
		ids = append(ids, row["rule_id"].(string))
	}
	slices.Sort(ids)
	if len(slices.Compact(ids)) != len(rows) {
		t.Error("a rule has two rows")
	}
}

// keepsItsPromise: nothing saves more than there was, and only what is to wait or to be grouped says how.
func keepsItsPromise(t *testing.T, row map[string]any, p Period) {
	t.Helper()
	saved, savedAtNight := row["saved_pages_per_week"].(float64), row["saved_night_pages_per_week"].(float64)
	weeks := p.Until.Sub(p.Since).Hours() / 24 / 7
	if saved*weeks > float64(row["page_count"].(int64))+1e-9 || savedAtNight > saved || savedAtNight*weeks > float64(row["night_page_count"].(int64))+1e-9 {
		t.Errorf("saves more than there was: %v", row)
	}
	what := row["recommendation"].(string)
	if saved > 0 && !slices.Contains([]string{"group", "wait", "delete", "demote"}, what) {
		t.Errorf("saves by doing nothing: %v", row)
	}
	if (row["wait_seconds"] != nil) != (what == "wait") || (row["group_rule_id"] != nil) != (what == "group") || row["group_rule_id"] == row["rule_id"] {
		t.Errorf("wait or group without saying how: %v", row)
	}
	if n, ok := row["wait_seconds"].(float64); ok && (n < 0 || n > 1800 || math.Mod(n, 60) != 0) {
		t.Errorf("waits %g s: %v", n, row)
	}
}

func isWithinReason(t *testing.T, row map[string]any) {
	t.Helper()
	n := func(column string) int64 { return row[column].(int64) }
	what := row["recommendation"].(string)
	if n("worked_count") > n("incident_count") || n("incident_count") > n("page_count") || n("unattended_page_count") > n("page_count") || n("excess_page_count") >= n("incident_count") {
		t.Errorf("a part is more than the whole: %v", row)
	}
	if what == "delete" && (n("worked_count")+n("unattended_page_count")+n("top_priority_count")+n("sole_detector_count") > 0 || n("incident_count") < 10) {
		t.Errorf("delete against its guards: %v", row)
	}
	if what == "group" && (n("worked_count") > 0 || row["group_ratio"].(float64) < 0.9) {
		t.Errorf("group what is to be kept: %v", row)
	}
	if slices.Contains([]string{"demote", "fix_cause", "keep"}, what) && n("worked_count") == 0 {
		t.Errorf("%s what nobody worked on: %v", what, row)
	}
	if (row["worked_bound_ratio"] != nil) != (n("worked_count") == 0) {
		t.Errorf("the bound is of rules that nobody worked on: %v", row)
	}
}

// unattendedIsWhatNobodyTook reads it off the facts: high urgency, no acknowledgement by a person, open for more than
// half an hour. Such a page is unattended, unless a person said otherwise or it was redundant.
func unattendedIsWhatNobodyTook(t *testing.T, s *Session, p Period, seen map[string]int) {
	t.Helper()
	r, err := s.RunSQL(context.Background(), `
		SELECT v.incident_id, v.verdict, v.label IS NOT NULL,
		       i.urgency = 'high'
		         AND NOT EXISTS (FROM log_entries AS e WHERE e.incident_id = i.id AND e.type = 'acknowledge_log_entry' AND e.agent_type = 'user')
		         AND coalesce((SELECT max(e.created_at) FROM log_entries AS e WHERE e.incident_id = i.id AND e.type = 'resolve_log_entry' AND i.status = 'resolved'), $until::TIMESTAMP)
		             > i.created_at + INTERVAL 30 MINUTE
		FROM verdict_in($since, $until) AS v JOIN incidents AS i ON i.id = v.incident_id AND NOT coalesce(i.is_deleted, false)`, p)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range r.Rows {
		verdict, isLabelled, isTaken := row[1].(string), row[2].(bool), !row[3].(bool)
		if isLabelled || verdict == "redundant" {
			continue
		}
		if (verdict == "unattended") == isTaken {
			t.Errorf("%v is %s; taken care of: %v", row[0], verdict, isTaken)
		}
		seen[verdict]++
	}
}
