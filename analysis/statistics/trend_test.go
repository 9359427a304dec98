package statistics

import (
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// series makes known values of numbers.
func series(values ...float64) []*float64 {
	out := make([]*float64, len(values))
	for i, v := range values {
		out[i] = known(v)
	}
	return out
}

func TestTrend(t *testing.T) { // O-20
	r := Trend(series(12, 10, 11, 9, 8, 9, 6, 7))
	if r.S != -21 || r.N != 8 {
		t.Errorf("S of %d values is %d", r.N, r.S)
	}
	nearKnown(t, "tau-b", r.Tau, -.7637626)
	near(t, "p", r.P, .00883974)
	near(t, "slope", r.Slope, -.7571429)
	turned := Trend(series(7, 6, 9, 8, 9, 11, 10, 12))
	near(t, "turned round, p", turned.P, r.P)
	near(t, "turned round, slope", turned.Slope, -r.Slope)
}

// TestTrendWithMissingValues: by hand. 1 to 9 without the fifth: all 28 pairs rise by 1 a step, which they would not if the
// hole were closed (then 16 of them, those across it, would rise by more); tau 1, z = 28/√(8·7·21/18) = 3.4641.
func TestTrendWithMissingValues(t *testing.T) {
	values := series(1, 2, 3, 4, 5, 6, 7, 8, 9)
	values[4] = nil
	r := Trend(values)
	if r == nil || r.N != 8 || r.S != 28 {
		t.Fatalf("got %+v", r)
	}
	near(t, "slope", r.Slope, 1)
	nearKnown(t, "tau", r.Tau, 1)
	near(t, "p", r.P, .000532006)
	// A jump over a long hole is no steep rise: 1 to 4, then 101 to 104 a hundred steps on. All 28 slopes are 1.
	hole := append(series(1, 2, 3, 4), make([]*float64, 96)...)
	near(t, "over a hole", Trend(append(hole, series(101, 102, 103, 104)...)).Slope, 1)
}

func TestTooLittleForATrend(t *testing.T) {
	if r := Trend(series(1, 2, 3, 4, 5, 6, 7)); r != nil {
		t.Errorf("of seven values: %+v", r)
	}
	values := series(1, 2, 3, 4, 5, 6, 7, 8)
	values[0] = nil
	if r := Trend(values); r != nil {
		t.Errorf("of seven values and a hole: %+v", r)
	}
	if r := Trend(nil); r != nil {
		t.Errorf("of nothing: %+v", r)
	}
}

func TestEqualValuesHaveNoTrend(t *testing.T) {
	r := Trend(series(0, 0, 0, 0, 0, 0, 0, 0))
	if r.S != 0 || r.P != 1 || r.Slope != 0 {
		t.Errorf("got %+v", r)
	}
	unknown(t, "tau", r.Tau)
}

// TestTrendEqualsGonumWithoutTies: where no two values are equal, tau-b is gonum's tau-a.
func TestTrendEqualsGonumWithoutTies(t *testing.T) {
	draw := rand.New(rand.NewPCG(1, 0))
	for n := 8; n < 40; n++ {
		steps, values := make([]float64, n), make([]float64, n)
		for i := range values {
			steps[i], values[i] = float64(i), draw.NormFloat64()
		}
		nearKnown(t, "tau", Trend(series(values...)).Tau, stat.Kendall(steps, values, nil))
	}
}

// TestUnchangedSeriesHaveNoTrend: pages a week at a constant rate, with fixed seeds; and a rise that anybody would see is
// found.
func TestUnchangedSeriesHaveNoTrend(t *testing.T) {
	source := rand.NewPCG(7, 0)
	found, risen := 0, 0
	const all = 2000
	for i := range all {
		weeks := 8 + i%6
		flat, rising := make([]float64, weeks), make([]float64, weeks)
		for w := range flat {
			flat[w] = distuv.Poisson{Lambda: []float64{1, 3, 10}[i%3], Src: source}.Rand()
			rising[w] = distuv.Poisson{Lambda: 5 + 3*float64(w), Src: source}.Rand()
		}
		if Trend(series(flat...)).P <= 0.05 {
			found++
		}
		if r := Trend(series(rising...)); r.P <= 0.05 && r.Slope > 0 {
			risen++
		}
	}
	if share := float64(found) / all; share > mostClaims || share < 0.03 {
		t.Errorf("%.1f%% of unchanged series have a trend", 100*share)
	}
	if risen < all*9/10 {
		t.Errorf("%d of %d rises were found", risen, all)
	}
}
