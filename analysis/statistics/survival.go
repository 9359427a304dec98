package statistics

import (
	"math"
	"slices"
)

// Observation is a time until something happened, or until the watching ended without it.
type Observation struct {
	Time  float64
	Cause Cause
}

// Cause is what ended an observation. Which number stands for what is the caller's, but for Censored.
type Cause int

// Censored observations ended while nothing had happened yet: an incident that is still open.
const Censored Cause = 0

// Step is the value of a step function from a time on.
type Step struct {
	Time  float64
	Value float64
	Error float64 // standard error (Greenwood), where the function has one
}

// sameHeight is the difference of survival that rounding may make: S is a product of many fractions.
const sameHeight = 1e-9

// KaplanMeier is the share that still waits, from each time of an event on; any cause but Censored is an event. An
// event comes before a censoring of the same time.
func KaplanMeier(observations []Observation) []Step {
	var steps []Step
	s, sum := 1.0, 0.0
	for _, e := range eventTimes(observations) {
		s *= 1 - e.events/e.atRisk
		sum += e.events / (e.atRisk * (e.atRisk - e.events))
		step := Step{Time: e.time, Value: s, Error: s * math.Sqrt(sum)}
		if e.events == e.atRisk {
			step.Value, step.Error = 0, 0
			s = 0
		}
		steps = append(steps, step)
	}
	return steps
}

// SurvivalQuantile is the time by which the share q has had the event: the first with S ≤ 1 − q, or, where S equals
// 1 − q over a stretch, the stretch's middle (R's rule), so that without censoring the median is the ordinary one. Nil
// where S never comes down so far.
func SurvivalQuantile(steps []Step, q float64) *float64 {
	for i, s := range steps {
		switch {
		case s.Value > 1-q+sameHeight:
			continue
		case s.Value > 1-q-sameHeight && i+1 < len(steps):
			return known((s.Time + steps[i+1].Time) / 2)
		}
		return known(s.Time)
	}
	return nil
}

// CumulativeIncidence is the share that has had the event of one cause before that of any other, from each time of
// such an event on (Aalen–Johansen). Treating the other causes as censoring instead would overstate it.
func CumulativeIncidence(observations []Observation, cause Cause) []Step {
	var steps []Step
	s, sum := 1.0, 0.0
	for _, e := range eventTimes(observations) {
		if n := e.byCause[cause]; n > 0 {
			sum += s * n / e.atRisk
			steps = append(steps, Step{Time: e.time, Value: sum})
		}
		s *= 1 - e.events/e.atRisk
	}
	return steps
}

// ValueAt is a step function's value at a time, before its first step the given one.
func ValueAt(steps []Step, t, before float64) float64 {
	for _, s := range steps {
		if s.Time > t {
			break
		}
		before = s.Value
	}
	return before
}

// eventTime is a time at which something happened.
type eventTime struct {
	time           float64
	atRisk, events float64
	byCause        map[Cause]float64
}

func eventTimes(observations []Observation) []eventTime {
	sorted := slices.Clone(observations)
	slices.SortFunc(sorted, func(a, b Observation) int {
		switch {
		case a.Time < b.Time:
			return -1
		case a.Time > b.Time:
			return 1
		}
		return 0
	})
	var out []eventTime
	for i := 0; i < len(sorted); {
		e := eventTime{time: sorted[i].Time, atRisk: float64(len(sorted) - i), byCause: map[Cause]float64{}}
		for ; i < len(sorted) && sorted[i].Time == e.time; i++ {
			if c := sorted[i].Cause; c != Censored {
				e.byCause[c]++
				e.events++
			}
		}
		if e.events > 0 {
			out = append(out, e)
		}
	}
	return out
}
