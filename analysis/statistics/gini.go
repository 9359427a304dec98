package statistics

import (
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
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

// dealt is one deal: to one after the other a binomial share of what is left, which takes as long for a million pages as
// for one.
func dealt(pages int64, exposure []float64, all float64, source rand.Source) []float64 {
	hands := make([]float64, len(exposure))
	left, rest := float64(pages), all
	for i, e := range exposure {
		switch {
		case left == 0 || e <= 0:
		case e >= rest:
			hands[i] = left
		default:
			hands[i] = distuv.Binomial{N: left, P: e / rest, Src: source}.Rand()
		}
		left, rest = left-hands[i], rest-e
	}
	if left > 0 { // rounding of the rest left nobody to take it
		hands[len(hands)-1] += left
	}
	return hands
}

// ChanceGini is the Gini coefficient that chance alone exceeds in 5% of cases: so many pages dealt out again and again
// to people in proportion to their time on call (exposure, any unit). Equal rates look unfair when pages are few, so
// only a coefficient above this one may be called uneven. The same seed gives the same number. Nil without pages or
// exposure.
func ChanceGini(pages int64, exposure []float64, seed uint64) *float64 {
	all := 0.0
	for _, e := range exposure {
		all += e
	}
	if pages <= 0 || all <= 0 {
		return nil
	}
	source := rand.NewPCG(seed, 0)
	ginis := make([]float64, deals)
	for d := range ginis {
		ginis[d] = *Gini(dealt(pages, exposure, all, source))
	}
	slices.Sort(ginis)
	return known(ginis[deals*95/100-1])
}
