package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// planned are the kinds whose reading is planned by windows of the account.
var planned = []string{kindIncidents, kindLogEntries, kindChanges, kindSchedules}

// clocks are the columns by which the rows of a kind lie in its windows.
var clocks = map[string]string{kindIncidents: "created_at", kindLogEntries: "created_at", kindChanges: "changed_at"}

// plan settles the period and writes the windows that are missing into the ledger, all at once: what a killed run
// planned, the next one finds there and finishes first.
func (s *syncer) plan(ctx context.Context) error {
	if err := s.settlePeriod(ctx); err != nil {
		return err
	}
	return s.w.tx(ctx, func(ctx context.Context) error {
		if err := s.trimAhead(ctx); err != nil {
			return err
		}
		if err := s.loadAsOf(ctx); err != nil {
			return err
		}
		if err := s.planAgain(ctx); err != nil {
			return err
		}
		for _, kind := range planned {
			if err := s.planKind(ctx, kind); err != nil {
				return err
			}
		}
		return s.w.setMeta(ctx, unfinishedKey, formatTime(s.until))
	})
}

func (s *syncer) settlePeriod(ctx context.Context) error {
	s.startedAt, s.until = s.client.now(), s.opts.Until.UTC().Truncate(time.Second)
	if now := s.client.now().Truncate(time.Second); s.opts.Until.IsZero() || !now.IsZero() && s.until.After(now) {
		s.until = now
	}
	if s.until.IsZero() {
		return errors.New("PagerDuty's answers have no Date header, so say where the period ends (--until)")
	}
	asked, err := s.earliestAsked(ctx)
	if err != nil {
		return err
	}
	switch {
	case !s.opts.Since.IsZero():
		s.since = s.opts.Since.UTC().Truncate(time.Second)
	case !asked.IsZero():
		s.since = asked
	default:
		s.since = s.until.Add(-firstSync)
	}
	if !s.since.Before(s.until) {
		return errors.New("the period is empty: it ends before it starts")
	}
	return nil
}

// unfinishedKey is in the meta table while a sync is between its plan and its end: windows can be whole then, and what
// they tell of older incidents still has to be read.
const unfinishedKey = "sync_unfinished_until"

// earliestAsked is the start of the earliest window of incidents or log entries ever asked for.
func (s *syncer) earliestAsked(ctx context.Context) (time.Time, error) {
	return s.w.time(ctx, `SELECT min(since_at) FROM ledger WHERE kind IN ('incidents', 'log_entries') AND scope = ''`)
}

// time gives the only value of a query, zero where it is NULL.
func (w *writer) time(ctx context.Context, query string, args ...any) (time.Time, error) {
	var t sql.NullTime
	err := w.conn.QueryRowContext(ctx, query, args...).Scan(&t)
	if !t.Valid {
		return time.Time{}, err
	}
	return t.Time.UTC(), err
}

func (s *syncer) planKind(ctx context.Context, kind string) error {
	want := span{s.since, s.until}
	if kind == kindSchedules {
		want.from = want.from.Add(-scheduleLead)
	}
	have, err := s.alreadyAsked(ctx, kind, want)
	if err != nil {
		return err
	}
	var gaps []span
	if kind == kindSchedules { // entries of the past change: no overlap is enough, and a month is cheap
		for _, gap := range subtract(want, have) {
			gaps = append(gaps, split(gap, scheduleChunk)...)
		}
	} else if gaps, err = s.missing(ctx, kind, want, have); err != nil {
		return err
	}
	for _, gap := range gaps {
		win := newWindow(kind, "", gap)
		if err := s.w.addWindow(ctx, &win); err != nil {
			return err
		}
	}
	return nil
}

// missing plans what to ask for: the parts of want that are not read. Each starts an overlap before the end of what is;
// and where the last row stands further back, at that row: nothing lies between, so it costs nothing, and a clock of
// PagerDuty's that was ahead when that end was noted hides nothing.
func (s *syncer) missing(ctx context.Context, kind string, want span, have []span) ([]span, error) {
	var err error
	gaps := missing(want, have, longestWindow, func(read span) time.Time {
		from := read.to.Add(-overlap)
		last, e := s.lastRow(ctx, kind, read)
		if e != nil {
			err = e
		}
		return later(earlier(from, last.Add(-overlap)), read.to.Add(-farthestAhead))
	})
	return gaps, err
}

// lastRow is the time of the last stored row of a kind in a span; the span's start where there is none.
func (s *syncer) lastRow(ctx context.Context, kind string, in span) (time.Time, error) {
	q := fmt.Sprintf(`SELECT max(%[2]s) FROM %[1]s WHERE %[2]s >= $1 AND %[2]s < $2`, kind, clocks[kind])
	last, err := s.w.time(ctx, q, in.from, in.to)
	return later(last, in.from), err
}

// alreadyAsked gives what need not be planned: windows that are whole or being read, and the seconds that are lost
// for good, without what is to be read again.
func (s *syncer) alreadyAsked(ctx context.Context, kind string, want span) ([]span, error) {
	reading, err := s.w.spans(ctx, kind, "", stateReading)
	if err != nil || s.opts.Full {
		return reading, err
	}
	read, broken, err := s.wasRead(ctx, kind)
	if err != nil {
		return nil, err
	}
	var out []span
	for _, r := range read {
		out = append(out, subtract(r, append([]span{s.againFrom(kind, want)}, broken...))...)
	}
	return append(out, reading...), nil
}

// wasRead gives what was read of a kind, as far as it can be; and what of the time is asked for once more, whether it was
// read earlier or not, since a list that broke off may be whole the next time.
func (s *syncer) wasRead(ctx context.Context, kind string) (read, broken []span, err error) {
	if read, err = s.w.spans(ctx, kind, "", stateWhole); err != nil {
		return nil, nil, err
	}
	lost, err := s.w.windows(ctx, kind, "", stateTruncated)
	if err != nil {
		return nil, nil, err
	}
	for _, win := range lost {
		switch {
		case win.since.IsZero():
		case win.reason == reasonCrowded:
			read = append(read, win.span())
		default: // those that were read whole since are not in the ledger any more: see saveWindow
			broken = append(broken, win.span())
		}
	}
	return union(read...), union(broken...), nil
}

// trimAhead cuts windows, and shifts, that end after PagerDuty's present time: its clock was ahead when they were written.
// What windows hold for sure ends with their last row.
func (s *syncer) trimAhead(ctx context.Context) error {
	now := s.client.now().Truncate(time.Second)
	if now.IsZero() {
		return nil
	}
	ahead, err := s.w.time(ctx, `SELECT max(until_at) FROM ledger WHERE since_at IS NOT NULL`)
	if err != nil || !ahead.After(now) {
		return err
	}
	if by := ahead.Sub(now); by > time.Minute {
		s.note("clock_ahead", "", fmt.Sprintf("PagerDuty's clock stood %s later at an earlier sync; what ended after its present time was read again", by))
	}
	for _, kind := range []string{kindIncidents, kindLogEntries, kindChanges} {
		wins, err := s.w.windows(ctx, kind, "", stateWhole)
		if err != nil {
			return err
		}
		for _, win := range wins {
			if !win.until.After(now) {
				continue
			}
			if win.until, err = s.lastRow(ctx, kind, win.span()); err != nil {
				return err
			}
			if _, err := s.w.exec(ctx, `UPDATE ledger SET until_at = $2 WHERE window_id = $1`, win.id, earlier(win.until, now)); err != nil {
				return err
			}
		}
	}
	for _, name := range []string{"schedule_entries", "schedule_overrides"} {
		for _, q := range []string{"DELETE FROM %s WHERE start_at >= $1", "UPDATE %s SET end_at = $1 WHERE end_at > $1"} {
			if _, err := s.w.exec(ctx, fmt.Sprintf(q, name), now); err != nil {
				return err
			}
		}
	}
	_, err = s.w.exec(ctx, `UPDATE ledger SET until_at = $1, next_until_at = least(next_until_at, $1) WHERE until_at > $1 AND since_at IS NOT NULL`, now)
	if err == nil {
		_, err = s.w.exec(ctx, `DELETE FROM ledger WHERE since_at >= until_at`)
	}
	return err
}
