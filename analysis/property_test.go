package analysis

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Each check asks the database about many rows at once, so fewer checks than rapid's 100 do; -rapid.checks overrides it.
func init() {
	if err := flag.Set("rapid.checks", "30"); err != nil {
		panic(err)
	}
}

// property opens a session on empty derived tables, which the checks fill by themselves through its connection.
func property(t *testing.T) *Session {
	t.Helper()
	return newSession(t, newFacts(t), DefaultSettings())
}

// fill replaces a table's rows.
func fill(t *rapid.T, s *Session, table, columns string, rows []string) {
	t.Helper()
	query := `DELETE FROM ` + table
	if len(rows) > 0 {
		query += fmt.Sprintf(`; INSERT INTO %s (%s) VALUES %s`, table, columns, strings.Join(rows, ", "))
	}
	if _, err := s.conn.ExecContext(context.Background(), query); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// ask runs a query over a period and gives its rows as text.
func ask(t *rapid.T, s *Session, query string, p Period) []string {
	t.Helper()
	r, err := s.RunSQL(context.Background(), query, p)
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, row := range r.Rows {
		var cells []string
		for _, v := range row {
			cells = append(cells, asText(v))
		}
		out = append(out, strings.Join(cells, " "))
	}
	slices.Sort(out)
	return out
}

// literal is an instant as SQL.
func literal(at time.Time) string { return at.UTC().Format("TIMESTAMP '2006-01-02 15:04:05'") }

func sorted(lines []string) []string {
	out := append([]string{}, lines...)
	slices.Sort(out)
	return out
}

// piece is one row of schedule_entries.
type piece struct {
	schedule, user string
	from, to       int // hours
}

// stitch joins two pieces of one user and schedule that touch or overlap, as long as there are any.
func stitch(pieces []piece) []piece {
	out := []piece{}
	for _, p := range pieces {
		if p.user != "" && p.to > p.from {
			out = append(out, p)
		}
	}
	for again := true; again; {
		again = false
		for i := range out {
			for j := i + 1; j < len(out); j++ {
				a, b := out[i], out[j]
				if a.schedule == b.schedule && a.user == b.user && a.from <= b.to && b.from <= a.to {
					out[i] = piece{a.schedule, a.user, min(a.from, b.from), max(a.to, b.to)}
					out = slices.Delete(out, j, j+1)
					again = true
					break
				}
			}
		}
	}
	return out
}

func TestShiftsEqualObviousStitching(t *testing.T) {
	s := property(t)
	at := func(hour int) string { return literal(day(2).Add(time.Duration(hour) * time.Hour)) }
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) piece {
			from := rapid.IntRange(0, 60).Draw(t, "from")
			return piece{
				rapid.SampledFrom([]string{"S1", "S2"}).Draw(t, "schedule"), rapid.SampledFrom([]string{"U1", "U2", ""}).Draw(t, "user"),
				from, from + rapid.IntRange(0, 12).Draw(t, "length"),
			}
		}), 0, 40).Draw(t, "pieces")
		var rows, want []string
		for _, p := range pieces {
			rows = append(rows, fmt.Sprintf(`('%s', nullif('%s', ''), %s, %s)`, p.schedule, p.user, at(p.from), at(p.to)))
		}
		for _, p := range stitch(pieces) {
			want = append(want, fmt.Sprint(p.schedule, " ", p.user, " ", p.from, " ", p.to))
		}
		fill(t, s, "schedule_entries", "schedule_id, user_id, start_at, end_at", rows)
		if err := execFile(context.Background(), s.conn, deriveFiles, "derive/shifts.sql"); err != nil {
			t.Fatal(err)
		}
		got := ask(t, s, `SELECT schedule_id, user_id, date_diff('hour', TIMESTAMP '2026-11-02', start_at), date_diff('hour', TIMESTAMP '2026-11-02', end_at) FROM new_shifts`, someWeek)
		if diff := cmp.Diff(sorted(want), got); diff != "" {
			t.Fatal(diff)
		}
	})
}

// told is one notification: of an incident, to a user, in a rotation, so many seconds after since.
type told struct {
	incident, user, rotation string
	second                   int
	interrupts               bool
}

// chains counts the maximal chains of seconds that are at most gap apart.
func chains(seconds []int, gap int) int {
	n, last := 0, 0
	slices.Sort(seconds)
	for i, s := range seconds {
		if i == 0 || s-last > gap {
			n++
		}
		last = s
	}
	return n
}

// TestChainsEqualObviousCounting covers interruptions, over the account and by rotation, and paging incidents.
func TestChainsEqualObviousCounting(t *testing.T) {
	s := property(t)
	const week = 7 * 24 * 3600
	rotations := map[string]string{"P1": "S1", "P2": "S1", "P3": "S2", "P4": ""}
	rapid.Check(t, func(t *rapid.T) {
		// Around both bounds of the period, or minutes apart in its middle.
		base := rapid.SampledFrom([]int{0, week, week / 2})
		all := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) told {
			incident := rapid.SampledFrom([]string{"P1", "P2", "P3", "P4"}).Draw(t, "incident")
			step := rapid.SampledFrom([]int{1, 30, 60, 61, 300, 450}).Draw(t, "step")
			return told{
				incident, rapid.SampledFrom([]string{"U1", "U2"}).Draw(t, "user"), rotations[incident],
				base.Draw(t, "base") + step*rapid.IntRange(-6, 6).Draw(t, "steps"), rapid.IntRange(0, 3).Draw(t, "interrupts") > 0,
			}
		}), 0, 40).Draw(t, "notifications")

		var rows, pairs []string
		byUser, byPlace, pages := map[string][]int{}, map[string][]int{}, map[string]int{}
		for i, n := range all {
			rows = append(rows, fmt.Sprintf(`('n%d', '%s', '%s', %s, 'push', NOT %v, %v)`, i, n.incident, n.user, literal(day(2).Add(time.Duration(n.second)*time.Second)), n.interrupts, n.interrupts))
			if !n.interrupts {
				continue
			}
			if first, ok := pages[n.incident+" "+n.user]; !ok || n.second < first {
				pages[n.incident+" "+n.user] = n.second
			}
			if n.second >= 0 && n.second < week {
				byUser[n.user] = append(byUser[n.user], n.second)
				byPlace[n.rotation+" "+n.user] = append(byPlace[n.rotation+" "+n.user], n.second)
			}
		}
		total, inRotation, pageSeconds := 0, map[string]int{"S1": 0, "S2": 0}, map[string][]int{}
		for _, seconds := range byUser {
			total += chains(seconds, 60)
		}
		for place, seconds := range byPlace {
			inRotation[strings.Fields(place)[0]] += chains(seconds, 60)
		}
		for pair, second := range pages {
			incident, user, _ := strings.Cut(pair, " ")
			at := literal(day(2).Add(time.Duration(second) * time.Second))
			pairs = append(pairs, fmt.Sprintf(`('%s', '%s', %s, %s, nullif('%s', ''), %s, %s, %s)`, incident, user, at, at, rotations[incident], literal(day(1)), at, at))
			if second >= 0 && second < week {
				pageSeconds[rotations[incident]] = append(pageSeconds[rotations[incident]], second)
			}
		}
		fill(t, s, "notifications", "notification_id, incident_id, user_id, notified_at, medium, is_failed, is_interrupting", rows)
		fill(t, s, "notified_pairs", "incident_id, user_id, first_notified_at, paged_at, rotation_id, shift_start_at, counted_at, paged_local_at", pairs)
		var shifts []string
		for _, place := range []string{"'S1', 'U1'", "'S1', 'U2'", "'S2', 'U1'", "'S2', 'U2'"} {
			shifts = append(shifts, fmt.Sprintf(`(%s, %s, %s, 'UTC')`, place, literal(day(1)), literal(day(12))))
		}
		fill(t, s, "shifts", "schedule_id, user_id, start_at, end_at, zone", shifts)

		want := []string{fmt.Sprint("account ", total)}
		for _, rotation := range []string{"S1", "S2"} {
			want = append(want, fmt.Sprint(rotation, " ", inRotation[rotation], " ", chains(pageSeconds[rotation], 900)))
		}
		load, err := s.Run(context.Background(), "load", someWeek)
		if err != nil {
			t.Fatal(err)
		}
		totals, err := s.Run(context.Background(), "totals", someWeek)
		if err != nil {
			t.Fatal(err)
		}
		got := []string{fmt.Sprint("account ", column(t, totals, 0, "interruption_count"))}
		for i := range load.Rows {
			got = append(got, fmt.Sprint(column(t, load, i, "rotation_id"), " ", column(t, load, i, "interruption_count"), " ", column(t, load, i, "paging_incident_count")))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

// column is one named value of a result.
func column(t *rapid.T, r Result, row int, name string) any {
	t.Helper()
	i := slices.IndexFunc(r.Columns, func(c Column) bool { return c.Name == name })
	if i < 0 {
		t.Fatalf("no column %s", name)
	}
	return r.Rows[row][i]
}
