package main

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func instant(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestParseTime(t *testing.T) {
	// A Wednesday, three days after Berlin's clocks went back.
	now := instant(t, "2026-10-28T10:30:00Z")
	for _, c := range []struct{ zone, text, want string }{
		{"UTC", "2026-11-16", "2026-11-16T00:00:00Z"},
		{"Europe/Berlin", "2026-11-16", "2026-11-15T23:00:00Z"},
		{"Europe/Berlin", "2026-07-16", "2026-07-15T22:00:00Z"},
		{"Asia/Kolkata", "2026-11-16", "2026-11-15T18:30:00Z"},
		{"UTC", "2026-11-16T09:00:00+02:00", "2026-11-16T07:00:00Z"},
		{"Europe/Berlin", "2026-11-16 09:00", "2026-11-16T08:00:00Z"},
		{"UTC", "now", "2026-10-28T10:30:00Z"},
		{"UTC", "today", "2026-10-28T00:00:00Z"},
		{"UTC", "Yesterday", "2026-10-27T00:00:00Z"},
		{"Europe/Berlin", "yesterday", "2026-10-26T23:00:00Z"},
		{"UTC", "monday", "2026-10-26T00:00:00Z"},
		{"UTC", "wednesday", "2026-10-28T00:00:00Z"},
		{"UTC", "thursday", "2026-10-22T00:00:00Z"},
		{"UTC", "last week", "2026-10-19T00:00:00Z"},
		{"UTC", "36h", "2026-10-26T22:30:00Z"},
		{"UTC", "30d", "2026-09-28T10:30:00Z"},
		{"Europe/Berlin", "4d", "2026-10-24T09:30:00Z"}, // by the calendar: 11:30 in summer time
		{"UTC", "12w", "2026-08-05T10:30:00Z"},
		{"UTC", "3mo", "2026-07-28T10:30:00Z"},
	} {
		m := moment{now: now, base: now, loc: zone(t, c.zone)}
		got, err := m.parse("--since", c.text)
		if err != nil {
			t.Errorf("%s in %s: %v", c.text, c.zone, err)
		} else if !got.Equal(instant(t, c.want)) {
			t.Errorf("%s in %s: got %s, want %s", c.text, c.zone, got.Format(time.RFC3339), c.want)
		}
	}
}

func TestParseTimeRefuses(t *testing.T) {
	m := moment{now: instant(t, "2026-10-28T10:30:00Z"), loc: time.UTC}
	for text, want := range map[string]string{
		"03/04/2026":    "can mean 2026-04-03 or 2026-03-04",
		"3.4.26":        "can mean 2026-04-03 or 2026-03-04",
		"13/04/2026":    "is ambiguous",
		"04/04/2026":    "is ambiguous",
		"2026-02-30":    "is no time crywolf knows",
		"5m":            "is no time crywolf knows", // minutes or months?
		"":              "is no time crywolf knows",
		"next week":     "is no time crywolf knows",
		"20261116":      "is no time crywolf knows",
		"9999999999d":   "is no time crywolf knows",
		"-4w":           "is no time crywolf knows",
		"2026-11-16T25": "is no time crywolf knows",
	} {
		_, err := m.parse("--since", text)
		var f *failure
		if !errors.As(err, &f) || f.code != exitMisuse || !strings.Contains(f.what, want) || f.try == "" {
			t.Errorf("%q: got %+v, want misuse with %q", text, err, want)
		}
	}
}

func TestWeek(t *testing.T) {
	monday9 := weekStart{minute: 9 * 60}
	for _, c := range []struct {
		now, zone, text string
		week            weekStart
		since, until    string
		name            string
	}{
		{"2026-11-25T10:00:00Z", "UTC", "last", weekStart{}, "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z", "2026-W47"},
		{"2026-11-25T10:00:00Z", "UTC", "-3", weekStart{}, "2026-11-02T00:00:00Z", "2026-11-09T00:00:00Z", "2026-W45"},
		{"2026-11-25T10:00:00Z", "UTC", "2026-W47", weekStart{}, "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z", "2026-W47"},
		{"2026-11-25T10:00:00Z", "UTC", "2026-w1", weekStart{}, "2025-12-29T00:00:00Z", "2026-01-05T00:00:00Z", "2026-W01"},
		{"2026-11-25T10:00:00Z", "UTC", "2026-W53", weekStart{}, "2026-12-28T00:00:00Z", "2027-01-04T00:00:00Z", "2026-W53"},
		// The week of Berlin's change to winter time has 169 hours.
		{"2026-11-25T10:00:00Z", "Europe/Berlin", "2026-W43", weekStart{}, "2026-10-18T22:00:00Z", "2026-10-25T23:00:00Z", "2026-W43"},
		// At 08:59 on Monday the week that begins at 09:00 has not begun.
		{"2026-11-23T08:59:00Z", "UTC", "last", monday9, "2026-11-09T09:00:00Z", "2026-11-16T09:00:00Z", "2026-W46"},
		{"2026-11-23T09:00:00Z", "UTC", "last", monday9, "2026-11-16T09:00:00Z", "2026-11-23T09:00:00Z", "2026-W47"},
		{"2026-11-23T00:00:00Z", "UTC", "last", weekStart{}, "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z", "2026-W47"},
		// Monday in Auckland is still Sunday in UTC.
		{"2026-11-22T12:00:00Z", "Pacific/Auckland", "last", weekStart{}, "2026-11-15T11:00:00Z", "2026-11-22T11:00:00Z", "2026-W47"},
	} {
		m := moment{now: instant(t, c.now), loc: zone(t, c.zone), week: c.week}
		since, until, name, err := m.weekOf(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if !since.Equal(instant(t, c.since)) || !until.Equal(instant(t, c.until)) || name != c.name {
			t.Errorf("--week %s at %s in %s: got %s %s %s, want %s %s %s", c.text, c.now, c.zone,
				since.Format(time.RFC3339), until.Format(time.RFC3339), name, c.since, c.until, c.name)
		}
	}
	for _, text := range []string{"2025-W53", "2026-W00", "2026-W54", "next", "3", "2026-11"} {
		m := moment{now: instant(t, "2026-11-25T10:00:00Z"), loc: time.UTC}
		if _, _, _, err := m.weekOf(text); err == nil {
			t.Errorf("--week %s was taken", text)
		}
	}
}
