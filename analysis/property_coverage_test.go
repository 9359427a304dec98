package analysis

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// heldHours gives, for each hour of the week before which some shift of the rotation began, who was on call.
func heldHours(shifts []piece, rotation string, hours int) []map[string]bool {
	held := make([]map[string]bool, hours)
	for hour := range held {
		held[hour] = map[string]bool{}
		for _, s := range shifts {
			if s.schedule == rotation && s.from <= hour && hour < s.to {
				held[hour][s.user] = true
			}
		}
	}
	return held
}

// coverage counts hours with somebody on call, gaps between them, their hours, and hand-offs, hour by hour.
func coverage(held []map[string]bool) (covered, gaps, gapHours, handOffs int) {
	last := -1 // the last hour with somebody on call
	for hour, now := range held {
		if len(now) == 0 {
			continue
		}
		covered++
		if last >= 0 {
			if hour > last+1 {
				gaps++
				gapHours += hour - last - 1
			}
			for user := range now {
				if !held[last][user] {
					handOffs++
					break
				}
			}
		}
		last = hour
	}
	return covered, gaps, gapHours, handOffs
}

// TestCoverageEqualsHourByHour holds covered time, gaps and hand-offs against a walk over every hour, with any number of
// people on call at once, shifts over both bounds of the period and pieces that touch.
func TestCoverageEqualsHourByHour(t *testing.T) {
	s := property(t)
	seen := map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		const week = 7 * 24
		shifts := stitch(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) piece {
			from := rapid.IntRange(-12, week+6).Draw(t, "from")
			return piece{
				rapid.SampledFrom([]string{"S1", "S1", "S2"}).Draw(t, "schedule"), rapid.SampledFrom([]string{"U1", "U2", "U3"}).Draw(t, "user"),
				from, from + rapid.IntRange(1, 30).Draw(t, "length"),
			}
		}), 1, 12).Draw(t, "shifts"))
		var rows, want []string
		for _, p := range shifts {
			at := func(hour int) string { return literal(day(2).Add(time.Duration(hour) * time.Hour)) }
			rows = append(rows, fmt.Sprintf(`('%s', '%s', %s, %s, 'UTC')`, p.schedule, p.user, at(p.from), at(p.to)))
		}
		for _, rotation := range []string{"S1", "S2"} {
			covered, gaps, gapHours, handOffs := coverage(heldHours(shifts, rotation, week))
			if covered > 0 {
				want = append(want, fmt.Sprint(rotation, " ", 3600*covered, " ", gaps, " ", 3600*gapHours, " ", handOffs))
			}
			seen["gap"], seen["hand-off"] = seen["gap"] || gaps > 0, seen["hand-off"] || handOffs > 1
		}
		fill(t, s, "shifts", "schedule_id, user_id, start_at, end_at, zone", rows)
		got := ask(t, s, `SELECT rotation_id, covered_seconds, gap_count, gap_seconds, hand_off_count FROM coverage_in($since, $until)`, someWeek)
		if diff := cmp.Diff(sorted(want), got); diff != "" {
			t.Fatal(diff)
		}
	})
	if !seen["gap"] || !seen["hand-off"] {
		t.Errorf("no account had a gap and hand-offs: %v", seen)
	}
}

// offsetClusters joins offsets (in quarters of an hour) that are less than 3 hours apart on the circle of a day, as long
// as there are any to join, and counts what is left.
func offsetClusters(offsets []int) int {
	cluster := map[int]int{}
	for i, o := range offsets {
		cluster[o] = i
	}
	for again := true; again; {
		again = false
		for a := range cluster {
			for b := range cluster {
				apart := ((a-b)%96 + 96) % 96
				if min(apart, 96-apart) < 12 && cluster[a] != cluster[b] {
					low := min(cluster[a], cluster[b])
					cluster[a], cluster[b], again = low, low, true
				}
			}
		}
	}
	var left []int
	for _, c := range cluster {
		left = append(left, c)
	}
	slices.Sort(left)
	return len(slices.Compact(left))
}

// TestZoneClustersEqualObviousJoining: any set of offsets from -12 to +14 hours, chained and across the date line.
func TestZoneClustersEqualObviousJoining(t *testing.T) {
	s := property(t)
	rapid.Check(t, func(t *rapid.T) {
		offsets := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) int {
			return rapid.SampledFrom([]int{1, 2, 4}).Draw(t, "step") * rapid.IntRange(-12, 14).Draw(t, "offset")
		}), 1, 10).Draw(t, "offsets")
		var shifts, zones []string
		for i, o := range offsets {
			shifts = append(shifts, fmt.Sprintf(`('S1', 'U%d', %s, %s, 'zone %d')`, i, literal(day(3)), literal(day(4)), i))
			zones = append(zones, fmt.Sprintf(`('zone %d', %s, %s, %d)`, i, literal(longAgo), literal(farAhead), o*900))
		}
		fill(t, s, "shifts", "schedule_id, user_id, start_at, end_at, zone", shifts)
		fill(t, s, "zone_offsets", "zone, from_at, to_at, offset_seconds", zones)
		want := []string{fmt.Sprint("S1 ", offsetClusters(offsets))}
		if diff := cmp.Diff(want, ask(t, s, `FROM zone_cluster_in($since, $until)`, someWeek)); diff != "" {
			t.Fatalf("%v: %s", offsets, diff)
		}
	})
}
