package pagerdutytest

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

func decode(t *testing.T, raw json.RawMessage, into any) {
	t.Helper()
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatalf("%v in %.300s", err, raw)
	}
}

// wire is what these tests look at in any object.
type wire struct {
	ID, Type, Status, Summary string
	Channel                   map[string]any
	Incident                  struct{ ID, Type, Status string }
	FirstTrigger              struct {
		Type    string
		Channel map[string]any
	} `json:"first_trigger_log_entry"`
	Integrations []map[string]any
	HTMLURL      *string `json:"html_url"`
	Self         string
}

func TestChannelsMustBeIncluded(t *testing.T) {
	a := Generate(Config{Weeks: 2})
	c := newClient(t, a)
	var plain, whole []wire
	decode(t, c.get("/log_entries", "limit", "100").body["log_entries"], &plain)
	decode(t, c.get("/log_entries", "limit", "100", "include[]", "channels").body["log_entries"], &whole)
	notified := 0
	for i, e := range plain {
		if len(e.Channel) != 1 || e.Channel["type"] != whole[i].Channel["type"] {
			t.Errorf("without the include, %s has the channel %v", e.ID, e.Channel)
		}
		if e.Type == "notify_log_entry" {
			notified++
			n, _ := whole[i].Channel["notification"].(map[string]any)
			medium, _, _ := strings.Cut(n["type"].(string), "_")
			if n["status"] == nil || !strings.HasSuffix(strings.ToLower(e.Summary), "by "+medium+".") {
				t.Errorf("notify entry %q has the notification %v", e.Summary, n)
			}
			if medium == "push" && n["address"] != nil {
				t.Errorf("a push has the address %v", n["address"])
			}
		}
	}
	if notified == 0 {
		t.Error("no notify entry among the last hundred")
	}
}

func TestIncludedIncidentsAndTriggers(t *testing.T) {
	a := Generate(Config{Weeks: 2})
	var entries, incidents []wire
	decode(t, newClient(t, a).get("/log_entries", "include[]", "incidents").body["log_entries"], &entries)
	for _, e := range entries {
		if e.Incident.Type != "incident" || e.Incident.Status == "" {
			t.Errorf("with the include, %s has the incident %+v", e.ID, e.Incident)
		}
	}
	decode(t, newClient(t, a, WithPlainIncludes()).get("/log_entries", "include[]", "incidents").body["log_entries"], &entries)
	for _, e := range entries {
		if e.Incident.Type != "incident_reference" {
			t.Errorf("with plain includes, %s has a %s", e.ID, e.Incident.Type)
		}
	}
	c := newClient(t, a)
	decode(t, c.get("/incidents").body["incidents"], &incidents)
	if got := incidents[0].FirstTrigger.Type; got != "trigger_log_entry_reference" {
		t.Errorf("without the include, an incident has a %s", got)
	}
	decode(t, c.get("/incidents", "include[]", "first_trigger_log_entries").body["incidents"], &incidents)
	for _, in := range incidents {
		if in.FirstTrigger.Type != "trigger_log_entry" || len(in.FirstTrigger.Channel) < 2 {
			t.Errorf("with the include, %s has the first trigger %+v", in.ID, in.FirstTrigger)
		}
	}
}

func TestIntegrationsMustBeIncluded(t *testing.T) {
	c := newClient(t, Generate(Config{Weeks: 2}))
	var plain, whole []wire
	decode(t, c.get("/services").body["services"], &plain)
	decode(t, c.get("/services", "include[]", "integrations").body["services"], &whole)
	for i := range plain {
		if plain[i].Integrations[0]["vendor"] != nil || !strings.HasSuffix(plain[i].Integrations[0]["type"].(string), "_reference") {
			t.Errorf("without the include: %v", plain[i].Integrations[0])
		}
		in := whole[i].Integrations[0]
		if vendor, _ := in["vendor"].(map[string]any); in["type"] != emailIn && vendor["summary"] == "" {
			t.Errorf("with the include: %v", in)
		}
	}
}

func TestThePersonWhoLeftIsAReferenceOnly(t *testing.T) {
	a := Generate(Config{Weeks: 5})
	var left Answer
	for _, x := range a.Answers() {
		if x.Name == "left" {
			left = x
		}
	}
	var id string
	for _, e := range a.Schedules[0].FinalSchedule.RenderedScheduleEntries {
		if e.Start.Equal(left.Since) {
			id = e.User.ID
		}
	}
	c := newClient(t, a)
	if got := c.get("/users/" + id); got.status != http.StatusNotFound || got.code(t) != 2100 {
		t.Errorf("/users/%s: status %d", id, got.status)
	}
	for _, u := range c.get("/users", "limit", "100").ids(t, "users") {
		if u == id {
			t.Error("/users lists the person who left")
		}
	}
	served := string(c.get("/schedules/"+a.Schedules[0].ID, "since", stamp(left.Since), "until", stamp(left.Until)).body["schedule"])
	if !strings.Contains(served, id) {
		t.Error("the schedule does not refer to the person who left")
	}
}

func TestSchedulesAreRenderedInAWindow(t *testing.T) {
	zone := loadZone("Europe/Berlin")
	monday := time.Date(2026, 10, 19, 10, 0, 0, 0, zone)
	a := NewAccount("acme")
	a.Schedules = []Schedule{{ID: "PSCHED1", Type: "schedule", Name: "Primary", TimeZone: "Europe/Berlin",
		FinalSchedule: SubSchedule{RenderedScheduleEntries: []ScheduleEntry{
			{Start: monday, End: monday.AddDate(0, 0, 7), User: Ref("user", "PONE001", "One")},
			{Start: monday.AddDate(0, 0, 7), End: monday.AddDate(0, 0, 14), User: Ref("user", "PTWO001", "Two")},
		}}}}
	c := newClient(t, a)
	type schedule struct {
		Final *struct {
			Entries  []struct{ Start, End time.Time } `json:"rendered_schedule_entries"`
			Coverage *float64                         `json:"rendered_coverage_percentage"`
		} `json:"final_schedule"`
	}
	list := func(query ...string) schedule {
		t.Helper()
		var all []schedule
		decode(t, c.get("/schedules", query...).body["schedules"], &all)
		return all[0]
	}
	since, until := monday.AddDate(0, 0, 2), monday.AddDate(0, 0, 9)
	window := []string{"since", stamp(since), "until", stamp(until)}
	if got := list("include[]", "final_schedule"); got.Final != nil {
		t.Errorf("without a window the list has %+v", got.Final)
	}
	if got := list(window...); got.Final != nil {
		t.Errorf("without the include the list has %+v", got.Final)
	}
	cut := list(append(window, "include[]", "final_schedule")...).Final
	if len(cut.Entries) != 2 || !cut.Entries[0].Start.Equal(since) || !cut.Entries[1].End.Equal(until) || *cut.Coverage != 100 {
		t.Errorf("the entries are not cut at the window: %+v", cut)
	}
	whole := list(append(window, "include[]", "final_schedule", "overflow", "true")...).Final
	if len(whole.Entries) != 2 || !whole.Entries[0].Start.Equal(monday) || whole.Entries[0].End.Sub(whole.Entries[0].Start) != 169*time.Hour {
		t.Errorf("with overflow the entries are not whole: %+v", whole)
	}
	for _, tc := range []struct {
		name         string
		since, until time.Time
		want         int
	}{
		{"one instant", since, since, 1},
		{"the instant of a hand-over", monday.AddDate(0, 0, 7), monday.AddDate(0, 0, 7), 1},
		{"bounds microseconds apart", since, since.Add(3 * time.Microsecond), 0},
		{"after everything", monday.AddDate(0, 0, 14), monday.AddDate(0, 0, 15), 0},
	} {
		got := list("include[]", "final_schedule", "since", tc.since.UTC().Format(time.RFC3339Nano), "until", tc.until.UTC().Format(time.RFC3339Nano)).Final
		if len(got.Entries) != tc.want {
			t.Errorf("%s: %d entries, want %d", tc.name, len(got.Entries), tc.want)
		}
	}
}

func TestShiftBasedSchedulesAreApart(t *testing.T) {
	a := Generate(Config{Weeks: 4})
	c := newClient(t, a)
	v2, v3 := a.Schedules[0].ID, a.V3Schedules[0].ID
	for _, id := range c.get("/schedules").ids(t, "schedules") {
		if id == v3 {
			t.Error("the list of schedules holds a shift-based one")
		}
	}
	if got := c.get("/schedules/" + v3); got.status != http.StatusNotFound {
		t.Errorf("a shift-based schedule at the classic path: status %d", got.status)
	}
	if got := c.get("/v3/schedules/" + v2); got.status != http.StatusBadRequest {
		t.Errorf("a classic schedule at the v3 path: status %d", got.status)
	}
	list := c.get("/v3/schedules")
	if got := list.ids(t, "schedules"); len(got) != 1 || got[0] != v3 || list.body["total"] != nil || string(list.body["limit"]) != "100" {
		t.Errorf("/v3/schedules gives %s", list.body)
	}
	var s struct {
		Final *V3FinalSchedule `json:"final_schedule"`
	}
	window := []string{"since", stamp(a.Start), "until", stamp(a.End)}
	decode(t, c.get("/v3/schedules/"+v3, window...).body["schedule"], &s)
	if s.Final != nil {
		t.Error("without the include there are shift assignments")
	}
	decode(t, c.get("/v3/schedules/"+v3, append(window, "include[]", "final_schedule")...).body["schedule"], &s)
	vacant := 0
	for _, x := range s.Final.ComputedShiftAssignments {
		if x.Member.Type == "empty_member" {
			vacant++
		}
		if x.StartTime.Before(a.Start) || x.EndTime.After(a.End) {
			t.Errorf("the assignment from %s to %s is not cut", x.StartTime, x.EndTime)
		}
	}
	if vacant != 1 {
		t.Errorf("%d places are vacant, want 1", vacant)
	}
}

func TestOnCalls(t *testing.T) {
	a := Generate(Config{Weeks: 4})
	c := newClient(t, a)
	at := stamp(a.End.AddDate(0, 0, -5))
	var rows []struct {
		Level      int `json:"escalation_level"`
		Schedule   *Reference
		Start, End *time.Time
	}
	decode(t, c.get("/oncalls", "since", at, "until", at).body["oncalls"], &rows)
	permanent := 0
	for _, r := range rows {
		if r.Schedule == nil {
			permanent++
			if r.Start != nil || r.End != nil || r.Level != 2 {
				t.Errorf("a person who is a target is on call %+v", r)
			}
		}
	}
	// One for each classic schedule at level 1, two for the pair, the platform again as
	// the pair's level 2, and the two managers.
	if len(rows) != 7 || permanent != 2 {
		t.Errorf("%d rows, %d of them permanent, want 7 and 2", len(rows), permanent)
	}
}
