package main

import (
	"fmt"
	"math"
	"testing"
	"time"
)

func truthNear(t *testing.T, what string, got *float64, want float64) {
	t.Helper()
	if got == nil || math.Abs(*got-want) > 1e-6 {
		t.Errorf("%s: got %s, want %v", what, truthShow(got), want)
	}
}

func truthShow(x *float64) string {
	if x == nil {
		return "null"
	}
	return fmt.Sprint(*x)
}

func TestTruthOracle8Quantiles(t *testing.T) {
	var ten []float64
	for n := 10; n >= 1; n-- {
		ten = append(ten, float64(n))
	}
	got := truthQuantilesOf(ten)
	truthNear(t, "p50 of 1..10", got.P50, 5.5)
	truthNear(t, "p90 of 1..10", got.P90, 9.1)
	truthNear(t, "p95 of 1..10", got.P95, 9.55)
	truthNear(t, "mean of 1..10", got.Mean, 5.5)
	truthNear(t, "p90 of one value", truthQuantile([]float64{7}, 0.9), 7)
	if none := truthQuantile(nil, 0.5); none != nil {
		t.Errorf("median of nothing: got %v, want null", *none)
	}
}

func TestTruthOracle10Wilson(t *testing.T) {
	for _, c := range []struct {
		x, n      int
		low, high float64
	}{{8, 10, .490162, .943318}, {0, 20, 0, .161125}, {45, 100, .356145, .547554}, {1, 3, .061492, .792340}} {
		low, high := truthWilson(c.x, c.n)
		truthNear(t, fmt.Sprintf("low of %d/%d", c.x, c.n), low, c.low)
		truthNear(t, fmt.Sprintf("high of %d/%d", c.x, c.n), high, c.high)
	}
}

// A plain week has 50 business, 48 off and 70 sleep hours: counted minute by minute.
func TestTruthOracle13Week(t *testing.T) {
	berlin := truthZone("Europe/Berlin")
	minutes := map[string]int{}
	start := time.Date(2026, 3, 2, 0, 0, 0, 0, berlin)
	for at := start; at.Before(start.AddDate(0, 0, 7)); at = at.Add(time.Minute) {
		minutes[truthHour(at)]++
	}
	if minutes["business"] != 50*60 || minutes["off"] != 48*60 || minutes["sleep"] != 70*60 {
		t.Errorf("minutes of a week by hour class: %v", minutes)
	}
}

// The nights of the clock changes have 9 and 11 sleep hours, by the windows' bounds and minute by minute.
func TestTruthOracle13ClockChanges(t *testing.T) {
	for _, c := range []struct {
		zone, night string
		hours       float64
	}{
		{"Europe/Berlin", "2026-03-28", 9},
		{"Europe/Berlin", "2026-10-24", 11},
		{"Europe/Berlin", "2026-10-25", 10},
		{"Eastern Time (US & Canada)", "2026-10-31", 11},
		{"Asia/Kolkata", "2026-10-24", 10},
	} {
		zone := truthZone(c.zone)
		evening, _ := time.ParseInLocation(time.DateOnly, c.night, zone)
		shift := truthShift{start: evening.Add(-100 * time.Hour).UTC(), end: evening.Add(100 * time.Hour).UTC()}
		if got := truthNights(shift, zone)[c.night].Hours(); got != c.hours {
			t.Errorf("night %s in %s: got %v sleep hours, want %v", c.night, c.zone, got, c.hours)
		}
		minutes := 0
		for at := shift.start; at.Before(shift.end); at = at.Add(time.Minute) {
			if local := at.In(zone); truthHour(local) == "sleep" && truthNight(local) == c.night {
				minutes++
			}
		}
		if minutes != int(c.hours*60) {
			t.Errorf("night %s in %s: %d minutes asleep, want %v hours", c.night, c.zone, minutes, c.hours)
		}
	}
}

func truthClock(text string) time.Time {
	at, err := time.Parse("15:04:05", text)
	if err != nil {
		panic(err)
	}
	return at
}

func TestTruthOracle21Flapping(t *testing.T) {
	var episodes []truthEpisode
	for n, c := range [][2]string{
		{"10:00:00", "10:03:00"}, {"10:10:00", "10:12:00"}, {"10:30:00", "10:34:00"},
		{"12:00:00", "12:02:00"}, {"14:00:00", "15:00:00"},
	} {
		episodes = append(episodes, truthEpisode{
			key: "k", incident: fmt.Sprint("I", n), start: truthClock(c[0]), end: truthClock(c[1]),
			auto: n < 4, first: true,
		})
	}
	runs := truthRuns(episodes)
	if len(runs) != 1 || len(runs[0]) != 3 {
		t.Fatalf("runs: %v, want one of the first three", runs)
	}
	var pages []truthPage
	for _, episode := range episodes {
		pages = append(pages, truthPage{truthPair: truthPair{episode.incident, "U"}, at: episode.start})
	}
	got := truthQualityOf(pages, runs)
	if got.FlappingKeys != 1 || got.FlappingPages != 3 || got.ExcessPages != 2 {
		t.Errorf("got %+v, want 1 key, 3 pages, 2 in excess", got)
	}
}

// A chain of 30-minute gaps holds, one second more breaks it, and a third by hand still makes a run.
func TestTruthFlapBounds(t *testing.T) {
	at := truthClock("10:00:00")
	chain := func(gap time.Duration, auto ...bool) []truthEpisode {
		var episodes []truthEpisode
		start := at
		for _, a := range auto {
			episodes = append(episodes, truthEpisode{key: "k", start: start, end: start.Add(time.Minute), auto: a})
			start = start.Add(time.Minute + gap)
		}
		return episodes
	}
	for name, c := range map[string]struct {
		episodes []truthEpisode
		runs     int
	}{
		"30 min":       {chain(30*time.Minute, true, true, false), 1},
		"30 min 1 s":   {chain(30*time.Minute+time.Second, true, true, true), 0},
		"two episodes": {chain(time.Minute, true, true), 0},
		"half by hand": {chain(time.Minute, true, true, false, false), 0},
	} {
		if got := len(truthRuns(c.episodes)); got != c.runs {
			t.Errorf("%s: got %d runs, want %d", name, got, c.runs)
		}
	}
}

func TestTruthOracle22Interruptions(t *testing.T) {
	chain := func(times ...string) int {
		var notifications []truthNotification
		for _, text := range times {
			notifications = append(notifications, truthNotification{user: "U", at: truthClock(text), interrupts: true})
		}
		return truthInterruptions(notifications)
	}
	if got := chain("02:00:00", "02:00:20", "02:00:59", "02:02:05"); got != 2 {
		t.Errorf("O-22: got %d, want 2", got)
	}
	if got := chain("02:00:00", "02:00:50", "02:01:40"); got != 1 {
		t.Errorf("the chain: got %d, want 1", got)
	}
	if got := chain("02:00:00", "02:01:00", "02:02:01"); got != 2 {
		t.Errorf("at 60 and 61 s: got %d, want 2", got)
	}
}

func TestTruthMedium(t *testing.T) {
	for _, c := range []struct{ kind, summary, medium string }{
		{"push_notification", "", "push"},
		{"ios_PUSH_notification", "", "push"},
		{"SMS", "Notified X by email.", "sms"},
		{"Phone", "", "phone"},
		{"email_notification", "", "email"},
		{"slack", "", "other"},
		{"", "Notified Ada Lovelace by email.", "email"},
		{"", "Notified Ada Lovelace by phone.", "phone"},
		{"", "Notified Ada Lovelace by pigeon.", "unknown"},
		{"", "Notified Ada Lovelace.", "unknown"},
	} {
		if got := truthMedium(c.kind, c.summary); got != c.medium {
			t.Errorf("type %q, summary %q: got %s, want %s", c.kind, c.summary, got, c.medium)
		}
	}
	for status, interrupts := range map[string]bool{
		"success": true, "": true, "queued": true,
		"failed": false, "Delivery Error": false, "UNDELIVERED": false, "rejected": false, "bounced": false,
	} {
		if got := truthInterrupts("sms", status); got != interrupts {
			t.Errorf("an SMS of status %q interrupts: got %v", status, got)
		}
	}
}
