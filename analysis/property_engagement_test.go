package analysis

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// act is a log entry, so many minutes after since.
type act struct {
	kind, agent string
	minute      int
	assignees   []string
	minutes     int // of a snooze; -1: it does not say
}

// row is the act as a row of log_entries.
func (a act) row(incident int, at string) string {
	agent, assignees, snooze := "user", "NULL", "NULL"
	if a.agent == "" {
		agent = "service"
	}
	if a.assignees != nil {
		assignees = fmt.Sprintf("string_split('%s', ' ')", strings.Join(a.assignees, " "))
		if len(a.assignees) == 0 {
			assignees = "[]"
		}
	}
	if a.minutes >= 0 {
		snooze = fmt.Sprint(60 * a.minutes)
	}
	return fmt.Sprintf(`('P%d', '%s_log_entry', %s, '%s', nullif('%s', ''), %s, %s)`, incident, a.kind, at, agent, a.agent, assignees, snooze)
}

// history is one incident: whom it paged, minutes after since in which rotation, what was done, and how it ended.
type history struct {
	pages    map[string]string // user to rotation, "" none
	acts     []act
	resolved int // -1: open
	merged   bool
}

var historyGenerator = rapid.Custom(func(t *rapid.T) history {
	h := history{pages: map[string]string{}, resolved: -1, merged: rapid.IntRange(0, 9).Draw(t, "merged") == 0}
	for _, user := range []string{"U1", "U2"} {
		if place := rapid.SampledFrom([]string{"S1", "S1", "S2", "", "none"}).Draw(t, "rotation"); place != "none" {
			h.pages[user] = place
		}
	}
	kinds := []string{"acknowledge", "acknowledge", "acknowledgement", "assign", "escalate", "delegate", "snooze", "annotate"}
	h.acts = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) act {
		return act{
			rapid.SampledFrom(kinds).Draw(t, "kind"), rapid.SampledFrom([]string{"U1", "U2", ""}).Draw(t, "agent"),
			10 * rapid.IntRange(0, 50).Draw(t, "minute"), rapid.SampledFrom([][]string{nil, {}, {"U1"}, {"U2"}, {"U1", "U2"}, {"U3"}}).Draw(t, "assignees"),
			rapid.SampledFrom([]int{-1, 15, 60, 400}).Draw(t, "snooze"),
		}
	}), 0, 8).Draw(t, "acts")
	if rapid.IntRange(0, 3).Draw(t, "open") > 0 {
		h.resolved = 10 * rapid.IntRange(0, 60).Draw(t, "resolved")
	}
	return h
})

// engaged gives the minutes in which a person was engaged with the incident, false where it was put off; nil if never.
func (h history) engaged(user string, until int) map[int]bool {
	start := -1
	for _, a := range h.acts {
		if strings.HasPrefix(a.kind, "ack") && a.agent == user && (start < 0 || a.minute < start) {
			start = a.minute
		}
	}
	if start < 0 || h.merged {
		return nil
	}
	end := min(start+240, until)
	if h.resolved >= 0 {
		end = min(start+240, h.resolved)
	}
	given := map[int][]string{}
	for _, a := range h.acts {
		if slices.Contains([]string{"assign", "escalate", "delegate"}, a.kind) {
			given[a.minute] = append(given[a.minute], a.assignees...)
		}
	}
	for minute, to := range given {
		if minute > start && len(to) > 0 && !slices.Contains(to, user) {
			end = min(end, minute)
		}
	}
	out := map[int]bool{}
	for m := start; m < end; m++ {
		out[m] = !slices.ContainsFunc(h.acts, func(a act) bool {
			return a.kind == "snooze" && a.minute >= start && a.minute <= m && (a.minutes < 0 || m < a.minute+a.minutes)
		})
	}
	return out
}

// TestEngagedTimeEqualsCountedMinutes holds the time that people were engaged against a count of every minute.
func TestEngagedTimeEqualsCountedMinutes(t *testing.T) {
	s := property(t)
	const until = 450
	at := func(minute int) string { return literal(day(2).Add(time.Duration(minute) * time.Minute)) }
	rapid.Check(t, func(t *rapid.T) {
		var incidents, pairs, entries []string
		engagements, high, low := map[string]int{}, map[string]map[int]bool{}, map[string]map[int]bool{}
		for i, h := range rapid.SliceOfN(historyGenerator, 0, 8).Draw(t, "incidents") {
			end := "NULL"
			if h.resolved >= 0 {
				end = at(h.resolved)
			}
			incidents = append(incidents, fmt.Sprintf(`('P%d', %s, %s, %v)`, i, at(0), end, h.merged))
			for user, place := range h.pages {
				pairs = append(pairs, fmt.Sprintf(`('P%d', %s, '%s', %s, nullif('%s', ''), %s)`, i, at(0), user, at(0), place, at(0)))
				minutes := h.engaged(user, until)
				if place == "" || minutes == nil {
					continue
				}
				key := place + " " + user
				if engagements[key]++; high[key] == nil {
					high[key], low[key] = map[int]bool{}, map[int]bool{}
				}
				for m, isAwake := range minutes {
					high[key][m] = true
					if isAwake {
						low[key][m] = true
					}
				}
			}
			for _, a := range h.acts {
				entries = append(entries, a.row(i, at(a.minute)))
			}
		}
		fill(t, s, "incident_facts", "incident_id, created_at, resolved_at, is_merged", incidents)
		fill(t, s, "notified_pairs", "incident_id, incident_created_at, user_id, paged_at, rotation_id, paged_local_at", pairs)
		fill(t, s, "log_entries", "incident_id, type, created_at, agent_type, agent_id, assignee_ids, snooze_seconds", entries)
		var want []string
		for key, n := range engagements {
			want = append(want, fmt.Sprint(key, " ", n, " ", 60*len(low[key]), " ", 60*len(high[key])))
		}
		got := ask(t, s, `SELECT * FROM engaged_time_in($since, $until)`, Period{day(2), day(2).Add(until * time.Minute)})
		if diff := cmp.Diff(sorted(want), got); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestWorkingDaysEqualGosCalendar holds the weekdays on which people were on call against every minute on Go's clock.
func TestWorkingDaysEqualGosCalendar(t *testing.T) {
	s := nightSession(t)
	rapid.Check(t, func(t *rapid.T) {
		base := rapid.SampledFrom(changes).Draw(t, "week")
		var rows []string
		dates := map[string]bool{}
		for range rapid.IntRange(1, 8).Draw(t, "shifts") {
			person := rapid.IntRange(0, 2).Draw(t, "person")
			zone := nightZones[(base.YearDay()+person)%len(nightZones)]
			location, err := time.LoadLocation(zone)
			if err != nil {
				t.Fatal(err)
			}
			start := base.Add(time.Duration(rapid.IntRange(0, 4*24*60).Draw(t, "start")) * time.Minute)
			end := start.Add(time.Duration(rapid.IntRange(1, 3*24*60).Draw(t, "minutes")) * time.Minute)
			rows = append(rows, fmt.Sprintf(`('S1', 'U%d', %s, %s, '%s')`, person, literal(start), literal(end), zone))
			for at := start; at.Before(end); at = at.Add(time.Minute) {
				if local := at.In(location); local.Weekday() != time.Saturday && local.Weekday() != time.Sunday {
					dates[fmt.Sprint("U", person, local.Format(" 2006-01-02"))] = true
				}
			}
		}
		fill(t, s, "shifts", "schedule_id, user_id, start_at, end_at, zone", rows)
		r, err := s.Run(context.Background(), "toil", Period{base, base.AddDate(0, 0, 8)})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := column(t, r, 0, "working_seconds"), int64(len(dates)*8*3600); got != want {
			t.Fatalf("%v working seconds, want %d of %v", got, want, dates)
		}
	})
}
