package pagerdutytest

import (
	"encoding/json"
	"fmt"
	"time"
)

// Account is everything that a PagerDuty account holds. Its fields may be
// changed freely before a handler serves it; a handler that already answered
// must be told by Server.Reload.
type Account struct {
	Subdomain string
	TimeZone  string // IANA: naive times in requests, and log entries unless time_zone is sent
	Start     time.Time
	End       time.Time // "now" of the account: what happened later is not in it

	Users              []User
	Teams              []Team
	Services           []Service
	Vendors            []Vendor
	EscalationPolicies []EscalationPolicy
	Schedules          []Schedule
	V3Schedules        []V3Schedule
	Priorities         []Priority
	MaintenanceWindows []MaintenanceWindow
	ChangeEvents       []ChangeEvent
	Abilities          []string

	Incidents  []Incident
	LogEntries []LogEntry         // any order across seconds; within one second in the order of happening
	Alerts     map[string][]Alert // by incident id, oldest first

	answers []Answer
	secrets Secrets
	truths  map[string]Truth
}

// NewAccount returns an empty account with the given subdomain whose times are
// in UTC. Tests add to it what they need.
func NewAccount(subdomain string) *Account {
	return &Account{
		Subdomain: subdomain,
		TimeZone:  "Etc/UTC",
		Start:     defaultEnd.AddDate(0, 0, -7*defaultWeeks),
		End:       defaultEnd,
		Abilities: []string{"teams", "urgencies", "service_support_hours", "event_rules"},
		Alerts:    map[string][]Alert{},
		truths:    map[string]Truth{},
	}
}

// Ref returns a reference of the given kind ("user", "service", "schedule",
// "schedule_v3", "escalation_policy", "incident" …).
func Ref(kind, id, summary string) Reference {
	return Reference{ID: id, Type: kind + "_reference", Summary: NullString(summary)}
}

// Truth is what was planted behind an incident: what a perfect observer would
// say of it. It is not derived from any rule by which incidents are judged.
type Truth struct {
	Verdict Verdict
	Rule    string // the monitor's own name of what fired; "" if a person opened the incident
	Tool    string // the vendor's name; "" if a person opened the incident
}

// Verdict says whether an incident deserved to interrupt somebody.
type Verdict string

// The planted verdicts.
const (
	VerdictActionable Verdict = "actionable" // somebody had to do something, and now
	VerdictNoise      Verdict = "noise"      // nothing was to be done
	VerdictNotUrgent  Verdict = "not_urgent" // something was to be done, but not at once
	VerdictRedundant  Verdict = "redundant"  // another incident already said it
	VerdictUnattended Verdict = "unattended" // it deserved a look and got none
)

// Truth returns what is planted behind the incident or alert; false if nothing
// is known. Of an alert that joined an incident the verdict is the incident's.
func (a *Account) Truth(id string) (Truth, bool) {
	t, ok := a.truths[id]
	return t, ok
}

// Answer is one fault, or one notable thing, that is planted in an account.
type Answer struct {
	Name        string    // flapper, job_0200, self_clearing, twin, rare_real, storm, dst_week, follow_the_sun, override, swap, left, open
	Sentence    string    // what is planted, in one sentence without names of people
	RotationID  string    // the schedule it concerns
	ServiceID   string    // "" where it is not about a service
	Titles      []string  // incident titles as they are served
	IncidentIDs []string  // the incidents of it, oldest first
	Since       time.Time // when it happens: Since ≤ t < Until
	Until       time.Time
	Expect      string // what a good report says about it
}

// Answers lists what is planted, in the order of product.md.
func (a *Account) Answers() []Answer { return a.answers }

// Secrets are the strings of an account that must not leave it.
type Secrets struct {
	Names  []string // people's names, those who left included
	Emails []string
	Phones []string
	Notes  []string // whole texts of notes
	Keys   []string // integration keys
}

// Secrets returns every planted string that must not leak.
func (a *Account) Secrets() Secrets { return a.secrets }

// Objects returns every object of a kind whole: as the API gives it in UTC
// with all that crywolf asks to be included. Channels are in log entries,
// first trigger entries in incidents, integrations in services, and rendered
// entries that touch [Start − 14 days, End], uncut, in schedules.
//
// Kinds: users, teams, services, escalation_policies, schedules, v3_schedules,
// priorities, incidents, log_entries (newest first), alerts,
// maintenance_windows, change_events. It panics on any other.
func (a *Account) Objects(kind string) []json.RawMessage {
	ix := newIndex(a)
	v := ix.view(time.UTC, "channels", "first_trigger_log_entries", "integrations",
		"final_schedule", "overrides_subschedule", "schedule_layers")
	v.window = &span{a.Start.AddDate(0, 0, -14), a.End}
	v.overflow = true
	rows := v.rows(kind)
	if rows == nil {
		panic(fmt.Sprintf("pagerdutytest: no objects of kind %q", kind))
	}
	out := make([]json.RawMessage, rows.len())
	for i := range out {
		out[i] = mustJSON(rows.at(i))
	}
	return out
}
