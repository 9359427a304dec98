package pagerdutytest

import (
	"encoding/json"
	"time"
)

// NullString is a string that the API gives as null when it is empty.
type NullString string

// MarshalJSON writes null for the empty string.
func (s NullString) MarshalJSON() ([]byte, error) {
	if s == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(s))
}

// Reference points at another object. Self and HTMLURL may be left empty:
// they are filled in when the object is served. The reference of an object
// that the account does not hold (any more) gets a null html_url.
type Reference struct {
	ID      string     `json:"id"`
	Type    string     `json:"type"` // user_reference, service_reference …
	Summary NullString `json:"summary"`
	Self    NullString `json:"self"`
	HTMLURL NullString `json:"html_url"`
}

// User is a person of the account. A person who left is not in
// Account.Users; schedules and log entries go on referring to them.
type User struct {
	ID                string             `json:"id"`
	Type              string             `json:"type"`
	Summary           string             `json:"summary"`
	Self              NullString         `json:"self"`
	HTMLURL           NullString         `json:"html_url"`
	Name              string             `json:"name"`
	Email             string             `json:"email"`
	TimeZone          NullString         `json:"time_zone"` // IANA or a Rails name; empty: null
	Color             string             `json:"color"`
	Role              string             `json:"role"`
	AvatarURL         string             `json:"avatar_url"`
	Description       NullString         `json:"description"`
	InvitationSent    bool               `json:"invitation_sent"`
	JobTitle          NullString         `json:"job_title"`
	Teams             []Reference        `json:"teams"`
	ContactMethods    []ContactMethod    `json:"contact_methods"`
	NotificationRules []NotificationRule `json:"notification_rules"`
}

// ContactMethod is one way to reach a user.
type ContactMethod struct {
	ID      string     `json:"id"`
	Type    string     `json:"type"` // email_contact_method, phone_contact_method, sms_contact_method, push_notification_contact_method
	Summary string     `json:"summary"`
	Self    NullString `json:"self"`
	HTMLURL NullString `json:"html_url"`
	Label   string     `json:"label,omitempty"`
	Address string     `json:"address,omitempty"`
}

// NotificationRule says when a user is told through which contact method.
type NotificationRule struct {
	ID                  string    `json:"id"`
	Type                string    `json:"type"`
	Summary             string    `json:"summary"`
	StartDelayInMinutes int       `json:"start_delay_in_minutes"`
	Urgency             string    `json:"urgency"`
	ContactMethod       Reference `json:"contact_method"`
}

// Team is a group of users that owns services and policies.
type Team struct {
	ID          string     `json:"id"`
	Type        string     `json:"type"`
	Summary     string     `json:"summary"`
	Self        NullString `json:"self"`
	HTMLURL     NullString `json:"html_url"`
	Name        string     `json:"name"`
	Description NullString `json:"description"`
	DefaultRole string     `json:"default_role"`
	Parent      *Reference `json:"parent"`
}

// Service is what incidents happen to.
type Service struct {
	ID                     string              `json:"id"`
	Type                   string              `json:"type"`
	Summary                string              `json:"summary"`
	Self                   NullString          `json:"self"`
	HTMLURL                NullString          `json:"html_url"`
	Name                   string              `json:"name"`
	Description            NullString          `json:"description"`
	CreatedAt              time.Time           `json:"created_at"`
	UpdatedAt              time.Time           `json:"updated_at"`
	Status                 string              `json:"status"`
	Teams                  []Reference         `json:"teams"`
	AlertCreation          string              `json:"alert_creation"`
	Addons                 []Reference         `json:"addons"`
	ScheduledActions       []any               `json:"scheduled_actions"`
	SupportHours           any                 `json:"support_hours"`
	IncidentUrgencyRule    IncidentUrgencyRule `json:"incident_urgency_rule"`
	AcknowledgementTimeout *int                `json:"acknowledgement_timeout"` // seconds; null: off
	AutoResolveTimeout     *int                `json:"auto_resolve_timeout"`    // seconds; null: off
	LastIncidentTimestamp  *time.Time          `json:"last_incident_timestamp"`
	EscalationPolicy       Reference           `json:"escalation_policy"`
	Integrations           []Integration       `json:"integrations"` // served as references unless included
}

// IncidentUrgencyRule sets the urgency of a service's incidents.
type IncidentUrgencyRule struct {
	Type                string               `json:"type"` // constant or use_support_hours
	Urgency             string               `json:"urgency,omitempty"`
	DuringSupportHours  *IncidentUrgencyRule `json:"during_support_hours,omitempty"`
	OutsideSupportHours *IncidentUrgencyRule `json:"outside_support_hours,omitempty"`
}

// Integration is where a monitoring tool delivers a service's events.
type Integration struct {
	ID               string     `json:"id"`
	Type             string     `json:"type"` // events_api_v2_inbound_integration …
	Summary          string     `json:"summary"`
	Self             NullString `json:"self"`
	HTMLURL          NullString `json:"html_url"`
	Name             string     `json:"name"`
	Service          *Reference `json:"service,omitempty"`
	CreatedAt        time.Time  `json:"created_at"`
	Vendor           *Reference `json:"vendor"`
	IntegrationKey   string     `json:"integration_key,omitempty"`
	IntegrationEmail string     `json:"integration_email,omitempty"`
}

// Vendor is a maker of monitoring tools.
type Vendor struct {
	ID          string     `json:"id"`
	Type        string     `json:"type"`
	Summary     string     `json:"summary"`
	Self        NullString `json:"self"`
	HTMLURL     NullString `json:"html_url"`
	Name        string     `json:"name"`
	WebsiteURL  string     `json:"website_url"`
	Description NullString `json:"description"`
}

// EscalationPolicy says who is paged, level after level.
type EscalationPolicy struct {
	ID                         string           `json:"id"`
	Type                       string           `json:"type"`
	Summary                    string           `json:"summary"`
	Self                       NullString       `json:"self"`
	HTMLURL                    NullString       `json:"html_url"`
	Name                       string           `json:"name"`
	Description                NullString       `json:"description"`
	NumLoops                   int              `json:"num_loops"` // how often it starts again from level 1
	OnCallHandoffNotifications string           `json:"on_call_handoff_notifications"`
	EscalationRules            []EscalationRule `json:"escalation_rules"` // level 1 first
	Services                   []Reference      `json:"services"`
	Teams                      []Reference      `json:"teams"`
}

// EscalationRule is one level of a policy.
type EscalationRule struct {
	ID                       string      `json:"id"`
	EscalationDelayInMinutes int         `json:"escalation_delay_in_minutes"`
	Targets                  []Reference `json:"targets"` // user_reference, schedule_reference, schedule_v3_reference
	AssignmentStrategy       string      `json:"escalation_rule_assignment_strategy"`
}

// Priority is a level of importance; the most urgent has the greatest Order.
type Priority struct {
	ID          string     `json:"id"`
	Type        string     `json:"type"`
	Summary     string     `json:"summary"`
	Self        NullString `json:"self"`
	HTMLURL     NullString `json:"html_url"`
	Name        string     `json:"name"`
	Description string     `json:"description"`
	Order       int        `json:"order"`
	Color       string     `json:"color"`
}

// MaintenanceWindow is a time in which services open no incidents.
type MaintenanceWindow struct {
	ID             string      `json:"id"`
	Type           string      `json:"type"`
	Summary        string      `json:"summary"`
	Self           NullString  `json:"self"`
	HTMLURL        NullString  `json:"html_url"`
	SequenceNumber int         `json:"sequence_number"`
	StartTime      time.Time   `json:"start_time"`
	EndTime        time.Time   `json:"end_time"`
	Description    string      `json:"description"`
	Services       []Reference `json:"services"`
	Teams          []Reference `json:"teams"`
	CreatedBy      *Reference  `json:"created_by"`
}

// ChangeEvent is a deploy or another change on services.
type ChangeEvent struct {
	ID            string         `json:"id"`
	Type          string         `json:"type"`
	Summary       string         `json:"summary"`
	Timestamp     time.Time      `json:"timestamp"`
	Source        string         `json:"source"`
	Integration   *Reference     `json:"integration"`
	Services      []Reference    `json:"services"`
	CustomDetails map[string]any `json:"custom_details"`
	Links         []any          `json:"links"`
	Images        []any          `json:"images"`
}
