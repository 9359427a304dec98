package statistics

import (
	"math"
	"math/rand/v2"
	"testing"
)

// rotation is a made-up rotation whose rate of pages never changes.
type rotation struct {
	shiftHours   float64
	offsetHours  float64 // of the first shift's start before the comparison's
	pagesPerWeek float64
	clusterMean  float64 // pages that come together, 1 for plain Poisson
}

const windowHours = 28 * 24

// comparison draws 56 days of pages and compares the last 28 with the first 28.
func (r rotation) comparison(draw *rand.Rand) RateRatio {
	pages := r.pages(draw)
	var whole [2][]Counted
	for start := -r.offsetHours; start < 2*windowHours; start += r.shiftHours {
		window := int(math.Floor(start / windowHours))
		if start < 0 || start+r.shiftHours > float64(window+1)*windowHours {
			continue // not whole
		}
		c := Counted{Exposure: r.shiftHours * 3600}
		for _, at := range pages {
			if at >= start && at < start+r.shiftHours {
				c.Events++
			}
		}
		whole[window] = append(whole[window], c)
	}
	var sides [2]Counted
	for i := range sides {
		sides[i].Exposure = windowHours * 3600
	}
	for _, at := range pages {
		sides[int(at/windowHours)].Events++
	}
	return CompareRates(sides[1], sides[0], Stretch(whole[1], whole[0]))
}

// pages are the hours at which pages come: clusters at random, each of 1 + a geometric number within half an hour.
func (r rotation) pages(draw *rand.Rand) []float64 {
	var out []float64
	perHour := r.pagesPerWeek / 168 / r.clusterMean
	for at := draw.ExpFloat64() / perHour; at < 2*windowHours; at += draw.ExpFloat64() / perHour {
		out = append(out, at)
		for more := at; draw.Float64() < 1-1/r.clusterMean; {
			if more += draw.Float64() * 0.5; more < 2*windowHours {
				out = append(out, more)
			}
		}
	}
	return out
}

// claims is the share of unchanged comparisons that claim a change.
func claims(rotations []rotation, comparisons int, seed uint64) float64 {
	draw := rand.New(rand.NewPCG(seed, 0))
	n := 0
	for i := range comparisons {
		if r := rotations[i%len(rotations)].comparison(draw); r.MayBeChance != nil && !*r.MayBeChance {
			n++
		}
	}
	return float64(n) / float64(comparisons)
}

// strata are rotations as they come: 8-hour, daily and weekly hand-overs, on the hour of the comparison's bounds or not,
// few and many pages, at random or in clusters.
func strata(clusterMean float64) []rotation {
	var out []rotation
	for _, shift := range []float64{8, 24, 168} {
		for _, perWeek := range []float64{3, 15, 60} {
			for _, offset := range []float64{0, shift / 3} {
				out = append(out, rotation{shift, offset, perWeek, clusterMean})
			}
		}
	}
	return out
}

// fewShifts tells whether the rotation has fewer than 8 whole shifts in 56 days: weeks that are handed over elsewhere
// than at the comparison's bounds, of which 3 and 3 are whole.
func (r rotation) fewShifts() bool { return r.shiftHours == 168 && r.offsetHours > 0 }

// mostClaims is 5% and two standard errors of 1,000 comparisons.
const mostClaims = 0.064

// TestUnchangedRatesClaimNoChange draws comparisons in which nothing changed, with fixed seeds.
func TestUnchangedRatesClaimNoChange(t *testing.T) {
	if got := claims(strata(1), 1000, 1); got > mostClaims {
		t.Errorf("of Poisson pages %.1f%% claim a change", 100*got)
	}
	var mix []rotation
	for _, clusterMean := range []float64{1, 2, 4} {
		for _, r := range strata(clusterMean) {
			if clusterMean == 1 || !r.fewShifts() {
				mix = append(mix, r)
			}
		}
	}
	if got := claims(mix, 1000, 2); got > mostClaims {
		t.Errorf("of the mix %.1f%% claim a change", 100*got)
	}
}

// TestClustersOverFewShiftsClaimTooMuch tells where definitions.md 9 does not hold what it promises: with six whole weeks
// the spread is not estimated, the factor is 1, and pages that come in clusters look like a change far too often. If this
// fails, the rule has become better, and the mix above should take these rotations in.
func TestClustersOverFewShiftsClaimTooMuch(t *testing.T) {
	var weeks []rotation
	for _, r := range strata(4) {
		if r.fewShifts() {
			weeks = append(weeks, r)
		}
	}
	if got := claims(weeks, 1000, 3); got < 0.2 {
		t.Errorf("only %.1f%% claim a change", 100*got)
	}
}

// TestRealChangesAreFound keeps the interval from passing the tests above by being endless: halving 15 pages a week over
// daily shifts is found most of the time (70% and more for a plain Poisson count, metrics.md 8).
func TestRealChangesAreFound(t *testing.T) {
	found := 0
	for seed := range uint64(200) {
		draw := rand.New(rand.NewPCG(seed, 4))
		busy, calm := rotation{24, 0, 15, 1}.daily(draw), rotation{24, 0, 7.5, 1}.daily(draw)
		if r := CompareRates(total(calm), total(busy), Stretch(calm, busy)); !*r.MayBeChance {
			found++
		}
	}
	if found < 140 {
		t.Errorf("%d of 200 halvings were found", found)
	}
}

// daily are the shifts of one window.
func (r rotation) daily(draw *rand.Rand) []Counted {
	shifts := make([]Counted, windowHours/24)
	for i := range shifts {
		shifts[i].Exposure = 86400
	}
	for _, at := range r.pages(draw) {
		if at < windowHours {
			shifts[int(at/24)].Events++
		}
	}
	return shifts
}

func total(shifts []Counted) Counted {
	var sum Counted
	for _, s := range shifts {
		sum.Events += s.Events
		sum.Exposure += s.Exposure
	}
	return sum
}
