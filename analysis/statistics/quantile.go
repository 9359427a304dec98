package statistics

import (
	"slices"
	"sort"

	"gonum.org/v1/gonum/stat/distuv"
)

// QuantileInterval is the exact interval of a distribution's q-quantile from the order statistics of a sample: no
// resampling and no assumption but independence. An end that the sample is too small for is nil: the median has none
// below 6 values, the 90th percentile no high end below 36.
func QuantileInterval(values []float64, q float64) Interval {
	sorted := slices.Sorted(slices.Values(values))
	low, high := quantileRanks(len(sorted), q)
	i := Interval{}
	if low >= 1 {
		i.Low = known(sorted[low-1])
	}
	if high <= len(sorted) {
		i.High = known(sorted[high-1])
	}
	return i
}

// quantileRanks gives the ranks of the interval's ends, from 1; 0 and n+1 where there is none. How many values lie
// below the quantile is binomial.
func quantileRanks(n int, q float64) (low, high int) {
	b := distuv.Binomial{N: float64(n), P: q}
	// the largest rank r with P(fewer than r below) ≤ 2.5%, the smallest r with P(r or more below) ≤ 2.5%
	low = sort.Search(n, func(r int) bool { return b.CDF(float64(r)) > tail })
	high = sort.Search(n+1, func(r int) bool { return r > 0 && 1-b.CDF(float64(r)-1) <= tail })
	return low, high
}
