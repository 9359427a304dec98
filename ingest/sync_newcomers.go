package ingest

import (
	"context"
	"errors"
	"fmt"
	"sort"
)

// A schedule can come into the list late: it is new, or the token may see it only now. Windows of the list that were
// read whole before then know nothing of its past, so that is read for the schedule alone; its windows in the ledger have
// its id as scope.

// loadListed remembers which schedules the list had before this run, and for which time it was read: the list's windows
// but those that are about to be read.
func (s *syncer) loadListed(ctx context.Context, wins []window) error {
	ids, err := s.w.strings(ctx, `SELECT id FROM schedules WHERE source = 'v2' AND is_readable AND NOT is_deleted`)
	if err != nil {
		return err
	}
	s.listed = map[string]bool{}
	for _, id := range ids {
		s.listed[id] = true
	}
	var now []span
	for _, win := range wins {
		now = append(now, win.span())
	}
	whole, err := s.w.spans(ctx, kindSchedules, "", stateWhole)
	if err != nil {
		return err
	}
	s.before = nil
	for _, w := range union(whole...) {
		s.before = append(s.before, subtract(w, now)...)
	}
	return nil
}

// planNewcomers plans the past of schedules that the list did not have before.
func (s *syncer) planNewcomers(ctx context.Context, records []record) error {
	for _, r := range records {
		id := r.text("id")
		if s.listed[id] || r[unreadableKey] == true {
			continue
		}
		s.listed[id] = true
		if _, err := s.w.exec(ctx, `DELETE FROM ledger WHERE kind = $1 AND scope = $2 AND state <> 'whole'`, kindSchedules, id); err != nil {
			return err
		}
		for _, b := range s.before {
			for _, part := range split(b, scheduleChunk) {
				win := newWindow(kindSchedules, id, part)
				if err := s.w.addWindow(ctx, &win); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// syncNewcomers reads what planNewcomers planned, in this run or in one that was cut off.
func (s *syncer) syncNewcomers(ctx context.Context) error {
	if err := s.retryAlone(ctx); err != nil {
		return err
	}
	ids, err := s.w.strings(ctx, `SELECT DISTINCT l.scope FROM ledger AS l JOIN schedules AS s ON s.id = l.scope AND s.source = 'v2'
		WHERE l.kind = $1 AND l.scope <> '' AND l.state = 'reading'`, kindSchedules)
	if err != nil {
		return err
	}
	sort.Strings(ids)
	return s.readAllAlone(ctx, ids, stateReading)
}

// retryAlone reads again what might not be read of listed schedules earlier: of the three that were asked for the longest
// ago, and of all if one of them gives something by now.
func (s *syncer) retryAlone(ctx context.Context) error {
	const refused = `SELECT l.scope FROM ledger AS l JOIN schedules AS s ON s.id = l.scope AND s.source = 'v2' AND NOT s.is_deleted
		WHERE l.kind = $1 AND l.scope <> '' AND l.state = 'skipped' GROUP BY l.scope ORDER BY max(l.read_at), l.scope`
	ids, err := s.w.strings(ctx, refused, kindSchedules)
	if err != nil {
		return err
	}
	count := func(n *int) error {
		const q = `SELECT count(*) FROM ledger WHERE kind = $1 AND scope <> '' AND state = 'whole'`
		return s.w.conn.QueryRowContext(ctx, q, kindSchedules).Scan(n)
	}
	return retryRefused(ids, count, func(ids []string) error { return s.readAllAlone(ctx, ids, stateSkipped) })
}

// readAllAlone reads the windows of single schedules that are in a state.
func (s *syncer) readAllAlone(ctx context.Context, ids []string, state string) error {
	for _, id := range ids {
		wins, err := s.w.windows(ctx, kindSchedules, id, state)
		if err == nil {
			err = s.readAlone(ctx, id, wins)
		}
		if err != nil {
			return fmt.Errorf("schedule %s: %w", id, err)
		}
	}
	return nil
}

// fillAlone takes a window of the list that was read whole out of what might not be read of its schedules alone.
func (s *syncer) fillAlone(ctx context.Context, win *window, listed map[string]bool) error {
	ids, err := s.w.strings(ctx, `SELECT DISTINCT scope FROM ledger WHERE kind = $1 AND scope <> '' AND state = 'skipped'
		AND since_at < $3 AND until_at > $2 ORDER BY 1`, kindSchedules, win.since, win.until)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if !listed[id] {
			continue
		}
		refused, err := s.w.windows(ctx, kindSchedules, id, stateSkipped)
		if err != nil {
			return err
		}
		for _, gap := range refused {
			if gap.span().intersect(win.span()).empty() {
				continue
			}
			if _, err := s.w.exec(ctx, `DELETE FROM ledger WHERE window_id = $1`, gap.id); err != nil {
				return err
			}
			for _, rest := range subtract(gap.span(), []span{win.span()}) {
				part := gap.part(rest, stateSkipped, gap.reason)
				if err := s.w.addWindow(ctx, &part); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// readAlone reads windows of one listed schedule. What may not be read is marked so, and is a gap.
func (s *syncer) readAlone(ctx context.Context, id string, wins []window) error {
	var r record
	read := func(win *window) (err error) {
		r, err = s.renderV2(ctx, id, win)
		return err
	}
	return s.eachChunk(ctx, wins, read, func(win *window, err error) error {
		var bad *unreadableError
		entries, overrides := map[string][]duty{}, map[string][]duty{}
		switch {
		case isMissing(err):
			win.state, win.reason = stateSkipped, fmt.Sprintf("PagerDuty answered %d", statusOf(err))
		case errors.As(err, &bad), err == nil && !hasEntries(r):
			win.state, win.reason = stateSkipped, "PagerDuty gave no entries"
		case err != nil:
			return err
		default:
			win.state, win.rows = stateWhole, 1
			entries[id], overrides[id] = dutiesV2(r.object("final_schedule")), dutiesV2(r.object("overrides_subschedule"))
		}
		win.requests++
		return s.saveChunk(ctx, win, func(ctx context.Context) error {
			if err := s.replaceEntries(ctx, "schedule_entries", entries, win.span()); err != nil {
				return err
			}
			return s.replaceEntries(ctx, "schedule_overrides", overrides, win.span())
		})
	})
}
