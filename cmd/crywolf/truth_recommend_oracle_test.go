package main

import (
	"cmp"
	"fmt"
	"math"
	"testing"
	"time"

	"crywolf/ingest/pagerdutytest"
)

// firing is one incident of a handmade rule: it pages Bob, who lives in New York, at a time of the fixtures' week.
type firing struct {
	title, at string
	worked    bool          // a note of more than twenty letters
	alone     time.Duration // the monitor clears it after so long, and nobody does anything; 0: a person resolves it
	channel   string        // of what clears it: "" is the monitor's
	unseen    bool          // it is open for good, and nobody does anything
	more      truthJSON
}

func (f *truthFixture) fire(x firing) {
	at := truthTime(x.at)
	id := fmt.Sprintf("%s of %s", x.title, x.at)
	stamp := func(after time.Duration) string { return at.Add(after).Format("Mon 15:04:05") }
	object := truthJSON{"title": x.title, "status": "resolved"}
	if x.unseen {
		object["status"] = "triggered"
	}
	for key, value := range x.more {
		object[key] = value
	}
	f.incident(id, stamp(0), object)
	f.entry(id, stamp(0), "trigger", "integration I", "api")
	f.entry(id, stamp(0), "assign", "service S", "auto", "BOB")
	f.notify(id, "BOB", stamp(0), "push_notification")
	switch {
	case x.unseen:
		return
	case x.alone > 0:
		f.entry(id, stamp(x.alone), "resolve", "service S", cmp.Or(x.channel, "api"))
		return
	}
	f.entry(id, stamp(time.Minute), "acknowledge", "user BOB", "mobile")
	if x.worked {
		f.note(id, stamp(2*time.Minute), "user BOB", "restarted the stuck worker")
	}
	f.entry(id, stamp(5*time.Minute), "resolve", "user BOB", "website")
}

// nightly and daily are ten and nine times: of Thursday night in New York, and of Thursday's business hours there.
func nightly(n int) string { return fmt.Sprintf("Thu 0%d:%02d", 4+n/5, n%5*12) }
func daily(n int) string   { return fmt.Sprintf("Thu %d:%02d", 15+n/5, n%5*12) }

func times(n int, at func(int) string, x firing) []firing {
	var list []firing
	for i := range n {
		x.at = at(i)
		list = append(list, x)
	}
	return list
}

// Each rule of definitions 10, at its edge.
func TestTruthRecommendations(t *testing.T) {
	job := firing{title: "Job late"}
	worked := firing{title: "Job late", worked: true}
	one := func(at string, x firing) firing { x.at = at; return x }
	for name, c := range map[string]struct {
		firings     []firing
		want        string
		saved       float64 // a week; the fixtures' has six days
		savedNight  float64
		waitSeconds float64
	}{
		"nine are too few":              {times(9, nightly, job), "unclear", 0, 0, 0},
		"ten are enough":                {times(10, nightly, job), "delete", 10, 10, 0},
		"one of them unattended":        {append(times(10, nightly, job), firing{title: "Job late", at: "Fri 05:00", unseen: true}), "unclear", 0, 0, 0},
		"one of them P1":                {append(times(10, nightly, job), one("Fri 05:00", firing{title: "Job late", more: truthJSON{"priority": truthJSON{"name": "P1"}}})), "unclear", 0, 0, 0},
		"one of them P3":                {append(times(10, nightly, job), one("Fri 05:00", firing{title: "Job late", more: truthJSON{"priority": truthJSON{"name": "P3"}}})), "delete", 11, 11, 0},
		"worked by day, paged at night": {append(times(10, nightly, job), one("Thu 18:00", worked)), "demote", 10, 10, 0},
		"worked at night":               {append(times(10, nightly, job), one("Fri 05:00", worked)), "keep", 0, 0, 0},
		"worked five times":             {append(times(5, nightly, job), times(5, daily, worked)...), "demote", 5, 5, 0},
		"worked by day and night":       {append(times(5, nightly, worked), times(5, daily, job)...), "fix_cause", 0, 0, 0},
		"worked by day, paged by day":   {times(4, daily, worked), "keep", 0, 0, 0},
		"eight in ten clear alone": {append(times(8, nightly, firing{title: "Job late", alone: 181 * time.Second}), one("Fri 05:00", job), one("Fri 05:30", worked)),
			"wait", 8, 8, 240},
		"seven in ten do": {append(times(7, nightly, firing{title: "Job late", alone: 181 * time.Second}), times(3, daily, job)...), "delete", 10, 7, 0},
		"the rest by timeout": {append(times(7, nightly, firing{title: "Job late", alone: 181 * time.Second}),
			times(3, daily, firing{title: "Job late", alone: 181 * time.Second, channel: "timeout"})...), "delete", 10, 7, 0},
		"they take half an hour": {times(10, nightly, firing{title: "Job late", alone: 1801 * time.Second}), "unclear", 0, 0, 0},
		"beside another rule":    {append(times(10, nightly, job), times(10, nightly, firing{title: "API slow", worked: true})...), "group", 10, 10, 0},
	} {
		f := newTruthFixture()
		for _, x := range c.firings {
			f.fire(x)
		}
		rows := f.world().scope(pagerdutytest.NewAccount("handmade"), "", truthWeek()).noisy()
		for _, row := range rows {
			if row.Rule != "S, opened by a person: job late" {
				continue
			}
			wait := 0.0
			if row.Wait != nil {
				wait = *row.Wait
			}
			week := 6.0 / 7
			if row.Recommendation != c.want || math.Abs(row.Saved*week-c.saved) > 1e-9 || math.Abs(row.SavedNight*week-c.savedNight) > 1e-9 || wait != c.waitSeconds {
				t.Errorf("%s: %s, %.2f pages, %.2f at night, wait %v; want %s, %v, %v, %v", name, row.Recommendation, row.Saved*week, row.SavedNight*week, wait,
					c.want, c.saved, c.savedNight, c.waitSeconds)
			}
		}
		if len(rows) == 0 {
			t.Errorf("%s: no rows", name)
		}
	}
}

// A person opens an incident and works on it, and only the rule had paged the service in the half hour before.
func TestTruthSoleDetector(t *testing.T) {
	for name, c := range map[string]struct {
		opened string
		second bool // another rule paged, too
		want   string
	}{
		"29 minutes after": {"Fri 05:29", false, "unclear"},
		"31 minutes after": {"Fri 05:31", false, "delete"},
		"of two":           {"Fri 05:29", true, "delete"},
	} {
		f := newTruthFixture()
		for _, x := range append(times(10, nightly, firing{title: "Job late"}), firing{title: "Job late", at: "Fri 05:00"}) {
			f.fire(x)
		}
		if c.second {
			f.fire(firing{title: "API slow", at: "Fri 05:10"})
		}
		f.incident("called", c.opened, truthJSON{"title": "Somebody called"})
		f.entry("called", c.opened, "trigger", "user EVE", "web_trigger")
		f.note("called", c.opened, "user EVE", "the shop does not answer")
		for _, row := range f.world().scope(pagerdutytest.NewAccount("handmade"), "", truthWeek()).noisy() {
			if row.Rule == "S, opened by a person: job late" && row.Recommendation != c.want {
				t.Errorf("%s: got %s, want %s", name, row.Recommendation, c.want)
			}
		}
	}
}
