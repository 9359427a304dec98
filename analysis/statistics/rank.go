package statistics

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// exactUpTo is the largest sample for which the distribution of U is enumerated.
const exactUpTo = 50

// MannWhitney is the rank test of whether values of one sample tend to be larger than those of another.
type MannWhitney struct {
	U           float64 // pairs in which the first is larger, equal ones half
	P           float64 // two-sided
	Superiority float64 // U / pairs: the probability that the first is larger, equal ones half
	Exact       bool
}

// CompareRanks runs the test; false where a sample is empty. Without ties and with at most 50 values a side P is exact,
// else from the normal distribution with the variance corrected for ties and a continuity correction, as R's wilcox.test.
// (github.com/aclements/go-moremath has the test too, but has rested since 2021 and corrects differently.)
func CompareRanks(first, second []float64) (MannWhitney, bool) {
	m, n := len(first), len(second)
	if m == 0 || n == 0 {
		return MannWhitney{}, false
	}
	u, ties := rankSum(first, second)
	pairs := float64(m) * float64(n)
	t := MannWhitney{U: u, Superiority: u / pairs, Exact: ties == 0 && m <= exactUpTo && n <= exactUpTo}
	if t.Exact {
		t.P = math.Min(1, 2*lowerTail(m, n, math.Min(u, pairs-u)))
		return t, true
	}
	t.P = 1
	if deviation := rankDeviation(m, n, ties); deviation > 0 {
		z := math.Max(0, math.Abs(u-pairs/2)-0.5) / deviation
		t.P = 2 * distuv.UnitNormal.CDF(-z)
	}
	return t, true
}

// rankSum gives U and the sum over groups of equal values of t³ − t.
func rankSum(first, second []float64) (u, ties float64) {
	type value struct {
		v       float64
		isFirst bool
	}
	all := make([]value, 0, len(first)+len(second))
	for _, v := range first {
		all = append(all, value{v, true})
	}
	for _, v := range second {
		all = append(all, value{v, false})
	}
	slices.SortFunc(all, func(a, b value) int {
		switch {
		case a.v < b.v:
			return -1
		case a.v > b.v:
			return 1
		}
		return 0
	})
	below := 0.0 // values of the second sample below the group
	for i := 0; i < len(all); {
		j, ofFirst, ofSecond := i, 0.0, 0.0
		for ; j < len(all) && all[j].v == all[i].v; j++ {
			if all[j].isFirst {
				ofFirst++
			} else {
				ofSecond++
			}
		}
		u += ofFirst * (below + ofSecond/2)
		below += ofSecond
		size := float64(j - i)
		ties += size*size*size - size
		i = j
	}
	return u, ties
}

// rankDeviation is the standard deviation of U under equal distributions.
func rankDeviation(m, n int, ties float64) float64 {
	total := float64(m + n)
	return math.Sqrt(float64(m) * float64(n) / 12 * (total + 1 - ties/(total*(total-1))))
}

// lowerTail is P(U ≤ u) without ties.
func lowerTail(m, n int, u float64) float64 {
	sum := 0.0
	for i, p := range uDistribution(m, n) {
		if float64(i) > u {
			break
		}
		sum += p
	}
	return sum
}

// uDistribution is the probability of each U from 0 to m·n under equal distributions: the ways to choose m of the m+n
// ranks, by their sum. Only sums are taken, so no digit is lost; the largest number, C(100,50), is 1e29.
func uDistribution(m, n int) []float64 {
	top := m * n
	ways := make([][]float64, m+1) // by how many ranks were chosen, then by U
	for i := range ways {
		ways[i] = make([]float64, top+1)
	}
	ways[0][0] = 1
	for rank := 1; rank <= m+n; rank++ {
		for chosen := min(m, rank); chosen >= 1; chosen-- {
			// the chosen-th smallest chosen rank stands above rank−chosen values of the other sample
			above := rank - chosen
			if above > n {
				continue
			}
			for u := chosen * above; u >= above; u-- { // none of those chosen stands above more
				ways[chosen][u] += ways[chosen-1][u-above]
			}
		}
	}
	all := 0.0
	for _, w := range ways[m] {
		all += w
	}
	for u := range ways[m] {
		ways[m][u] /= all
	}
	return ways[m]
}
