package pagerdutytest

import "time"

// Schedule is a classic (v2) schedule. FinalSchedule and OverridesSubschedule
// hold all rendered entries, whole; what is served is cut at the bounds of
// the request.
type Schedule struct {
	ID                   string          `json:"id"`
	Type                 string          `json:"type"`
	Summary              string          `json:"summary"`
	Self                 NullString      `json:"self"`
	HTMLURL              NullString      `json:"html_url"`
	Name                 string          `json:"name"`
	TimeZone             string          `json:"time_zone"`
	Description          NullString      `json:"description"`
	EscalationPolicies   []Reference     `json:"escalation_policies"`
	Users                []Reference     `json:"users"`
	Teams                []Reference     `json:"teams"`
	ScheduleLayers       []ScheduleLayer `json:"schedule_layers"`
	OverridesSubschedule SubSchedule     `json:"overrides_subschedule"`
	FinalSchedule        SubSchedule     `json:"final_schedule"`
}

// ScheduleLayer is one turn-taking rule of a schedule. Its rendered entries
// are before overrides.
type ScheduleLayer struct {
	ID                         string          `json:"id"`
	Name                       string          `json:"name"`
	Start                      time.Time       `json:"start"`
	End                        *time.Time      `json:"end"`
	RotationVirtualStart       time.Time       `json:"rotation_virtual_start"`
	RotationTurnLengthSeconds  int             `json:"rotation_turn_length_seconds"`
	Users                      []LayerUser     `json:"users"`
	Restrictions               []Restriction   `json:"restrictions"`
	RenderedScheduleEntries    []ScheduleEntry `json:"rendered_schedule_entries"`
	RenderedCoveragePercentage *float64        `json:"rendered_coverage_percentage"`
}

// LayerUser is a member of a layer.
type LayerUser struct {
	User Reference `json:"user"`
}

// Restriction limits a layer to part of the day.
type Restriction struct {
	Type            string `json:"type"`
	StartTimeOfDay  string `json:"start_time_of_day"`
	DurationSeconds int    `json:"duration_seconds"`
}

// SubSchedule is a rendered list of who is on call when.
type SubSchedule struct {
	Name                       string          `json:"name"`
	RenderedScheduleEntries    []ScheduleEntry `json:"rendered_schedule_entries"`
	RenderedCoveragePercentage *float64        `json:"rendered_coverage_percentage"`
}

// ScheduleEntry is a user's time on a schedule: Start ≤ t < End.
type ScheduleEntry struct {
	ID    string    `json:"id,omitempty"` // overrides only
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
	User  Reference `json:"user"`
}

// V3Schedule is a shift-based schedule: several people may be on call at
// once, and a place may be left vacant.
type V3Schedule struct {
	ID                 string          `json:"id"`
	Type               string          `json:"type"`
	Self               NullString      `json:"self"`
	HTMLURL            NullString      `json:"html_url"`
	Name               string          `json:"name"`
	TimeZone           string          `json:"time_zone"`
	Description        NullString      `json:"description"`
	EscalationPolicies []Reference     `json:"escalation_policies"`
	Teams              []Reference     `json:"teams"`
	Users              []Reference     `json:"users,omitempty"` // served where included
	FinalSchedule      V3FinalSchedule `json:"final_schedule"`
}

// V3FinalSchedule is the rendered part of a V3Schedule.
type V3FinalSchedule struct {
	Type                       string            `json:"type"`
	RenderedCoveragePercentage float64           `json:"rendered_coverage_percentage"`
	ComputedShiftAssignments   []ShiftAssignment `json:"computed_shift_assignments"`
}

// ShiftAssignment is one member's time on a V3Schedule.
type ShiftAssignment struct {
	Type      string      `json:"type"`
	StartTime time.Time   `json:"start_time"`
	EndTime   time.Time   `json:"end_time"`
	Member    ShiftMember `json:"member"`
	Source    ShiftSource `json:"source"`
}

// ShiftMember is a user, or nobody (empty_member).
type ShiftMember struct {
	Type   string `json:"type"`
	UserID string `json:"user_id,omitempty"`
}

// ShiftSource says what a shift assignment was computed from.
type ShiftSource struct {
	Type       string `json:"type"` // schedule_rotation, schedule_rotation_override …
	RotationID string `json:"rotation_id,omitempty"`
	OverrideID string `json:"override_id,omitempty"`
}
