package ingest

import (
	"fmt"
	"sort"
	"strings"
	"testing"
	"time"

	"crywolf/ingest/pagerdutytest"

	"github.com/google/go-cmp/cmp"
)

// TestSchedulesAreReadAsRendered compares the stored entries with the account's, those of shift-based schedules
// with several people and vacancies too.
func TestSchedulesAreReadAsRendered(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 6, Weeks: 2})
	for name, opts := range map[string][]pagerdutytest.Option{
		"in months":                 nil,
		"refused over twelve days":  {pagerdutytest.WithScheduleRange(12 * 24 * time.Hour)},
		"without the v3 endpoint":   {pagerdutytest.WithDenied(404, "/v3/")},
		"with a forbidden endpoint": {pagerdutytest.WithDenied(403, "/v3/")},
	} {
		t.Run(name, func(t *testing.T) {
			srv := serve(t, a, opts...)
			st, _ := newStore(t)
			mustSync(t, st, options(srv, a))
			noV3 := strings.HasPrefix(name, "with")
			got := column(t, st, `SELECT schedule_id || ' ' || coalesce(user_id, '') || ' ' || start_at || ' ' || end_at
				FROM schedule_entries ORDER BY 1`)
			if diff := cmp.Diff(expectedEntries(a, !noV3), got); diff != "" {
				t.Errorf("entries (-want +got):\n%s", diff)
			}
			unreadable := one(t, st, "SELECT count(*) FROM schedules WHERE NOT is_readable AND name IS NOT NULL")
			if want := fmt.Sprint(len(a.V3Schedules)); noV3 && unreadable != want || !noV3 && unreadable != "0" {
				t.Errorf("%s schedules are unreadable", unreadable)
			}
			if got := one(t, st, "SELECT count(*) > 0 FROM schedule_overrides"); got != "true" {
				t.Error("no overrides")
			}
		})
	}
}

// expectedEntries are the account's entries, clipped to what a sync reads and merged where they touch.
func expectedEntries(a *pagerdutytest.Account, withV3 bool) []string {
	w := span{a.Start.Add(-scheduleLead), a.End}
	var out []string
	add := func(id string, list []duty) {
		for _, d := range replaceDuties(nil, list, w) {
			const layout = "2006-01-02 15:04:05"
			out = append(out, fmt.Sprintf("%s %s %s %s", id, d.userID, d.from.UTC().Format(layout), d.to.UTC().Format(layout)))
		}
	}
	for _, s := range a.Schedules {
		var list []duty
		for _, e := range s.FinalSchedule.RenderedScheduleEntries {
			list = append(list, duty{e.User.ID, e.Start, e.End})
		}
		add(s.ID, list)
	}
	for _, s := range a.V3Schedules {
		var list []duty
		for _, e := range s.FinalSchedule.ComputedShiftAssignments {
			list = append(list, duty{e.Member.UserID, e.StartTime, e.EndTime})
		}
		if withV3 {
			add(s.ID, list)
		}
	}
	sort.Strings(out)
	return out
}
