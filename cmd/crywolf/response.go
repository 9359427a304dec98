package main

import (
	"crywolf/analysis/statistics"
	"crywolf/reports"
)

// responseTimes are the times of the incidents of one rotation and period, in seconds.
type responseTimes struct {
	acknowledged []float64                // of those that a person acknowledged
	resolved     []float64                // of those that are resolved
	untilResolve []statistics.Observation // all; the open ones are censored
	firstEvent   []statistics.Observation // all: what came first
}

// What can come first in an incident's life.
const (
	acknowledgedFirst statistics.Cause = iota + 1
	clearedFirst                       // by itself: the monitor or a timeout
	resolvedFirst                      // by a person without an acknowledgement, or by nobody knows whom
)

// responseTimes reads the response population of a period, by rotation id.
func (b *builder) responseTimes(p reports.Period) map[string]*responseTimes {
	out := map[string]*responseTimes{}
	for _, r := range b.rows("response_times", p) {
		id := r.text("rotation_id")
		if out[id] == nil {
			out[id] = &responseTimes{}
		}
		out[id].add(r.number("acknowledge_seconds"), r.number("resolve_seconds"), r.number("open_seconds"), r.text("cleared_by"))
	}
	return out
}

// add takes one incident in. A time that is nil did not happen or is not known.
func (t *responseTimes) add(acknowledged, resolved, open *float64, clearedBy string) {
	if acknowledged != nil {
		t.acknowledged = append(t.acknowledged, *acknowledged)
	}
	if resolved != nil {
		t.resolved = append(t.resolved, *resolved)
		t.untilResolve = append(t.untilResolve, statistics.Observation{Time: *resolved, Cause: resolvedFirst})
	} else if open != nil {
		t.untilResolve = append(t.untilResolve, statistics.Observation{Time: *open, Cause: statistics.Censored})
	}
	switch {
	case acknowledged != nil && (resolved == nil || *acknowledged <= *resolved):
		t.firstEvent = append(t.firstEvent, statistics.Observation{Time: *acknowledged, Cause: acknowledgedFirst})
	case resolved != nil && (clearedBy == "monitor" || clearedBy == "timeout"):
		t.firstEvent = append(t.firstEvent, statistics.Observation{Time: *resolved, Cause: clearedFirst})
	case resolved != nil:
		t.firstEvent = append(t.firstEvent, statistics.Observation{Time: *resolved, Cause: resolvedFirst})
	case open != nil:
		t.firstEvent = append(t.firstEvent, statistics.Observation{Time: *open, Cause: statistics.Censored})
	}
}

// promptSeconds is within what time an acknowledgement counts as prompt in the share that is told.
const promptSeconds = 5 * 60

func (t *responseTimes) waiting() reports.Waiting {
	median := statistics.QuantileInterval(t.acknowledged, 0.5)
	w := reports.Waiting{
		ResolveP50Seconds:        statistics.SurvivalQuantile(statistics.KaplanMeier(t.untilResolve), 0.5),
		AcknowledgeP50SecondsLow: median.Low, AcknowledgeP50SecondsHigh: median.High,
	}
	if len(t.firstEvent) > 0 {
		prompt := statistics.ValueAt(statistics.CumulativeIncidence(t.firstEvent, acknowledgedFirst), promptSeconds, 0)
		w.AcknowledgedIn5MinRatio = &prompt
		cleared := 0.0
		if steps := statistics.CumulativeIncidence(t.firstEvent, clearedFirst); len(steps) > 0 {
			cleared = steps[len(steps)-1].Value
		}
		w.ClearedUnacknowledgedRatio = &cleared
	}
	return w
}
