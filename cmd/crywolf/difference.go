package main

import (
	"crywolf/analysis/statistics"
	"crywolf/reports"
)

// significant is the p value from which on a difference of times or shares may be chance.
const significant = 0.05

// differenceOfRates is nil where the rates cannot be compared.
func differenceOfRates(r statistics.RateRatio) *reports.Difference {
	if r.MayBeChance == nil {
		return nil
	}
	return &reports.Difference{Ratio: r.Ratio, MayBeChance: *r.MayBeChance}
}

// differenceOfTimes is the typical ratio of two samples of seconds; nil where one is empty.
func differenceOfTimes(now, before []float64) *reports.Difference {
	typical, test, ok := statistics.CompareTimes(now, before)
	if !ok {
		return nil
	}
	return &reports.Difference{Ratio: &typical.Estimate, MayBeChance: test.P >= significant}
}

// differenceOfShares compares x1 of n1 now with x2 of n2 before; nil where one is a share of nothing.
func differenceOfShares(x1, n1, x2, n2 int64) *reports.Difference {
	test, ok := statistics.CompareShares(x1, n1, x2, n2)
	if !ok {
		return nil
	}
	points := float64(x1)/float64(n1) - float64(x2)/float64(n2)
	return &reports.Difference{Points: &points, MayBeChance: test.P >= significant}
}

// differenceOfVerdicts compares the non-actionable share of what could be decided.
func differenceOfVerdicts(now, before reports.VerdictCounts) *reports.Difference {
	return differenceOfShares(now.NonActionable, now.NonActionable+now.Actionable, before.NonActionable, before.NonActionable+before.Actionable)
}
