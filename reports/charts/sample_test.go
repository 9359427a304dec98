package charts

import (
	"math"
	"strings"
	"time"
)

func p[T any](v T) *T { return &v }

var berlin = func() *time.Location {
	l, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	return l
}()

// since and until are 13 weeks around the end of summer time.
var (
	since = time.Date(2026, 8, 17, 0, 0, 0, 0, berlin)
	until = time.Date(2026, 11, 16, 0, 0, 0, 0, berlin)
)

// hostile are labels that break out of what is not escaped or cut.
var hostile = []string{
	`<script>alert("x")</script>`,
	`</text></svg><img src=x onerror=alert(1)>`,
	`"' onload="alert(1)" x='`,
	"ディスク使用率が高い（本番環境）ディスク使用率が高い（本番環境）",
	"🔥 fire 👩‍🚒 in 🇩🇪",
	"\x1b[31mred\x1b[0m \x1b]8;;http://evil\x07link \u202egnp.exe \x00\ufffe\uffff",
	strings.Repeat("WWWW", 80),
	"]]> &amp; &lt; <!-- {{.}}",
	"\xff\xfe bad bytes",
	"",
}

// some is a small generator with the same numbers everywhere.
type some uint64

func (s *some) below(n int) int {
	*s = *s*6364136223846793005 + 1442695040888963407
	return int(uint64(*s>>33) % uint64(n))
}

func sampleHeat() HourOfWeekData {
	d := HourOfWeekData{SleepStartMinute: 22 * 60, SleepEndMinute: 8 * 60}
	dice := some(1)
	for range 120 {
		d.PageCounts[dice.below(7)][dice.below(24)]++
	}
	for day := range 7 {
		d.PageCounts[day][2] += 5
	}
	d.PageCounts[3][15] += 80 // a storm
	return d
}

func sampleShifts() PagesPerShiftData {
	d := PagesPerShiftData{Since: since, Until: until, LimitPer12h: p(2.0)}
	dice := some(2)
	for start := since; start.Before(until); start = start.AddDate(0, 0, 1) {
		for _, half := range []int{9, 21} {
			from := time.Date(start.Year(), start.Month(), start.Day(), half, 0, 0, 0, berlin)
			n := int64(dice.below(4) * dice.below(3))
			if dice.below(20) == 0 {
				n += 9
			}
			d.Shifts = append(d.Shifts, Shift{Start: from, End: from.Add(12 * time.Hour), PageCount: n, NightPageCount: n * int64(half) / 42, OnCallSeconds: 43200})
		}
	}
	return d
}

// sampleLongShifts are weeks on call, one of 169 h, a swap of two days and a shift that had ended.
func sampleLongShifts() PagesPerShiftData {
	d := PagesPerShiftData{Since: since, Until: until, LimitPer12h: p(2.0)}
	for i, n := range []int64{12, 31, 8, 45, 22, 17, 3, 0, 28, 64, 30, 19} {
		from := since.AddDate(0, 0, 7*i)
		to := from.AddDate(0, 0, 7)
		d.Shifts = append(d.Shifts, Shift{Start: from, End: to, PageCount: n, NightPageCount: n / 3, OnCallSeconds: int64(to.Sub(from).Seconds())})
	}
	last := since.AddDate(0, 0, 84)
	d.Shifts = append(d.Shifts, Shift{Start: last, End: last.AddDate(0, 0, 2), PageCount: 11, NightPageCount: 2, OnCallSeconds: 172800},
		Shift{Start: last.AddDate(0, 0, 2), End: until, PageCount: 4, OnCallSeconds: 432000}, Shift{Start: since, End: since, PageCount: 1})
	return d
}

func samplePareto() ParetoData {
	names := []string{"DiskWillFillIn4Hours on {host}", "HighErrorRate checkout", "Nightly backup did not finish in time", "KafkaLag consumer group payments",
		"TargetDown node-exporter", "Certificate expires in less than 14 days on the load balancer", "CPUThrottling", "ReplicaLag", "p99 latency of search above 800 ms",
		"Ingress 5xx", "Synthetic login check failed", "Queue depth", "OOMKilled", "SLO burn rate payments-api"}
	var d ParetoData
	for i, n := range []int64{58, 41, 30, 22, 14, 9, 7, 6, 5, 4, 3, 3, 2, 2} {
		d.Rules = append(d.Rules, Rule{ID: []string{"a3f91c22", "7c02d1e0", "e18b0001", "00c0ffee"}[i%4], Label: names[i], PageCount: n, NightPageCount: n * int64(i%4) / 4})
	}
	return d
}

func sampleStrip() StripData {
	d := StripData{Since: since, Until: until}
	dice := some(3)
	for i, name := range []string{"DiskWillFillIn4Hours on {host}", "HighErrorRate checkout", "KafkaLag consumer group payments, the one in the other region", "TargetDown"} {
		r := StripRow{ID: "a3f91c22", Label: name}
		for range []int{9, 4, 3, 0}[i] {
			start := since.Add(time.Duration(dice.below(90*24*60)) * time.Minute)
			run := Run{Start: start}
			for at, n := start, 3+dice.below(30); n > 0; n-- {
				r.Firings = append(r.Firings, at)
				run.End, run.FiringCount = at, run.FiringCount+1
				at = at.Add(time.Duration(5+dice.below(25)) * time.Minute)
			}
			r.Runs = append(r.Runs, run)
		}
		for range 12 {
			r.Firings = append(r.Firings, since.Add(time.Duration(dice.below(90*24*60))*time.Minute))
		}
		d.Rows = append(d.Rows, r)
	}
	return d
}

func sampleHistogram() HistogramData {
	edges := ResolveEdges()
	d := HistogramData{P50Seconds: p(431.0), P90Seconds: p(9020.0)}
	for i, n := range []int64{2, 6, 18, 41, 33, 20, 9, 12, 17, 9, 4, 3} {
		worked := min(n, int64(i*i/9))
		d.Bins = append(d.Bins, Bin{FromSeconds: edges[i], ToSeconds: edges[i+1], WorkedCount: worked, OtherCount: (n - worked) / 4, ClearedAloneCount: n - worked - (n-worked)/4})
	}
	return d
}

func sampleWeeks() WeeksData {
	var d WeeksData
	for i := range 13 {
		d.WeekStarts = append(d.WeekStarts, since.AddDate(0, 0, 7*i))
	}
	for s, values := range [][]int64{{12, 31, 8, 45, 22, 17, 3, 0, 28, 64, 30, 19, 15}, {2, 1, 0, 4, 3, 2, 1, 0, 2, 5, 3, 1, 2}, {9, 9, 11, 8, 7, 12, 9, 10, 6, 9, 8, 11, 9}} {
		series := WeekSeries{Label: []string{"payments-primary", "data | <platform>", "follow-the-sun"}[s], LimitPages: p(28.0)}
		for i, n := range values {
			if s == 1 && (i == 4 || i == 5 || i == 9) {
				series.PageCounts, series.NightPageCounts = append(series.PageCounts, nil), append(series.NightPageCounts, nil)
				continue
			}
			series.PageCounts, series.NightPageCounts = append(series.PageCounts, p(n)), append(series.NightPageCounts, p(n/3))
		}
		d.Series = append(d.Series, series)
	}
	return d
}

func sampleChange() BeforeAfterData {
	return BeforeAfterData{Unit: "pages a week", Before: Bar{Label: "before", Value: 46.5, Low: p(39.1), High: p(55.0), N: 186},
		After: Bar{Label: "after", Value: 26.25, Low: p(20.4), High: p(33.1), N: 105}}
}

func sampleDots() DotsData {
	return DotsData{PageCounts: []int64{23, 4, 9, 9, 11, 0, 7, 4}, MinGroup: 4}
}

// samples are one chart of each kind, and some more where a kind has several looks.
func samples() map[string]*Figure {
	halves, few, chance := sampleHeat(), HourOfWeekData{}, sampleChange()
	halves.SleepStartMinute, halves.SleepEndMinute = 23*60+30, 6*60+30
	few.PageCounts[0][0], few.PageCounts[6][23] = 3, 1
	few.SleepStartMinute, few.SleepEndMinute = 60, 7*60
	chance.MayBeChance = true
	calm := sampleLongShifts()
	calm.LimitPer12h = p(12.0)
	return map[string]*Figure{
		"heat": HourOfWeek("PSCHED1", sampleHeat()), "heat_half_hours": HourOfWeek("half", halves), "heat_few": HourOfWeek("few", few),
		"shifts": PagesPerShift("PSCHED1", sampleShifts()), "shifts_long": PagesPerShift("long", sampleLongShifts()), "shifts_calm": PagesPerShift("calm", calm),
		"pareto": Pareto("PSCHED1", samplePareto()), "strip": Strip("PSCHED1", sampleStrip()),
		"histogram": Histogram("PSCHED1", sampleHistogram()), "weeks": Weeks("PSCHED1", sampleWeeks()),
		"change": BeforeAfter("PSCHED1", sampleChange()), "change_chance": BeforeAfter("chance", chance), "dots": Dots("PSCHED1", sampleDots()),
		"hostile_pareto": Pareto("hostile", hostilePareto()), "hostile_strip": Strip(`host"ile <x> `, hostileStrip()), "hostile_weeks": Weeks("hostile", hostileWeeks()),
	}
}

func hostilePareto() ParetoData {
	var d ParetoData
	for i, s := range hostile {
		d.Rules = append(d.Rules, Rule{ID: s, Label: s, PageCount: int64(20 - i), NightPageCount: int64(i)})
	}
	return d
}

func hostileStrip() StripData {
	d := StripData{Since: since, Until: until}
	for i, s := range hostile {
		d.Rows = append(d.Rows, StripRow{ID: s, Label: s, Firings: []time.Time{since.Add(time.Duration(i) * 24 * time.Hour)},
			Runs: []Run{{Start: since, End: since.Add(time.Hour), FiringCount: 3}}})
	}
	return d
}

func hostileWeeks() WeeksData {
	d := WeeksData{WeekStarts: []time.Time{since, since.AddDate(0, 0, 7)}}
	for i, s := range hostile {
		d.Series = append(d.Series, WeekSeries{Label: s, PageCounts: []*int64{p(int64(i)), p(int64(math.MaxInt32))}})
	}
	return d
}
