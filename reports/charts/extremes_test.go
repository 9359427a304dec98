package charts

import (
	"math"
	"strings"
	"testing"
	"time"
)

// extremes are charts of nothing, of one thing, and of far too much.
func extremes() map[string]*Figure {
	const huge = 1_000_000
	var one, all HourOfWeekData
	one.PageCounts[6][23] = 1
	var weeks WeeksData
	var shifts PagesPerShiftData
	var rules ParetoData
	var strip StripData
	var people DotsData
	shifts.Since, shifts.Until, shifts.LimitPer12h = since, until, p(2.0)
	strip.Since, strip.Until = since, until
	for i := range 100 {
		rules.Rules = append(rules.Rules, Rule{ID: "a3f91c22", Label: strings.Repeat("長", 300), PageCount: huge, NightPageCount: huge})
		shifts.Shifts = append(shifts.Shifts, Shift{Start: since, End: since.Add(time.Minute), PageCount: huge, NightPageCount: huge, OnCallSeconds: 60})
		people.PageCounts = append(people.PageCounts, huge)
		if i < 53 {
			weeks.WeekStarts = append(weeks.WeekStarts, since.AddDate(0, 0, 7*i))
		}
		row := StripRow{ID: "x", Label: strings.Repeat("W", 300)}
		for j := range 5000 {
			at := since.Add(time.Duration(j*26+i) * time.Minute)
			row.Firings = append(row.Firings, at)
			if j%5 == 0 {
				row.Runs = append(row.Runs, Run{Start: at, End: at.Add(30 * time.Minute), FiringCount: 3})
			}
		}
		strip.Rows = append(strip.Rows, row)
	}
	for i := range 40 {
		series := WeekSeries{Label: strings.Repeat("長", 300), LimitPages: p(0.5)}
		for week := range weeks.WeekStarts {
			if (week+i)%2 == 0 {
				series.PageCounts, series.NightPageCounts = append(series.PageCounts, p(int64(huge))), append(series.NightPageCounts, p(int64(huge)))
			} else {
				series.PageCounts, series.NightPageCounts = append(series.PageCounts, nil), append(series.NightPageCounts, nil)
			}
		}
		weeks.Series = append(weeks.Series, series)
	}
	for d := range all.PageCounts {
		for h := range all.PageCounts[d] {
			all.PageCounts[d][h] = huge
		}
	}
	at := func(t time.Time) PagesPerShiftData {
		return PagesPerShiftData{Since: t, Until: t, Shifts: []Shift{{Start: t, End: t}}}
	}
	return map[string]*Figure{
		"no page": HourOfWeek("", HourOfWeekData{SleepStartMinute: 1320, SleepEndMinute: 480}), "one page": HourOfWeek("", one), "full": HourOfWeek("", all),
		"no shift": PagesPerShift("", PagesPerShiftData{}), "an instant": PagesPerShift("", at(since)), "shifts": PagesPerShift("", shifts),
		"no rule": Pareto("", ParetoData{Rules: []Rule{{ID: "x"}}}), "one rule": Pareto("", ParetoData{Rules: []Rule{{PageCount: 1}}}), "rules": Pareto("", rules),
		"no firing":  Strip("", StripData{Since: since, Until: until, Rows: []StripRow{{Label: "x"}}}),
		"one firing": Strip("", StripData{Since: since, Until: until, Rows: []StripRow{{Firings: []time.Time{since}}}}), "firings": Strip("", strip),
		"no bin": Histogram("", HistogramData{P50Seconds: p(1.0)}), "one bin": Histogram("", HistogramData{Bins: []Bin{{ToSeconds: math.Inf(1), OtherCount: huge}}, P50Seconds: p(0.0), P90Seconds: p(1e12)}),
		"empty bins": Histogram("", HistogramData{Bins: []Bin{{FromSeconds: 60, ToSeconds: 120}}}), "two bins": Histogram("", HistogramData{Bins: []Bin{{60, 120, huge, huge, huge}, {120, 300, 1, 0, 0}}}),
		"no week": Weeks("", WeeksData{Series: []WeekSeries{{}}}), "unknown weeks": Weeks("", WeeksData{WeekStarts: []time.Time{since}, Series: []WeekSeries{{PageCounts: []*int64{nil}}}}),
		"one week": Weeks("", WeeksData{WeekStarts: []time.Time{since}, Series: []WeekSeries{{PageCounts: []*int64{p(int64(0))}}}}), "weeks": Weeks("", weeks),
		"no value": BeforeAfter("", BeforeAfterData{Before: Bar{Value: math.NaN()}}), "nothing at all": BeforeAfter("", BeforeAfterData{Unit: "pages"}),
		"values": BeforeAfter("", BeforeAfterData{Unit: "pages", Before: Bar{Value: huge, Low: p(-5.0), High: p(2.0 * huge)}, After: Bar{Value: 0, Low: p(math.NaN()), High: p(1.0)}}),
		"nobody": Dots("", DotsData{}), "one person": Dots("", DotsData{PageCounts: []int64{12}}), "three": Dots("", DotsData{PageCounts: []int64{1, 2, 3}, MinGroup: 4}),
		"idle people": Dots("", DotsData{PageCounts: []int64{0, 0, 0, 0}, MinGroup: 4}), "people": Dots("", people),
	}
}

func TestNothingToDrawIsNil(t *testing.T) {
	nothing := map[string]bool{"no page": true, "no shift": true, "no rule": true, "no firing": true, "no bin": true, "empty bins": true,
		"no week": true, "unknown weeks": true, "no value": true, "nobody": true, "one person": true, "three": true, "idle people": true}
	for name, f := range extremes() {
		if (f == nil) != nothing[name] {
			t.Errorf("%s: nil is %v", name, f == nil)
		}
	}
}

func TestExtremesStayDrawings(t *testing.T) {
	for name, f := range extremes() {
		if f == nil {
			continue
		}
		elements(t, string(f.HTML(2)))
		if f.Finding == "" || f.Desc == "" || len(f.Lines) == 0 || len(f.Table.Rows) == 0 {
			t.Errorf("%s: something is missing: %+v", name, f)
		}
		for _, row := range f.Table.Rows {
			if len(row) != len(f.Table.Head) {
				t.Errorf("%s: a row of %d cells under %d heads", name, len(row), len(f.Table.Head))
			}
		}
		limit := 56 << 10 // 24 panels of a year with a gap at each second week
		if name != "weeks" {
			limit = 16 << 10
		}
		if len(f.SVG) > limit {
			t.Errorf("%s has %d bytes", name, len(f.SVG))
		}
	}
}

func TestSparkline(t *testing.T) {
	for _, c := range []struct {
		values []*float64
		want   string
	}{
		{nil, ""},
		{[]*float64{p(0.0), nil, p(7.0)}, "▁·█"},
		{[]*float64{p(0.0), p(0.0)}, "▁▁"},
		{[]*float64{p(3.0)}, "█"},
		{[]*float64{p(math.NaN()), p(math.Inf(1)), p(-1.0), p(1.0)}, "···█"},
		{[]*float64{p(0.0), p(1.0), p(2.0), p(3.0), p(4.0), p(5.0), p(6.0), p(7.0)}, "▁▂▃▄▅▆▇█"},
	} {
		if got := Sparkline(c.values); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
