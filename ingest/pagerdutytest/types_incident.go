package pagerdutytest

import "time"

// Incident is one incident in its present state.
type Incident struct {
	ID                   string              `json:"id"`
	Type                 string              `json:"type"`
	Summary              string              `json:"summary"` // "[#12] title"
	Self                 NullString          `json:"self"`
	HTMLURL              NullString          `json:"html_url"`
	IncidentNumber       int                 `json:"incident_number"`
	Title                string              `json:"title"`
	Description          string              `json:"description"`
	CreatedAt            time.Time           `json:"created_at"`
	UpdatedAt            time.Time           `json:"updated_at"`
	Status               string              `json:"status"` // triggered, acknowledged, resolved
	IncidentKey          NullString          `json:"incident_key"`
	Service              Reference           `json:"service"`
	Assignments          []Assignment        `json:"assignments"` // empty once resolved
	AssignedVia          string              `json:"assigned_via"`
	LastStatusChangeAt   time.Time           `json:"last_status_change_at"`
	LastStatusChangeBy   *Reference          `json:"last_status_change_by"`
	ResolvedAt           *time.Time          `json:"resolved_at"`
	FirstTriggerLogEntry *Reference          `json:"first_trigger_log_entry"`
	AlertCounts          AlertCounts         `json:"alert_counts"`
	IsMergeable          bool                `json:"is_mergeable"`
	IncidentType         *IncidentType       `json:"incident_type"`
	EscalationPolicy     Reference           `json:"escalation_policy"`
	Teams                []Reference         `json:"teams"`
	PendingActions       []PendingAction     `json:"pending_actions"`
	Acknowledgements     []Acknowledgement   `json:"acknowledgements"` // present state only
	AlertGrouping        any                 `json:"alert_grouping"`
	BasicAlertGrouping   any                 `json:"basic_alert_grouping"`
	Priority             *Priority           `json:"priority"` // the full object, as recorded from the real API
	ResolveReason        *ResolveReason      `json:"resolve_reason"`
	ConferenceBridge     any                 `json:"conference_bridge"`
	IncidentsResponders  []Responder         `json:"incidents_responders"`
	ResponderRequests    []ResponderRequest  `json:"responder_requests"`
	SubscriberRequests   []any               `json:"subscriber_requests"`
	Urgency              string              `json:"urgency"`
	ExternalReferences   []ExternalReference `json:"external_references,omitempty"`
	CustomFields         []CustomField       `json:"custom_fields,omitempty"`

	firstUrgency string     // before any urgency change
	firstPolicy  *Reference // before any delegation
}

// ExternalReference ties an incident to a ticket of another system.
type ExternalReference struct {
	ID          string     `json:"id"`
	Type        string     `json:"type"`
	Summary     string     `json:"summary"`
	Self        NullString `json:"self"`
	HTMLURL     NullString `json:"html_url"`
	ExternalID  string     `json:"external_id"`
	ExternalURL string     `json:"external_url"`
	Sync        bool       `json:"sync"`
}

// CustomField is a field that the account has added to its incidents.
type CustomField struct {
	ID          string     `json:"id"`
	Type        string     `json:"type"` // field_value
	Name        string     `json:"name"`
	DisplayName string     `json:"display_name"`
	DataType    string     `json:"data_type"`
	Value       NullString `json:"value"`
}

// IncidentType names the kind of an incident.
type IncidentType struct {
	Name string `json:"name"`
}

// Assignment is one present assignee.
type Assignment struct {
	At       time.Time `json:"at"`
	Assignee Reference `json:"assignee"`
}

// Acknowledgement is one present acknowledgement.
type Acknowledgement struct {
	At           time.Time `json:"at"`
	Acknowledger Reference `json:"acknowledger"`
}

// AlertCounts counts an incident's alerts.
type AlertCounts struct {
	All       int `json:"all"`
	Triggered int `json:"triggered"`
	Resolved  int `json:"resolved"`
}

// PendingAction is something that PagerDuty will do by itself.
type PendingAction struct {
	Type string    `json:"type"`
	At   time.Time `json:"at"`
	To   string    `json:"to,omitempty"`
}

// ResolveReason says that an incident ended by being merged into another.
type ResolveReason struct {
	Type     string    `json:"type"` // merge_resolve_reason
	Incident Reference `json:"incident"`
}

// Responder is the answer of one person asked to help.
type Responder struct {
	State       string    `json:"state"` // pending, joined, declined, user_cancelled
	User        Reference `json:"user"`
	Incident    Reference `json:"incident"`
	UpdatedAt   time.Time `json:"updated_at"`
	Message     string    `json:"message"`
	Requester   Reference `json:"requester"`
	RequestedAt time.Time `json:"requested_at"`
}

// ResponderRequest is a call for help on an incident.
type ResponderRequest struct {
	Incident    Reference                `json:"incident"`
	Requester   Reference                `json:"requester"`
	RequestedAt time.Time                `json:"requested_at"`
	Message     string                   `json:"message"`
	Targets     []ResponderRequestTarget `json:"responder_request_targets"`
}

// ResponderRequestTarget wraps one target of a request, as the API does.
type ResponderRequestTarget struct {
	Target ResponderTarget `json:"responder_request_target"`
}

// ResponderTarget is who was asked.
type ResponderTarget struct {
	Type                string      `json:"type"`
	ID                  string      `json:"id"`
	Summary             NullString  `json:"summary"`
	IncidentsResponders []Responder `json:"incidents_responders"`
}

// LogEntry is one thing that happened to an incident.
type LogEntry struct {
	ID               string      `json:"id"`
	Type             string      `json:"type"` // trigger_log_entry, notify_log_entry …
	Summary          string      `json:"summary"`
	Self             NullString  `json:"self"`
	HTMLURL          NullString  `json:"html_url"`
	CreatedAt        time.Time   `json:"created_at"`
	Agent            *Reference  `json:"agent,omitempty"` // notify entries have none
	Channel          *Channel    `json:"channel,omitempty"`
	Service          *Reference  `json:"service"`
	Incident         *Reference  `json:"incident"`
	Teams            []Reference `json:"teams"`
	Contexts         []any       `json:"contexts"`
	EventDetails     any         `json:"event_details,omitempty"`
	User             *Reference  `json:"user,omitempty"`              // notify: whom it went to
	Assignees        []Reference `json:"assignees,omitempty"`         // assign, escalate, delegate: whom to
	EscalationPolicy *Reference  `json:"escalation_policy,omitempty"` // delegate: where to

	mergedInto *Reference // resolve: the incident that it was merged into
}

// Channel is the way by which a log entry came about. Which fields are set
// depends on Type; without include[]=channels only Type is served.
type Channel struct {
	Type            string        `json:"type"` // auto, api, email, nagios, timeout, website, mobile, note …
	Summary         string        `json:"summary,omitempty"`
	Notification    *Notification `json:"notification,omitempty"`
	Duration        int           `json:"duration,omitempty"` // snooze: seconds
	NewUrgency      string        `json:"new_urgency,omitempty"`
	Subject         string        `json:"subject,omitempty"`
	ServiceKey      string        `json:"service_key,omitempty"`
	Description     string        `json:"description,omitempty"`
	IncidentKey     string        `json:"incident_key,omitempty"`
	Client          string        `json:"client,omitempty"`
	ClientURL       string        `json:"client_url,omitempty"`
	Details         any           `json:"details,omitempty"`
	CEFDetails      any           `json:"cef_details,omitempty"`
	Host            string        `json:"host,omitempty"`    // nagios
	NagiosService   string        `json:"service,omitempty"` // nagios
	State           string        `json:"state,omitempty"`   // nagios
	To              string        `json:"to,omitempty"`      // email
	From            string        `json:"from,omitempty"`    // email
	Body            string        `json:"body,omitempty"`    // email
	BodyContentType string        `json:"body_content_type,omitempty"`
}

// Notification says how a user was told.
type Notification struct {
	Type    string     `json:"type"`    // push_notification, sms_notification …
	Address NullString `json:"address"` // null for push
	Status  NullString `json:"status"`
}

// Alert is one signal of a monitoring tool.
type Alert struct {
	ID                   string     `json:"id"`
	Type                 string     `json:"type"`
	Summary              string     `json:"summary"`
	Self                 NullString `json:"self"`
	HTMLURL              NullString `json:"html_url"`
	CreatedAt            time.Time  `json:"created_at"`
	Status               string     `json:"status"` // triggered, resolved
	ResolvedAt           *time.Time `json:"resolved_at,omitempty"`
	AlertKey             string     `json:"alert_key"`
	Service              Reference  `json:"service"`
	FirstTriggerLogEntry *Reference `json:"first_trigger_log_entry"`
	Body                 *AlertBody `json:"body"`
	Incident             Reference  `json:"incident"`
	Suppressed           bool       `json:"suppressed"`
	Severity             NullString `json:"severity"`
	Integration          *Reference `json:"integration"`
}

// AlertBody is what the tool sent.
type AlertBody struct {
	Type       string `json:"type"`
	Contexts   []any  `json:"contexts"`
	Details    any    `json:"details"`
	CEFDetails any    `json:"cef_details,omitempty"`
}
