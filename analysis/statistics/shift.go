package statistics

import (
	"math"
	"slices"
)

// Shift is Hodges and Lehmann's estimate of how much larger the values of one sample are than those of another: the
// median of all differences, with the interval that belongs to the Mann–Whitney test.
type Shift struct{ Estimate, Low, High float64 }

// EstimateShift gives first − second; false where a sample is empty. The interval is exact under the conditions of
// CompareRanks, else Hollander and Wolfe's normal one, tie-corrected. The differences are never all held: the k-th is
// found by bisection, in time linear in the samples.
func EstimateShift(first, second []float64) (Shift, bool) {
	if len(first) == 0 || len(second) == 0 {
		return Shift{}, false
	}
	d := newDifferences(first, second)
	pairs := len(first) * len(second)
	k := shiftRank(first, second)
	middle := (d.kth((pairs+1)/2) + d.kth(pairs/2+1)) / 2
	return Shift{Estimate: middle, Low: d.kth(k), High: d.kth(pairs + 1 - k)}, true
}

// shiftRank is the rank of the interval's low end among the differences.
func shiftRank(first, second []float64) int {
	m, n := len(first), len(second)
	_, ties := rankSum(first, second)
	if ties > 0 || m > exactUpTo || n > exactUpTo {
		return max(1, int(math.Round(float64(m)*float64(n)/2-z95*rankDeviation(m, n, ties))))
	}
	sum := 0.0
	for u, p := range uDistribution(m, n) {
		if sum += p; sum > tail { // as R's qwilcox: the smallest u with P(U ≤ u) ≥ 2.5%
			return max(1, u)
		}
	}
	return 1
}

// shortest is the time below which differences are not told apart: PagerDuty stamps whole seconds.
const shortest = 1.0

// CompareTimes compares two samples of durations in seconds: the typical ratio first / second (Hodges–Lehmann on the
// logarithms) with its interval, and the Mann–Whitney test. A time below 1 s counts as 1 s, since 0 has no logarithm.
// False where a sample is empty.
func CompareTimes(first, second []float64) (typical Shift, test MannWhitney, ok bool) {
	a, b := logarithms(first), logarithms(second)
	shift, ok := EstimateShift(a, b)
	if !ok {
		return Shift{}, MannWhitney{}, false
	}
	test, _ = CompareRanks(a, b)
	return Shift{Estimate: math.Exp(shift.Estimate), Low: math.Exp(shift.Low), High: math.Exp(shift.High)}, test, true
}

func logarithms(seconds []float64) []float64 {
	out := make([]float64, len(seconds))
	for i, s := range seconds {
		out[i] = math.Log(math.Max(shortest, s))
	}
	return out
}

// differences are all x − y, not held but sorted in both directions.
type differences struct{ xs, ys []float64 }

func newDifferences(first, second []float64) differences {
	d := differences{slices.Clone(first), slices.Clone(second)}
	slices.Sort(d.xs)
	slices.Sort(d.ys)
	return d
}

// kth is the k-th smallest difference, k from 1: bisection over the ordered bit patterns of floats, so the answer is
// one of the differences to the last bit after at most 64 steps.
func (d differences) kth(k int) float64 {
	low := ordered(d.xs[0] - d.ys[len(d.ys)-1])
	high := ordered(d.xs[len(d.xs)-1] - d.ys[0])
	for low < high {
		middle := low + (high-low)/2
		if d.atMost(unordered(middle)) >= k {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return unordered(low)
}

// atMost counts the differences up to v.
func (d differences) atMost(v float64) int {
	count, j := 0, len(d.ys)
	for i := len(d.xs) - 1; i >= 0; i-- {
		// the smaller x, the more y's come near enough
		for j > 0 && d.xs[i]-d.ys[j-1] <= v {
			j--
		}
		count += len(d.ys) - j
	}
	return count
}

const signBit = 1 << 63

// ordered maps a float to an integer of the same order; unordered maps it back.
func ordered(v float64) uint64 {
	bits := math.Float64bits(v)
	if bits&signBit != 0 {
		return ^bits
	}
	return bits | signBit
}

func unordered(u uint64) float64 {
	if u&signBit != 0 {
		return math.Float64frombits(u &^ signBit)
	}
	return math.Float64frombits(^u)
}
