package main

import (
	"math"
	"sort"
)

func truthNumber(x float64) *float64 { return &x }

// truthRatio is a/b, null where b is 0.
func truthRatio(a, b float64) *float64 {
	if b == 0 {
		return nil
	}
	return truthNumber(a / b)
}

// truthWilson is the 95% Wilson interval of x of n, null where n is 0.
func truthWilson(x, n int) (low, high *float64) {
	if n == 0 {
		return nil, nil
	}
	const z = 1.959963984540054
	p, m := float64(x)/float64(n), float64(n)
	centre := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return truthNumber(math.Max(0, centre-half)), truthNumber(math.Min(1, centre+half))
}

// truthQuantile is R's type 7: linear between the order statistics around (n-1)q. Null of nothing.
func truthQuantile(values []float64, q float64) *float64 {
	if len(values) == 0 {
		return nil
	}
	sorted := append([]float64(nil), values...)
	sort.Float64s(sorted)
	position := q * float64(len(sorted)-1)
	below := int(math.Floor(position))
	if below+1 == len(sorted) {
		return truthNumber(sorted[below])
	}
	share := position - float64(below)
	return truthNumber(sorted[below] + share*(sorted[below+1]-sorted[below]))
}

func truthMean(values []float64) *float64 {
	sum := 0.0
	for _, value := range values {
		sum += value
	}
	return truthRatio(sum, float64(len(values)))
}

func truthQuantilesOf(values []float64) truthQuantiles {
	return truthQuantiles{
		Mean: truthMean(values),
		P50:  truthQuantile(values, 0.50),
		P90:  truthQuantile(values, 0.90),
		P95:  truthQuantile(values, 0.95),
	}
}
