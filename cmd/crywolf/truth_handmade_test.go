package main

import (
	"testing"
	"time"
)

// where says to which rotation the page of an incident and user went, or the reason why to none.
func (w *truthWorld) where(t *testing.T, incident, user string) string {
	t.Helper()
	for _, page := range w.pages() {
		if page.incident == incident && page.user == user {
			return page.found.rotation + page.found.reason
		}
	}
	t.Fatalf("no page of %s for %s", incident, user)
	return ""
}

// Each incident climbs its own way; the account is newTruthFixture's.
func TestTruthAttribution(t *testing.T) {
	f := newTruthFixture()
	for name, c := range map[string]struct {
		tell       func(id string)
		user, want string
	}{
		"first assignment": {func(id string) { f.page(id, "ADA", "Mon 10:00") }, "ADA", "LOW"},
		"escalated by timeout, one entry each": {func(id string) {
			f.incident(id, "Mon 10:00", nil)
			f.entry(id, "Mon 10:00", "assign", "service S", "auto", "ADA")
			f.entry(id, "Mon 10:30", "escalate", "service S", "timeout", "CY")
			f.entry(id, "Mon 10:30", "escalate", "service S", "timeout", "DOT")
			f.notify(id, "CY", "Mon 10:30:05", "SMS")
		}, "CY", "TOP"},
		"a person named by the level": {func(id string) {
			f.incident(id, "Mon 10:00", nil)
			f.entry(id, "Mon 10:30", "escalate", "service S", "timeout", "DOT")
			f.notify(id, "DOT", "Mon 10:30:05", "SMS")
		}, "DOT", "direct_target"},
		"assigned as the shift ended": {func(id string) {
			f.incident(id, "Tue 23:59", nil)
			f.entry(id, "Tue 23:59", "assign", "service S", "auto", "ADA")
			f.notify(id, "ADA", "Wed 00:04", "phone")
		}, "ADA", "LOW"},
		"by hand to somebody off call": {func(id string) {
			f.incident(id, "Mon 10:00", nil)
			f.entry(id, "Mon 10:00", "assign", "service S", "auto", "ADA")
			f.entry(id, "Mon 10:10", "assign", "user ADA", "website", "EVE")
			f.notify(id, "EVE", "Mon 10:11", "push")
		}, "EVE", "direct_assignment"},
		"asked to respond": {func(id string) {
			f.incident(id, "Mon 10:00", truthJSON{"incidents_responders": []any{truthJSON{"user": truthJSON{"id": "EVE"}}}})
			f.notify(id, "EVE", "Mon 10:11", "push")
		}, "EVE", "responder_request"},
		"neither on call nor asked": {func(id string) {
			f.incident(id, "Mon 10:00", nil)
			f.notify(id, "EVE", "Mon 10:11", "push")
		}, "EVE", "off_shift"},
		"of a service whose policy is gone": {func(id string) {
			f.service("GONE", "NOWHERE")
			f.incident(id, "Mon 10:00", truthJSON{"service": truthJSON{"id": "GONE"}})
			f.notify(id, "ADA", "Mon 10:11", "push")
		}, "ADA", "unknown_policy"},
		"moved to another policy": {func(id string) {
			f.policy("Q", [][]any{truthRefs("schedule", "QUEUE")})
			f.schedule("QUEUE", "UTC", "EVE Mon 00:00 Sun 00:00", "ADA Mon 00:00 Sun 00:00")
			f.incident(id, "Mon 10:00", truthJSON{"escalation_policy": truthJSON{"id": "Q"}})
			f.entry(id, "Mon 10:20", "delegate", "user ADA", "website", "ADA")
			f.entry(id, "Mon 10:20", "assign", "user ADA", "website", "ADA")
			f.notify(id, "ADA", "Mon 10:21", "push")
		}, "ADA", "QUEUE"},
		"before it moved": {func(id string) {
			f.incident(id, "Mon 10:00", truthJSON{"escalation_policy": truthJSON{"id": "Q"}})
			f.notify(id, "ADA", "Mon 10:01", "push")
			f.entry(id, "Mon 10:20", "delegate", "user ADA", "website", "ADA")
		}, "ADA", "LOW"},
		"of a policy with a schedule nobody may read": {func(id string) {
			f.service("SHUT", "SHUTP")
			f.policy("SHUTP", [][]any{truthRefs("schedule", "SECRET")})
			f.incident(id, "Mon 10:00", truthJSON{"service": truthJSON{"id": "SHUT"}})
			f.notify(id, "EVE", "Mon 10:01", "push")
		}, "EVE", "schedule_not_readable"},
	} {
		c.tell(name)
		if got := f.world().where(t, name, c.user); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

// The level of an incident over its life: up by timeout, back by hand, narrowed by an acknowledgement.
func TestTruthLevels(t *testing.T) {
	f := newTruthFixture()
	f.incident("I", "Mon 10:00", nil)
	f.entry("I", "Mon 10:00", "assign", "service S", "auto", "ADA")
	f.entry("I", "Mon 10:30", "escalate", "service S", "timeout", "CY")
	f.entry("I", "Mon 10:30", "escalate", "service S", "timeout", "DOT")
	f.entry("I", "Mon 10:40", "escalate", "user CY", "website", "ADA")
	f.entry("I", "Mon 10:50", "acknowledge", "user ADA", "website")
	f.entry("I", "Mon 10:50", "assign", "user ADA", "website", "ADA")
	f.entry("I", "Mon 11:00", "escalate", "user ADA", "website", "EVE")
	f.entry("I", "Mon 11:10", "escalate", "service S", "timeout", "CY")
	f.entry("I", "Mon 11:20", "repeat_escalation_path", "service S", "timeout")
	f.entry("I", "Mon 11:20", "assign", "service S", "timeout", "ADA")
	f.entry("I", "Mon 11:30", "assign", "user ADA", "website", "DOT")
	f.entry("I", "Mon 11:30", "assign", "user ADA", "website", "CY")
	w := f.world()
	for _, c := range []struct {
		at, since string
		level     int
	}{
		{"Mon 10:00", "Mon 10:00", 1}, {"Mon 10:29:59", "Mon 10:00", 1}, {"Mon 10:30", "Mon 10:30", 2},
		{"Mon 10:40", "Mon 10:40", 1}, {"Mon 10:55", "Mon 10:40", 1}, {"Mon 11:05", "Mon 11:00", 0},
		{"Mon 11:15", "Mon 11:10", 0}, {"Mon 11:25", "Mon 11:20", 1}, {"Mon 11:35", "Mon 11:30", 2},
	} {
		state := w.stateAt(w.incidents["I"], truthTime(c.at))
		if state.level != c.level || !state.assigned.Equal(truthTime(c.since)) {
			t.Errorf("at %s: level %d since %s, want %d since %s", c.at, state.level, state.assigned, c.level, c.since)
		}
	}
}

// Ada holds Mon and Tue. Four pages within her first 12 hours (one block over the limit), chained into
// two paging incidents; one after her shift ended, which counts in the shift and block of its assignment.
func TestTruthLoad(t *testing.T) {
	f := newTruthFixture()
	f.page("I1", "ADA", "Mon 01:00")
	f.page("I2", "ADA", "Mon 01:15")
	f.page("I3", "ADA", "Mon 01:30")
	f.page("I4", "ADA", "Mon 11:59:59")
	f.incident("I5", "Tue 23:59", nil)
	f.entry("I5", "Tue 23:59", "assign", "service S", "auto", "ADA")
	f.notify("I5", "ADA", "Wed 00:04", "phone")
	f.notify("I5", "ADA", "Wed 00:05", "email")
	f.notify("I5", "", "Wed 00:06", "push")

	got := f.world().report(truthWeek())
	if got.Totals != (truthTotals{Incidents: 5, Pages: 5, Interruptions: 5, Notifications: 7}) {
		t.Errorf("totals: %+v", got.Totals)
	}
	low := got.Rotations[0]
	if low.ID != "LOW" || low.Load.Pages != 5 || low.Load.PagingIncidents != 3 || low.Load.Notifications != 6 ||
		low.Load.Shifts != 2 || low.Load.OnCallSeconds != 6*86400 || low.Load.Blocks != 12 ||
		low.Load.BlocksOverLimit != 1 || low.Load.BlocksOver2Incidents != 0 {
		t.Errorf("load: %+v", low.Load)
	}
	truthNear(t, "pages per 12 h", low.Load.PagesPer12h, 5.0/12)
	truthNear(t, "pages per shift, p90", low.Load.PagesPerShift.P90, 4.5)
	// Berlin is an hour ahead: 02:00, 02:15, 02:30 asleep, 12:59:59 at work, 01:04 asleep.
	if low.Hours != (truthHours{Business: 1, Sleep: 4}) || low.Night.InterruptedNights != 2 {
		t.Errorf("hours %+v, night %+v", low.Hours, low.Night)
	}
	// Ada's nights are those of 1 March (its end), 2 and 3 March (its start); Bob's of 3 to 6 March, in New York.
	if low.Night.OnCallNights != 3+4 {
		t.Errorf("on-call nights: %d", low.Night.OnCallNights)
	}
	// Cut at Wednesday, Ada's ended shift is listed with no time, for the page that came late.
	wednesday := truthPeriod{truthTime("Wed 00:00"), truthTime("Sun 00:00")}
	rows := f.world().report(wednesday).Rotations[0]
	if rows.Load.Shifts != 2 || rows.Load.Blocks != 8 || len(rows.Shifts) != 2 {
		t.Fatalf("load from Wednesday: %+v, shifts %+v", rows.Load, rows.Shifts)
	}
	want := truthShiftRow{User: "ADA", Start: truthAt("Wed 00:00"), End: truthAt("Wed 00:00"), Pages: 1, NightPages: 1}
	if rows.Shifts[0] != want {
		t.Errorf("the ended shift: got %+v, want %+v", rows.Shifts[0], want)
	}
}

func TestTruthResponse(t *testing.T) {
	f := newTruthFixture()
	add := func(id string, more truthJSON, resolver, channel string) {
		f.incident(id, "Mon 10:00", more)
		f.notify(id, "ADA", "Mon 10:00", "push")
		if resolver != "" {
			f.entry(id, "Mon 10:10", "resolve", resolver, channel)
		}
	}
	resolved := truthJSON{"status": "resolved", "resolved_at": truthAt("Mon 10:10")}
	add("monitor", resolved, "service S", "api")
	add("timeout", resolved, "service S", "timeout")
	add("person", resolved, "user ADA", "website")
	add("open", nil, "", "")
	add("reopened", nil, "user ADA", "website")
	add("merged", truthJSON{"status": "resolved", "resolve_reason": truthJSON{"type": "merge_resolve_reason"}}, "user ADA", "website")
	f.entry("person", "Mon 10:02", "acknowledge", "service S", "api")
	f.entry("person", "Mon 10:04", "acknowledge", "user ADA", "mobile")
	f.entry("open", "Mon 10:06", "acknowledge", "user ADA", "mobile")
	got := f.world().report(truthWeek()).Rotations[0].Response
	if got.Incidents != 5 || got.Resolved != 3 || got.Open != 2 || got.Merged != 1 || got.AutoResolved != 2 ||
		got.Acknowledged != 2 || got.NeverAcked != 3 {
		t.Errorf("response: %+v", got)
	}
	truthNear(t, "time to acknowledge, p50", got.Acknowledge.P50, 300)
	truthNear(t, "time to resolve, p95", got.Resolve.P95, 600)
}

func TestTruthStitch(t *testing.T) {
	at := func(hour int) time.Time { return time.Date(2026, 3, 2, hour, 0, 0, 0, time.UTC) }
	got := truthStitch([]truthShift{
		{"A", "u", at(4), at(8)}, {"A", "u", at(0), at(4)}, {"A", "u", at(1), at(2)}, {"A", "u", at(9), at(10)},
		{"A", "v", at(8), at(9)}, {"B", "u", at(8), at(9)},
	})
	want := []truthShift{{"A", "u", at(0), at(8)}, {"A", "u", at(9), at(10)}, {"A", "v", at(8), at(9)}, {"B", "u", at(8), at(9)}}
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for n := range want {
		if got[n] != want[n] {
			t.Errorf("shift %d: got %v, want %v", n, got[n], want[n])
		}
	}
}

// A title is one alert's, whatever the host, number or state in it.
func TestTruthTitle(t *testing.T) {
	if a, b := truthTitle("[FIRING:2] Disk 91% full on db-7.prod.example.com"), truthTitle("RECOVERED: disk 88% full on db-12.prod.example.com"); a != b {
		t.Errorf("%q and %q differ", a, b)
	}
	if a, b := truthTitle("Disk full"), truthTitle("Disk slow"); a == b {
		t.Errorf("%q for two different titles", a)
	}
}
