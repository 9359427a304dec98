// Package reports dresses one Report value as a terminal table, Markdown, HTML, JSON or CSV.
//
// The JSON document is the Report itself; the other formats are read off the same value, so a number
// cannot differ between them. The package computes no metric. It must not know the database, the clock,
// flags, the environment or any other package of crywolf.
package reports

import "time"

// SchemaVersion is the version of the JSON document. Additions raise the minor part.
const SchemaVersion = "1.0"

// DemoData is the mark of everything that was made from the generated account of `crywolf demo`.
const DemoData = "DEMO DATA"

// Report is the document of `crywolf report -f json`. Pointers are nil, and null in JSON, where the
// value is unknown. Slices and maps are never nil once Normalize has run.
type Report struct {
	SchemaVersion string `json:"schema_version"`
	// Demo is DemoData for a report on the generated account, and absent otherwise.
	Demo   string `json:"demo,omitempty"`
	Period Period `json:"period"`
	// BeforePeriod is the period of equal length that ends where the report's begins, if it was asked for and read whole.
	BeforePeriod *Period      `json:"before_period"`
	Filter       *Filter      `json:"filter,omitempty"`
	Data         Data         `json:"data"`
	Totals       Totals       `json:"totals"`
	Rotations    []Rotation   `json:"rotations"`
	Unattributed Unattributed `json:"unattributed"`
	// Context is what documents for people say beyond the JSON document.
	Context Context `json:"-"`
}

// Context is what the documents for people (table, Markdown, HTML) need and the JSON document leaves out.
type Context struct {
	// Location is the zone in which times are shown; nil is UTC.
	Location *time.Location
	// PeriodName heads the column of the period: "2026-W47"; empty takes the period's length.
	PeriodName string
	// BeforeGap says why the period before is not shown, where it was asked for and is not there.
	BeforeGap string
	Limits    Limits
	// SleepStartMinute and SleepEndMinute bound the sleep window, in minutes of the local day; it may cross midnight.
	SleepStartMinute, SleepEndMinute int
	// NamesShown is true if people stand by name instead of as R1…Rn.
	NamesShown bool
	// MinGroup is the number of people below which documents for people do not say whose shift one was.
	MinGroup int
	// Next are commands worth trying after this report.
	Next []string
	// Definitions are those of the words that stand in the tables' first columns, for documents with room for them.
	Definitions []Definition
}

// Definition is what a word means, and which metrics make its number.
type Definition struct {
	Word, Text string
	Queries    []string
}

// Limits are the values that the readings compare with. All are ours and configurable.
type Limits struct {
	PagesPer12h           float64 // a 12-hour block with more pages than this is over the limit
	InterruptedNightRatio float64 // interrupted nights / nights on call
	NonActionableRatio    float64
	AcknowledgeP50Seconds float64
	AcknowledgeP90Seconds float64
}

// Period is half-open: since ≤ t < until, both in UTC.
type Period struct {
	Since time.Time `json:"since"`
	Until time.Time `json:"until"`
}

// Filter says that the report was asked for some rotations only.
type Filter struct {
	Rotations []string `json:"rotations"` // ids
}

// Data says what the numbers rest on.
type Data struct {
	Complete    bool       `json:"complete"`
	SyncedUntil *time.Time `json:"synced_until"`
	Gaps        []Gap      `json:"gaps"`
	Notes       []Note     `json:"notes"`
	Excluded    []Excluded `json:"excluded,omitempty"`
	// Fingerprint is the SHA-256 (hex) of the data, the settings, the definitions and crywolf's version.
	Fingerprint string `json:"fingerprint"`
}

// Gap is a part of the period that was not read whole, and the command that fills it.
type Gap struct {
	Kind    string    `json:"kind"`
	Since   time.Time `json:"since"`
	Until   time.Time `json:"until"`
	Reason  string    `json:"reason"` // not_read, unfinished, refused or truncated
	Command string    `json:"command"`
}

// Note is a remark on the data. Code is stable; Count is how many records it is about.
type Note struct {
	Code  string `json:"code"`
	Text  string `json:"text"`
	Count int64  `json:"count"`
}

// Excluded is one exclusion of the configuration and what it left out.
type Excluded struct {
	Kind          string `json:"kind"`
	Pattern       string `json:"pattern"`
	IncidentCount int64  `json:"incident_count"`
	PageCount     int64  `json:"page_count"`
}

// Totals are the account's, whatever rotations were asked for.
type Totals struct {
	IncidentCount     int64 `json:"incident_count"`
	PageCount         int64 `json:"page_count"`
	InterruptionCount int64 `json:"interruption_count"`
	NotificationCount int64 `json:"notification_count"`
}

// Rotation is one schedule with a shift or a page in the period.
type Rotation struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	TimeZone string `json:"time_zone"`
	Measures
	Shifts []Shift `json:"shifts"`
	Alerts []Alert `json:"alerts"`
	Change *Change `json:"change"`
	// AlertChanges are the alerts whose rate changed between the periods of Change, by how sure that is.
	AlertChanges []AlertChange `json:"alert_changes"`
	Actions      []string      `json:"actions"`

	// Before holds the measures of the period before; nil where they are not asked for or not read whole.
	Before *Measures `json:"before"`
	// Comparison is what tests say of the two; nil where there is no Before or the period itself was not read whole.
	Comparison *Comparison `json:"comparison"`
	// HourOfWeek counts pages by ISO weekday (the first is Monday) and hour of the local time of the person paged.
	HourOfWeek [7][24]int64 `json:"hour_of_week"`
	Sources    []Source     `json:"sources"`
	// Weeks are the 13 weeks of 7 days up to the period's end, or those of them that were read whole, oldest first.
	Weeks            []Week         `json:"weeks"`
	ResolveHistogram []ResolveBin   `json:"resolve_histogram"`
	FlappingRules    []FlappingRule `json:"flapping_rules"`
	FollowTheSun     FollowTheSun   `json:"follow_the_sun"`
	Toil             Toil           `json:"toil"`
	// Spread is nil where the rotation has fewer people than a document may tell apart, or no page.
	Spread *Spread `json:"spread"`
}

// Measures are the blocks of numbers that one period of one rotation has.
type Measures struct {
	Load     Load     `json:"load"`
	Night    Night    `json:"night"`
	Hours    Hours    `json:"hours"`
	Response Response `json:"response"`
	Quality  Quality  `json:"quality"`
	Waiting  Waiting  `json:"waiting"`
}

// Load says how heavy the rotation was.
type Load struct {
	PageCount                    int64         `json:"page_count"`
	InterruptionCount            int64         `json:"interruption_count"`
	NotificationCount            int64         `json:"notification_count"`
	PagingIncidentCount          int64         `json:"paging_incident_count"`
	ShiftCount                   int64         `json:"shift_count"`
	OnCallSeconds                int64         `json:"on_call_seconds"`
	PagesPer12h                  *float64      `json:"pages_per_12h"`
	PagesPerShift                PagesPerShift `json:"pages_per_shift"`
	Blocks12hCount               int64         `json:"blocks_12h_count"`
	Blocks12hOverLimitCount      int64         `json:"blocks_12h_over_limit_count"`
	Blocks12hOver2IncidentsCount int64         `json:"blocks_12h_over_2_incidents_count"`
}

// PagesPerShift is the distribution of pages over the shifts, quiet ones included; n is Load.ShiftCount.
type PagesPerShift struct {
	Mean *float64 `json:"mean"`
	P50  *float64 `json:"p50"`
	P90  *float64 `json:"p90"`
	Max  *float64 `json:"max"`
}

// Night says what the sleep hours of the people paged looked like.
type Night struct {
	PageCount             int64    `json:"page_count"`
	PageRatio             *float64 `json:"page_ratio"`
	PageRatioLow          *float64 `json:"page_ratio_low"`
	PageRatioHigh         *float64 `json:"page_ratio_high"`
	ExposureRatio         *float64 `json:"exposure_ratio"`
	InterruptedNightCount int64    `json:"interrupted_night_count"`
	OnCallNightCount      int64    `json:"on_call_night_count"`
}

// Hours splits the pages by hour class; the three sum to Load.PageCount.
type Hours struct {
	BusinessPageCount int64 `json:"business_page_count"`
	OffHoursPageCount int64 `json:"off_hours_page_count"`
	SleepPageCount    int64 `json:"sleep_page_count"`
}

// Response says how long incidents waited; IncidentCount = ResolvedCount + OpenCount.
type Response struct {
	IncidentCount            int64     `json:"incident_count"`
	AcknowledgedCount        int64     `json:"acknowledged_count"`
	NeverAcknowledgedCount   int64     `json:"never_acknowledged_count"`
	TimeToAcknowledgeSeconds Quantiles `json:"time_to_acknowledge_seconds"`
	ResolvedCount            int64     `json:"resolved_count"`
	OpenCount                int64     `json:"open_count"`
	MergedCount              int64     `json:"merged_count"`
	AutoResolvedCount        int64     `json:"auto_resolved_count"`
	TimeToResolveSeconds     Quantiles `json:"time_to_resolve_seconds"`
}

// Quantiles of a time in seconds.
type Quantiles struct {
	Mean *float64 `json:"mean"`
	P50  *float64 `json:"p50"`
	P90  *float64 `json:"p90"`
	P95  *float64 `json:"p95"`
}

// Quality says what the pages were worth.
type Quality struct {
	VerdictCounts          VerdictCounts `json:"verdict_counts"`
	NonActionableRatio     *float64      `json:"non_actionable_ratio"`
	NonActionableRatioLow  *float64      `json:"non_actionable_ratio_low"`
	NonActionableRatioHigh *float64      `json:"non_actionable_ratio_high"`
	FlappingKeyCount       int64         `json:"flapping_key_count"`
	FlappingPageCount      int64         `json:"flapping_page_count"`
	ExcessPageCount        int64         `json:"excess_page_count"`
}

// VerdictCounts counts the pages by verdict; they sum to Load.PageCount.
type VerdictCounts struct {
	Actionable    int64 `json:"actionable"`
	NonActionable int64 `json:"non_actionable"`
	Redundant     int64 `json:"redundant"`
	Unattended    int64 `json:"unattended"`
	Unknown       int64 `json:"unknown"`
}

// Shift is one person's continuous time on the schedule, clipped to the period.
type Shift struct {
	User           string    `json:"user"` // R1…Rn, or the name where names are shown
	Start          time.Time `json:"start"`
	End            time.Time `json:"end"`
	OnCallSeconds  int64     `json:"on_call_seconds"`
	PageCount      int64     `json:"page_count"`
	NightPageCount int64     `json:"night_page_count"`
}

// Alert is one alert rule that paged the rotation in the period.
type Alert struct {
	Rule               string   `json:"rule"` // public id, 8 hex digits
	Service            string   `json:"service"`
	Title              string   `json:"title"`
	Source             string   `json:"source"`
	PageCount          int64    `json:"page_count"`
	NightPageCount     int64    `json:"night_page_count"`
	AutoResolvedRatio  *float64 `json:"auto_resolved_ratio"`
	NonActionableRatio *float64 `json:"non_actionable_ratio"`
	Flapping           bool     `json:"flapping"`
	Recommendation     *string  `json:"recommendation"`
	Evidence           *string  `json:"evidence"`     // strong, fair or thin
	WaitSeconds        *float64 `json:"wait_seconds"` // of wait
	GroupWith          *string  `json:"group_with"`   // of group: the other rule's id
	// What following the recommendation would have taken away.
	SavesPagesPerWeek      *float64 `json:"saves_pages_per_week"`
	SavesNightPagesPerWeek *float64 `json:"saves_night_pages_per_week"`
}

// Source is one tool that paged the rotation.
type Source struct {
	Source    string   `json:"source"`
	PageCount int64    `json:"page_count"`
	PageRatio *float64 `json:"page_ratio"`
}

// Unattributed are the pages of no rotation, by reason.
type Unattributed struct {
	PageCount int64            `json:"page_count"`
	Reasons   map[string]int64 `json:"reasons"`
}
