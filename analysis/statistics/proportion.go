package statistics

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Wilson is Wilson's interval of a share, x of n; without limits where n is 0.
func Wilson(x, n int64) Interval {
	if n == 0 {
		return Interval{}
	}
	size := float64(n)
	p, z2 := float64(x)/size, z95*z95
	centre := (p + z2/(2*size)) / (1 + z2/size)
	half := z95 / (1 + z2/size) * math.Sqrt(p*(1-p)/size+z2/(4*size*size))
	i := Interval{known(math.Max(0, centre-half)), known(math.Min(1, centre+half))}
	if x == 0 {
		i.Low = known(0) // exactly, where rounding leaves a trace
	}
	if x == n {
		i.High = known(1)
	}
	return i
}

// ClopperPearson is the exact interval of a share, x of n; without limits where n is 0.
func ClopperPearson(x, n int64) Interval {
	if n == 0 {
		return Interval{}
	}
	i := Interval{known(0), known(1)}
	if x > 0 {
		i.Low = known(distuv.Beta{Alpha: float64(x), Beta: float64(n-x) + 1}.Quantile(tail))
	}
	if x < n {
		i.High = known(distuv.Beta{Alpha: float64(x) + 1, Beta: float64(n - x)}.Quantile(1 - tail))
	}
	return i
}

// FisherExact is Fisher's exact test of a table of two samples, each split in two.
type FisherExact struct {
	P         float64  // two-sided: what is no likelier than the table, as R's fisher.test
	OddsRatio *float64 // conditional maximum likelihood, as R's; nil where it is unbounded or undefined
}

// CompareShares tests whether x1 of n1 and x2 of n2 are the same share; false where a sample is empty.
func CompareShares(x1, n1, x2, n2 int64) (FisherExact, bool) {
	if n1 <= 0 || n2 <= 0 {
		return FisherExact{}, false
	}
	h := newHypergeometric(n1, n2, x1+x2)
	observed := h.probability(x1, 0) * equallyLikely
	f := FisherExact{}
	for x := h.low; x <= h.high; x++ {
		if p := h.probability(x, 0); p <= observed {
			f.P += p
		}
	}
	f.P = math.Min(1, f.P)
	switch {
	case h.low == h.high || x1 == h.high:
	case x1 == h.low:
		f.OddsRatio = known(0)
	default:
		f.OddsRatio = known(math.Exp(h.logOdds(float64(x1))))
	}
	return f, true
}

// hypergeometric is the distribution of x1 given the margins of the table.
type hypergeometric struct {
	low, high int64
	weights   []float64 // logarithms, from low on
}

func newHypergeometric(n1, n2, successes int64) hypergeometric {
	h := hypergeometric{low: max(0, successes-n2), high: min(n1, successes)}
	all := logChoose(n1+n2, successes)
	for x := h.low; x <= h.high; x++ {
		h.weights = append(h.weights, logChoose(n1, x)+logChoose(n2, successes-x)-all)
	}
	return h
}

func logChoose(n, k int64) float64 {
	a, _ := math.Lgamma(float64(n) + 1)
	b, _ := math.Lgamma(float64(k) + 1)
	c, _ := math.Lgamma(float64(n-k) + 1)
	return a - b - c
}

// probability is that of x, where log odds are 0.
func (h hypergeometric) probability(x int64, logOdds float64) float64 {
	return math.Exp(h.weights[x-h.low] + logOdds*float64(x))
}

// mean is the expectation at some log odds ratio.
func (h hypergeometric) mean(logOdds float64) float64 {
	top := math.Inf(-1)
	for i, w := range h.weights {
		top = math.Max(top, w+logOdds*float64(i))
	}
	sum, weighted := 0.0, 0.0
	for i, w := range h.weights {
		p := math.Exp(w + logOdds*float64(i) - top)
		sum += p
		weighted += p * float64(h.low+int64(i))
	}
	return weighted / sum
}

// logOdds is the log odds ratio at which x is expected, by bisection.
func (h hypergeometric) logOdds(x float64) float64 {
	low, high := -50.0, 50.0
	for range 100 {
		if middle := (low + high) / 2; h.mean(middle) < x {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}
