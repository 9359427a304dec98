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

// episode is one incident of a key, in minutes; end -1 is open.
type episode struct {
	key, clearedBy string
	start, end     int
}

// runStarts gives, for each episode, when the flap run began that it is in, or -1.
func runStarts(episodes []episode) []int {
	out := make([]int, len(episodes))
	byKey := map[string][]int{}
	for i, e := range episodes {
		out[i] = -1
		byKey[e.key] = append(byKey[e.key], i)
	}
	for _, order := range byKey {
		slices.SortStableFunc(order, func(a, b int) int { return episodes[a].start - episodes[b].start })
		for len(order) > 0 {
			n := 1
			for n < len(order) && chained(episodes[order[n-1]], episodes[order[n]]) {
				n++
			}
			cleared := 0
			for _, i := range order[:n] {
				if episodes[i].clearedBy == "monitor" {
					cleared++
				}
			}
			if n >= 3 && 3*cleared >= 2*n {
				for _, i := range order[:n] {
					out[i] = episodes[order[0]].start
				}
			}
			order = order[n:]
		}
	}
	return out
}

func chained(before, after episode) bool { return before.end >= 0 && after.start-before.end <= 30 }

func TestFlapRunsEqualObviousSearch(t *testing.T) {
	s := property(t)
	at := func(minute int) string { return literal(day(2).Add(time.Duration(minute) * time.Minute)) }
	rapid.Check(t, func(t *rapid.T) {
		episodes := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) episode {
			start := 10 * rapid.IntRange(0, 60).Draw(t, "start")
			e := episode{rapid.SampledFrom([]string{"k1", "k2"}).Draw(t, "key"), "", start, -1}
			if rapid.IntRange(0, 9).Draw(t, "open") > 0 {
				e.end = start + 5*rapid.IntRange(0, 6).Draw(t, "length")
				e.clearedBy = rapid.SampledFrom([]string{"monitor", "monitor", "monitor", "human", "timeout"}).Draw(t, "cleared by")
			}
			return e
		}), 0, 40).Draw(t, "episodes")
		starts := runStarts(episodes)
		var rows, dirty, want []string
		for i, e := range episodes {
			end := "NULL"
			if e.end >= 0 {
				end = at(e.end)
			}
			rows = append(rows, fmt.Sprintf(`('P%02d', '%s', %s, %s, nullif('%s', ''), false)`, i, e.key, at(e.start), end, e.clearedBy))
			dirty = append(dirty, fmt.Sprintf(`('P%02d')`, i))
			run := "NULL"
			if starts[i] >= 0 {
				run = fmt.Sprint(starts[i])
			}
			want = append(want, fmt.Sprintf("P%02d %s", i, run))
		}
		fill(t, s, "incident_facts", "incident_id, alert_key, created_at, resolved_at, cleared_by, is_merged", rows)
		if _, err := s.conn.ExecContext(context.Background(), `CREATE OR REPLACE TEMP TABLE dirty (incident_id VARCHAR); DELETE FROM episodes`); err != nil {
			t.Fatal(err)
		}
		fill(t, s, "dirty", "incident_id", dirty)
		if err := execFile(context.Background(), s.conn, deriveFiles, "derive/episodes.sql"); err != nil {
			t.Fatal(err)
		}
		got := ask(t, s, `SELECT incident_id, date_diff('minute', TIMESTAMP '2026-11-02', run_started_at) FROM episodes`, someWeek)
		if diff := cmp.Diff(sorted(want), got); diff != "" {
			t.Fatal(diff)
		}
	})
}
