package reports

import (
	"strings"
	"time"
)

// TimelineEntry is one thing that happened to an incident. It never says to whom, or by whom: whoever knows the shift
// would know the person, so there is only "a responder".
type TimelineEntry struct {
	At            time.Time `json:"at"`
	Text          string    `json:"text"`
	Type          string    `json:"type"`            // PagerDuty's log entry type
	PageHourClass string    `json:"page_hour_class"` // of the page that it makes, on the clock of the person paged; "" where it makes none
	Happening     Happening `json:"-"`
}

// Happening is what a log entry says beyond its type.
type Happening struct {
	ByPerson      bool
	Again         bool // an earlier entry has the same type
	Channel       string
	AssigneeCount int64
	Medium        string
	Failed        bool
	NoteLength    *int64
	NoteTag       string
	SnoozeSeconds *int64
}

// happenings say each type of log entry in words; types that are not here are said as PagerDuty spells them.
var happenings = map[string]func(h *Happening, source string) string{
	"trigger_log_entry": func(h *Happening, source string) string {
		if h.ByPerson {
			return "opened by a person"
		}
		if h.Again {
			return "triggered again by " + source
		}
		return "triggered by " + source
	},
	"assign_log_entry":                 func(h *Happening, _ string) string { return byHand(h, "assigned to "+responders(h.AssigneeCount)) },
	"escalate_log_entry":               func(h *Happening, _ string) string { return byHand(h, "escalated to the next level") },
	"delegate_log_entry":               func(*Happening, string) string { return "handed over to another escalation policy" },
	"notify_log_entry":                 func(h *Happening, _ string) string { return notified(h) },
	"acknowledge_log_entry":            func(h *Happening, _ string) string { return "acknowledged" + by(h) },
	"acknowledgement_log_entry":        func(h *Happening, _ string) string { return "acknowledged" + by(h) },
	"unacknowledge_log_entry":          func(h *Happening, _ string) string { return unacknowledged(h) },
	"annotate_log_entry":               func(h *Happening, _ string) string { return noted(h) },
	"snooze_log_entry":                 func(h *Happening, _ string) string { return snoozed(h) },
	"resolve_log_entry":                func(h *Happening, _ string) string { return resolved(h) },
	"reopen_log_entry":                 func(h *Happening, _ string) string { return "reopened" + by(h) },
	"responder_request_log_entry":      func(h *Happening, _ string) string { return "more responders were asked to join" },
	"urgency_change_log_entry":         func(h *Happening, _ string) string { return "the urgency changed" },
	"priority_change_log_entry":        func(h *Happening, _ string) string { return byHand(h, "the priority was changed") },
	"status_update_log_entry":          func(h *Happening, _ string) string { return "a status update was sent" },
	"repeat_escalation_path_log_entry": func(*Happening, string) string { return "the escalation policy began again" },
	"exhaust_escalation_path_log_entry": func(*Happening, string) string {
		return "nobody was left to escalate to"
	},
}

// words say what happened; source is the tool that sends the incident's alerts.
func (e *TimelineEntry) words(source string) string {
	if source = Clean(source); source == "" || source == "unknown" {
		source = "a monitor"
	}
	if say := happenings[e.Type]; say != nil {
		return say(&e.Happening, source)
	}
	return strings.ReplaceAll(strings.TrimSuffix(Clean(e.Type), "_log_entry"), "_", " ") + by(&e.Happening)
}

func by(h *Happening) string {
	if h.ByPerson {
		return " by a responder"
	}
	return ""
}

func byHand(h *Happening, text string) string {
	switch {
	case h.ByPerson:
		return text + ", by hand"
	case h.Channel == "timeout":
		return text + ": nobody had acknowledged in time"
	}
	return text
}

func unacknowledged(h *Happening) string {
	if h.ByPerson {
		return "the acknowledgement was taken back by a responder"
	}
	return "the acknowledgement ran out"
}

func responders(n int64) string {
	if n > 1 {
		return Count(n) + " responders"
	}
	return "a responder"
}

func notified(h *Happening) string {
	text := "notified a responder"
	switch h.Medium {
	case "", "unknown":
		text += ", medium not known"
	case "other":
		text += " by other means"
	default:
		text += " by " + Clean(h.Medium)
	}
	if h.Failed {
		return text + ": it failed"
	}
	return text
}

func noted(h *Happening) string {
	text := "a note"
	if h.NoteLength != nil {
		text += " of " + plural(*h.NoteLength, "character")
	}
	text += by(h)
	switch h.NoteTag {
	case "#a":
		text += ", marked actionable"
	case "#na":
		text += ", marked non-actionable"
	}
	return text
}

func snoozed(h *Happening) string {
	if h.SnoozeSeconds == nil {
		return "snoozed" + by(h)
	}
	s := float64(*h.SnoozeSeconds)
	return "snoozed for " + Seconds(&s) + by(h)
}

func resolved(h *Happening) string {
	switch {
	case h.ByPerson:
		return "resolved by a responder"
	case h.Channel == "timeout" || h.Channel == "auto":
		return "closed by the auto-resolve time-out"
	}
	return "cleared by the monitor"
}
