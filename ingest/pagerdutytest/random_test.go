package pagerdutytest

import (
	"strings"
	"testing"
)

// Random accounts are there to hold what is rare: each of these must be found
// in some of a few accounts.
func TestRandomAccountsHoldTraces(t *testing.T) {
	found := map[string]int{}
	see := func(what string, seen bool) {
		if found[what] += 0; seen {
			found[what]++
		}
	}
	for seed := uint64(1); seed <= 12; seed++ {
		a := Random(seed)
		for _, in := range a.Incidents {
			see("a conference bridge", in.ConferenceBridge != nil)
			see("external references", len(in.ExternalReferences) > 0)
			see("a custom field that is set", len(in.CustomFields) > 0 && in.CustomFields[0].Value != "")
			see("a custom field that is not", len(in.CustomFields) > 0 && in.CustomFields[0].Value == "")
			see("a title that says test", strings.HasPrefix(in.Title, "[TEST]"))
			for _, m := range a.MaintenanceWindows {
				inside := m.Services[0].ID == in.Service.ID && !in.CreatedAt.Before(m.StartTime) && in.CreatedAt.Before(m.EndTime)
				see("an incident in maintenance", inside)
			}
			for _, x := range a.Alerts[in.ID] {
				see("an alert over before its incident", x.ResolvedAt != nil && in.ResolvedAt != nil && x.ResolvedAt.Before(*in.ResolvedAt))
				see("an alert over in an open incident", x.ResolvedAt != nil && in.ResolvedAt == nil)
			}
		}
		for _, e := range a.LogEntries {
			byPerson := e.Agent != nil && strings.HasPrefix(e.Agent.Type, "user")
			for _, kind := range []string{"priority_change", "status_update", "workflow", "field_value_change", "external_reference", "postmortem"} {
				see(kind+" by a person", byPerson && strings.Contains(e.Type, kind))
				see(kind+" by no person", !byPerson && strings.Contains(e.Type, kind))
			}
			note := e.Type == "annotate_log_entry"
			see("a note by a service", note && !byPerson)
			see("a note of 20 letters", note && len(e.Channel.Summary) == 20)
			see("a note of 21 letters", note && len(e.Channel.Summary) == 21)
			see("a priority lowered", strings.HasPrefix(e.Summary, "Priority lowered"))
			see("a change as an incident is worked on", e.Type == "acknowledge_log_entry" && a.changed(e))
		}
	}
	for what, n := range found {
		if n == 0 {
			t.Errorf("no account has %s", what)
		}
	}
}

// changed tells whether something is deployed to the entry's service in its second.
func (a *Account) changed(e LogEntry) bool {
	for _, c := range a.ChangeEvents {
		if c.Timestamp.Equal(e.CreatedAt) && c.Services[0].ID == e.Service.ID {
			return true
		}
	}
	return false
}

// People close incidents in bulk: three by one person within ten seconds.
func TestRandomAccountsHoldBulkResolves(t *testing.T) {
	bulk := 0
	for seed := uint64(1); seed <= 12; seed++ {
		list := Random(seed).resolves()
		for _, e := range list {
			same := 0
			for _, x := range list {
				if d := x.CreatedAt.Sub(e.CreatedAt).Seconds(); x.Agent.ID == e.Agent.ID && d >= 0 && d <= 10 {
					same++
				}
			}
			if same >= 3 {
				bulk++
			}
		}
	}
	if bulk == 0 {
		t.Error("nobody closes three incidents within ten seconds")
	}
}

// resolves are the resolve entries by people.
func (a *Account) resolves() []LogEntry {
	var list []LogEntry
	for _, e := range a.LogEntries {
		if e.Type == "resolve_log_entry" && strings.HasPrefix(e.Agent.Type, "user") {
			list = append(list, e)
		}
	}
	return list
}
