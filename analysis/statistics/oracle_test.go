package statistics

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// Numbers named O-n are the oracles of metrics.md 11, reproduced there in R 4.2.2.

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	within(t, what, got, want, 1e-6)
}

func within(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) { // NaN is near nothing
		t.Errorf("%s: got %.9g, want %.9g", what, got, want)
	}
}

func nearKnown(t *testing.T, what string, got *float64, want float64) {
	t.Helper()
	if got == nil {
		t.Errorf("%s: got nil, want %g", what, want)
		return
	}
	near(t, what, *got, want)
}

func unknown(t *testing.T, what string, got *float64) {
	t.Helper()
	if got != nil {
		t.Errorf("%s: got %g, want nil", what, *got)
	}
}

func TestPoissonInterval(t *testing.T) { // O-9
	for _, c := range []struct {
		events    int64
		low, high float64
	}{
		{0, 0, 3.688879}, {1, .025318, 5.571643}, {2, .242209, 7.224688}, {5, 1.623486, 11.668332},
		{10, 4.795389, 18.390356}, {20, 12.216520, 30.888378}, {50, 37.110964, 65.918767},
		{137, 4.753125 * 24.19893, 6.692709 * 24.19893},
	} {
		tolerance := 1e-6
		if c.events == 137 {
			tolerance = 2e-5 // given per unit of exposure
		}
		i := PoissonInterval(c.events)
		within(t, "low", *i.Low, c.low, tolerance)
		within(t, "high", *i.High, c.high, tolerance)
	}
}

func TestCompareRates(t *testing.T) { // O-9
	for _, c := range []struct {
		x1, t1, x2, t2 float64
		p              float64
	}{
		{11, 800, 21, 3011, .07966863}, {10, 1, 20, 1, .09873715}, {5, 1, 12, 1, .1434631},
		{12, 1, 4, 1, .07681274}, {40, 1, 28, 1, .1818101}, {0, 1, 5, 1, .0625}, {100, 1, 130, 1, .05561358},
	} {
		r := CompareRates(Counted{int64(c.x1), c.t1}, Counted{int64(c.x2), c.t2}, 1)
		nearKnown(t, "p", r.P, c.p)
		nearKnown(t, "ratio", r.Ratio, c.x1/c.t1/(c.x2/c.t2))
		if !*r.MayBeChance {
			t.Errorf("%v against %v is no change, p %g", c.x1, c.x2, c.p)
		}
	}
	r := CompareRates(Counted{11, 800}, Counted{21, 3011}, 1)
	nearKnown(t, "ratio", r.Ratio, 1.971488)
	nearKnown(t, "low", r.Low, .858426)
	nearKnown(t, "high", r.High, 4.277266)
	r = CompareRates(Counted{10, 7}, Counted{20, 7}, 1)
	nearKnown(t, "low", r.Low, .209006)
	nearKnown(t, "high", r.High, 1.119183)
	r = CompareRates(Counted{0, 7}, Counted{5, 7}, 1)
	nearKnown(t, "ratio", r.Ratio, 0)
	nearKnown(t, "low", r.Low, 0)
	nearKnown(t, "high", r.High, 1.091279)
}

// TestSmallestChange holds the table of metrics.md 8: what five to a hundred pages must become to be told apart.
func TestSmallestChange(t *testing.T) {
	for _, c := range []struct{ before, up, down int64 }{{5, 15, -1}, {10, 23, 2}, {20, 36, 8}, {30, 49, 15}, {50, 73, 31}, {100, 131, 73}} {
		p := func(now int64) float64 { return *CompareRates(Counted{now, 1}, Counted{c.before, 1}, 1).P }
		if p(c.up) >= 0.05 || p(c.up-1) < 0.05 {
			t.Errorf("%d pages: %d gives p %g, one less %g", c.before, c.up, p(c.up), p(c.up-1))
		}
		if c.down < 0 {
			if p(0) < 0.05 {
				t.Errorf("%d pages: a drop to 0 is told, p %g", c.before, p(0))
			}
		} else if p(c.down) >= 0.05 || p(c.down+1) < 0.05 {
			t.Errorf("%d pages: %d gives p %g, one more %g", c.before, c.down, p(c.down), p(c.down+1))
		}
	}
}

func TestRatesOfNothing(t *testing.T) {
	for _, c := range [][2]Counted{{{0, 1}, {0, 1}}, {{3, 0}, {3, 1}}, {{3, 1}, {3, 0}}} {
		r := CompareRates(c[0], c[1], 1)
		unknown(t, "ratio", r.Ratio)
		unknown(t, "low", r.Low)
		unknown(t, "high", r.High)
		unknown(t, "p", r.P)
		if r.MayBeChance != nil {
			t.Errorf("%v: chance is %v, want nil", c, *r.MayBeChance)
		}
	}
	// From nothing to 7: no ratio, and no upper limit, but more than chance. The lower limit is that of 0 against 7
	// turned over: 7 against 0 has p ≥ 0.025^(1/7), odds 1.440963.
	r := CompareRates(Counted{7, 1}, Counted{0, 1}, 1)
	unknown(t, "ratio", r.Ratio)
	unknown(t, "high", r.High)
	p := math.Pow(0.025, 1.0/7)
	nearKnown(t, "low", r.Low, p/(1-p))
	if *r.MayBeChance {
		t.Error("7 against 0 is told from chance")
	}
	nearKnown(t, "high of the reverse", CompareRates(Counted{0, 1}, Counted{7, 1}, 1).High, (1-p)/p)
}

func TestStretchedRates(t *testing.T) {
	plain, wide := CompareRates(Counted{60, 2}, Counted{30, 2}, 1), CompareRates(Counted{60, 2}, Counted{30, 2}, 2)
	nearKnown(t, "ratio", wide.Ratio, 2)
	// twice as far from 2 on the log scale
	nearKnown(t, "low", wide.Low, *plain.Low**plain.Low/2)
	nearKnown(t, "high", wide.High, *plain.High**plain.High/2)
	if *plain.MayBeChance || !*wide.MayBeChance {
		t.Errorf("60 against 30 with factor 1 and 2: chance %v and %v", *plain.MayBeChance, *wide.MayBeChance)
	}
	z := distuv.UnitNormal.Quantile(*plain.P / 2)
	nearKnown(t, "p", wide.P, 2*distuv.UnitNormal.CDF(z/2))
	// around (0 + ½) / (8 + ½) where the ratio is 0; the low end stays
	plain, wide = CompareRates(Counted{0, 1}, Counted{8, 1}, 1), CompareRates(Counted{0, 1}, Counted{8, 1}, 1.5)
	nearKnown(t, "low at 0", wide.Low, 0)
	centre := math.Log(0.5 / 8.5)
	nearKnown(t, "high at 0", wide.High, math.Exp(centre+1.5*(math.Log(*plain.High)-centre)))
	nearKnown(t, "a factor below 1 is none", CompareRates(Counted{0, 1}, Counted{8, 1}, 0.5).High, *plain.High)
}

func TestDispersion(t *testing.T) { // O-16
	var horses []Counted
	for deaths, corps := range []int{109, 65, 22, 3, 1} {
		for range corps {
			horses = append(horses, Counted{int64(deaths), 1})
		}
	}
	chiSquare, freedom := Dispersion(horses)
	within(t, "horse kicks", chiSquare, 199.3115, 5e-5)
	near(t, "p", distuv.ChiSquared{K: float64(freedom)}.Survival(chiSquare), .480450)
	var weeks []Counted
	for _, pages := range []int64{3, 0, 1, 12, 2, 0, 0, 9, 1, 2, 0, 6} {
		weeks = append(weeks, Counted{pages, 168})
	}
	chiSquare, freedom = Dispersion(weeks)
	within(t, "weeks", chiSquare, 57.33333, 5e-6)
	near(t, "variance / mean", chiSquare/float64(freedom), 5.212121)
	within(t, "p", distuv.ChiSquared{K: float64(freedom)}.Survival(chiSquare), 2.8885e-8, 1e-12)
	near(t, "stretch", Stretch(weeks, nil), math.Sqrt(5.212121212))
	// Two periods have a rate each: 4 shifts of 10 and 4 of 40 do not scatter at all.
	calm := []Counted{{10, 1}, {10, 1}, {10, 1}, {10, 1}}
	busy := []Counted{{40, 1}, {40, 1}, {40, 1}, {40, 1}}
	if chiSquare, freedom := Dispersion(calm, busy); chiSquare != 0 || freedom != 6 {
		t.Errorf("chi-square %g with %d degrees of freedom, want 0 with 6", chiSquare, freedom)
	}
	near(t, "never below 1", Stretch(calm, busy), 1)
	// A shift of twice the length is expected to hold twice the pages.
	if chiSquare, _ := Dispersion([]Counted{{10, 1}, {20, 2}}); chiSquare != 0 {
		t.Errorf("unequal shifts: chi-square %g, want 0", chiSquare)
	}
	near(t, "seven shifts are too few", Stretch(weeks[:4], weeks[4:7]), 1)
	if got := Stretch(weeks[:4], weeks[4:8]); got < 2 {
		t.Errorf("eight shifts are enough: got %g", got)
	}
	near(t, "eight shifts without time", Stretch(make([]Counted, 8), nil), 1)
}
