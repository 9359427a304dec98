package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// moment reads what people type for a time. Words such as "yesterday" count from now; a length such as 12w
// counts back from base. A date is its midnight in loc.
type moment struct {
	now, base time.Time
	loc       *time.Location
	week      weekStart
}

// weekStart is where a week begins; the zero value is Monday 00:00.
type weekStart struct {
	day    int // days after Monday
	minute int // of the day
}

var (
	lengthPattern    = regexp.MustCompile(`^(\d{1,5})(h|d|w|mo)$`)
	ambiguousPattern = regexp.MustCompile(`^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})$`)
	weekPattern      = regexp.MustCompile(`^(\d{4})-?W(\d{1,2})$`)
	agoPattern       = regexp.MustCompile(`^-(\d{1,4})$`)
)

const timeForms = "2026-11-16, 2026-11-16T09:00:00Z, 36h, 30d, 12w, 3mo, yesterday, monday or last week"

// location is the zone of --tz.
func (a *app) location() (*time.Location, error) {
	name := a.flags.tz
	switch strings.ToLower(name) {
	case "utc", "":
		return time.UTC, nil
	case "local":
		return time.Local, nil
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, misuse(fmt.Sprintf("--tz %q is not a known time zone", name), "--tz Europe/Berlin, or another name of the IANA list")
	}
	return loc, nil
}

// parse reads one value; flag is named in errors.
func (m moment) parse(flag, text string) (time.Time, error) {
	at, err := m.read(flag, strings.TrimSpace(text))
	if err == nil && !isWithinReach(at) {
		return time.Time{}, outOfReach(flag, text)
	}
	return at, err
}

// isWithinReach tells whether a time can be one that somebody means: what lies beyond is a slip of the keyboard.
func isWithinReach(t time.Time) bool { return t.Year() >= 1900 && t.Year() < 2200 }

func outOfReach(flag, text string) error {
	return misuse(fmt.Sprintf("%s %q lies beyond the years 1900 to 2199", flag, text), timeForms)
}

func (m moment) read(flag, s string) (time.Time, error) {
	if t, ok := m.absolute(s); ok {
		return t, nil
	}
	if t, ok := m.word(strings.ToLower(s)); ok {
		return t, nil
	}
	if x := lengthPattern.FindStringSubmatch(strings.ToLower(s)); x != nil {
		n, _ := strconv.Atoi(x[1]) // five digits
		return back(m.base.In(m.loc), n, x[2]).UTC(), nil
	}
	if x := ambiguousPattern.FindStringSubmatch(s); x != nil {
		return time.Time{}, ambiguous(s, x[1], x[2], x[3])
	}
	return time.Time{}, misuse(fmt.Sprintf("%s %q is no time crywolf knows", flag, s), timeForms)
}

func (m moment) absolute(s string) (time.Time, bool) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.UTC(), true
	}
	for _, layout := range []string{"2006-01-02", "2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02T15:04:05"} {
		if t, err := time.ParseInLocation(layout, s, m.loc); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

func (m moment) word(s string) (time.Time, bool) {
	now := m.now.In(m.loc)
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, m.loc)
	switch s {
	case "now":
		return m.now.UTC(), true
	case "today":
		return today.UTC(), true
	case "yesterday":
		return today.AddDate(0, 0, -1).UTC(), true
	case "last week":
		since, _ := m.weeksAgo(1)
		return since, true
	case "this week":
		since, _ := m.weeksAgo(0)
		return since, true
	}
	for d := range 7 {
		if day := today.AddDate(0, 0, -d); strings.EqualFold(day.Weekday().String(), s) {
			return day.UTC(), true
		}
	}
	return time.Time{}, false
}

func back(t time.Time, n int, unit string) time.Time {
	switch unit {
	case "h":
		return t.Add(-time.Duration(n) * time.Hour)
	case "d":
		return t.AddDate(0, 0, -n)
	case "w":
		return t.AddDate(0, 0, -7*n)
	}
	return t.AddDate(0, -n, 0)
}

// ambiguous tells what a date such as 03/04/2026 can mean. It is refused even where only one reading exists:
// the next such date in the same script would be read the other way round.
func ambiguous(text, a, b, year string) error {
	if len(year) == 2 {
		year = "20" + year
	}
	var readings []string
	for _, order := range [][2]string{{b, a}, {a, b}} {
		t, err := time.Parse("2006-1-2", year+"-"+order[0]+"-"+order[1])
		if err == nil && (len(readings) == 0 || readings[0] != t.Format(time.DateOnly)) {
			readings = append(readings, t.Format(time.DateOnly))
		}
	}
	what := fmt.Sprintf("%q is ambiguous", text)
	switch len(readings) {
	case 0:
		return misuse(fmt.Sprintf("%q is no time crywolf knows", text), timeForms)
	case 2:
		what = fmt.Sprintf("%q can mean %s or %s", text, readings[0], readings[1])
	}
	return misuse(what, strings.Join(readings, " or "), "Write year, month, day.")
}

// weekOf reads --week: last, 2026-W47, or -N for N weeks ago. It returns the week's bounds and name.
func (m moment) weekOf(text string) (since, until time.Time, name string, err error) {
	since, until, name, err = m.readWeek(text)
	if err == nil && !isWithinReach(since) {
		return since, until, "", outOfReach("--week", text)
	}
	return since, until, name, err
}

func (m moment) readWeek(text string) (since, until time.Time, name string, err error) {
	s := strings.ToUpper(strings.TrimSpace(text))
	if s == "LAST" {
		s = "-1"
	}
	if x := agoPattern.FindStringSubmatch(s); x != nil {
		n, _ := strconv.Atoi(x[1])
		since, until = m.weeksAgo(n)
		year, week := since.In(m.loc).ISOWeek()
		return since, until, fmt.Sprintf("%04d-W%02d", year, week), nil
	}
	if x := weekPattern.FindStringSubmatch(s); x != nil {
		year, _ := strconv.Atoi(x[1])
		week, _ := strconv.Atoi(x[2])
		monday := isoMonday(year, m.loc).AddDate(0, 0, 7*(week-1))
		if y, w := monday.ISOWeek(); y != year || w != week {
			return since, until, "", misuse(fmt.Sprintf("--week %s: %d has no week %d", text, year, week), "--week last")
		}
		return m.begin(monday).UTC(), m.begin(monday.AddDate(0, 0, 7)).UTC(), fmt.Sprintf("%04d-W%02d", year, week), nil
	}
	return since, until, "", misuse(fmt.Sprintf("--week %q is no week crywolf knows", text), "--week last, --week 2026-W47 or --week -3")
}

// weeksAgo bounds the week that lies n weeks before the one now is in.
func (m moment) weeksAgo(n int) (since, until time.Time) {
	now := m.now.In(m.loc)
	day := (int(now.Weekday()) + 6) % 7 // days after Monday
	monday := time.Date(now.Year(), now.Month(), now.Day()-day, 0, 0, 0, 0, m.loc)
	if m.begin(monday).After(now) {
		monday = monday.AddDate(0, 0, -7)
	}
	monday = monday.AddDate(0, 0, -7*n)
	return m.begin(monday).UTC(), m.begin(monday.AddDate(0, 0, 7)).UTC()
}

// begin is where the week of a Monday begins, by the clock of the zone.
func (m moment) begin(monday time.Time) time.Time {
	return time.Date(monday.Year(), monday.Month(), monday.Day()+m.week.day, 0, m.week.minute, 0, 0, m.loc)
}

// isoMonday is the Monday of the first ISO week of a year: the one with January 4.
func isoMonday(year int, loc *time.Location) time.Time {
	fourth := time.Date(year, time.January, 4, 0, 0, 0, 0, loc)
	return fourth.AddDate(0, 0, -((int(fourth.Weekday()) + 6) % 7))
}
