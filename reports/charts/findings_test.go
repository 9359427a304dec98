package charts

import (
	"testing"
	"time"
)

func heatOf(cells map[[2]int]int64) HourOfWeekData {
	d := HourOfWeekData{SleepStartMinute: 1320, SleepEndMinute: 480}
	for at, n := range cells {
		d.PageCounts[at[0]][at[1]] = n
	}
	return d
}

// spreadOut puts n pages into each cell.
func spreadOut(n int64) HourOfWeekData {
	d := heatOf(nil)
	for day := range d.PageCounts {
		for h := range d.PageCounts[day] {
			d.PageCounts[day][h] = n
		}
	}
	return d
}

func TestFindingsOfTheHeatMap(t *testing.T) {
	job, half, awake, both := spreadOut(1), spreadOut(1), spreadOut(1), spreadOut(1)
	for day := range 7 {
		job.PageCounts[day][2] += 6
		both.PageCounts[day][2] += 6
		both.PageCounts[day][15]++
	}
	both.PageCounts[3][15] = 8 // the largest cell is not in the busiest hour of the day
	half.SleepStartMinute, half.PageCounts[2][22] = 1350, 20
	awake.SleepStartMinute, awake.SleepEndMinute = 0, 0
	known := spreadOut(1)
	known.SleepStartMinute, known.SleepPageCount = 1350, p(int64(66))
	for _, c := range []struct {
		d    HourOfWeekData
		want string
	}{
		{heatOf(map[[2]int]int64{{1, 2}: 9}), "Too few pages to say when: 9"},
		{heatOf(map[[2]int]int64{{1, 2}: 10}), "Most pages land Tue 02:00 (10 of 10 pages), inside sleep hours"},
		{heatOf(map[[2]int]int64{{1, 2}: 14, {1, 3}: 5, {4, 17}: 3, {6, 23}: 1}), "Most pages land Tue 02:00 (14 of 23 pages), inside sleep hours"},
		{heatOf(map[[2]int]int64{{0, 2}: 2, {1, 2}: 2, {2, 2}: 2, {3, 2}: 2, {4, 2}: 2, {5, 9}: 2}), "Most pages land at 02:00 (10 of 12 pages), inside sleep hours"},
		{job, "Busiest hour of the day: 02:00 (49 of 210 pages), inside sleep hours"},
		{both, "Busiest hour of the day: 02:00 (49 of 223 pages), inside sleep hours"},
		{heatOf(map[[2]int]int64{{0, 2}: 3, {1, 2}: 3, {2, 2}: 3, {3, 2}: 3, {4, 15}: 4}), "Most pages land at 02:00 (12 of 16 pages), inside sleep hours"},
		{half, "Busiest hour: Wed 22:00 (20 of 187 pages), partly inside sleep hours"},
		{spreadOut(1), "No hour stands out; 42% of 168 pages are in sleep hours, which are 42% of the week"},
		{known, "No hour stands out; 39% of 168 pages are in sleep hours, which are 40% of the week"},
		{awake, "No hour stands out among 168 pages"},
		// 2 of 12 pages in one hour are no wonder: somewhere there is such an hour in a third of such weeks.
		{heatOf(map[[2]int]int64{{0, 10}: 2, {1, 11}: 1, {2, 12}: 1, {3, 13}: 1, {4, 14}: 1, {5, 15}: 1, {6, 16}: 1, {0, 17}: 1, {1, 18}: 1, {2, 19}: 1, {3, 20}: 1}),
			"No hour stands out; 0% of 12 pages are in sleep hours, which are 42% of the week"},
	} {
		if got := HourOfWeek("x", c.d).Finding; got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestFindings(t *testing.T) {
	shift := func(hours int, pages int64) Shift {
		return Shift{Start: since, End: since.Add(time.Duration(hours) * time.Hour), PageCount: pages, OnCallSeconds: int64(hours) * 3600}
	}
	shifts := func(limit *float64, list ...Shift) *Figure {
		return PagesPerShift("x", PagesPerShiftData{Since: since, Until: until, Shifts: list, LimitPer12h: limit})
	}
	rules := func(pages ...int64) *Figure {
		var d ParetoData
		for _, n := range pages {
			d.Rules = append(d.Rules, Rule{ID: "x", PageCount: n})
		}
		return Pareto("x", d)
	}
	change := func(before, after float64, chance bool) *Figure {
		return BeforeAfter("x", BeforeAfterData{Unit: "pages a week", Before: Bar{Value: before}, After: Bar{Value: after}, MayBeChance: chance})
	}
	weeks := func(limit *float64, pages ...*int64) *Figure {
		d := WeeksData{Series: []WeekSeries{{Label: "payments", PageCounts: pages, LimitPages: limit}}}
		for i := range pages {
			d.WeekStarts = append(d.WeekStarts, since.AddDate(0, 0, 7*i))
		}
		return Weeks("x", d)
	}
	times := func(n int64, p50, p90 *float64) *Figure {
		return Histogram("x", HistogramData{Bins: []Bin{{60, 120, n, 0, 0}, {120, 300, 0, 2, 2}}, P50Seconds: p50, P90Seconds: p90})
	}
	firings := func(runs ...Run) *Figure {
		return Strip("x", StripData{Since: since, Until: until, Rows: []StripRow{{Firings: []time.Time{since, since.Add(time.Hour)}, Runs: runs}, {Firings: []time.Time{since}}}})
	}
	dots := func(pages ...int64) *Figure { return Dots("x", DotsData{PageCounts: pages, MinGroup: 4}) }
	for _, c := range []struct {
		f    *Figure
		want string
	}{
		{shifts(p(2.0), shift(12, 0), shift(168, 0)), "No page in 2 shifts"},
		{shifts(nil, shift(12, 4)), "4 pages in 1 shift; the worst had 4"},
		{shifts(p(2.0), shift(0, 4)), "4 pages in 1 shift; the worst had 4"},
		{shifts(p(2.0), shift(12, 2), shift(168, 28), shift(1, 2)), "None of 3 shifts above 2 pages per 12 h; the worst had 28"},
		{shifts(p(2.0), shift(12, 3), shift(168, 29), shift(1, 3), shift(24, 4)), "3 of 4 shifts above 2 pages per 12 h; the worst had 29"},
		{rules(5, 4), "Too few pages to rank rules: 9 from 2 rules"},
		{rules(12), "One rule made all 12 pages"},
		{rules(6, 3, 1), "1 of 3 rules made 60% of 10 pages"},
		{rules(59, 31, 10), "2 of 3 rules made 90% of 100 pages"},
		{change(46.5, 26.25, false), "46.5 → 26.3 pages a week: 44% less"},
		{change(46.5, 26.25, true), "46.5 → 26.3 pages a week: may be chance (~)"},
		{change(20, 25, false), "20 → 25 pages a week: 25% more"},
		{change(0.04, 1234, false), "0.04 → 1,234 pages a week: 30,850 times as much"},
		{change(0, 3, false), "0 → 3 pages a week"},
		{change(3, 3, false), "3 → 3 pages a week"},
		{change(3, 0, false), "3 → 0 pages a week: 100% less"},
		{weeks(nil, p(int64(3)), nil, p(int64(7))), "Heaviest week: 7 pages, 31 Aug (1 unknown)"},
		{weeks(p(3.0), p(int64(3)), p(int64(4)), p(int64(7))), "Heaviest week: 7 pages, 31 Aug; 2 of 3 weeks over the limit"},
		{weeks(p(3.0), p(int64(0)), p(int64(0))), "No page in 2 weeks"},
		{weeks(nil, nil, p(int64(2))), "One week is known: 2 pages, 24 Aug (1 unknown)"},
		{times(5, p(90.0), p(200.0)), "Too few incidents to say how long: 9"},
		{times(12, p(90.0), p(200.0)), "Half are over within 2 min, nine in ten within 3 min; 75% cleared alone (n 16)"},
		{times(12, nil, nil), "75% cleared alone of 16 incidents"},
		{firings(), "No flapping: 3 firings of 2 rules in no run"},
		{firings(Run{Start: since, End: since.Add(time.Minute), FiringCount: 3}), "1 of 2 rules flapped: 1 of 3 firings in 1 run"},
		{dots(0, 1, 2, 3), "Too few pages to judge the spread: 6 pages among 4 people"},
		{dots(3, 3, 3, 3), "All have the same: 12 pages among 4 people"},
		{dots(2, 3, 4, 5), "The most is 1.4 times an equal share: may be chance (14 pages among 4 people)"},
		{dots(4, 5, 6, 40), "The most is 2.9 times an equal share (40 of 55 pages among 4 people)"},
	} {
		if c.f.Finding != c.want {
			t.Errorf("got  %s\nwant %s", c.f.Finding, c.want)
		}
	}
}

func TestWords(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{count(0), "0"}, {count(999), "999"}, {count(12500), "12,500"}, {count(1234567), "1,234,567"}, {count(-1234), "-1,234"},
		{compact(0), "0"}, {compact(999), "999"}, {compact(1000), "1k"}, {compact(1234), "1.2k"}, {compact(9949), "9.9k"}, {compact(9960), "10k"},
		{compact(99_949), "100k"}, {compact(999_499), "999k"}, {compact(999_500), "1M"}, {compact(1_000_000), "1M"}, {compact(2_147_483_647), "2.1G"},
		{percent(0), "0%"}, {percent(0.004), "<1%"}, {percent(0.996), ">99%"}, {percent(1), "100%"}, {percent(0.368), "37%"},
		{duration(0), "0 s"}, {duration(59.4), "59 s"}, {duration(59.6), "1 min"}, {duration(431), "7 min"}, {duration(3599), "1 h"}, {duration(9000), "2.5 h"}, {duration(86399), "1 d"}, {duration(259200), "3 d"},
		{number(0), "0"}, {number(0.0714), "0.07"}, {number(0.5), "0.5"}, {number(3.3233), "3.3"}, {number(999), "999"}, {number(1000), "1,000"},
		{span(Bin{FromSeconds: 0, ToSeconds: 30}), "below 30 s"}, {span(Bin{FromSeconds: 120, ToSeconds: 300}), "2–5 min"}, {span(Bin{FromSeconds: 30, ToSeconds: 60}), "30 s–1 min"},
		{clock(0), "00:00"}, {clock(1350), "22:30"}, {label("  a\tb\n", 9), "a b"}, {label("", 20), "(no title)"}, {label("ディスク使用率", 7), "ディス…"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
