package statistics

import "testing"

func TestShares(t *testing.T) { // O-10
	for _, c := range []struct {
		x, n                    int64
		wilsonLow, wilsonHigh   float64
		clopperLow, clopperHigh float64
	}{
		{8, 10, .490162, .943318, .443905, .974789}, {0, 20, 0, .161125, 0, .168433},
		{45, 100, .356145, .547554, .350320, .552720}, {14, 20, -1, -1, .457211, .881068}, // the last is O-13
		{1, 3, .061492, .792340, -1, -1},
	} {
		if c.wilsonHigh >= 0 {
			w := Wilson(c.x, c.n)
			nearKnown(t, "Wilson low", w.Low, c.wilsonLow)
			nearKnown(t, "Wilson high", w.High, c.wilsonHigh)
		}
		if c.clopperHigh >= 0 {
			i := ClopperPearson(c.x, c.n)
			nearKnown(t, "exact low", i.Low, c.clopperLow)
			nearKnown(t, "exact high", i.High, c.clopperHigh)
		}
	}
	for _, i := range []Interval{Wilson(0, 0), ClopperPearson(0, 0)} {
		unknown(t, "low of nothing", i.Low)
		unknown(t, "high of nothing", i.High)
	}
	if w := Wilson(20, 20); *w.High != 1 {
		t.Errorf("20 of 20 reaches to %g", *w.High)
	}
}

func TestBinomialP(t *testing.T) { // O-13: night pages against the share of sleep hours
	near(t, "14 of 20 against 10/24", binomialP(14, 20, 10.0/24), .01222062)
}

func TestShrunkenShare(t *testing.T) { // O-10
	for _, c := range []struct {
		x, n int64
		low  float64
	}{{3, 3, .555933}, {9, 10, .669437}, {45, 60, .650468}, {0, 4, .000462}} {
		near(t, "5% bound", ShrunkenShare(c.x, c.n).Low, c.low)
	}
	s := ShrunkenShare(2, 4)
	near(t, "mean", s.Mean, 0.5)
	near(t, "symmetry", s.High, 1-s.Low)
}

func TestCompareShares(t *testing.T) { // O-10
	tea, _ := CompareShares(3, 4, 1, 4)
	near(t, "tea", tea.P, .4857143)
	f, _ := CompareShares(30, 40, 20, 40)
	near(t, "30 of 40 against 20 of 40", f.P, .03683483)
	within(t, "odds ratio", *f.OddsRatio, 2.957367, 2e-4) // R looks for it with a tolerance of 1.2e-4
	turned, _ := CompareShares(20, 40, 30, 40)
	near(t, "turned round", turned.P, f.P)
	nearKnown(t, "odds ratio turned round", turned.OddsRatio, 1 / *f.OddsRatio)
	same, _ := CompareShares(5, 10, 50, 100)
	near(t, "equal shares", same.P, 1)
	all, _ := CompareShares(10, 10, 20, 20)
	near(t, "all of both", all.P, 1)
	unknown(t, "odds of all of both", all.OddsRatio)
	none, _ := CompareShares(0, 10, 6, 10)
	nearKnown(t, "odds of none", none.OddsRatio, 0)
	if _, ok := CompareShares(0, 0, 3, 4); ok {
		t.Error("a share of nothing was compared")
	}
	large, _ := CompareShares(5000, 50000, 5300, 50000)
	if large.P > 0.0025 || large.P < 0.001 { // chi-square with continuity: .00184
		t.Errorf("5000 against 5300 of 50,000: p %g", large.P)
	}
}

func TestShrunkenRate(t *testing.T) { // O-17
	for _, c := range []struct {
		a, b            float64
		c               Counted
		mean, low, high float64
	}{
		{2, 1, Counted{5, 4}, 1.4, .562873, 2.611895},
		{2, 1, Counted{0, 4}, .4, .048442, 1.114329},
		{.5, 0, Counted{5, 4}, 1.375, .476969, 2.740006},
	} {
		g := gammaPoisson(c.a, c.b, c.c)
		near(t, "mean", g.Mean(), c.mean)
		near(t, "2.5%", g.Quantile(.025), c.low)
		near(t, "97.5%", g.Quantile(.975), c.high)
	}
	counts, exposures := []int64{40, 12, 3, 1, 0, 7}, []float64{10, 10, 10, 2, 10, 5}
	for i, want := range []float64{3.904361, 1.205050, .337414, .632107, .048202, 1.395864} {
		s := ShrunkenRate(Counted{counts[i], exposures[i]}, 63.0/47)
		near(t, "drawn towards 63 in 47", s.Mean, want)
		after := gammaPoisson(.5, .5/(63.0/47), Counted{counts[i], exposures[i]})
		near(t, "below the 5% bound", after.CDF(s.Low), .05)
		near(t, "below the 95% bound", after.CDF(s.High), .95)
	}
}

func TestBenjaminiHochberg(t *testing.T) { // O-12
	p := []float64{.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1}
	want := []float64{.0015, .003, .0095, .035625, .0603, .063857, .063857, .0645, .0765, .486, .581182, .714875, .753231, .813214, 1}
	// in any order: the last first
	for i, j := 0, len(p)-1; i < j; i, j = i+1, j-1 {
		p[i], p[j], want[i], want[j] = p[j], p[i], want[j], want[i]
	}
	rejected := 0
	for i, q := range BenjaminiHochberg(p) {
		near(t, "adjusted", q, want[i])
		if q <= 0.05 {
			rejected++
		}
	}
	if rejected != 4 {
		t.Errorf("%d are discoveries at 5%%, want 4", rejected)
	}
	if got := BenjaminiHochberg(nil); len(got) != 0 {
		t.Errorf("nothing adjusted is %v", got)
	}
}

func TestGini(t *testing.T) { // O-11
	for _, c := range []struct {
		amounts []float64
		want    float64
	}{
		{[]float64{1, 2, 3, 4, 5}, .2666667}, {[]float64{0, 0, 0, 1}, .75}, {[]float64{4, 4, 4}, 0},
		{[]float64{14, 1, 2, 2, 1}, .54}, {[]float64{12, 9, 7, 5, 4, 2, 1, 0}, .4375},
	} {
		nearKnown(t, "Gini", Gini(c.amounts), c.want)
	}
	unknown(t, "nothing to share", Gini([]float64{0, 0}))
	unknown(t, "nobody to share", Gini(nil))
}

// TestChanceGini holds against the table of metrics.md 7 (95th percentiles, two decimals, of Poisson counts, so nearly).
func TestChanceGini(t *testing.T) {
	for _, c := range []struct {
		people int
		mean   int64
		want   float64
	}{{4, 5, .34}, {4, 20, .17}, {8, 10, .23}, {12, 20, .16}} {
		exposure := make([]float64, c.people)
		for i := range exposure {
			exposure[i] = 168
		}
		got := ChanceGini(c.mean*int64(c.people), exposure, 1)
		within(t, "by chance", *got, c.want, 0.02)
		if again := ChanceGini(c.mean*int64(c.people), exposure, 1); *again != *got {
			t.Errorf("the same seed gave %g and %g", *got, *again)
		}
	}
	// Who is never on call gets no page, however they are dealt: two people share them, Gini at least 1/3.
	if got := ChanceGini(1000, []float64{1, 1, 0}, 1); *got < 1.0/3 || *got > 0.4 {
		t.Errorf("with one person never on call: %g", *got)
	}
	unknown(t, "no page", ChanceGini(0, []float64{1}, 1))
	unknown(t, "no exposure", ChanceGini(3, []float64{0, 0}, 1))
}

func TestAgreement(t *testing.T) { // O-18
	for _, c := range []struct {
		tp, fp, fn, tn int
		kappa          float64
	}{{20, 5, 10, 15, .4}, {45, 15, 25, 15, .1304348}, {25, 35, 5, 35, .2592593}, {42, 8, 14, 36, .56}} {
		nearKnown(t, "kappa", Agreement(c.tp, c.fp, c.fn, c.tn).Kappa, c.kappa)
	}
	r := Agreement(42, 8, 14, 36)
	nearKnown(t, "precision", r.Precision, .84)
	nearKnown(t, "precision low", r.PrecisionLow, .714858)
	nearKnown(t, "precision high", r.PrecisionHigh, .916626)
	nearKnown(t, "recall", r.Recall, .75)
	nearKnown(t, "recall low", r.RecallLow, .623074)
	nearKnown(t, "recall high", r.RecallHigh, .844829)
	nearKnown(t, "F1", r.F1, .7924528)
	nearKnown(t, "raw", r.Raw, .78)
	never := Agreement(0, 0, 5, 5) // the first rater never says yes
	unknown(t, "precision of no call", never.Precision)
	unknown(t, "its limit", never.PrecisionLow)
	nearKnown(t, "recall of no call", never.Recall, 0)
	nearKnown(t, "kappa of no call", never.Kappa, 0)
	unknown(t, "kappa of one answer", Agreement(0, 0, 0, 9).Kappa)
	unknown(t, "raw of nothing", Agreement(0, 0, 0, 0).Raw)
}

func TestRoganGladen(t *testing.T) { // O-18
	nearKnown(t, "corrected", RoganGladen(.6, .8, .9), .7142857)
	nearKnown(t, "clipped below", RoganGladen(.05, .8, .9), 0)
	nearKnown(t, "clipped above", RoganGladen(.95, .8, .9), 1)
	unknown(t, "a test like a coin", RoganGladen(.5, .5, .5))
}
