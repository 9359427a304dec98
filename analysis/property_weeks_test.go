package analysis

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPartsAddUpToTheirWhole: over random accounts, the weeks of a period of whole weeks and the people of a rotation have
// its pages, night pages and time on call, and the bins its resolved incidents; engaged time stays within reason.
func TestPartsAddUpToTheirWhole(t *testing.T) {
	seen := map[string]int64{}
	for seed := range uint64(repeats(1, 4)) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			db := newFacts(t)
			f := newRandomFacts(t, db, 700+seed)
			for range 40 {
				f.edit()
			}
			// Where the edits took the resolve entry away, the incident itself still says when it was resolved.
			f.exec(`UPDATE incidents SET resolved_at = created_at + INTERVAL 1 HOUR WHERE status = 'resolved'`)
			f.acknowledgePages()
			s := newSession(t, db, DefaultSettings())
			for _, p := range []Period{someWeek, {day(-5), day(16)}} {
				partsAddUp(t, s, p, seen)
			}
			// what no whole week holds is in none
			for _, row := range named(run(t, s, "weeks", Period{day(-6), day(2)})) {
				if row["week_start_at"] != day(-5) || row["week_end_at"] != day(2) {
					t.Errorf("a week from %v to %v", row["week_start_at"], row["week_end_at"])
				}
			}
		})
	}
	for _, what := range []string{"page_count", "night_page_count", "on_call_seconds", "resolved_count", "engagement_count", "snoozed"} {
		if seen[what] == 0 {
			t.Errorf("no account has any %s: the test looks at nothing", what)
		}
	}
}

// acknowledgePages lets everybody acknowledge what they are told of, two minutes later, and put it off after another two.
func (f *randomFacts) acknowledgePages() {
	for kind, seconds := range map[string]int{"acknowledge": 120, "snooze": 240} {
		f.exec(`INSERT INTO log_entries (id, incident_id, type, created_at, agent_type, agent_id, channel_type, snooze_seconds)
			SELECT id || ?, incident_id, ? || '_log_entry', created_at + to_seconds(?), 'user', user_id, 'website', CASE WHEN ? = 'snooze' THEN 60 END
			FROM log_entries WHERE type = 'notify_log_entry' AND user_id IS NOT NULL`, kind, kind, seconds, kind)
	}
}

func partsAddUp(t *testing.T, s *Session, p Period, seen map[string]int64) {
	t.Helper()
	load, nights := named(run(t, s, "load", p)), named(run(t, s, "night", p))
	want := map[string]map[any]int64{"page_count": sumBy(load, "page_count"), "on_call_seconds": sumBy(load, "on_call_seconds"), "night_page_count": sumBy(nights, "page_count")}
	for _, metric := range []string{"weeks", "load_by_person"} {
		rows := named(run(t, s, metric, p))
		for column, whole := range want {
			if diff := cmp.Diff(whole, sumBy(rows, column)); diff != "" {
				t.Errorf("%s from %v on: the rotation (-), all %s (+):\n%s", column, p.Since, metric, diff)
			}
			seen[column] += total(whole)
		}
	}
	weeks := named(run(t, s, "weeks", p))
	if n := len(load) * int(p.Days()) / 7; len(weeks) != n {
		t.Errorf("%d weeks, want %d", len(weeks), n)
	}
	judged := sumBy(weeks, "actionable_page_count", "non_actionable_page_count", "unknown_page_count", "redundant_page_count", "unattended_page_count")
	if diff := cmp.Diff(want["page_count"], judged); diff != "" {
		t.Errorf("pages (-), their verdicts (+):\n%s", diff)
	}
	resolved := map[any]int64{}
	for id, n := range sumBy(named(run(t, s, "time_to_resolve", p)), "resolved_count") {
		if n > 0 {
			resolved[id] = n
		}
	}
	if diff := cmp.Diff(resolved, sumBy(named(run(t, s, "resolve_histogram", p)), "cleared_alone_count", "worked_count", "other_count")); diff != "" {
		t.Errorf("resolved (-), all bins (+):\n%s", diff)
	}
	seen["resolved_count"] += total(resolved)
	engagedWithinReason(t, s, p, seen)
}

// engagedWithinReason: nobody is engaged for more than four hours a page, nor more people than are in the rotation.
func engagedWithinReason(t *testing.T, s *Session, p Period, seen map[string]int64) {
	t.Helper()
	pages, people := sumBy(named(run(t, s, "load", p)), "page_count"), map[any]int64{}
	for _, row := range named(run(t, s, "load_by_person", p)) {
		people[row["rotation_id"]]++
	}
	for _, row := range named(run(t, s, "toil", p)) {
		n := func(column string) int64 { return row[column].(int64) }
		id, engagements, low, high := row["rotation_id"], n("engagement_count"), n("engaged_low_seconds"), n("engaged_high_seconds")
		if engagements > pages[id] || n("person_count") > min(people[id], engagements) || low > high || high > 4*3600*engagements {
			t.Errorf("of %d pages of %d people: %v", pages[id], people[id], row)
		}
		if row["toil_high_ratio"] != nil && row["toil_high_ratio"] != float64(high)/float64(n("working_seconds")) {
			t.Errorf("no share of the working time: %v", row)
		}
		seen["engagement_count"] += engagements
		seen["snoozed"] += high - low
	}
}

// sumBy adds up columns of whole numbers by rotation.
func sumBy(rows []map[string]any, columns ...string) map[any]int64 {
	out := map[any]int64{}
	for _, row := range rows {
		for _, c := range columns {
			out[row["rotation_id"]] += row[c].(int64)
		}
	}
	return out
}

func total(of map[any]int64) int64 {
	sum := int64(0)
	for _, n := range of {
		sum += n
	}
	return sum
}
