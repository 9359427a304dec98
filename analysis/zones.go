package analysis

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // the product must not depend on the machine's zone files

	_ "embed"
)

//go:embed rails_zones.txt
var railsZonesText string

// railsZones maps the zone names of Ruby on Rails, which PagerDuty used in older bodies, to IANA names.
var railsZones = parseRailsZones(railsZonesText)

func parseRailsZones(text string) map[string]string {
	zones := map[string]string{}
	for _, line := range strings.Split(text, "\n") {
		if name, zone, ok := strings.Cut(line, "\t"); ok {
			zones[name] = zone
		}
	}
	return zones
}

// zoneOf gives the IANA zone that a name of PagerDuty's stands for; "" where it is none.
func zoneOf(name string) string {
	if zone, ok := railsZones[name]; ok {
		return zone
	}
	// "Local" and "" are zones to Go, but not to anybody else.
	if name == "" || name == "Local" {
		return ""
	}
	if _, err := time.LoadLocation(name); err != nil {
		return ""
	}
	return name
}

// storeZones fills zone_names with the names that users and schedules bear, and zone_offsets with what they need
// over the span of the data.
func storeZones(ctx context.Context, conn *sql.Conn) error {
	names, err := readStrings(ctx, conn, `SELECT DISTINCT time_zone FROM (
		SELECT time_zone FROM users UNION ALL SELECT time_zone FROM schedules) WHERE time_zone IS NOT NULL ORDER BY time_zone`)
	if err != nil {
		return fmt.Errorf("read zone names: %w", err)
	}
	var from, to sql.NullTime
	err = conn.QueryRowContext(ctx, `SELECT min(at_), max(at_) FROM (
		SELECT min(start_at) AS at_ FROM schedule_entries UNION ALL SELECT max(end_at) FROM schedule_entries
		UNION ALL SELECT min(created_at) FROM log_entries UNION ALL SELECT max(created_at) FROM log_entries
		UNION ALL SELECT min(created_at) FROM incidents UNION ALL SELECT max(created_at) FROM incidents)`).Scan(&from, &to)
	if err != nil {
		return fmt.Errorf("read the span of the data: %w", err)
	}
	if _, err := conn.ExecContext(ctx, `DELETE FROM zone_names; DELETE FROM zone_offsets`); err != nil {
		return fmt.Errorf("clear zones: %w", err)
	}
	zones := map[string]bool{"UTC": true}
	order := []string{"UTC"}
	for _, name := range names {
		zone := zoneOf(name)
		if zone == "" {
			continue
		}
		if _, err := conn.ExecContext(ctx, `INSERT INTO zone_names VALUES (?, ?)`, name, zone); err != nil {
			return fmt.Errorf("store zone %s: %w", zone, err)
		}
		if !zones[zone] {
			zones[zone] = true
			order = append(order, zone)
		}
	}
	for _, zone := range order {
		if err := storeOffsets(ctx, conn, zone, from.Time, to.Time); err != nil {
			return err
		}
	}
	return nil
}

// Instants outside the data: the first and last stretch of a zone reach to them.
var (
	longAgo  = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	farAhead = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
)

// storeOffsets writes a zone's stretches of constant offset between from and to, a year's margin on both sides. More
// rows would make every look-up slower: a page is joined with all stretches of its zone.
func storeOffsets(ctx context.Context, conn *sql.Conn, zone string, from, to time.Time) error {
	location, err := time.LoadLocation(zone)
	if err != nil {
		return fmt.Errorf("load zone %s: %w", zone, err)
	}
	// A record that says the year 9998 must not cost a row for each change of clock until then.
	from, to = clamped(from), clamped(to)
	start, last := longAgo, to.AddDate(1, 0, 0)
	at := from.AddDate(-1, 0, 0)
	for {
		_, offset := at.In(location).Zone()
		_, end := at.In(location).ZoneBounds()
		if !end.IsZero() && !end.After(at) {
			// Where only a rule is left of a zone, Go takes every year for one of 365 days: on the last day of a leap
			// year it says that the stretch is over already. No clock changes on that day.
			end = at.AddDate(0, 0, 1)
		}
		if end.IsZero() || end.After(last) {
			end = farAhead
		}
		_, err := conn.ExecContext(ctx, `INSERT INTO zone_offsets VALUES (?, ?, ?, ?)`, zone, start, end.UTC(), offset)
		if err != nil {
			return fmt.Errorf("store zone %s: %w", zone, err)
		}
		if end.Equal(farAhead) {
			return nil
		}
		start, at = end.UTC(), end
	}
}

func clamped(t time.Time) time.Time {
	switch {
	case t.Before(longAgo):
		return longAgo
	case t.After(farAhead):
		return farAhead
	}
	return t
}

// readStrings gives the one column of a query's rows.
func readStrings(ctx context.Context, conn *sql.Conn, query string, args ...any) ([]string, error) {
	rows, err := conn.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}
