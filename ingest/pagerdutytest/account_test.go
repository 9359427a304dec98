package pagerdutytest

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

var kinds = []string{"users", "teams", "services", "escalation_policies", "schedules", "v3_schedules", "priorities",
	"incidents", "log_entries", "alerts", "maintenance_windows", "change_events"}

// served is the whole account as one string.
func servedWhole(a *Account) string {
	var b bytes.Buffer
	for _, k := range kinds {
		for _, raw := range a.Objects(k) {
			b.Write(raw)
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func TestTheSameSeedGivesTheSameBytes(t *testing.T) {
	for name, generate := range map[string]func(seed uint64) *Account{
		"demo":   func(seed uint64) *Account { return Generate(Config{Seed: seed, Weeks: 4}) },
		"random": Random,
	} {
		one, again, other := servedWhole(generate(7)), servedWhole(generate(7)), servedWhole(generate(8))
		if one != again {
			t.Errorf("%s: seed 7 gives two different accounts", name)
		}
		if one == other {
			t.Errorf("%s: seeds 7 and 8 give the same account", name)
		}
	}
}

func TestEveryAccountIsConsistent(t *testing.T) {
	for _, scenario := range Scenarios() {
		t.Run(scenario, func(t *testing.T) { consistent(t, Generate(Config{Seed: 3, Scenario: scenario}), true) })
	}
	for seed := uint64(0); seed < 60; seed++ {
		t.Run(fmt.Sprint("random ", seed), func(t *testing.T) { consistent(t, Random(seed), false) })
	}
}

// consistent checks what holds in any PagerDuty account. tidy accounts have
// none of the oddities of Random.
func consistent(t *testing.T, a *Account, tidy bool) {
	ids := map[string]string{}
	unique := func(kind, id string) {
		if other, ok := ids[id]; ok {
			t.Errorf("%s and %s have the id %s", kind, other, id)
		}
		ids[id] = kind
	}
	entries := map[string][]LogEntry{}
	for _, e := range a.LogEntries {
		unique("log entry", e.ID)
		entries[e.Incident.ID] = append(entries[e.Incident.ID], e)
		if !e.CreatedAt.Before(a.End) {
			t.Errorf("entry %s is at %s, after the end", e.ID, e.CreatedAt)
		}
		if e.Type == "notify_log_entry" && (e.Agent != nil || tidy && e.User == nil) {
			t.Errorf("notify entry %s has the agent %v and the user %v", e.ID, e.Agent, e.User)
		}
	}
	merged := map[string]bool{}
	for i, in := range a.Incidents {
		unique("incident", in.ID)
		list := entries[in.ID]
		if i > 0 && (in.IncidentNumber != a.Incidents[i-1].IncidentNumber+1 || in.CreatedAt.Before(a.Incidents[i-1].CreatedAt)) {
			t.Errorf("incident %d stands after %d", in.IncidentNumber, a.Incidents[i-1].IncidentNumber)
		}
		consistentState(t, in, a.Alerts[in.ID])
		if len(list) > 0 {
			consistentEntries(t, in, list, tidy)
		} else if tidy {
			t.Errorf("incident %s has no log entries", in.ID)
		}
		merged[in.ID] = in.ResolveReason != nil
	}
	for _, in := range a.Incidents {
		if in.ResolveReason != nil && merged[in.ResolveReason.Incident.ID] {
			t.Errorf("incident %s was merged into one that was merged away", in.ID)
		}
		for _, x := range a.Alerts[in.ID] {
			unique("alert", x.ID)
			if x.Incident.ID != in.ID {
				t.Errorf("alert %s of incident %s says that it belongs to %s", x.ID, in.ID, x.Incident.ID)
			}
			if !x.CreatedAt.Before(a.End) {
				t.Errorf("alert %s is from after the end", x.ID)
			}
		}
	}
}

func consistentState(t *testing.T, in Incident, alerts []Alert) {
	t.Helper()
	resolved := in.Status == "resolved"
	switch {
	case resolved != (in.ResolvedAt != nil):
		t.Errorf("incident %s is %s and resolved at %v", in.ID, in.Status, in.ResolvedAt)
	case resolved && (len(in.Assignments) > 0 || len(in.Acknowledgements) > 0):
		t.Errorf("resolved incident %s has assignments or acknowledgements", in.ID)
	case in.Status == "acknowledged" && len(in.Acknowledgements) == 0:
		t.Errorf("acknowledged incident %s has no acknowledgement", in.ID)
	case in.Status == "triggered" && len(in.Acknowledgements) > 0:
		t.Errorf("triggered incident %s has acknowledgements", in.ID)
	case in.AlertCounts.All != len(alerts):
		t.Errorf("incident %s counts %d alerts and has %d", in.ID, in.AlertCounts.All, len(alerts))
	case in.ResolveReason != nil && (!resolved || in.AlertCounts.All != 0):
		t.Errorf("merged incident %s is %s with %d alerts", in.ID, in.Status, in.AlertCounts.All)
	case in.UpdatedAt.Before(in.CreatedAt) || resolved && in.UpdatedAt.Before(*in.ResolvedAt):
		t.Errorf("incident %s: created %s, resolved %v, updated %s", in.ID, in.CreatedAt, in.ResolvedAt, in.UpdatedAt)
	}
}

func consistentEntries(t *testing.T, in Incident, list []LogEntry, tidy bool) {
	t.Helper()
	first := slices.IndexFunc(list, func(e LogEntry) bool { return e.Type == "trigger_log_entry" })
	if first < 0 || tidy && first > 0 {
		t.Errorf("incident %s: its first trigger entry is number %d", in.ID, first)
		return
	}
	trigger := list[first]
	if d := in.CreatedAt.Sub(trigger.CreatedAt); in.FirstTriggerLogEntry.ID != trigger.ID || d < 0 || d > time.Second {
		t.Errorf("incident %s: created %s after its first trigger entry %s, and names %s as that", in.ID, d, trigger.ID, in.FirstTriggerLogEntry.ID)
	}
	var last time.Time
	for _, e := range list {
		if tidy && e.CreatedAt.Before(last) {
			t.Errorf("incident %s: entry %s is before the one that it follows", in.ID, e.ID)
		}
		last = e.CreatedAt
		if e.Type == "resolve_log_entry" && in.ResolvedAt != nil && e.CreatedAt.After(*in.ResolvedAt) {
			t.Errorf("incident %s: resolved %s, yet entry %s is at %s", in.ID, in.ResolvedAt, e.ID, e.CreatedAt)
		}
		switch e.Type {
		case "assign_log_entry", "escalate_log_entry":
			if len(e.Assignees) != 1 {
				t.Errorf("entry %s has %d assignees", e.ID, len(e.Assignees))
			}
		}
	}
}

// The trigger entry and the alert of an incident must tell the same story, for
// whoever reads only one of them.
func TestTriggerEntriesAndAlertsAgree(t *testing.T) {
	a := Random(11)
	byID := map[string]LogEntry{}
	for _, e := range a.LogEntries {
		byID[e.ID] = e
	}
	checked := 0
	for _, list := range a.Alerts {
		for _, x := range list {
			e, ok := byID[x.FirstTriggerLogEntry.ID]
			if !ok {
				continue // forgotten
			}
			checked++
			if e.Channel.IncidentKey != x.AlertKey || e.Agent.ID != x.Integration.ID {
				t.Errorf("alert %s: key %q and integration %s, its trigger entry has %q and %s",
					x.ID, x.AlertKey, x.Integration.ID, e.Channel.IncidentKey, e.Agent.ID)
			}
		}
	}
	if checked < 20 {
		t.Errorf("only %d alerts could be compared", checked)
	}
}

func TestDurationsAreHeavyTailed(t *testing.T) {
	a := Generate(Config{Seed: 1})
	var durations []time.Duration
	for _, in := range a.Incidents {
		if in.ResolvedAt != nil {
			durations = append(durations, in.ResolvedAt.Sub(in.CreatedAt))
		}
	}
	slices.Sort(durations)
	median, p90 := durations[len(durations)/2], durations[len(durations)*9/10]
	// The public baseline has 25 minutes and 2.4 days.
	if median < 10*time.Minute || median > time.Hour {
		t.Errorf("the median is %s", median)
	}
	if p90 < 16*time.Hour || p90 > 5*24*time.Hour {
		t.Errorf("the 90th percentile is %s", p90)
	}
}

func TestIncidentsScale(t *testing.T) {
	for _, want := range []int{2_000, 10_000} {
		a := Generate(Config{Incidents: want})
		if got := len(a.Incidents); got < want*9/10 || got > want*11/10 {
			t.Errorf("asked for about %d incidents, got %d", want, got)
		}
		if ratio := float64(len(a.LogEntries)) / float64(len(a.Incidents)); ratio < 5 || ratio > 9 {
			t.Errorf("%d incidents have %.1f log entries each", want, ratio)
		}
	}
}

func TestSecretsArePlanted(t *testing.T) {
	a := Generate(Config{Seed: 5})
	whole, s := servedWhole(a), a.Secrets()
	for kind, list := range map[string][]string{"names": s.Names, "emails": s.Emails, "phones": s.Phones, "notes": s.Notes, "keys": s.Keys} {
		if len(list) == 0 {
			t.Errorf("there are no secret %s", kind)
		}
		for _, x := range list {
			if !strings.Contains(whole, x) {
				t.Errorf("%s: %q is nowhere in the account", kind, x)
			}
		}
	}
}

func TestAtWindsBack(t *testing.T) {
	a := Generate(Config{Seed: 2, Weeks: 4})
	middle := a.Start.AddDate(0, 0, 10).Add(3 * time.Hour)
	past := a.At(middle)
	consistent(t, past, false)
	open := 0
	for _, in := range past.Incidents {
		if in.Status != "resolved" {
			open++
		}
	}
	if open == 0 || len(past.Incidents) >= len(a.Incidents) || len(past.LogEntries) >= len(a.LogEntries) {
		t.Errorf("at %s: %d incidents of %d, %d of them open", middle, len(past.Incidents), len(a.Incidents), open)
	}
	if now := servedWhole(a.At(a.End)); now != servedWhole(a) {
		t.Error("the account at its end differs from the account")
	}
}
