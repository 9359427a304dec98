package reports

// Waiting says how long incidents wait when those that still wait count too, and which end comes first. It is over the
// population of Response.
type Waiting struct {
	ResolveP50Seconds          *float64 `json:"resolve_p50_seconds"`          // Kaplan–Meier; nil where less than half are resolved
	AcknowledgeP50SecondsLow   *float64 `json:"acknowledge_p50_seconds_low"`  // exact 95% interval of the median; nil under 6 acknowledgements
	AcknowledgeP50SecondsHigh  *float64 `json:"acknowledge_p50_seconds_high"` // of it
	AcknowledgedIn5MinRatio    *float64 `json:"acknowledged_in_5min_ratio"`   // by a person, before it cleared
	ClearedUnacknowledgedRatio *float64 `json:"cleared_unacknowledged_ratio"` // by itself, before anybody acknowledged it
}

// medianRange is the interval of a median, which fewer than 6 values do not have.
func medianRange(n int64, low, high *float64) string {
	switch {
	case n == 0:
		return unknown
	case low == nil || high == nil:
		return "too few"
	}
	return Seconds(low) + "–" + Seconds(high)
}

// medianWithOpen is a Kaplan–Meier median, which is not reached where half of n incidents or more are open.
func medianWithOpen(n int64, median *float64) string {
	if n > 0 && median == nil {
		return "not reached"
	}
	return Seconds(median)
}
