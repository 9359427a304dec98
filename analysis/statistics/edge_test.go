package statistics

import (
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// TestQuantilesOfLargeCounts holds the library's quantiles, which every interval here rests on, against its own
// distribution functions far beyond the oracles.
func TestQuantilesOfLargeCounts(t *testing.T) {
	for _, c := range []struct{ x, n int64 }{{1, 100000}, {99999, 100000}, {50000, 100000}, {3, 8}, {1, 1}, {250, 251}, {40000, 1000000}} {
		i := ClopperPearson(c.x, c.n)
		// P(X ≥ x | low) = P(X ≤ x | high) = 2.5%
		within(t, "low", distuv.Beta{Alpha: float64(c.x), Beta: float64(c.n-c.x) + 1}.CDF(*i.Low), tail, 1e-8)
		if c.x < c.n {
			within(t, "high", distuv.Beta{Alpha: float64(c.x) + 1, Beta: float64(c.n - c.x)}.CDF(*i.High), 1-tail, 1e-8)
		}
	}
	for _, events := range []int64{1, 7, 1000, 100000} {
		i := PoissonInterval(events)
		within(t, "low", distuv.Poisson{Lambda: *i.Low}.Survival(float64(events-1)), tail, 1e-7)
		within(t, "high", distuv.Poisson{Lambda: *i.High}.CDF(float64(events)), tail, 1e-7)
	}
}

func TestLargeCountsAreCompared(t *testing.T) {
	r := CompareRates(Counted{100000, 2419200}, Counted{101500, 2419200}, 1)
	if *r.MayBeChance || *r.P > 0.001 || *r.P < 0.0005 { // normal: z = 1500/√201500 = 3.342, p .00083
		t.Errorf("100,000 against 101,500: p %g, %g to %g", *r.P, *r.Low, *r.High)
	}
	tiny := CompareRates(Counted{1, 2419200}, Counted{100000, 2419200}, 3)
	if *tiny.Low <= 0 || *tiny.High >= 1 || *tiny.P > 1e-10 {
		t.Errorf("1 against 100,000: p %g, %g to %g", *tiny.P, *tiny.Low, *tiny.High)
	}
}
