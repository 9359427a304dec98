package analysis

import (
	"context"
	"fmt"
	"testing"
)

// TestAuditAgreesWithTheReport: over random accounts, what the audit's metrics count anew is what the report's count, or
// a part of it.
func TestAuditAgreesWithTheReport(t *testing.T) {
	seen := map[string]int64{}
	for seed := range uint64(repeats(2, 4)) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			db := newFacts(t)
			f := newRandomFacts(t, db, 910+seed)
			for range 60 {
				f.edit()
			}
			f.addCalmRule("calm", 0, "service")
			for range 12 {
				start := f.at()
				f.exec(`INSERT INTO schedule_overrides VALUES (?, ?, ?, ?)`, f.pick(randomSchedules), f.pick(randomUsers), start, start.AddDate(0, 0, f.rng.IntN(3)))
			}
			f.exec(`UPDATE log_entries SET agent_id = 'U' || (1 + ascii(right(id, 1)) % 4) WHERE agent_type = 'user'`)
			settings := DefaultSettings()
			if seed%2 == 1 {
				settings.Exclusions = []Exclusion{{Kind: "urgency", Pattern: "low"}}
			}
			s := newSession(t, db, settings)
			for _, p := range []Period{someWeek, {day(-6), day(16)}, {day(-6), day(24)}} {
				auditAgrees(t, s, p, seen)
			}
		})
	}
	for _, what := range []string{"leaked", "gaps", "interrupted", "night_joined", "timed_out", "weeks", "overrides", "unworked", "whole shifts", "verdicts"} {
		if seen[what] == 0 {
			t.Errorf("no account has any %s: the test looks at nothing", what)
		}
	}
}

// byRotation gives the rows of a metric that has one for each rotation.
func byRotation(t *testing.T, s *Session, metric string, p Period) map[any]map[string]any {
	t.Helper()
	out := map[any]map[string]any{}
	for _, row := range named(run(t, s, metric, p)) {
		if out[row["rotation_id"]] != nil {
			t.Errorf("%s has two rows for %v", metric, row["rotation_id"])
		}
		out[row["rotation_id"]] = row
	}
	return out
}

func auditAgrees(t *testing.T, s *Session, p Period, seen map[string]int64) {
	t.Helper()
	load := byRotation(t, s, "load", p)
	metrics := map[string]map[any]map[string]any{}
	for _, name := range []string{"follow_the_sun", "sleep", "on_call_weeks", "rota", "help", "overrides", "night", "time_to_acknowledge"} {
		metrics[name] = byRotation(t, s, name, p)
		if len(metrics[name]) != len(load) {
			t.Errorf("%s has %d rotations, load %d", name, len(metrics[name]), len(load))
		}
	}
	for id := range load {
		n := func(metric, column string) int64 {
			v, _ := metrics[metric][id][column].(int64)
			return v
		}
		equal := func(what string, got, want any) {
			t.Helper()
			if got != want {
				t.Errorf("%v, %s: %v and %v", id, what, got, want)
			}
		}
		inOrder := func(what string, counts ...int64) {
			t.Helper()
			for i := 1; i < len(counts); i++ {
				if counts[i-1] > counts[i] || counts[i-1] < 0 {
					t.Errorf("%v, %s: %v do not rise", id, what, counts)
				}
			}
		}
		onCall := load[id]["on_call_seconds"].(int64)
		equal("night pages", n("follow_the_sun", "night_page_count"), n("night", "page_count"))
		equal("exposure", metrics["follow_the_sun"][id]["exposure_ratio"], metrics["night"][id]["exposure_ratio"])
		equal("a verdict from 28 days on", metrics["follow_the_sun"][id]["verdict"] != nil, p.Days() >= 28)
		inOrder("leaked", n("follow_the_sun", "leaked_page_count"), n("night", "page_count"))
		inOrder("covered", n("follow_the_sun", "covered_seconds"), onCall)
		inOrder("covered and gaps", n("follow_the_sun", "covered_seconds")+n("follow_the_sun", "hand_off_gap_seconds"), int64(p.Until.Sub(p.Since).Seconds()))
		inOrder("nights", n("sleep", "twice_interrupted_night_count"), n("sleep", "interrupted_night_count"), n("sleep", "on_call_night_count"), n("night", "on_call_night_count"))
		inOrder("interrupted nights", n("sleep", "interrupted_night_count"), n("night", "interrupted_night_count"))
		inOrder("pages of a week", n("on_call_weeks", "night_page_max_count"), n("on_call_weeks", "page_max_count"), load[id]["page_count"].(int64))
		equal("incidents", n("help", "incident_count"), n("time_to_acknowledge", "incident_count"))
		equal("never acknowledged", n("help", "never_acknowledged_count"), n("time_to_acknowledge", "never_acknowledged_count"))
		inOrder("incidents", n("help", "night_joined_count"), n("help", "night_incident_count"), n("help", "incident_count"))
		inOrder("timed out", n("help", "timed_out_count"), n("help", "incident_count"))
		inOrder("people, dates, shifts and a night each", n("rota", "person_count"), n("rota", "on_call_day_count"))
		equal("time by date", sumOf(t, s, p, fmt.Sprintf(`SELECT coalesce(sum(on_call_seconds), 0)::BIGINT FROM on_call_day_in($since, $until) WHERE rotation_id = '%v'`, id)), onCall)
		equal("whole shifts", n("rota", "shift_count"), sumOf(t, s, p, fmt.Sprintf(`SELECT count(*) FROM whole_shift_in($since, $until) WHERE rotation_id = '%v'`, id)))
		countSeen(metrics, id, seen)
	}
	seen["unworked"] += unworkedAgree(t, s, p)
}

// countSeen adds up what a test that looks at nothing would not find.
func countSeen(metrics map[string]map[any]map[string]any, id any, seen map[string]int64) {
	for what, column := range map[string][2]string{
		"leaked": {"follow_the_sun", "leaked_page_count"}, "gaps": {"follow_the_sun", "hand_off_gap_count"},
		"interrupted": {"sleep", "interrupted_night_count"}, "night_joined": {"help", "night_joined_count"},
		"timed_out": {"help", "timed_out_count"}, "weeks": {"on_call_weeks", "person_week_count"},
		"overrides": {"overrides", "override_count"}, "whole shifts": {"rota", "shift_count"},
	} {
		seen[what] += metrics[column[0]][id][column[1]].(int64)
	}
	if metrics["follow_the_sun"][id]["verdict"] != nil {
		seen["verdicts"]++
	}
}

// unworkedAgree: a rule that nobody ever worked on has the pages that rule_pages counts, and no verdict of work.
func unworkedAgree(t *testing.T, s *Session, p Period) int64 {
	t.Helper()
	pages, count := map[string]any{}, int64(0)
	for _, row := range named(run(t, s, "rule_pages", p)) {
		pages[fmt.Sprint(row["rotation_id"], " ", row["rule_id"])] = row["page_count"]
	}
	for _, row := range named(run(t, s, "unworked_rules", p)) {
		count++
		if want := pages[fmt.Sprint(row["rotation_id"], " ", row["rule_id"])]; row["page_count"] != want {
			t.Errorf("%v: %v pages, want %v", row, row["page_count"], want)
		}
		if row["incident_count"].(int64) < 10 {
			t.Errorf("%v: of too few incidents", row)
		}
		if worked := sumOf(t, s, p, fmt.Sprintf(`SELECT count(*) FROM verdict_in($since, $until) WHERE is_worked AND rule_id = '%v'`, row["rule_id"])); worked != 0 {
			t.Errorf("%v: %d pages were worked on", row, worked)
		}
	}
	return count
}

// sumOf asks for one number.
func sumOf(t *testing.T, s *Session, p Period, query string) int64 {
	t.Helper()
	r, err := s.RunSQL(context.Background(), query, p)
	if err != nil {
		t.Fatal(err)
	}
	return r.Rows[0][0].(int64)
}
