package analysis

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// changes are stretches of 2026 in which some zone's clock changes (the United States, Europe, New Zealand and Chile, Lord
// Howe by half an hour), in either direction, and one in which none does.
var changes = []time.Time{
	time.Date(2026, 3, 6, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 27, 0, 0, 0, 0, time.UTC), time.Date(2026, 4, 3, 0, 0, 0, 0, time.UTC),
	time.Date(2026, 9, 4, 0, 0, 0, 0, time.UTC), time.Date(2026, 10, 2, 0, 0, 0, 0, time.UTC), time.Date(2026, 10, 23, 0, 0, 0, 0, time.UTC),
	time.Date(2026, 10, 30, 0, 0, 0, 0, time.UTC), time.Date(2026, 6, 12, 0, 0, 0, 0, time.UTC),
}

var nightZones = []string{
	"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Auckland", "Asia/Kolkata", "Asia/Kathmandu",
	"America/Santiago", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Africa/Casablanca",
}

// nightSession knows the offsets of nightZones in the weeks of changes, and has a table for moments.
func nightSession(t *testing.T) *Session {
	t.Helper()
	s, ctx := property(t), context.Background()
	_, err := s.conn.ExecContext(ctx, `DELETE FROM zone_offsets; CREATE TEMP TABLE moments (number INTEGER, zone VARCHAR, moment TIMESTAMP)`)
	if err != nil {
		t.Fatal(err)
	}
	for _, zone := range nightZones {
		if err := storeOffsets(ctx, s.conn, zone, changes[0], changes[6]); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// isWithin says whether a minute of the day lies in a window that may cross midnight.
func isWithin(minute, start, end int) bool {
	if start <= end {
		return minute >= start && minute < end
	}
	return minute >= start || minute < end
}

// nightDate is the date on whose evening the night of a local time started.
func nightDate(local time.Time, sleepStart int) string {
	// Plain dates: the day before at the same hour need not exist on the person's clock.
	date := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC)
	if local.Hour()*60+local.Minute() < sleepStart {
		date = date.AddDate(0, 0, -1)
	}
	return date.Format("2006-01-02")
}

// TestNightsEqualCountedMinutes holds the overlap of shifts with the holders' nights, and with their dates, against a count
// of every minute by Go's clock, over nights of 9 and 11 hours, days of 23 and 25 and any sleep window.
func TestNightsEqualCountedMinutes(t *testing.T) {
	s := nightSession(t)
	rapid.Check(t, func(t *rapid.T) {
		sleep := rapid.SampledFrom([][2]int{{22 * 60, 8 * 60}, {0, 6 * 60}, {60, 9*60 + 30}, {23*60 + 30, 7 * 60}, {12 * 60, 12 * 60}}).Draw(t, "sleep")
		mustSetSleep(t, s, sleep)
		base := rapid.SampledFrom(changes).Draw(t, "week")
		var rows []string
		counted, days := map[string]int{}, map[string]int{}
		for i := range rapid.IntRange(1, 12).Draw(t, "shifts") {
			zone := rapid.SampledFrom(nightZones).Draw(t, "zone")
			location, err := time.LoadLocation(zone)
			if err != nil {
				t.Fatal(err)
			}
			start := base.Add(time.Duration(rapid.IntRange(0, 3*24*60).Draw(t, "start")) * time.Minute)
			end := start.Add(time.Duration(rapid.IntRange(1, 3*24*60).Draw(t, "minutes")) * time.Minute)
			rows = append(rows, fmt.Sprintf(`('S1', 'U%d', %s, %s, '%s')`, i, literal(start), literal(end), zone))
			for at := start; at.Before(end); at = at.Add(time.Minute) {
				local := at.In(location)
				days[fmt.Sprint("U", i, " ", local.Format("2006-01-02"))] += 60
				if isWithin(local.Hour()*60+local.Minute(), sleep[0], sleep[1]) {
					counted[fmt.Sprint("U", i, " ", nightDate(local, sleep[0]))] += 60
				}
			}
		}
		fill(t, s, "shifts", "schedule_id, user_id, start_at, end_at, zone", rows)
		period := Period{base, base.AddDate(0, 0, 7)}
		for query, want := range map[string]map[string]int{
			`SELECT user_id, CAST(night AS VARCHAR), sleep_seconds FROM on_call_night_in($since, $until)`:      counted,
			`SELECT user_id, CAST(local_date AS VARCHAR), on_call_seconds FROM on_call_day_in($since, $until)`: days,
		} {
			var lines []string
			for key, seconds := range want {
				lines = append(lines, fmt.Sprint(key, " ", seconds))
			}
			if diff := cmp.Diff(sorted(lines), ask(t, s, query, period)); diff != "" {
				t.Fatalf("%s:\n%s", query, diff)
			}
		}
	})
}

func mustSetSleep(t *rapid.T, s *Session, sleep [2]int) {
	t.Helper()
	settings := DefaultSettings()
	settings.SleepStart, settings.SleepEnd = sleep[0], sleep[1]
	if err := settings.store(context.Background(), s.conn); err != nil {
		t.Fatal(err)
	}
}

// TestHourClassesEqualGosClock asks for the hour class and the night of pages at random instants in random zones.
func TestHourClassesEqualGosClock(t *testing.T) {
	s := nightSession(t)
	rapid.Check(t, func(t *rapid.T) {
		sleep := rapid.SampledFrom([][2]int{{22 * 60, 8 * 60}, {0, 6 * 60}, {60, 9*60 + 30}, {12 * 60, 12 * 60}}).Draw(t, "sleep")
		mustSetSleep(t, s, sleep)
		var rows, want []string
		for i := range 20 {
			zone := rapid.SampledFrom(nightZones).Draw(t, "zone")
			location, err := time.LoadLocation(zone)
			if err != nil {
				t.Fatal(err)
			}
			at := rapid.SampledFrom(changes).Draw(t, "week").Add(time.Duration(rapid.IntRange(0, 7*24*3600).Draw(t, "second")) * time.Second)
			local := at.In(location)
			minute, class := local.Hour()*60+local.Minute(), "off_hours"
			if isWithin(minute, sleep[0], sleep[1]) {
				class = "sleep"
			} else if wd := local.Weekday(); wd != time.Saturday && wd != time.Sunday && isWithin(minute, 8*60, 18*60) {
				class = "business"
			}
			rows = append(rows, fmt.Sprintf(`(%d, '%s', %s)`, i, zone, literal(at)))
			want = append(want, fmt.Sprint(i, " ", class, " ", nightDate(local, sleep[0])))
		}
		fill(t, s, "moments", "number, zone, moment", rows)
		got := ask(t, s, `SELECT number, hour_class(local_at), CAST(night_of(local_at) AS VARCHAR) FROM (
			SELECT m.number, m.moment + to_seconds(z.offset_seconds) AS local_at
			FROM moments AS m JOIN zone_offsets AS z ON z.zone = m.zone AND m.moment >= z.from_at AND m.moment < z.to_at)`, someWeek)
		if diff := cmp.Diff(sorted(want), got); diff != "" {
			t.Fatal(diff)
		}
	})
}
