package charts

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// read is a cell of a table as a count.
func read(t *rapid.T, cell string) int64 {
	n, err := strconv.ParseInt(strings.ReplaceAll(cell, ",", ""), 10, 64)
	if err != nil {
		t.Fatalf("%q is no count", cell)
	}
	return n
}

// optional reads a count that may be unknown.
func optional(t *rapid.T, cell string) *int64 {
	if cell == unknown {
		return nil
	}
	return p(read(t, cell))
}

func equal(t *rapid.T, what string, got, want int64) {
	if got != want {
		t.Fatalf("%s: %d, want %d", what, got, want)
	}
}

var counts = rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(0, 12), rapid.Int64Range(0, 1_000_000))

func TestHeatTableIsTheInput(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := HourOfWeekData{SleepStartMinute: 30 * rapid.IntRange(0, 47).Draw(t, "start"), SleepEndMinute: 30 * rapid.IntRange(0, 47).Draw(t, "end")}
		var sum int64
		for day := range d.PageCounts {
			for h := range d.PageCounts[day] {
				d.PageCounts[day][h] = counts.Draw(t, "pages")
				sum += d.PageCounts[day][h]
			}
		}
		f := HourOfWeek("x", d)
		if f == nil {
			equal(t, "pages of no chart", sum, 0)
			return
		}
		var byDay, byHour int64
		for day := range 7 {
			for h := range 24 {
				equal(t, "cell", read(t, f.Table.Rows[day][h+1]), d.PageCounts[day][h])
			}
			byDay += read(t, f.Table.Rows[day][25])
		}
		for h := range 24 {
			byHour += read(t, f.Table.Rows[7][h+1])
		}
		equal(t, "the days", byDay, sum)
		equal(t, "the hours", byHour, sum)
		equal(t, "all", read(t, f.Table.Rows[7][25]), sum)
	})
}

func TestParetoTableIsTheInput(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var d ParetoData
		var pages, night int64
		for range rapid.IntRange(0, 30).Draw(t, "rules") {
			r := Rule{ID: "x", PageCount: counts.Draw(t, "pages")}
			r.NightPageCount = rapid.Int64Range(0, r.PageCount).Draw(t, "night")
			pages, night = pages+r.PageCount, night+r.NightPageCount
			d.Rules = append(d.Rules, r)
		}
		f := Pareto("x", d)
		if f == nil {
			equal(t, "pages of no chart", pages, 0)
			return
		}
		last := int64(math.MaxInt64)
		for i, row := range f.Table.Rows {
			n := read(t, row[2])
			if i < paretoBars && n > last {
				t.Fatalf("row %d has more than the one before", i)
			}
			last = n
			pages, night = pages-n, night-read(t, row[3])
		}
		equal(t, "pages left", pages, 0)
		equal(t, "night pages left", night, 0)
		if len(f.Table.Rows) > paretoBars+1 {
			t.Fatalf("%d rows", len(f.Table.Rows))
		}
	})
}

func TestShiftTableIsTheInput(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := PagesPerShiftData{Since: since, Until: until, LimitPer12h: rapid.SampledFrom([]*float64{nil, p(2.0), p(0.0)}).Draw(t, "limit")}
		var want, got []int64
		var over int
		for range rapid.IntRange(1, 80).Draw(t, "shifts") {
			start := since.Add(time.Duration(rapid.IntRange(0, 90*24).Draw(t, "start")) * time.Hour)
			hours := rapid.IntRange(0, 200).Draw(t, "hours")
			s := Shift{Start: start, End: start.Add(time.Duration(hours) * time.Hour), PageCount: counts.Draw(t, "pages"), OnCallSeconds: int64(hours) * 3600}
			s.NightPageCount = rapid.Int64Range(0, s.PageCount).Draw(t, "night")
			d.Shifts = append(d.Shifts, s)
			want = append(want, s.PageCount*2_000_000+s.NightPageCount)
			if d.LimitPer12h != nil && hours > 0 && float64(s.PageCount) > *d.LimitPer12h*max(float64(hours)/12, 1) {
				over++
			}
		}
		f := PagesPerShift("x", d)
		marked := 0
		for _, row := range f.Table.Rows {
			got = append(got, read(t, row[3])*2_000_000+read(t, row[4]))
			if row[6] != "" {
				marked++
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("pages %v, want %v", got, want)
		}
		equal(t, "marked shifts", int64(marked), int64(over))
		equal(t, "solid dots", int64(strings.Count(attribute(string(f.SVG), `class="over" d="`), "M")), int64(over+min(over, 1))) // and one in the key
	})
}

// attribute joins what follows each mark, up to the quote.
func attribute(svg, mark string) string {
	var out strings.Builder
	for _, part := range strings.Split(svg, mark)[1:] {
		d, _, _ := strings.Cut(part, `"`)
		out.WriteString(d)
	}
	return out.String()
}

func TestHistogramTableIsTheInput(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		edges := ResolveEdges()
		var d HistogramData
		var sums [3]int64
		for i := range len(edges) - 1 {
			b := Bin{edges[i], edges[i+1], counts.Draw(t, "alone"), counts.Draw(t, "worked"), counts.Draw(t, "other")}
			sums[0], sums[1], sums[2] = sums[0]+b.ClearedAloneCount, sums[1]+b.WorkedCount, sums[2]+b.OtherCount
			d.Bins = append(d.Bins, b)
		}
		f := Histogram("x", d)
		if f == nil {
			equal(t, "incidents of no chart", sums[0]+sums[1]+sums[2], 0)
			return
		}
		for i, b := range d.Bins {
			for k, n := range []int64{b.ClearedAloneCount, b.WorkedCount, b.OtherCount, b.count()} {
				equal(t, "bin", read(t, f.Table.Rows[i][k+1]), n)
			}
		}
		for k, n := range append(sums[:], sums[0]+sums[1]+sums[2]) {
			equal(t, "all", read(t, f.Table.Rows[len(d.Bins)][k+1]), n)
		}
	})
}

func TestWeekTableIsTheInput(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var d WeeksData
		weeks := rapid.IntRange(1, 20).Draw(t, "weeks")
		for i := range weeks {
			d.WeekStarts = append(d.WeekStarts, since.AddDate(0, 0, 7*i))
		}
		maybe := rapid.Custom(func(t *rapid.T) *int64 {
			if rapid.IntRange(0, 3).Draw(t, "unknown") == 0 {
				return nil
			}
			return p(counts.Draw(t, "pages"))
		})
		for range rapid.IntRange(1, 4).Draw(t, "series") {
			d.Series = append(d.Series, WeekSeries{PageCounts: rapid.SliceOfN(maybe, weeks, weeks).Draw(t, "pages"), NightPageCounts: rapid.SliceOfN(maybe, 0, weeks).Draw(t, "night")})
		}
		f := Weeks("x", d)
		if f == nil {
			return
		}
		for week := range weeks {
			for i, s := range d.Series {
				for k, values := range [][]*int64{s.PageCounts, s.NightPageCounts} {
					got, want := optional(t, weekCell(f.Table, len(d.Series), week, i, k)), at(values, week)
					if (got == nil) != (want == nil) || got != nil && *got != *want {
						t.Fatalf("week %d of series %d: %v, want %v", week, i, got, want)
					}
				}
			}
		}
	})
}

func TestStripTableIsTheInput(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := StripData{Since: since, Until: until}
		minutes := rapid.IntRange(-1000, 91*24*60+1000)
		var want []int64
		for range rapid.IntRange(1, 12).Draw(t, "rows") {
			var r StripRow
			inside := int64(0)
			for _, m := range rapid.SliceOf(minutes).Draw(t, "firings") {
				at := since.Add(time.Duration(m) * time.Minute)
				r.Firings = append(r.Firings, at)
				if !at.Before(since) && at.Before(until) {
					inside++
				}
			}
			for _, m := range rapid.SliceOfN(minutes, 0, 5).Draw(t, "runs") {
				start := since.Add(time.Duration(m) * time.Minute)
				r.Runs = append(r.Runs, Run{Start: start, End: start.Add(time.Duration(rapid.IntRange(0, 5000).Draw(t, "minutes")) * time.Minute)})
			}
			if inside > 0 {
				want = append(want, inside, insideRuns(r))
			}
			d.Rows = append(d.Rows, r)
		}
		f := Strip("x", d)
		if f == nil {
			equal(t, "firings of no chart", int64(len(want)), 0)
			return
		}
		for i, row := range f.Table.Rows {
			equal(t, "firings", read(t, row[2]), want[2*i])
			equal(t, "firings in runs", read(t, row[3]), want[2*i+1])
		}
		equal(t, "rows", int64(len(f.Table.Rows)), int64(len(want)/2))
	})
}

// insideRuns counts one by one.
func insideRuns(r StripRow) int64 {
	var n int64
	for _, t := range r.Firings {
		if !t.Before(since) && t.Before(until) && slices.ContainsFunc(r.Runs, func(run Run) bool { return !t.Before(run.Start) && !t.After(run.End) }) {
			n++
		}
	}
	return n
}

func TestDotTableIsTheInput(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pages := rapid.SliceOfN(counts, 2, 40).Draw(t, "pages")
		f := Dots("x", DotsData{PageCounts: pages, MinGroup: 2})
		if f == nil {
			return
		}
		var got []int64
		for _, row := range f.Table.Rows {
			for range read(t, row[1]) {
				got = append(got, read(t, row[0]))
			}
		}
		if want := slices.Sorted(slices.Values(pages)); !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
		equal(t, "dots", int64(strings.Count(attribute(string(f.SVG), `class="within" d="`), "M")), int64(len(pages)+1)) // and one in the key
	})
}

// weekCell is the number of a week of a series; k is 0 for its pages, 1 for those at night.
func weekCell(t Table, series, week, i, k int) string {
	if series > 1 {
		return t.Rows[2*i+k][1+week]
	}
	return t.Rows[week][1+k]
}
