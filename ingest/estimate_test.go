package ingest

import (
	"context"
	"math"
	"testing"

	"crywolf/ingest/pagerdutytest"
)

// TestTheEstimateTakesTwelveRequests at most, however long the period is.
func TestTheEstimateTakesTwelveRequests(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 4, Weeks: 6})
	srv := serve(t, a)
	for _, weeks := range []int{1, 6, 60, 200} {
		o := options(srv, a)
		o.Since = a.End.AddDate(0, 0, -7*weeks)
		srv.ResetLog()
		e, err := EstimateSync(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(srv.Log()); n > maxSpent || n != e.RequestsSpent {
			t.Errorf("%d weeks: %d requests, it says %d", weeks, n, e.RequestsSpent)
		}
	}
}

// estimated are accounts of several sizes and shapes. Where alertless, no incident has an alert: a sample can't know that of
// all, so the middle of the range says little with --alerts all.
func estimated(t *testing.T) []estimatedAccount {
	return []estimatedAccount{
		{name: "random", account: func() *pagerdutytest.Account { return pagerdutytest.Random(1) }},
		{name: "empty", account: emptyQuarter, alertless: true},
		{name: "a token that may read little", account: func() *pagerdutytest.Account { return pagerdutytest.Generate(pagerdutytest.Config{Seed: 4, Weeks: 1}) },
			options: []pagerdutytest.Option{pagerdutytest.WithDenied(403, "/schedules", "/v3/", "/change_events", "/teams", "/log_entries")}},
		{name: "three weeks of the demo", account: func() *pagerdutytest.Account { return pagerdutytest.Generate(pagerdutytest.Config{Seed: 4, Weeks: 3}) }},
		{name: "the demo", account: func() *pagerdutytest.Account { return pagerdutytest.Generate(pagerdutytest.Config{Seed: 1}) }},
		{name: "healthy", account: func() *pagerdutytest.Account {
			return pagerdutytest.Generate(pagerdutytest.Config{Seed: 2, Scenario: "healthy"})
		}},
		{name: "overloaded", account: func() *pagerdutytest.Account {
			return pagerdutytest.Generate(pagerdutytest.Config{Seed: 3, Scenario: "overloaded"})
		}},
		{name: "2,000 incidents", account: func() *pagerdutytest.Account {
			return pagerdutytest.Generate(pagerdutytest.Config{Seed: 2, Incidents: 2000})
		}},
		{name: "another random one, with references for incidents", account: func() *pagerdutytest.Account { return pagerdutytest.Random(2) },
			options: []pagerdutytest.Option{pagerdutytest.WithPlainIncludes()}},
		{name: "crowded", account: func() *pagerdutytest.Account { return crowded(t, 3000) }, alertless: true},
		{name: "more than a list holds", account: func() *pagerdutytest.Account { return crowded(t, 12_500) }, alertless: true},
	}
}

type estimatedAccount struct {
	name      string
	account   func() *pagerdutytest.Account
	options   []pagerdutytest.Option
	alertless bool
}

func emptyQuarter() *pagerdutytest.Account {
	a := pagerdutytest.NewAccount("empty")
	a.Start = a.End.Add(-firstSync)
	return a
}

// TestASyncTakesWhatIsEstimated: the number of requests lies in the range; and without alerts, or with all of them, within
// a tenth of its middle.
func TestASyncTakesWhatIsEstimated(t *testing.T) {
	t.Parallel()
	accounts := estimated(t)
	for _, x := range accounts[:repeats(2, len(accounts))] {
		account := x.account()
		for _, mode := range []AlertsMode{AlertsNone, AlertsAll, AlertsAuto} {
			t.Run(x.name+", "+string(mode), func(t *testing.T) {
				t.Parallel()
				srv := serve(t, account, x.options...)
				o := options(srv, account)
				o.Alerts = mode
				e, err := EstimateSync(context.Background(), o)
				if err != nil {
					t.Fatal(err)
				}
				st, _ := newStore(t)
				sum := mustSync(t, st, o)
				if sum.RequestCount < e.Requests.Low || sum.RequestCount > e.Requests.High {
					t.Errorf("%d requests, estimated %+v, spent on %v", sum.RequestCount, e, sum.Requests)
				}
				middle := float64(e.Requests.Low+e.Requests.High) / 2
				if isPoint := mode == AlertsNone || mode == AlertsAll && !x.alertless; isPoint && math.Abs(float64(sum.RequestCount)-middle) > middle/10 {
					t.Errorf("%d requests are not within a tenth of %g: estimated %+v, spent on %v", sum.RequestCount, middle, e, sum.Requests)
				}
			})
		}
	}
}

func TestSampleOffsets(t *testing.T) {
	for _, c := range []struct {
		rows     Range
		requests int
		want     []int
	}{
		{Range{0, 0}, 3, nil}, {Range{100, 100}, 3, nil}, {Range{101, 101}, 3, []int{100}}, {Range{300, 300}, 2, []int{100, 200}},
		{Range{500, 500}, 2, []int{150, 350}}, {Range{1, 1000}, 3, nil}, {Range{1000, 1000}, 0, nil}, {Range{50_000, 50_000}, 1, []int{5000}},
	} {
		got := sampleOffsets(c.rows, c.requests)
		if len(got) != len(c.want) {
			t.Errorf("%+v: %v", c, got)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] || got[i]+pageSize > listCap {
				t.Errorf("%+v: %v", c, got)
			}
		}
	}
}
