package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"crywolf/ingest/pagerdutytest"
)

// truthWarp bends a random account where the definitions have edges: moments exactly on the bounds of
// shifts, hours, chains and seconds; people, services and policies that are gone; entries of odd agents.
// What comes out is still what PagerDuty might say, and the same seed bends in the same way.
type truthWarp struct {
	*rand.Rand
	account *pagerdutytest.Account
	created map[string]time.Time // by incident
}

func truthWarped(seed uint64) *pagerdutytest.Account {
	w := truthWarp{rand.New(rand.NewPCG(seed, 7)), pagerdutytest.Random(seed), map[string]time.Time{}}
	for _, incident := range w.account.Incidents {
		w.created[incident.ID] = incident.CreatedAt
	}
	w.people()
	w.schedules()
	w.policies()
	w.incidents()
	w.keys()
	for n := range w.account.LogEntries {
		w.entry(&w.account.LogEntries[n])
	}
	w.lose()
	return w.account
}

// one in n.
func (w truthWarp) one(n int) bool { return w.IntN(n) == 0 }

func (w truthWarp) pick(words ...string) string { return words[w.IntN(len(words))] }

func (w truthWarp) people() {
	for n := range w.account.Users {
		if w.one(2) {
			w.account.Users[n].TimeZone = pagerdutytest.NullString(w.pick("", "Asia/Kathmandu", "Australia/Lord_Howe",
				"America/St_Johns", "Pacific/Kiritimati", "Mountain Time (US & Canada)", "Kolkata", "Nowhere/Land", "Etc/GMT+12"))
		}
	}
}

// schedules cuts entries into pieces that touch, overlap or leave a second, and adds some of no length.
func (w truthWarp) schedules() {
	for n := range w.account.Schedules {
		final := &w.account.Schedules[n].FinalSchedule
		var entries []pagerdutytest.ScheduleEntry
		for _, entry := range final.RenderedScheduleEntries {
			length := entry.End.Sub(entry.Start)
			if length < time.Hour || !w.one(3) {
				entries = append(entries, entry)
				continue
			}
			cut := entry.Start.Add(time.Duration(w.Int64N(int64(length)))).Truncate(time.Second)
			before, after := entry, entry
			before.End, after.Start = cut, cut
			switch w.IntN(5) {
			case 0:
				before.End = cut.Add(time.Minute) // overlaps, if the entry is long enough
			case 1:
				after.Start = cut.Add(time.Second)
			case 2:
				nothing := entry
				nothing.Start, nothing.End = cut, cut
				entries = append(entries, nothing)
			case 3:
				before.End = entry.End // holds the second piece whole
			}
			if before.End.After(entry.End) {
				before.End = entry.End
			}
			entries = append(entries, before)
			if after.Start.Before(after.End) {
				entries = append(entries, after)
			}
		}
		final.RenderedScheduleEntries = entries
	}
}

// policies lets levels name people, share schedules, and swap.
func (w truthWarp) policies() {
	for n := range w.account.EscalationPolicies {
		rules := w.account.EscalationPolicies[n].EscalationRules
		for level := range rules {
			if w.one(4) {
				user := w.account.Users[w.IntN(len(w.account.Users))]
				rules[level].Targets = append(slices.Clone(rules[level].Targets), pagerdutytest.Ref("user", user.ID, user.Name))
			}
			if w.one(4) {
				schedule := w.account.Schedules[w.IntN(len(w.account.Schedules))]
				rules[level].Targets = append(slices.Clone(rules[level].Targets), pagerdutytest.Ref("schedule", schedule.ID, schedule.Name))
			}
		}
		if w.one(3) {
			slices.Reverse(rules)
		}
	}
}

// incidents reopens, merges and hands over; resolves without an entry.
func (w truthWarp) incidents() {
	silent := map[string]bool{}
	for n := range w.account.Incidents {
		incident := &w.account.Incidents[n]
		switch w.IntN(24) {
		case 0:
			incident.AssignedVia = "direct_assignment"
		case 1:
			incident.ResolveReason = nil
			incident.Status, incident.ResolvedAt = "acknowledged", nil
		case 2:
			if incident.Status == "resolved" {
				into := w.account.Incidents[w.IntN(len(w.account.Incidents))]
				incident.ResolveReason = &pagerdutytest.ResolveReason{Type: "merge_resolve_reason", Incident: pagerdutytest.Ref("incident", into.ID, "")}
			}
		case 3:
			silent[incident.ID] = true
		case 4:
			policy := w.account.EscalationPolicies[w.IntN(len(w.account.EscalationPolicies))]
			incident.EscalationPolicy = pagerdutytest.Ref("escalation_policy", policy.ID, policy.Name)
		case 5:
			service := w.account.Services[w.IntN(len(w.account.Services))]
			incident.Service = pagerdutytest.Ref("service", service.ID, service.Name)
		}
	}
	w.account.LogEntries = slices.DeleteFunc(w.account.LogEntries, func(e pagerdutytest.LogEntry) bool {
		return e.Type == "resolve_log_entry" && e.Incident != nil && silent[e.Incident.ID]
	})
}

// keys lets a service's incidents share an alert key, and gives some alerts a time of their own to clear.
func (w truthWarp) keys() {
	shared := map[string]string{} // by incident: its new key
	for n := range w.account.Incidents {
		incident := &w.account.Incidents[n]
		if len(w.account.Alerts[incident.ID]) > 0 && w.one(2) {
			shared[incident.ID] = fmt.Sprint("shared-", w.IntN(3))
		}
	}
	for _, id := range slices.Sorted(truthMapKeys(w.account.Alerts)) {
		alerts := w.account.Alerts[id]
		for n := range alerts {
			if key := shared[id]; key != "" && n == 0 {
				alerts[n].AlertKey = key
			}
			if alerts[n].Status == "resolved" && w.one(3) {
				at := alerts[n].CreatedAt.Add(time.Duration(w.IntN(3600)) * time.Second)
				alerts[n].ResolvedAt = &at
			}
		}
	}
	for n := range w.account.LogEntries {
		entry := &w.account.LogEntries[n]
		if entry.Type == "trigger_log_entry" && entry.Incident != nil && entry.Channel != nil && shared[entry.Incident.ID] != "" {
			channel := *entry.Channel
			channel.IncidentKey = shared[entry.Incident.ID]
			entry.Channel = &channel
		}
	}
}

// entry bends one log entry.
func (w truthWarp) entry(entry *pagerdutytest.LogEntry) {
	kind := strings.TrimSuffix(entry.Type, "_log_entry")
	switch kind {
	case "notify":
		w.notify(entry)
	case "escalate", "assign":
		if w.one(5) {
			w.agent(entry, "timeout", "website", "mobile", "api")
		}
		if w.one(8) && len(entry.Assignees) > 0 {
			user := w.account.Users[w.IntN(len(w.account.Users))]
			entry.Assignees = []pagerdutytest.Reference{pagerdutytest.Ref("user", user.ID, user.Name)}
		}
	case "acknowledge":
		if w.one(4) {
			w.agent(entry, "api", "website", "email")
		}
	case "resolve":
		if w.one(3) {
			w.agent(entry, "api", "email", "nagios", "timeout", "auto", "website")
		}
	}
	if kind != "trigger" && w.one(12) {
		w.move(entry)
	}
}

// agent says that a person, a service or an integration did it, through one of the channels.
func (w truthWarp) agent(entry *pagerdutytest.LogEntry, channels ...string) {
	channel := pagerdutytest.Channel{}
	if entry.Channel != nil {
		channel = *entry.Channel
	}
	channel.Type = w.pick(channels...)
	entry.Channel = &channel
	agent := pagerdutytest.Ref("service", "PSOMEWHERE", "")
	switch w.IntN(3) {
	case 0:
		user := w.account.Users[w.IntN(len(w.account.Users))]
		agent = pagerdutytest.Ref("user", user.ID, user.Name)
	case 1:
		agent = pagerdutytest.Ref("events_api_v2_inbound_integration", "PINTEGRATE", "")
	}
	entry.Agent = &agent
}

func (w truthWarp) notify(entry *pagerdutytest.LogEntry) {
	if w.one(15) {
		entry.User = nil
	}
	if entry.Channel == nil || !w.one(3) {
		return
	}
	channel := *entry.Channel
	entry.Channel = &channel
	channel.Notification = &pagerdutytest.Notification{
		Type:   w.pick("push_notification", "SMS", "Phone", "email_notification", "whatsapp", "IOS_PUSH_notification"),
		Status: pagerdutytest.NullString(w.pick("success", "", "failed", "Undelivered", "REJECTED", "bounced", "hard error", "no_answer")),
	}
	if w.one(6) {
		channel.Notification = nil
		entry.Summary = "Notified Somebody" + w.pick("", " by email.", " by SMS.", " by phone", " by Push.", " by carrier pigeon.")
	}
	entry.Channel = &channel
}

// move sets an entry's time on an edge: of a shift, of an hour class, of a chain, of a second, of another entry.
func (w truthWarp) move(entry *pagerdutytest.LogEntry) {
	at := entry.CreatedAt
	other := w.account.LogEntries[w.IntN(len(w.account.LogEntries))]
	schedule := w.account.Schedules[w.IntN(len(w.account.Schedules))].FinalSchedule.RenderedScheduleEntries
	switch w.IntN(7) {
	case 0:
		if len(schedule) > 0 {
			at = schedule[w.IntN(len(schedule))].Start
		}
	case 1:
		at = time.Date(at.Year(), at.Month(), at.Day(), []int{8, 18, 22}[w.IntN(3)], 0, 0, 0, time.UTC)
	case 2:
		at = at.Add(w.pickDuration(60*time.Second, 61*time.Second, 15*time.Minute, 15*time.Minute+time.Second))
	case 3:
		at = other.CreatedAt.Add(w.pickDuration(0, 60*time.Second, 61*time.Second, 15*time.Minute))
	case 4:
		at = at.Truncate(time.Second).Add(w.pickDuration(1, 500, 999) * time.Millisecond)
	case 5:
		at = at.Add(-w.pickDuration(time.Second, time.Minute, time.Hour))
	case 6:
		at = at.Add(w.pickDuration(5*time.Minute, 5*time.Hour, 30*time.Hour))
	}
	if entry.Incident != nil && at.Before(w.created[entry.Incident.ID]) {
		return // nothing happens to an incident before there is one
	}
	if !at.Before(w.account.Start) && at.Before(w.account.End) {
		entry.CreatedAt = at
	}
}

func (w truthWarp) pickDuration(lengths ...time.Duration) time.Duration {
	return lengths[w.IntN(len(lengths))]
}

// lose deletes some of what others refer to.
func (w truthWarp) lose() {
	if w.one(2) {
		w.account.Users = slices.Delete(w.account.Users, 0, 1)
	}
	if w.one(3) && len(w.account.Services) > 1 {
		w.account.Services = slices.Delete(w.account.Services, 0, 1)
	}
	if w.one(3) && len(w.account.EscalationPolicies) > 1 {
		w.account.EscalationPolicies = slices.Delete(w.account.EscalationPolicies, 0, 1)
	}
}
