package ingest

import (
	"context"
	"slices"
	"time"
)

// newestFirst tells in which order PagerDuty lists records of a kind.
func newestFirst(kind string) bool { return kind == kindLogEntries || kind == kindChanges }

// placeUnreadable says of each record that can't be read between which times it was made: those of its neighbours in
// the list, at the ends of the page those of around, whose bounds may be zero. A page out of order tells nothing.
func (p *page) placeUnreadable(around span, newestFirst bool) {
	clocks := p.clocks
	if newestFirst {
		clocks = slices.Clone(clocks)
		slices.Reverse(clocks)
	}
	known := slices.DeleteFunc(slices.Clone(clocks), time.Time.IsZero)
	ordered := slices.IsSortedFunc(known, func(a, b time.Time) int {
		return a.Truncate(time.Second).Compare(b.Truncate(time.Second)) // the order within a second is nobody's promise
	})
	for i := range p.unreadable {
		u := &p.unreadable[i]
		if u.made = around; !ordered {
			continue
		}
		at := u.row
		if newestFirst {
			at = len(clocks) - 1 - u.row
		}
		for _, t := range clocks[:at] {
			if !t.IsZero() {
				u.made.from = t
			}
		}
		if i := slices.IndexFunc(clocks[at:], func(t time.Time) bool { return !t.IsZero() }); i >= 0 {
			u.made.to = clocks[at+i]
		}
	}
}

// around is where the rows of win's next page lie: beyond the last row read, inside the window.
func (win *window) around(newestFirst bool) span {
	s := win.span()
	switch {
	case win.reached.IsZero():
	case newestFirst:
		s.to = earlier(s.to, win.reached)
	default:
		s.from = later(s.from, win.reached)
	}
	return s
}

// keepUnreadable stores what is kept of unreadable records. One that was met before keeps its place, unless it is
// known better now.
func (s *syncer) keepUnreadable(ctx context.Context, list []unreadable) error {
	const again = `UPDATE unreadable_records SET fetched_at = $3,
		since_at = greatest(since_at, $4::TIMESTAMP), until_at = least(until_at, $5::TIMESTAMP)
		WHERE kind = $1 AND digest = $2`
	const first = `INSERT INTO unreadable_records (kind, id, shape, digest, fetched_at, since_at, until_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`
	for _, u := range list {
		from, to := orNull(u.made.from), orNull(u.made.to)
		n, err := s.w.exec(ctx, again, u.kind, u.digest, s.w.now(), from, to)
		if err == nil && n == 0 {
			_, err = s.w.exec(ctx, first, u.kind, u.id, u.shape, u.digest, s.w.now(), from, to)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// boundEarlier gives the unreadable records at the end of the page before, of which one bound was only the window's,
// the time of this page's first row.
func (s *syncer) boundEarlier(ctx context.Context, p page, newestFirst bool) error {
	i := slices.IndexFunc(p.clocks, func(t time.Time) bool { return !t.IsZero() })
	if i < 0 {
		return nil
	}
	bound := "until_at"
	if newestFirst {
		bound = "since_at"
	}
	for _, u := range s.atPageEnd {
		if _, err := s.w.exec(ctx, `UPDATE unreadable_records SET `+bound+` = $3 WHERE kind = $1 AND digest = $2`, u.kind, u.digest, p.clocks[i]); err != nil {
			return err
		}
	}
	s.atPageEnd = nil
	return nil
}

// lastUnreadable are those behind the last row of a page that can be read.
func (p *page) lastUnreadable() []unreadable {
	last := -1
	for i, t := range p.clocks {
		if !t.IsZero() {
			last = i
		}
	}
	return slices.DeleteFunc(slices.Clone(p.unreadable), func(u unreadable) bool { return u.row < last })
}

// forgetWindow drops the unreadable records that a window held once and does not any more, now that all of it was read again: whatever is
// still unreadable was met since the window was asked for.
func (w *writer) forgetWindow(ctx context.Context, win *window) error {
	_, err := w.exec(ctx, `DELETE FROM unreadable_records WHERE kind = $2 AND since_at >= $3 AND until_at <= $4
		AND fetched_at < (SELECT asked_at FROM ledger WHERE window_id = $1)`,
		win.id, win.kind, win.since, win.until)
	return err
}

// forgetReadAgain drops, at the end of a sync with Full, the unreadable records that it would have met if they still were:
// those placed in a time that it read, and those without a place if it read all that was ever asked for.
func (s *syncer) forgetReadAgain(ctx context.Context) error {
	if !s.opts.Full {
		return nil
	}
	// What is truncated counts too: that rows of it are lost the ledger tells.
	const read = `SELECT since_at, until_at FROM ledger
		WHERE kind = $1 AND scope = '' AND state IN ('whole', 'truncated') AND since_at IS NOT NULL AND asked_at >= $2`
	const asked = `SELECT since_at, until_at FROM ledger WHERE kind = $1 AND scope = '' AND since_at IS NOT NULL`
	for _, kind := range []string{kindIncidents, kindLogEntries, kindChanges} {
		now, err := s.w.querySpans(ctx, read, kind, s.startedAt)
		if err != nil {
			return err
		}
		for _, part := range union(now...) {
			if _, err := s.w.exec(ctx, `DELETE FROM unreadable_records WHERE kind = $1 AND fetched_at < $2
				AND since_at >= $3 AND until_at <= $4`, kind, s.startedAt, part.from, part.to); err != nil {
				return err
			}
		}
		ever, err := s.w.querySpans(ctx, asked, kind)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(ever, func(e span) bool { return len(subtract(e, now)) > 0 }) {
			continue
		}
		if _, err := s.w.exec(ctx, `DELETE FROM unreadable_records WHERE kind = $1 AND fetched_at < $2
			AND (since_at IS NULL OR until_at IS NULL)`, kind, s.startedAt); err != nil {
			return err
		}
	}
	return nil
}

// forgetUnreadable takes records that could be read this time off the list of those that could not.
func (s *syncer) forgetUnreadable(ctx context.Context, kind string, records []record) error {
	if s.unreadable == nil {
		known, err := s.w.strings(ctx, `SELECT DISTINCT kind || ' ' || id FROM unreadable_records WHERE id IS NOT NULL`)
		if err != nil {
			return err
		}
		s.unreadable = map[string]bool{}
		for _, k := range known {
			s.unreadable[k] = true
		}
	}
	for _, r := range records {
		id := r.text("id")
		if !s.unreadable[kind+" "+id] {
			continue
		}
		delete(s.unreadable, kind+" "+id)
		if _, err := s.w.exec(ctx, `DELETE FROM unreadable_records WHERE kind = $1 AND id = $2`, kind, id); err != nil {
			return err
		}
	}
	return nil
}
