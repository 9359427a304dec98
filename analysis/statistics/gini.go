package statistics

import (
	"math/rand/v2"
	"slices"
	"sort"
)

// Gini is the Gini coefficient of amounts, in its population form: 0 is all equal. Nil where there is nothing to
// share out.
func Gini(amounts []float64) *float64 {
	sorted := slices.Sorted(slices.Values(amounts))
	sum, weighted := 0.0, 0.0
	for i, a := range sorted {
		sum += a
		weighted += float64(2*(i+1)-len(sorted)-1) * a
	}
	return ratio(weighted, float64(len(sorted))*sum)
}

// deals is how often pages are dealt out again.
const deals = 2000

// ChanceGini is the Gini coefficient that chance alone exceeds in 5% of cases: so many pages dealt out again and again
// to people in proportion to their time on call (exposure, any unit). Equal rates look unfair when pages are few, so
// only a coefficient above this one may be called uneven. The same seed gives the same number. Nil without pages or
// exposure.
func ChanceGini(pages int64, exposure []float64, seed uint64) *float64 {
	upTo := make([]float64, len(exposure))
	all := 0.0
	for i, e := range exposure {
		all += e
		upTo[i] = all
	}
	if pages <= 0 || all <= 0 {
		return nil
	}
	draw := rand.New(rand.NewPCG(seed, 0))
	ginis := make([]float64, deals)
	for d := range ginis {
		hands := make([]float64, len(exposure))
		for range pages {
			at := draw.Float64() * all
			hands[sort.Search(len(upTo)-1, func(i int) bool { return upTo[i] > at })]++
		}
		ginis[d] = *Gini(hands)
	}
	slices.Sort(ginis)
	return known(ginis[deals*95/100-1])
}
