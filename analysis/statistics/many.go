package statistics

import "slices"

// BenjaminiHochberg adjusts p values for being many, in their order: what stays at or below q is a discovery at a
// false discovery rate of q.
func BenjaminiHochberg(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case p[a] < p[b]:
			return -1
		case p[a] > p[b]:
			return 1
		}
		return 0
	})
	out := make([]float64, len(p))
	smallest := 1.0
	for rank := len(p); rank >= 1; rank-- {
		i := order[rank-1]
		smallest = min(smallest, p[i]*float64(len(p))/float64(rank))
		out[i] = smallest
	}
	return out
}
