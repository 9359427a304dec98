package analysis

import (
	"context"
	"testing"
	"time"
)

// TestAbsurdTimesCostNothing: one record that says the year 2 or 9998 must not make a row of every change of clock between.
func TestAbsurdTimesCostNothing(t *testing.T) {
	db := newFacts(t)
	mustExec(t, db, `INSERT INTO users (id, time_zone) VALUES ('U1', 'Europe/Berlin'), ('U2', 'America/New_York');
		INSERT INTO incidents (id, title, created_at) VALUES ('P1', 'long ago', '0002-01-01'), ('P2', 'now', '2026-11-03 10:00'), ('P3', 'far ahead', '9998-12-31')`)
	mustDerive(t, db, DeriveOptions{})
	if n := scanOne[int](t, db, `SELECT count(*) FROM zone_offsets`); n > 3000 {
		t.Errorf("%d stretches of constant offset are stored", n)
	}
	s := newSession(t, db, DefaultSettings())
	if r := run(t, s, "totals", someWeek); r.Rows[0][0] != int64(1) {
		t.Errorf("the week has %v incidents", r.Rows[0][0])
	}
}

// TestOffsetsFarAhead: beyond 2037 most systems know zones by a rule only. The stretches go on, through leap years too, and
// say what Go's clock says.
func TestOffsetsFarAhead(t *testing.T) {
	db, ctx := newFacts(t), context.Background()
	mustDerive(t, db, DeriveOptions{})
	conn, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	from, to := time.Date(2038, 1, 1, 12, 0, 0, 0, time.UTC), time.Date(2049, 3, 1, 0, 0, 0, 0, time.UTC)
	if _, err := conn.ExecContext(ctx, `DELETE FROM zone_offsets`); err != nil {
		t.Fatal(err)
	}
	for _, zone := range []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe"} {
		if err := storeOffsets(ctx, conn, zone, from, to); err != nil {
			t.Fatal(err)
		}
		location, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := conn.QueryContext(ctx, `SELECT from_at, to_at, offset_seconds FROM zone_offsets WHERE zone = ?`, zone)
		if err != nil {
			t.Fatal(err)
		}
		type stretch struct {
			from, to time.Time
			offset   int
		}
		var stretches []stretch
		for rows.Next() {
			var s stretch
			if err := rows.Scan(&s.from, &s.to, &s.offset); err != nil {
				t.Fatal(err)
			}
			stretches = append(stretches, s)
		}
		for at := from; at.Before(to); at = at.AddDate(0, 0, 1) {
			_, want := at.In(location).Zone()
			found := 0
			for _, s := range stretches {
				if !at.Before(s.from) && at.Before(s.to) && s.offset == want {
					found++
				}
			}
			if found != 1 {
				t.Fatalf("%s at %v: %d stretches have its offset", zone, at, found)
			}
		}
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
}
