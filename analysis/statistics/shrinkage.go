package statistics

import "gonum.org/v1/gonum/stat/distuv"

// Shrunken is an estimate drawn towards what is known beforehand, the more the less was seen. Rank on Low, so that 3
// of 3 does not outrank 45 of 60.
type Shrunken struct{ Mean, Low, High float64 } // Low and High are the 5% and the 95% bound

// priorWeight is the number of events, or of each kind of outcome, that the prior counts for.
const priorWeight = 0.5

// ShrunkenRate is a Poisson rate drawn towards the rate of its whole group (all alerts of a rotation, say), which
// counts like half an event: the prior is Gamma(½, ½/groupRate). groupRate must be positive.
func ShrunkenRate(c Counted, groupRate float64) Shrunken {
	g := gammaPoisson(priorWeight, priorWeight/groupRate, c)
	return Shrunken{Mean: g.Mean(), Low: g.Quantile(0.05), High: g.Quantile(0.95)}
}

// gammaPoisson is what is known of a rate after c, from a prior of shape a and rate b.
func gammaPoisson(a, b float64, c Counted) distuv.Gamma {
	return distuv.Gamma{Alpha: a + float64(c.Events), Beta: b + c.Exposure}
}

// ShrunkenShare is the share x of n under Jeffreys' prior, Beta(½, ½).
func ShrunkenShare(x, n int64) Shrunken {
	b := distuv.Beta{Alpha: priorWeight + float64(x), Beta: priorWeight + float64(n-x)}
	return Shrunken{Mean: b.Mean(), Low: b.Quantile(0.05), High: b.Quantile(0.95)}
}
