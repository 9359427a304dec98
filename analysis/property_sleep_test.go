package analysis

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// sleeper is a person on call for some stretch, in minutes after base, and the minutes at which pages came.
type sleeper struct {
	zone      string
	from, to  int
	pages     []int
	location  *time.Location
	user, row string
}

// sleptNight is a night of a sleeper, in minutes.
type sleptNight struct {
	onCall, window, undisturbed, awakenings int
}

// nightsByTheMinute walks over every minute of the days around a shift and keeps count of its nights.
func (p sleeper) nightsByTheMinute(base time.Time, sleep [2]int) map[string]*sleptNight {
	nights := map[string]*sleptNight{}
	quiet, lastPage := 0, map[string]int{}
	for minute := p.from - 2*24*60; minute < p.to+2*24*60; minute++ {
		local := base.Add(time.Duration(minute) * time.Minute).In(p.location)
		if !isWithin(local.Hour()*60+local.Minute(), sleep[0], sleep[1]) {
			quiet = 0
			continue
		}
		night := nightDate(local, sleep[0])
		n := nights[night]
		if n == nil {
			n = &sleptNight{}
			nights[night] = n
			quiet = 0
		}
		n.window++
		isPaged := slices.Contains(p.pages, minute)
		if isPaged {
			if last, ok := lastPage[night]; !ok || minute-last >= 30 {
				n.awakenings++
			}
			lastPage[night] = minute
		}
		if minute < p.from || minute >= p.to {
			quiet = 0
			continue
		}
		n.onCall++
		if isPaged {
			quiet = 0
		}
		quiet++
		n.undisturbed = max(n.undisturbed, quiet)
	}
	return nights
}

func drawSleeper(t *rapid.T, i int, base time.Time) sleeper {
	p := sleeper{zone: rapid.SampledFrom(nightZones).Draw(t, "zone"), user: fmt.Sprint("U", i)}
	var err error
	if p.location, err = time.LoadLocation(p.zone); err != nil {
		t.Fatal(err)
	}
	p.from = 24*60 + 5*rapid.IntRange(0, 2*24*12).Draw(t, "start")
	p.to = p.from + 5*rapid.IntRange(1, 2*24*12).Draw(t, "length")
	burst := p.from
	for range rapid.IntRange(0, 8).Draw(t, "pages") {
		if rapid.Bool().Draw(t, "elsewhere") {
			burst = rapid.IntRange(p.from, p.to).Draw(t, "page") // at its end, too: assigned before
		} else {
			burst = min(p.to, burst+rapid.SampledFrom([]int{1, 29, 30, 31}).Draw(t, "after"))
		}
		p.pages = append(p.pages, burst)
	}
	at := func(minute int) string { return literal(base.Add(time.Duration(minute) * time.Minute)) }
	p.row = fmt.Sprintf(`('S1', '%s', %s, %s, '%s')`, p.user, at(p.from), at(p.to), p.zone)
	return p
}

// TestSleptNightsEqualCountedMinutes holds what pages left of each night, over nights of 9 and 11 hours, against a walk
// over every minute by Go's clock; and the metric's interrupted nights against those of the night pages, where the rule
// of half the window leaves none out.
func TestSleptNightsEqualCountedMinutes(t *testing.T) {
	s := nightSession(t)
	rapid.Check(t, func(t *rapid.T) {
		sleep := rapid.SampledFrom([][2]int{{22 * 60, 8 * 60}, {0, 6 * 60}, {60, 9*60 + 30}, {23*60 + 30, 7 * 60}}).Draw(t, "sleep")
		mustSetSleep(t, s, sleep)
		base := rapid.SampledFrom(changes).Draw(t, "week")
		var shifts, pairs, want []string
		whole, partly := 0, 0
		for i := range rapid.IntRange(1, 8).Draw(t, "people") {
			p := drawSleeper(t, i, base)
			shifts = append(shifts, p.row)
			for k, minute := range p.pages {
				at := base.Add(time.Duration(minute) * time.Minute)
				_, offset := at.In(p.location).Zone()
				local := at.Add(time.Duration(offset) * time.Second)
				pairs = append(pairs, fmt.Sprintf(`('P%d-%d', '%s', %s, %s, 'S1', %s, %s)`, i, k, p.user, literal(at), literal(at), literal(at), literal(local)))
			}
			for night, n := range p.nightsByTheMinute(base, sleep) {
				if n.onCall == 0 {
					continue
				}
				want = append(want, fmt.Sprint(p.user, " ", night, " ", 60*n.onCall, " ", 60*n.window, " ", 60*n.undisturbed, " ", n.awakenings))
				if n.awakenings > 0 && 2*n.onCall >= n.window {
					whole++
				} else if n.awakenings > 0 {
					partly++
				}
			}
		}
		fill(t, s, "shifts", "schedule_id, user_id, start_at, end_at, zone", shifts)
		fill(t, s, "notified_pairs", "incident_id, user_id, first_notified_at, paged_at, rotation_id, counted_at, paged_local_at", pairs)
		period := Period{base, base.AddDate(0, 0, 8)}
		got := ask(t, s, `SELECT user_id, CAST(night AS VARCHAR), on_call_seconds, window_seconds, undisturbed_seconds, awakening_count
			FROM slept_night_in($since, $until)`, period)
		if diff := cmp.Diff(sorted(want), got); diff != "" {
			t.Fatal(diff)
		}
		interrupted := func(metric string) int {
			r, err := s.Run(context.Background(), metric, period)
			if err != nil {
				t.Fatal(err)
			}
			return int(column(t, r, 0, "interrupted_night_count").(int64))
		}
		if asked := interrupted("sleep"); asked != whole {
			t.Fatalf("%d interrupted nights, want %d", asked, whole)
		}
		// a page just after the shift's end may interrupt a night of which nothing was on call
		if all := interrupted("night"); all < whole+partly {
			t.Fatalf("%d interrupted nights of all, want %d or more", all, whole+partly)
		}
	})
}
