package main

import (
	"encoding/json"
	"fmt"
	"time"
)

// truthFixture is a hand-made account: API-shaped objects by kind, written as the tests need them.
type truthFixture struct {
	objects map[string][]json.RawMessage
	entries int
}

func (f *truthFixture) Objects(kind string) []json.RawMessage { return f.objects[kind] }

func (f *truthFixture) add(kind string, object map[string]any) {
	raw, err := json.Marshal(object)
	if err != nil {
		panic(err)
	}
	f.objects[kind] = append(f.objects[kind], raw)
}

type truthJSON = map[string]any

func truthRefs(kind string, ids ...string) []any {
	var refs []any
	for _, id := range ids {
		refs = append(refs, truthJSON{"id": id, "type": kind + "_reference"})
	}
	return refs
}

// truthAt is a time in the fixtures' week, which starts on Monday 2026-03-02 UTC: "Mon 14:05" or "Tue 02:00:30".
func truthAt(text string) string {
	days := map[string]int{"Mon": 2, "Tue": 3, "Wed": 4, "Thu": 5, "Fri": 6, "Sat": 7, "Sun": 8}
	clock := text[4:]
	if len(clock) == len("15:04") {
		clock += ":00"
	}
	return fmt.Sprintf("2026-03-%02dT%sZ", days[text[:3]], clock)
}

func truthTime(text string) time.Time {
	at, err := time.Parse(time.RFC3339, truthAt(text))
	if err != nil {
		panic(err)
	}
	return at
}

// newTruthFixture has a service S on policy P: level 1 is schedule LOW (Ada, then Bob from Wed 00:00),
// level 2 is schedule TOP (Cy all week) and Dot by name. Ada lives in Berlin, Bob in New York, the others in UTC.
func newTruthFixture() *truthFixture {
	f := &truthFixture{objects: map[string][]json.RawMessage{}}
	for id, zone := range map[string]string{
		"ADA": "Europe/Berlin", "BOB": "Eastern Time (US & Canada)", "CY": "UTC", "DOT": "UTC", "EVE": "UTC",
	} {
		f.add("users", truthJSON{"id": id, "time_zone": zone})
	}
	f.service("S", "P")
	f.policy("P", [][]any{
		truthRefs("schedule", "LOW"),
		append(truthRefs("schedule", "TOP"), truthRefs("user", "DOT")...),
	})
	f.schedule("LOW", "Europe/Berlin", "ADA Mon 00:00 Tue 00:00", "ADA Tue 00:00 Wed 00:00", "BOB Wed 00:00 Sun 00:00")
	f.schedule("TOP", "UTC", "CY Mon 00:00 Sun 00:00")
	return f
}

func (f *truthFixture) service(id, policy string) {
	f.add("services", truthJSON{"id": id, "escalation_policy": truthJSON{"id": policy}})
}

func (f *truthFixture) policy(id string, levels [][]any) {
	var rules []any
	for _, targets := range levels {
		rules = append(rules, truthJSON{"targets": targets})
	}
	f.add("escalation_policies", truthJSON{"id": id, "escalation_rules": rules})
}

// schedule takes its entries as "USER Mon 00:00 Tue 00:00".
func (f *truthFixture) schedule(id, zone string, entries ...string) {
	var rendered []any
	for _, entry := range entries {
		var user, day, clock, endDay, endClock string
		fmt.Sscan(entry, &user, &day, &clock, &endDay, &endClock)
		rendered = append(rendered, truthJSON{
			"start": truthAt(day + " " + clock), "end": truthAt(endDay + " " + endClock),
			"user": truthJSON{"id": user},
		})
	}
	f.add("schedules", truthJSON{
		"id": id, "name": id, "time_zone": zone,
		"final_schedule": truthJSON{"rendered_schedule_entries": rendered},
	})
}

// incident adds an open, high-urgency incident of service S; more overrides what is said.
func (f *truthFixture) incident(id, at string, more truthJSON) {
	object := truthJSON{
		"id": id, "title": "Disk full", "status": "triggered", "urgency": "high", "created_at": truthAt(at),
		"service": truthJSON{"id": "S"}, "escalation_policy": truthJSON{"id": "P"},
		"assigned_via": "escalation_policy",
	}
	for key, value := range more {
		object[key] = value
	}
	f.add("incidents", object)
}

// entry adds a log entry: kind "assign", agent "user ADA" or "service S", channel type, assignees.
func (f *truthFixture) entry(incident, at, kind, agent, channel string, assignees ...string) {
	var agentKind, agentID string
	fmt.Sscan(agent, &agentKind, &agentID)
	f.entries++
	f.add("log_entries", truthJSON{
		"id": fmt.Sprintf("L%d", f.entries), "type": kind + "_log_entry", "created_at": truthAt(at),
		"incident": truthJSON{"id": incident}, "channel": truthJSON{"type": channel},
		"agent": truthJSON{"id": agentID, "type": agentKind + "_reference"}, "assignees": truthRefs("user", assignees...),
	})
}

func (f *truthFixture) notify(incident, user, at, medium string) {
	f.entries++
	object := truthJSON{
		"id": fmt.Sprintf("L%d", f.entries), "type": "notify_log_entry", "created_at": truthAt(at),
		"incident": truthJSON{"id": incident},
		"channel":  truthJSON{"type": "auto", "notification": truthJSON{"type": medium, "status": "success"}},
	}
	if user != "" {
		object["user"] = truthJSON{"id": user}
	}
	f.add("log_entries", object)
}

// page is an incident with its assignment to user and one push, in the usual way.
func (f *truthFixture) page(incident, user, at string) {
	f.incident(incident, at, nil)
	f.entry(incident, at, "assign", "service S", "auto", user)
	f.notify(incident, user, at, "push_notification")
}

func (f *truthFixture) world() *truthWorld {
	return truthLoad(f, truthTime("Mon 00:00"), truthTime("Sun 00:00"))
}

// week is Monday to Sunday, the whole of what the fixtures hold.
func truthWeek() truthPeriod { return truthPeriod{truthTime("Mon 00:00"), truthTime("Sun 00:00")} }
