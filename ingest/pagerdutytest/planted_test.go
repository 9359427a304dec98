package pagerdutytest

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// story is an incident with its log entries.
type story struct {
	Incident
	entries []LogEntry
}

func (s story) first(kind string) *LogEntry {
	for i := range s.entries {
		if s.entries[i].Type == kind+"_log_entry" {
			return &s.entries[i]
		}
	}
	return nil
}

func (s story) byMonitor() bool {
	for i := len(s.entries) - 1; i >= 0; i-- {
		if e := s.entries[i]; e.Type == "resolve_log_entry" {
			return !strings.HasPrefix(e.Agent.Type, "user")
		}
	}
	return false
}

func (s story) duration() time.Duration { return s.ResolvedAt.Sub(s.CreatedAt) }

// planted returns the incidents of an answer.
func planted(t *testing.T, a *Account, name string) (Answer, []story) {
	t.Helper()
	i := slices.IndexFunc(a.Answers(), func(x Answer) bool { return x.Name == name })
	if i < 0 {
		t.Fatalf("no answer %s", name)
	}
	answer := a.Answers()[i]
	stories := make([]story, len(answer.IncidentIDs))
	for k, id := range answer.IncidentIDs {
		at := slices.IndexFunc(a.Incidents, func(in Incident) bool { return in.ID == id })
		stories[k].Incident = a.Incidents[at]
		for _, e := range a.LogEntries {
			if e.Incident.ID == id {
				stories[k].entries = append(stories[k].entries, e)
			}
		}
	}
	slices.SortFunc(stories, func(x, y story) int { return x.CreatedAt.Compare(y.CreatedAt) })
	return answer, stories
}

func TestPlantedFaultsCanBeSeen(t *testing.T) {
	for _, seed := range []uint64{0, 1, 2} {
		a := Generate(Config{Seed: seed})
		for name, check := range map[string]func(*testing.T, *Account){
			"flapper": seeFlapper, "job_0200": seeJob, "self_clearing": seeSelfClearing, "twin": seeTwin,
			"rare_real": seeRareReal, "storm": seeStorm, "open": seeOpen, "rotations": seeRotations,
		} {
			t.Run(name, func(t *testing.T) { check(t, a) })
		}
	}
}

func seeFlapper(t *testing.T, a *Account) {
	_, list := planted(t, a, "flapper")
	runs := 0
	for i, s := range list {
		if !s.byMonitor() || s.duration() > 10*time.Minute {
			t.Errorf("%s lasted %s, cleared by the monitor: %v", s.ID, s.duration(), s.byMonitor())
		}
		if a.Alerts[s.ID][0].AlertKey != a.Alerts[list[0].ID][0].AlertKey {
			t.Errorf("%s has a key of its own", s.ID)
		}
		if i == 0 || s.CreatedAt.Sub(*list[i-1].ResolvedAt) > time.Hour {
			runs++
		}
	}
	if len(list) < 60 || len(list) < 3*runs {
		t.Errorf("%d incidents in %d runs", len(list), runs)
	}
}

func seeJob(t *testing.T, a *Account) {
	answer, list := planted(t, a, "job_0200")
	zone, twice := loadZone("Europe/Berlin"), 0
	for _, s := range list {
		if hour := s.CreatedAt.In(zone).Hour(); hour != 2 || s.Service.ID != answer.ServiceID {
			t.Errorf("%s fired at %d o'clock on %s", s.ID, hour, s.Service.Summary)
		}
		if s.CreatedAt.In(zone).Format("01-02") == "10-25" {
			twice++
		}
		if s.first("acknowledge") == nil || s.byMonitor() || s.first("annotate") != nil {
			t.Errorf("%s was not simply acknowledged and closed", s.ID)
		}
	}
	if len(list) < 45 || twice != 2 {
		t.Errorf("it fired %d times, %d of them in the night with two such hours", len(list), twice)
	}
}

func seeSelfClearing(t *testing.T, a *Account) {
	_, list := planted(t, a, "self_clearing")
	for _, s := range list {
		if !s.byMonitor() || s.duration() > 8*time.Minute {
			t.Errorf("%s lasted %s, cleared by the monitor: %v", s.ID, s.duration(), s.byMonitor())
		}
	}
	if len(list) < 60 {
		t.Errorf("it fired %d times", len(list))
	}
}

func seeTwin(t *testing.T, a *Account) {
	_, list := planted(t, a, "twin")
	for _, s := range list {
		beside := slices.ContainsFunc(a.Incidents, func(in Incident) bool {
			d := s.CreatedAt.Sub(in.CreatedAt)
			return a.truths[in.ID].Rule == "p99 latency is high on payments-api" && d > 0 && d < 3*time.Minute
		})
		if !beside || !s.byMonitor() || s.first("annotate") != nil {
			t.Errorf("%s: beside the other %v, cleared by the monitor %v", s.ID, beside, s.byMonitor())
		}
	}
	if len(list) < 20 {
		t.Errorf("it fired %d times", len(list))
	}
}

func seeRareReal(t *testing.T, a *Account) {
	_, list := planted(t, a, "rare_real")
	for _, s := range list {
		ack := s.first("acknowledge")
		if ack == nil || s.ResolvedAt.Sub(ack.CreatedAt) < 40*time.Minute || s.first("annotate") == nil || s.Priority == nil || s.Priority.Name > "P2" {
			t.Errorf("%s was not worked on, or not important: %+v", s.ID, s.Priority)
		}
		if truth, _ := a.Truth(s.ID); truth.Verdict != VerdictActionable {
			t.Errorf("%s is %s in truth", s.ID, truth.Verdict)
		}
	}
	if len(list) != 4 {
		t.Errorf("it fired %d times, want 4", len(list))
	}
}

func seeStorm(t *testing.T, a *Account) {
	_, list := planted(t, a, "storm")
	merged := 0
	for _, s := range list {
		if s.ResolveReason != nil {
			merged++
		}
	}
	if span := list[len(list)-1].CreatedAt.Sub(list[0].CreatedAt); len(list) != 80 || span > 10*time.Minute || merged < 15 {
		t.Errorf("%d incidents in %s, %d of them merged", len(list), span, merged)
	}
	if n := list[0].AlertCounts.All; n != merged+1 {
		t.Errorf("%d were merged, and the first has %d alerts", merged, n)
	}
}

func seeOpen(t *testing.T, a *Account) {
	_, list := planted(t, a, "open")
	if len(list) != 1 || list[0].Status != "acknowledged" || list[0].Urgency != "high" {
		t.Errorf("open: %d incidents", len(list))
	}
}

// seeRotations checks what is planted in schedules.
func seeRotations(t *testing.T, a *Account) {
	final := a.Schedules[0].FinalSchedule.RenderedScheduleEntries
	entry := func(list []ScheduleEntry, since, until time.Time) *ScheduleEntry {
		for i := range list {
			if list[i].Start.Equal(since) && list[i].End.Equal(until) {
				return &list[i]
			}
		}
		return nil
	}
	hours := map[string]bool{}
	for _, x := range a.Answers() {
		switch x.Name {
		case "override", "swap":
			shown, over := entry(final, x.Since, x.Until), entry(a.Schedules[0].OverridesSubschedule.RenderedScheduleEntries, x.Since, x.Until)
			under := slices.IndexFunc(a.Schedules[0].ScheduleLayers[0].RenderedScheduleEntries, func(e ScheduleEntry) bool {
				return !e.Start.After(x.Since) && e.End.After(x.Since) && shown != nil && e.User.ID != shown.User.ID
			})
			if shown == nil || over == nil || shown.User.ID != over.User.ID || under < 0 {
				t.Errorf("%s from %s to %s: %v over %v", x.Name, x.Since, x.Until, over, shown)
			}
		case "left":
			if shown := entry(final, x.Since, x.Until); shown == nil || slices.ContainsFunc(a.Users, func(u User) bool { return u.ID == shown.User.ID }) {
				t.Errorf("the last shift of the person who left is %v", shown)
			}
		case "dst_week":
			hours[x.Until.Sub(x.Since).String()] = true
		}
	}
	if !hours["169h0m0s"] {
		t.Errorf("the weeks in which clocks change have %v", hours)
	}
	zones := map[string]bool{}
	for _, e := range a.Schedules[1].FinalSchedule.RenderedScheduleEntries {
		if e.End.Sub(e.Start) != 8*time.Hour {
			t.Errorf("a turn of the platform rotation has %s", e.End.Sub(e.Start))
		}
		for _, u := range a.Users {
			if u.ID == e.User.ID {
				zones[string(u.TimeZone)] = true
			}
		}
	}
	if len(zones) < 3 || !zones["Eastern Time (US & Canada)"] {
		t.Errorf("the platform rotation has people in %v", zones)
	}
}

func TestHealthyHasNoPlantedNoise(t *testing.T) {
	for _, x := range Generate(Config{Scenario: "healthy"}).Answers() {
		if slices.Contains([]string{"flapper", "job_0200", "self_clearing", "twin", "storm"}, x.Name) {
			t.Errorf("the healthy account has %s", x.Name)
		}
	}
}
