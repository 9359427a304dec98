// Package statistics holds the tests, intervals and estimates of definitions.md 4, 8 and 9 as pure functions: numbers
// in, numbers out. It knows no database, no clock and nothing of pages; a seed is given where chance is needed.
//
// Every interval is at 95%, two-sided, unless its function says otherwise. What cannot be said (a ratio to nothing, a
// share of nothing, a limit that the sample is too small for) is nil, never 0.
package statistics

import "gonum.org/v1/gonum/stat/distuv"

// tail is the probability left out at each end of a two-sided 95% interval.
const tail = 0.025

// z95 is the normal quantile that belongs to it.
var z95 = distuv.UnitNormal.Quantile(1 - tail)

// Interval is a range of plausible values; a nil end has no limit or none that the sample can tell.
type Interval struct{ Low, High *float64 }

func known(v float64) *float64 { return &v }

func ratio(a, b float64) *float64 {
	if b == 0 {
		return nil
	}
	return known(a / b)
}
