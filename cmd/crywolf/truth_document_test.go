package main

// The report -f json document of product.md 2, as far as the truth computes it. The same types decode the
// program's document and hold the truth's, so that the comparison can walk both at once.

type truthDocument struct {
	SchemaVersion string `json:"schema_version"`
	Period        struct {
		Since string `json:"since"`
		Until string `json:"until"`
	} `json:"period"`
	Data struct {
		Complete bool `json:"complete"`
	} `json:"data"`
	Totals       truthTotals       `json:"totals"`
	Rotations    []truthRotation   `json:"rotations"`
	Unattributed truthUnattributed `json:"unattributed"`
}

type truthTotals struct {
	Incidents     int `json:"incident_count"`
	Pages         int `json:"page_count"`
	Interruptions int `json:"interruption_count"`
	Notifications int `json:"notification_count"`
}

type truthUnattributed struct {
	Pages   int            `json:"page_count"`
	Reasons map[string]int `json:"reasons"`
}

type truthRotation struct {
	ID       string           `json:"id"`
	Name     string           `json:"name"`
	Zone     string           `json:"time_zone"`
	Load     truthLoadFigures `json:"load"`
	Night    truthNightShare  `json:"night"`
	Hours    truthHours       `json:"hours"`
	Response truthResponse    `json:"response"`
	Quality  truthQuality     `json:"quality"`
	Shifts   []truthShiftRow  `json:"shifts"`
	Alerts   []truthAlertRow  `json:"alerts"`
}

type truthLoadFigures struct {
	Pages           int      `json:"page_count"`
	Interruptions   int      `json:"interruption_count"`
	Notifications   int      `json:"notification_count"`
	PagingIncidents int      `json:"paging_incident_count"`
	Shifts          int      `json:"shift_count"`
	OnCallSeconds   float64  `json:"on_call_seconds"`
	PagesPer12h     *float64 `json:"pages_per_12h"`
	PagesPerShift   struct {
		Mean *float64 `json:"mean"`
		P50  *float64 `json:"p50"`
		P90  *float64 `json:"p90"`
		Max  *float64 `json:"max"`
	} `json:"pages_per_shift"`
	Blocks               int `json:"blocks_12h_count"`
	BlocksOverLimit      int `json:"blocks_12h_over_limit_count"`
	BlocksOver2Incidents int `json:"blocks_12h_over_2_incidents_count"`
}

type truthNightShare struct {
	Pages             int      `json:"page_count"`
	Ratio             *float64 `json:"page_ratio"`
	Low               *float64 `json:"page_ratio_low"`
	High              *float64 `json:"page_ratio_high"`
	Exposure          *float64 `json:"exposure_ratio"`
	InterruptedNights int      `json:"interrupted_night_count"`
	OnCallNights      int      `json:"on_call_night_count"`
}

type truthHours struct {
	Business int `json:"business_page_count"`
	Off      int `json:"off_hours_page_count"`
	Sleep    int `json:"sleep_page_count"`
}

type truthResponse struct {
	Incidents    int            `json:"incident_count"`
	Acknowledged int            `json:"acknowledged_count"`
	NeverAcked   int            `json:"never_acknowledged_count"`
	Acknowledge  truthQuantiles `json:"time_to_acknowledge_seconds"`
	Resolved     int            `json:"resolved_count"`
	Open         int            `json:"open_count"`
	Merged       int            `json:"merged_count"`
	AutoResolved int            `json:"auto_resolved_count"`
	Resolve      truthQuantiles `json:"time_to_resolve_seconds"`
}

type truthQuantiles struct {
	Mean *float64 `json:"mean"`
	P50  *float64 `json:"p50"`
	P90  *float64 `json:"p90"`
	P95  *float64 `json:"p95"`
}

type truthQuality struct {
	Verdicts      map[string]int `json:"verdict_counts"`
	Ratio         *float64       `json:"non_actionable_ratio"`
	Low           *float64       `json:"non_actionable_ratio_low"`
	High          *float64       `json:"non_actionable_ratio_high"`
	FlappingKeys  int            `json:"flapping_key_count"`
	FlappingPages int            `json:"flapping_page_count"`
	ExcessPages   int            `json:"excess_page_count"`
}

type truthShiftRow struct {
	User       string  `json:"user"`
	Start      string  `json:"start"`
	End        string  `json:"end"`
	Seconds    float64 `json:"on_call_seconds"`
	Pages      int     `json:"page_count"`
	NightPages int     `json:"night_page_count"`
}

type truthAlertRow struct {
	Rule       string `json:"rule"`
	Service    string `json:"service"` // its name
	Pages      int    `json:"page_count"`
	NightPages int    `json:"night_page_count"`

	AutoResolved   *float64 `json:"auto_resolved_ratio"`
	NonActionable  *float64 `json:"non_actionable_ratio"`
	Flapping       bool     `json:"flapping"`
	Recommendation string   `json:"recommendation"`
}
