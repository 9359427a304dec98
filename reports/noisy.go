package reports

import (
	"slices"
	"time"
)

// Noisy is the document of `crywolf noisy -f json`: the alert rules that paged in the period and what to do about
// each, most night pages saved first. Pointers are nil, and null in JSON, where the value is unknown.
type Noisy struct {
	SchemaVersion string `json:"schema_version"`
	// Demo is DemoData for the generated account, and absent otherwise.
	Demo   string       `json:"demo,omitempty"`
	Period Period       `json:"period"`
	Filter *Filter      `json:"filter,omitempty"`
	Data   Data         `json:"data"`
	Alerts []NoisyAlert `json:"alerts"`
	// Plan is what the listed alerts add up to, and LeftOut what is not listed; Select fills them in.
	Plan    Plan    `json:"plan"`
	LeftOut LeftOut `json:"left_out"`
	// Context is what documents for people say beyond the JSON document.
	Context Context `json:"-"`
}

// NoisyAlert is one alert rule, judged over its incidents that paged in the period [definitions 10].
type NoisyAlert struct {
	Rule                     string     `json:"rule"` // public id, 8 hex digits
	Service                  string     `json:"service"`
	Title                    string     `json:"title"`
	Source                   string     `json:"source"`
	PageCount                int64      `json:"page_count"`
	NightPageCount           int64      `json:"night_page_count"`
	IncidentCount            int64      `json:"incident_count"` // those that paged: n of every ratio here
	AutoResolvedRatio        *float64   `json:"auto_resolved_ratio"`
	ClearedAloneRatio        *float64   `json:"cleared_alone_ratio"` // by the monitor, before any human act
	WorkedCount              int64      `json:"worked_count"`
	WorkedRatio              *float64   `json:"worked_ratio"`
	WorkedRatioLow           *float64   `json:"worked_ratio_low"` // Wilson 95%
	WorkedRatioHigh          *float64   `json:"worked_ratio_high"`
	WorkedRatioBound         *float64   `json:"worked_ratio_bound"` // one-sided 95%, where none was worked
	FlappingRunCount         int64      `json:"flapping_run_count"`
	ExcessPageCount          int64      `json:"excess_page_count"`
	UnattendedPageCount      int64      `json:"unattended_page_count"`
	TopPriorityCount         int64      `json:"top_priority_count"`    // P1 and P2 incidents
	SilentIncidentCount      int64      `json:"silent_incident_count"` // without any log entry: nobody knows what was done
	SoleDetectorCount        int64      `json:"sole_detector_count"`   // worked incidents of people before which only it had paged
	OutsideBusinessPageCount int64      `json:"outside_business_page_count"`
	OpenP50Seconds           *float64   `json:"open_p50_seconds"`
	LastWorkedAt             *time.Time `json:"last_worked_at"`
	Evidence                 string     `json:"evidence"` // strong, fair or thin
	Recommendation           string     `json:"recommendation"`
	WaitSeconds              *float64   `json:"wait_seconds"` // of wait
	GroupWith                *string    `json:"group_with"`   // of group: the other rule's id
	GroupRatio               *float64   `json:"group_ratio"`  // of group: incidents within 5 min of one of that rule
	Reasons                  []string   `json:"reasons"`
	SavesPagesPerWeek        *float64   `json:"saves_pages_per_week"`
	SavesNightPagesPerWeek   *float64   `json:"saves_night_pages_per_week"`
	WorkedIncidents          []string   `json:"worked_incidents"` // ids
	Flapping                 bool       `json:"flapping"`
}

// The recommendations, by the words of definitions 10.
const (
	Delete   = "delete"
	Wait     = "wait"
	Demote   = "demote"
	Group    = "group"
	FixCause = "fix_cause"
	Keep     = "keep"
	Unclear  = "unclear"
)

// Recommendations lists every recommendation, those that take pages away first.
func Recommendations() []string {
	return []string{Delete, Wait, Demote, Group, FixCause, Keep, Unclear}
}

// removes tells whether following the recommendation takes pages away.
func removes(recommendation string) bool {
	return slices.Contains([]string{Delete, Wait, Demote, Group}, recommendation)
}

// thin is the strength of evidence on which nobody should act yet: fewer than 10 incidents.
const thin = "thin"

// Normalize replaces nil slices by empty ones, puts every time into UTC and says the reasons of each alert.
func (n *Noisy) Normalize() {
	n.Period = n.Period.utc()
	n.Data.normalize()
	n.Alerts = nonNil(n.Alerts)
	for i := range n.Alerts {
		a := &n.Alerts[i]
		a.Reasons = reasons(a)
		a.WorkedIncidents = nonNil(a.WorkedIncidents)
		if a.LastWorkedAt != nil {
			t := a.LastWorkedAt.UTC()
			a.LastWorkedAt = &t
		}
	}
	if n.Plan.RuleCounts == nil {
		n.Plan.RuleCounts = map[string]int64{}
	}
}
