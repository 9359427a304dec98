package reports

import (
	"fmt"
	"math"
	"strings"
)

// auditNumber is how one number of a scorecard is called and read.
type auditNumber struct {
	key, label string
	unit       auditUnit
	low, high  string // keys of its 95% bounds, or of the ends of a range
	over       string // keys whose sum it counts over
	p          string // of a slope: key of its test's p
	detail     bool   // left out where there is little room
}

// auditUnit says how a number is written.
type auditUnit int

const (
	countUnit   auditUnit = iota // of things or people that were there
	tallyUnit                    // of what happened: in a period that was not read whole at least so many
	plainUnit                    // a quantity
	shareUnit                    // in percent, with bounds
	secondsUnit                  // a time, or a range of times where it has a low end
	workUnit                     // the same of work, in hours: a day of it would be taken for 24
	rangeUnit                    // a range of shares
	timesUnit                    // a multiple
	slopeUnit                    // change a week
	pointsUnit                   // change of a share a week
)

// auditNumbers are the numbers that a scorecard shows, in their order within a block. A key that is only somebody's bound,
// base or p has no line of its own.
var auditNumbers = []auditNumber{
	{key: "week_count", label: "weeks"},
	{key: "complete_ratio", label: "of the period read whole", unit: shareUnit},
	{key: "shift_count", label: "shifts", detail: true},
	{key: "page_count", label: "pages", unit: tallyUnit, detail: true},

	{key: "person_week_count", label: "weeks on call seen", detail: true},
	{key: "blocks_12h_over_2_incidents_count", label: "12 h blocks over 2 incidents", unit: tallyUnit, over: "blocks_12h_count"},
	{key: "page_p50_count", label: "pages a week, usual (p50)", unit: tallyUnit},
	{key: "page_p90_count", label: "pages a week, 1 in 10 (p90)", unit: tallyUnit, detail: true},
	{key: "page_max_count", label: "pages a week, worst", unit: tallyUnit},
	{key: "night_page_p50_count", label: "night pages a week (p50)", unit: tallyUnit, detail: true},
	{key: "night_page_p90_count", label: "night pages a week (p90)", unit: tallyUnit, detail: true},
	{key: "night_page_max_count", label: "night pages a week, worst", unit: tallyUnit, detail: true},
	{key: "pages_per_12h", label: "pages per 12 h on call", unit: plainUnit, detail: true},
	{key: "interrupted_night_ratio", label: "interrupted nights", unit: shareUnit, low: "interrupted_night_low_ratio",
		high: "interrupted_night_high_ratio", over: "on_call_night_count"},
	{key: "interrupted_night_count", label: "nights with a page", unit: tallyUnit, detail: true},
	{key: "twice_interrupted_night_count", label: "nights woken twice or more", unit: tallyUnit},
	{key: "undisturbed_p50_seconds", label: "undisturbed sleep, usual", unit: secondsUnit, detail: true},
	{key: "undisturbed_p10_seconds", label: "undisturbed sleep, 1 night in 10", unit: secondsUnit, detail: true},
	{key: "business_page_ratio", label: "pages in business hours", unit: shareUnit},
	{key: "toil_high_ratio", label: "toil, as far as paged", unit: rangeUnit, low: "toil_low_ratio", high: "toil_high_ratio"},
	{key: "engaged_high_seconds", label: "time engaged with pages", unit: workUnit, low: "engaged_low_seconds", high: "engaged_high_seconds", detail: true},
	{key: "working_seconds", label: "working time of days on call", unit: workUnit, detail: true},

	{key: "person_count", label: "people"},
	{key: "on_call_days_per_month", label: "days on call a month, each", unit: plainUnit, detail: true},
	{key: "weekends_per_quarter", label: "weekends a quarter, each", unit: plainUnit, detail: true},
	{key: "on_call_week_ratio", label: "weeks with duty, each", unit: shareUnit, detail: true},
	{key: "shift_p50_seconds", label: "shift, usual", unit: secondsUnit},
	{key: "shift_max_seconds", label: "shift, longest", unit: secondsUnit},
	{key: "answer_high_seconds", label: "time to answer a page", unit: secondsUnit, low: "answer_low_seconds", high: "answer_high_seconds"},
	{key: "zone_cluster_count", label: "groups of time zones"},

	{key: "non_actionable_ratio", label: "non-actionable pages", unit: shareUnit, low: "non_actionable_low_ratio", high: "non_actionable_high_ratio",
		over: "actionable_page_count non_actionable_page_count unknown_page_count"},
	{key: "actionable_page_count", label: "actionable pages", unit: tallyUnit, detail: true},
	{key: "non_actionable_page_count", label: "pages for nothing", unit: tallyUnit, detail: true},
	{key: "unknown_page_count", label: "pages nobody can judge", unit: tallyUnit, detail: true},
	{key: "redundant_page_count", label: "redundant pages", unit: tallyUnit, detail: true},
	{key: "unattended_page_count", label: "unattended pages", unit: tallyUnit},
	{key: "flapping_page_count", label: "flapping pages", unit: tallyUnit},
	{key: "top_alert_page_ratio", label: "top alert's share of pages", unit: shareUnit},
	{key: "unworked_rule_count", label: "alerts never worked on", unit: countUnit},
	{key: "unworked_page_count", label: "pages of those alerts", unit: tallyUnit, detail: true},
	{key: "oldest_unworked_weeks", label: "weeks the oldest is unworked", unit: plainUnit, detail: true},

	{key: "gini_ratio", label: "unevenness of pages (Gini)", unit: plainUnit},
	{key: "gini_by_chance_high_ratio", label: "unevenness that chance makes", unit: plainUnit, detail: true},
	{key: "heaviest_to_equal_ratio", label: "busiest person to equal share", unit: timesUnit, detail: true},
	{key: "override_count", label: "overrides", unit: tallyUnit, detail: true},
	{key: "override_ratio", label: "time on call overridden", unit: shareUnit},

	{key: "incident_count", label: "incidents", unit: tallyUnit, detail: true},
	{key: "timed_out_ratio", label: "escalated by time-out", unit: shareUnit, low: "timed_out_low_ratio", high: "timed_out_high_ratio", over: "incident_count"},
	{key: "never_acknowledged_ratio", label: "never acknowledged", unit: shareUnit, low: "never_acknowledged_low_ratio",
		high: "never_acknowledged_high_ratio", over: "incident_count"},
	{key: "never_acknowledged_count", label: "incidents never acknowledged", unit: tallyUnit, detail: true},
	{key: "night_joined_ratio", label: "a second person at night", unit: shareUnit, low: "night_joined_low_ratio", high: "night_joined_high_ratio",
		over: "night_incident_count"},
	{key: "night_incident_count", label: "incidents at night", unit: tallyUnit, detail: true},

	{key: "page_slope_per_week", label: "pages, change a week", unit: slopeUnit, p: "page_trend_p"},
	{key: "night_page_slope_per_week", label: "night pages, change a week", unit: slopeUnit, p: "night_page_trend_p"},
	{key: "non_actionable_slope_per_week", label: "non-act. share, change a week", unit: pointsUnit, p: "non_actionable_trend_p"},

	{key: "exposure_ratio", label: "time on call in sleep hours", unit: shareUnit},
	{key: "leaked_ratio", label: "night pages while others woke", unit: shareUnit, low: "leaked_low_ratio", high: "leaked_high_ratio",
		over: "night_page_count"},
	{key: "night_page_count", label: "night pages", unit: tallyUnit, detail: true},
	{key: "leaked_page_count", label: "of them while others woke", unit: tallyUnit, detail: true},
	{key: "hand_off_gap_seconds", label: "time with nobody on call", unit: secondsUnit},
	{key: "hand_off_gap_count", label: "gaps at a hand-off", unit: tallyUnit, over: "hand_off_count", detail: true},

	{key: "source_count", label: "tools that paged", detail: true},
	{key: "top_source_page_ratio", label: "top tool's share of pages", unit: shareUnit},
}

// auditNumberOf is how a key is called and read. A key of a later version is read plainly, under its own name.
func auditNumberOf(key string) auditNumber {
	for _, n := range auditNumbers {
		if n.key == key {
			return n
		}
	}
	return auditNumber{key: key, label: strings.ReplaceAll(Clean(key), "_", " "), unit: plainUnit}
}

// aside tells whether a key is only somebody's bound, base or p, and so has no line of its own.
func aside(key string) bool {
	for _, n := range auditNumbers {
		if n.key == key {
			return false
		}
	}
	for _, n := range auditNumbers {
		if key == n.low || key == n.high || key == n.p {
			return true
		}
		for _, k := range strings.Fields(n.over) {
			if k == key {
				return true
			}
		}
	}
	return false
}

// sumOf adds the values of keys; nil where one of them is unknown or none is asked for.
func sumOf(n Numbers, keys string) *float64 {
	var sum *float64
	for _, key := range strings.Fields(keys) {
		v := n.Get(key)
		if v == nil {
			return nil
		}
		if sum == nil {
			sum = new(float64)
		}
		*sum += *v
	}
	return sum
}

// cell writes the number with all that belongs to it: 20% (12–32%) of 60, 9/182, 5m–30m, +0.8 (p 0.02).
func (n auditNumber) cell(in Numbers, complete bool) string {
	v := in.Get(n.key)
	switch n.unit {
	case secondsUnit, workUnit, rangeUnit:
		if low := in.Get(n.low); low != nil && v != nil && n.value(low, true) != n.value(v, true) {
			return strings.TrimSuffix(n.value(low, true), "%") + "–" + n.value(v, true)
		}
		return n.value(v, true)
	case slopeUnit, pointsUnit:
		return n.value(v, complete) + trendMark(in.Get(n.p))
	}
	text := n.value(v, complete)
	switch base := sumOf(in, n.over); {
	case n.unit == shareUnit:
		if in.Get(n.high) != nil && in.Get(n.low) != nil {
			text += " (" + span(in.Get(n.low), in.Get(n.high)) + ")"
		}
		if base != nil {
			text += " of " + wholeNumber(*base)
		}
	case base != nil:
		text += "/" + wholeNumber(*base)
	}
	return text
}

// value writes a value of this number alone, such as its limit.
func (n auditNumber) value(v *float64, complete bool) string {
	if v == nil {
		return unknown
	}
	switch n.unit {
	case tallyUnit:
		if !complete {
			return "≥ " + wholeNumber(*v)
		}
		return wholeNumber(*v)
	case countUnit:
		return wholeNumber(*v)
	case shareUnit, rangeUnit:
		return Ratio(v)
	case secondsUnit:
		return Seconds(v)
	case workUnit:
		hours := *v / 3600
		if hours >= 10 {
			hours = math.Round(hours)
		}
		return Number(&hours) + "h"
	case timesUnit:
		return Number(v) + "×"
	case slopeUnit:
		return signedNumber(*v)
	case pointsUnit:
		return signedNumber(*v*100) + "pt"
	}
	return Number(v)
}

// wholeNumber is a count with grouped digits; a median of counts may lie between two of them.
func wholeNumber(v float64) string {
	if math.Abs(v) < 1e15 && v == math.Trunc(v) {
		return Count(int64(v))
	}
	return Number(&v)
}

// limit writes a limit of this number.
func (n auditNumber) limit(v *float64) string {
	if n.unit == slopeUnit || n.unit == pointsUnit {
		return Number(v)
	}
	return n.value(v, true)
}

func signedNumber(v float64) string {
	text := Number(&v)
	switch {
	case text == "0" || text == "-0":
		return "±0"
	case v > 0:
		return "+" + text
	}
	return text
}

// trendMark is what the test of a slope says of it.
func trendMark(p *float64) string {
	switch {
	case p == nil:
		return ""
	case *p >= trendP:
		return " " + mayBeChance
	case *p < 0.01:
		return " (p <0.01)"
	}
	return fmt.Sprintf(" (p %.2g)", *p)
}
