package statistics

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Counted is how many events fell into how much exposure. The unit of exposure is the caller's, the same on both sides
// of a comparison (crywolf: on-call seconds).
type Counted struct {
	Events   int64
	Exposure float64
}

// RateRatio compares two rates: first / second.
type RateRatio struct {
	Ratio       *float64 // nil where the second has no event or one of the two no exposure
	Low, High   *float64 // 95%; High is nil (no limit) where the second has no event
	P           *float64 // two-sided, against equal rates
	Stretch     float64  // by which the interval was widened on the log scale, 1 or more
	MayBeChance *bool    // the interval contains 1; nil where there is no interval
}

// CompareRates is the exact conditional test of two Poisson rates: given the sum of the counts, the first is binomial.
// The interval is Clopper and Pearson's, the p value sums what is no likelier than the observation; both as R's
// poisson.test gives them. Without an event or without exposure on one side nothing can be said.
//
// stretch (of Stretch, 1 for none) widens the interval on the log scale around the ratio, and the p value by the same
// factor on the normal scale. Where a count is 0 and the ratio therefore 0 or unbounded, the finite end is stretched
// around ((first+½)/exposure) / ((second+½)/exposure); the other end is 0 or unbounded already.
func CompareRates(first, second Counted, stretch float64) RateRatio {
	r := RateRatio{Stretch: math.Max(1, stretch)}
	n := first.Events + second.Events
	if n == 0 || first.Exposure <= 0 || second.Exposure <= 0 {
		return r
	}
	scale := second.Exposure / first.Exposure
	centre := math.Log((float64(first.Events) + 0.5) / (float64(second.Events) + 0.5) * scale)
	if first.Events > 0 && second.Events > 0 {
		centre = math.Log(float64(first.Events) / float64(second.Events) * scale)
	}
	share := ClopperPearson(first.Events, n)
	if second.Events > 0 {
		r.Ratio = known(float64(first.Events) / float64(second.Events) * scale)
		r.High = known(math.Exp(centre + r.Stretch*(math.Log(odds(*share.High)*scale)-centre)))
	}
	r.Low = known(0)
	if first.Events > 0 {
		r.Low = known(math.Exp(centre + r.Stretch*(math.Log(odds(*share.Low)*scale)-centre)))
	}
	r.P = known(widened(binomialP(first.Events, n, first.Exposure/(first.Exposure+second.Exposure)), r.Stretch))
	chance := *r.Low <= 1 && (r.High == nil || *r.High >= 1)
	r.MayBeChance = &chance
	return r
}

func odds(p float64) float64 { return p / (1 - p) }

// widened turns a two-sided p value into the one that a standard error larger by the factor would have given.
func widened(p, factor float64) float64 {
	if factor == 1 || p >= 1 {
		return p
	}
	return math.Min(1, 2*distuv.UnitNormal.CDF(distuv.UnitNormal.Quantile(p/2)/factor))
}

// equallyLikely is how far above the observation's probability another one's may lie by rounding alone; R's value.
const equallyLikely = 1 + 1e-7

// binomialP is the two-sided exact p value of x successes in n trials against a probability, as R's binom.test.
func binomialP(x, n int64, probability float64) float64 {
	b := distuv.Binomial{N: float64(n), P: probability}
	observed := b.Prob(float64(x)) * equallyLikely
	sum := 0.0
	for i := range n + 1 {
		if p := b.Prob(float64(i)); p <= observed {
			sum += p
		}
	}
	return math.Min(1, sum)
}

// PoissonInterval is Garwood's exact interval of the mean of a count; its low end is 0 for a count of 0.
func PoissonInterval(events int64) Interval {
	i := Interval{Low: known(0), High: known(distuv.Gamma{Alpha: float64(events) + 1, Beta: 1}.Quantile(1 - tail))}
	if events > 0 {
		i.Low = known(distuv.Gamma{Alpha: float64(events), Beta: 1}.Quantile(tail))
	}
	return i
}
