package ingest

import (
	"context"
	"errors"
	"time"
)

// planned are the kinds whose reading is planned by windows of the account.
var planned = []string{kindIncidents, kindLogEntries, kindChanges, kindSchedules}

// plan settles the period and writes the windows that are missing into the ledger, all at once: what a killed run
// planned, the next one finds there and finishes first.
func (s *syncer) plan(ctx context.Context) error {
	s.until = s.opts.Until.UTC().Truncate(time.Second)
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
	return s.w.tx(ctx, func(ctx context.Context) error {
		for _, kind := range planned {
			if err := s.planKind(ctx, kind); err != nil {
				return err
			}
		}
		return s.w.setMeta(ctx, unfinishedKey, formatTime(s.until))
	})
}

// unfinishedKey is in the meta table while a sync is between its plan and its end: windows can be whole then, and what
// they tell of older incidents still has to be read.
const unfinishedKey = "sync_unfinished_until"

// earliestAsked is the start of the earliest window of incidents or log entries ever asked for.
func (s *syncer) earliestAsked(ctx context.Context) (time.Time, error) {
	const q = `SELECT coalesce(min(since_at), TIMESTAMP '0001-01-01') FROM ledger
		WHERE kind IN ('incidents', 'log_entries') AND scope = ''`
	var t time.Time
	err := s.w.conn.QueryRowContext(ctx, q).Scan(&t)
	if t.Year() <= 1 {
		t = time.Time{}
	}
	return t.UTC(), err
}

func (s *syncer) planKind(ctx context.Context, kind string) error {
	want, longest := span{s.since, s.until}, longestWindow
	if kind == kindSchedules {
		want.from, longest = want.from.Add(-scheduleLead), scheduleChunk
	}
	have, err := s.alreadyAsked(ctx, kind, want)
	if err != nil {
		return err
	}
	var gaps []span
	if kind == kindSchedules { // entries of the past change: no overlap is enough, and a month is cheap
		for _, gap := range subtract(want, have) {
			gaps = append(gaps, split(gap, longest)...)
		}
	} else {
		gaps = missing(want, have, longest)
	}
	for _, gap := range gaps {
		win := newWindow(kind, "", gap)
		if err := s.w.addWindow(ctx, &win); err != nil {
			return err
		}
	}
	return nil
}

// alreadyAsked gives what need not be planned: windows that are whole or being read, and the seconds that are lost
// for good; a list that broke off may be whole the next time. Full reads everything again; the last month of schedules is
// read each time, of incidents once a week.
func (s *syncer) alreadyAsked(ctx context.Context, kind string, want span) ([]span, error) {
	reading, err := s.w.spans(ctx, kind, "", stateReading)
	if err != nil || s.opts.Full {
		return reading, err
	}
	read, err := s.w.spans(ctx, kind, "", stateWhole)
	if err != nil {
		return nil, err
	}
	lost, err := s.w.windows(ctx, kind, "", stateTruncated)
	if err != nil {
		return nil, err
	}
	for _, win := range lost {
		if win.reason == reasonCrowded {
			read = append(read, win.span())
		}
	}
	again := span{want.to, want.to}
	switch kind {
	case kindSchedules:
		again.from = want.to.Add(-rereadDepth)
	case kindIncidents:
		due, err := s.rereadDue(ctx)
		if err != nil {
			return nil, err
		}
		if due {
			again.from = want.to.Add(-rereadDepth)
		}
	}
	var out []span
	for _, r := range union(read...) {
		out = append(out, subtract(r, []span{again})...)
	}
	return append(out, reading...), nil
}

// rereadDue tells whether a week has passed since incidents were read again, and starts the next week.
func (s *syncer) rereadDue(ctx context.Context) (bool, error) {
	const key = "incidents_read_again_at"
	text, err := s.w.getMeta(ctx, key)
	if err != nil {
		return false, err
	}
	at, known := parseTime(text)
	if known && s.until.Sub(at) < rereadEvery {
		return false, nil
	}
	return known, s.w.setMeta(ctx, key, formatTime(s.until))
}
