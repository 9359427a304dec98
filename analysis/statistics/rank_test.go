package statistics

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

var ( // O-7, from R's manual
	rankX = []float64{.80, .83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, .73, 1.46}
	rankY = []float64{1.15, .88, .90, .74, 1.21}
)

func TestCompareRanks(t *testing.T) { // O-7
	r, _ := CompareRanks(rankX, rankY)
	near(t, "W", r.U, 35)
	near(t, "exact p", r.P, .2544123)
	near(t, "P(X>Y)", r.Superiority, .70)
	if !r.Exact {
		t.Error("ten against five without ties is exact")
	}
	near(t, "one-sided exact p", lowerTail(10, 5, 15), .1272061)
	ties, _ := CompareRanks([]float64{1, 1, 2, 3, 5, 8}, []float64{2, 3, 3, 9, 10, 12, 12})
	near(t, "W with ties", ties.U, 8.5)
	near(t, "p with ties", ties.P, .08344983)
	if ties.Exact {
		t.Error("with ties it is not exact")
	}
	published, _ := CompareRanks([]float64{36, 44, 47, 42, 49, 39, 46, 31, 33, 48}, []float64{32, 39, 26, 35, 43, 27, 40, 37, 34, 29})
	near(t, "P(y1 < y2) of statpsych", published.Superiority, .795)
	equal, _ := CompareRanks([]float64{3, 3, 3}, []float64{3, 3})
	near(t, "all equal", equal.P, 1)
	if _, ok := CompareRanks(nil, rankY); ok {
		t.Error("an empty sample was compared")
	}
	// Beyond 50 values the normal distribution stands in: here that of 2·Φ(−(|W − mn/2| − ½)/σ).
	long := make([]float64, 51)
	for i := range long {
		long[i] = float64(i) + 0.5
	}
	normal, _ := CompareRanks(long, []float64{5.2, 12.2, 17.2, 23.2, 30.2})
	if normal.Exact {
		t.Error("51 values are not exact")
	}
	exact, _ := CompareRanks(long[1:], []float64{5.2, 12.2, 17.2, 23.2, 30.2})
	within(t, "50 and 51 values", normal.P, exact.P, 0.03)
}

func TestUDistributionIsWhole(t *testing.T) {
	// 2 of 4 ranks: U is 0, 1, 2 (twice), 3, 4 of 6 ways.
	for u, want := range []float64{1, 1, 2, 1, 1} {
		near(t, "P(U)", uDistribution(2, 2)[u], want/6)
	}
	d := uDistribution(50, 50)
	near(t, "half below the middle", lowerTail(50, 50, 1249)+d[1250]/2, 0.5)
}

func TestEstimateShift(t *testing.T) { // O-7
	s, _ := EstimateShift(rankX, rankY)
	near(t, "Hodges-Lehmann", s.Estimate, .305)
	near(t, "low", s.Low, -.15)
	near(t, "high", s.High, .76)
	if _, ok := EstimateShift(rankX, nil); ok {
		t.Error("an empty sample was compared")
	}
}

// TestShiftIntervalOfLargeSamples holds the normal interval, from 51 values on, against the exact one of 50.
func TestShiftIntervalOfLargeSamples(t *testing.T) {
	draw := rand.New(rand.NewPCG(11, 0))
	xs, ys := make([]float64, exactUpTo), make([]float64, exactUpTo)
	for i := range xs {
		xs[i], ys[i] = draw.NormFloat64()+1, draw.NormFloat64()
	}
	exact, _ := EstimateShift(xs, ys)
	normal, _ := EstimateShift(append(xs, exact.Estimate), ys) // one value more that moves nothing
	within(t, "low", normal.Low, exact.Low, 0.03)
	within(t, "high", normal.High, exact.High, 0.03)
	if width := exact.High - exact.Low; width < 0.5 || width > 1.2 { // 2 · 1.96 · √(2/50) = 0.78 for means
		t.Errorf("interval %v", exact)
	}
}

// TestKthDifference holds the bisection against sorting all differences, ties and negatives included.
func TestKthDifference(t *testing.T) {
	draw := rand.New(rand.NewPCG(7, 0))
	for range 50 {
		xs, ys := make([]float64, 1+draw.IntN(20)), make([]float64, 1+draw.IntN(20))
		for _, values := range [][]float64{xs, ys} {
			for i := range values {
				values[i] = float64(draw.IntN(9)) - 4
				if draw.IntN(2) == 0 {
					values[i] += draw.Float64()
				}
			}
		}
		var all []float64
		for _, x := range xs {
			for _, y := range ys {
				all = append(all, x-y)
			}
		}
		slices.Sort(all)
		d := newDifferences(xs, ys)
		for k := range all {
			if got := d.kth(k + 1); got != all[k] {
				t.Fatalf("difference %d of %v and %v: got %g, want %g", k+1, xs, ys, got, all[k])
			}
		}
	}
}

func TestCompareTimes(t *testing.T) {
	// Every time of the first is 1.5 times one of the second, and both are spread alike.
	first, second := []float64{}, []float64{}
	for i := range 60 {
		second = append(second, 100*math.Exp(float64(i)/20))
		first = append(first, 150*math.Exp(float64(i)/20))
	}
	typical, test, ok := CompareTimes(first, second)
	near(t, "typical ratio", typical.Estimate, 1.5)
	if !ok || test.P >= 0.05 || typical.Low <= 1 || typical.High <= typical.Estimate {
		t.Errorf("p %g, ratio %v", test.P, typical)
	}
	// At once (0 s) counts as 1 s: all of 0 against all of 2 is a half, not nothing.
	typical, _, _ = CompareTimes([]float64{0, 0, 1, 0}, []float64{2, 2, 2})
	near(t, "at once", typical.Estimate, 0.5)
	if _, _, ok := CompareTimes(nil, second); ok {
		t.Error("an empty sample was compared")
	}
}

// TestManyTimes compares ten thousand with ten thousand times: 10^8 pairs, none of them held.
func TestManyTimes(t *testing.T) {
	draw := rand.New(rand.NewPCG(8, 0))
	first, second := make([]float64, 10000), make([]float64, 10000)
	for i := range first {
		first[i], second[i] = math.Exp(6+1.5*draw.NormFloat64()), math.Exp(6.3+1.5*draw.NormFloat64())
	}
	typical, test, _ := CompareTimes(first, second)
	if typical.Estimate < 0.70 || typical.Estimate > 0.78 { // e^−0.3 = 0.741
		t.Errorf("typical ratio %v", typical)
	}
	if test.P > 1e-10 || typical.High-typical.Low > 0.1 {
		t.Errorf("p %g, %v", test.P, typical)
	}
}

func TestQuantileInterval(t *testing.T) { // O-5, and metrics.md 3.3 for p90
	for _, c := range []struct{ n, low, high int }{
		{6, 1, 6}, {8, 1, 8}, {10, 2, 9}, {15, 4, 12}, {20, 6, 15}, {30, 10, 21}, {50, 18, 33}, {100, 40, 61}, {5, 0, 6}, {1, 0, 2}, {0, 0, 1},
	} {
		if low, high := quantileRanks(c.n, 0.5); low != c.low || high != c.high {
			t.Errorf("median of %d: ranks %d and %d, want %d and %d", c.n, low, high, c.low, c.high)
		}
	}
	for _, c := range []struct{ n, high int }{{35, 36}, {36, 36}} {
		if _, high := quantileRanks(c.n, 0.9); high != c.high {
			t.Errorf("90%% of %d: rank %d, want %d", c.n, high, c.high)
		}
	}
	values := []float64{9, 3, 5, 1, 7, 11}
	i := QuantileInterval(values, 0.5)
	nearKnown(t, "low", i.Low, 1)
	nearKnown(t, "high", i.High, 11)
	if values[0] != 9 {
		t.Error("the sample was sorted in place")
	}
	few := QuantileInterval(values[:5], 0.5)
	unknown(t, "low of five", few.Low)
	unknown(t, "high of five", few.High)
}
