package ingest

import (
	"context"
	"encoding/json"
	"fmt"
)

// Some changes leave no log entry and touch no open incident: a resolved incident's title or priority, a note or an
// incident that is deleted, an entry that comes late. So incidents and log entries of the last month are read again once
// a week, and those of all times with Full. What is stored in that time and was not listed again is asked for singly.

// againKinds are the kinds that are read again once a week.
var againKinds = map[string]bool{kindIncidents: true, kindLogEntries: true}

// againKey names the meta value that holds what is being read again of a kind: a kill must not lose it.
func againKey(kind string) string { return "reading_again_" + kind }

// planAgain decides whether this sync reads again what was read before, and notes what of it.
func (s *syncer) planAgain(ctx context.Context) error {
	due, err := s.rereadDue(ctx)
	if err != nil {
		return err
	}
	s.rereads = due
	if s.opts.Full {
		// Histories of incidents from before the period are read again too.
		if _, err := s.w.exec(ctx, `DELETE FROM ledger WHERE kind = $1`, kindHistory); err != nil {
			return err
		}
	}
	s.again = map[string][]span{}
	for kind := range againKinds {
		if err := s.noteAgain(ctx, kind); err != nil {
			return err
		}
	}
	return nil
}

// noteAgain writes what is to be read again of a kind, beside what an earlier run has not finished.
func (s *syncer) noteAgain(ctx context.Context, kind string) error {
	spans, err := s.unfinishedAgain(ctx, kind)
	if err != nil {
		return err
	}
	read, broken, err := s.wasRead(ctx, kind)
	if err != nil {
		return err
	}
	period := span{s.since, s.until}
	for _, r := range read {
		for _, again := range append([]span{s.againFrom(kind, period)}, broken...) {
			if part := again.intersect(period).intersect(r); !part.empty() {
				spans = append(spans, part)
			}
		}
	}
	s.again[kind] = union(spans...)
	return s.saveAgain(ctx, kind)
}

func (s *syncer) saveAgain(ctx context.Context, kind string) error {
	var texts [][2]string
	for _, p := range s.again[kind] {
		texts = append(texts, [2]string{formatTime(p.from), formatTime(p.to)})
	}
	if len(texts) == 0 {
		return s.w.setMeta(ctx, againKey(kind), "")
	}
	return s.w.setMeta(ctx, againKey(kind), encode(texts))
}

func (s *syncer) unfinishedAgain(ctx context.Context, kind string) ([]span, error) {
	text, err := s.w.getMeta(ctx, againKey(kind))
	if err != nil || text == "" {
		return nil, err
	}
	var texts [][2]string
	if err := json.Unmarshal([]byte(text), &texts); err != nil {
		return nil, fmt.Errorf("read what is being read again: %w", err)
	}
	var out []span
	for _, t := range texts {
		from, _ := parseTime(t[0])
		to, _ := parseTime(t[1])
		out = append(out, span{from, to})
	}
	return out, nil
}

// againFrom gives the part of the period that this sync reads again although it was read: all of it with Full, the
// last month of schedules each time, of incidents and log entries once a week.
func (s *syncer) againFrom(kind string, want span) span {
	switch {
	case s.opts.Full:
		return want
	case kind == kindSchedules, againKinds[kind] && s.rereads:
		return span{want.to.Add(-RereadDepth), want.to}
	}
	return span{want.to, want.to}
}

// rereadDue tells whether a week has passed since the last month was read again, and starts the next week if this sync
// reads that month.
func (s *syncer) rereadDue(ctx context.Context) (bool, error) {
	const key = "incidents_read_again_at"
	text, err := s.w.getMeta(ctx, key)
	if err != nil {
		return false, err
	}
	at, known := parseTime(text)
	// A week that begins later than now was noted when PagerDuty's clock was ahead.
	if passed := s.until.Sub(at); known && passed < rereadEvery && passed >= 0 && !s.opts.Full {
		return false, nil
	}
	asked, err := s.earliestAsked(ctx)
	if err != nil {
		return false, err
	}
	if month := later(asked, s.until.Add(-RereadDepth)); known && s.since.After(month) {
		return true, nil // only a part of what there is of the month: the rest of it stays due
	}
	return known, s.w.setMeta(ctx, key, formatTime(s.until))
}

// isAgain tells whether a window holds something that was read before.
func (s *syncer) isAgain(win *window) bool {
	for _, p := range s.again[win.kind] {
		if !p.intersect(win.span()).empty() {
			return win.scope == ""
		}
	}
	return false
}

// noteListed writes which records a page of a window that is read again has. Part of the page's transaction.
func (s *syncer) noteListed(ctx context.Context, win *window, p page, counts func(record) bool) error {
	if !s.isAgain(win) {
		return nil
	}
	var rows []row
	for _, r := range p.records {
		if counts(r) {
			rows = append(rows, row{win.kind, r.id("id")})
		}
	}
	for _, u := range p.unreadable {
		if u.id != nil {
			rows = append(rows, row{win.kind, u.id})
		}
	}
	return s.w.appendRows("", "listed_again", rows)
}

// mostUnlisted is the share of what was listed above which nothing is taken to be gone: the token rather sees less than
// the one before.
const mostUnlisted = 0.05

// unlisted gives what is stored in the time that was read again and was not listed in it, by a query with the bounds
// of a span as $1 and $2, and the kind as $3.
func (s *syncer) unlisted(ctx context.Context, kind, query string) ([]string, error) {
	lost, err := s.w.spans(ctx, kind, "", stateTruncated)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, p := range s.again[kind] {
		for _, part := range subtract(p, lost) {
			ids, err := s.w.strings(ctx, query, part.from, part.to, kind)
			if err != nil {
				return nil, err
			}
			out = append(out, ids...)
		}
	}
	var listed int
	if err := s.w.conn.QueryRowContext(ctx, `SELECT count(*) FROM listed_again WHERE kind = $1`, kind).Scan(&listed); err != nil {
		return nil, err
	}
	if len(out) > max(20, int(mostUnlisted*float64(listed))) {
		s.note("records_unlisted", kind, fmt.Sprintf(
			"%d stored records of %s are not listed any more; they are kept, since the token may see less than an earlier one did", len(out), kind))
		return nil, nil
	}
	return out, nil
}

// endAgain forgets what was read again of a kind.
func (s *syncer) endAgain(ctx context.Context, kind string) error {
	if len(s.again[kind]) == 0 {
		return nil
	}
	return s.w.tx(ctx, func(ctx context.Context) error {
		delete(s.again, kind)
		if err := s.saveAgain(ctx, kind); err != nil {
			return err
		}
		_, err := s.w.exec(ctx, `DELETE FROM listed_again WHERE kind = $1`, kind)
		return err
	})
}

// isFeed tells whether a window of log entries is also the feed of changes: it holds entries of after the time at which
// an earlier run read the incidents. With their incidents included, they bring those up to date at no further cost. In a
// first reading that would only make pages larger: the incidents have just been read.
func (s *syncer) isFeed(win *window) bool {
	return !s.incidentsAsOf.IsZero() && s.incidentsAsOf.Before(win.until)
}

// loadAsOf remembers the earliest time as of which an earlier run read incidents.
func (s *syncer) loadAsOf(ctx context.Context) (err error) {
	s.incidentsAsOf, err = s.w.time(ctx, `SELECT min(until_at) FROM ledger WHERE kind = $1 AND scope = '' AND state = $2`, kindIncidents, stateWhole)
	return err
}
