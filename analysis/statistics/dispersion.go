package statistics

import "math"

// fewestShifts is the number of units below which their spread is not estimated.
const fewestShifts = 8

// Dispersion is the chi-square of counts against a constant rate and its degrees of freedom, over groups of units that
// have a rate each. Groups without exposure are left out.
func Dispersion(groups ...[]Counted) (chiSquare float64, freedom int) {
	for _, group := range groups {
		var events int64
		exposure := 0.0
		for _, c := range group {
			events += c.Events
			exposure += c.Exposure
		}
		if exposure <= 0 {
			continue
		}
		freedom += len(group) - 1
		for _, c := range group {
			expected := float64(events) * c.Exposure / exposure
			if expected > 0 {
				chiSquare += (float64(c.Events) - expected) * (float64(c.Events) - expected) / expected
			}
		}
	}
	return chiSquare, freedom
}

// Stretch is the factor √max(1, χ²/df) by which the interval of a rate ratio is widened on the log scale, from the
// counts of the whole shifts of the two periods, each period at its own rate [definitions 9]. Pages come in clusters;
// with fewer than 8 shifts in all, nobody can tell how much, and the factor is 1.
func Stretch(first, second []Counted) float64 {
	if len(first)+len(second) < fewestShifts {
		return 1
	}
	chiSquare, freedom := Dispersion(first, second)
	if freedom <= 0 {
		return 1
	}
	return math.Sqrt(math.Max(1, chiSquare/float64(freedom)))
}
