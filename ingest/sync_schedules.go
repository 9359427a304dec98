package ingest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// shortestChunk is the least that a refused rendering is cut down to.
const shortestChunk = 24 * time.Hour

// syncSchedules reads who was on call, as PagerDuty renders it: rotations are never computed here. Schedules that
// only /v3 has are read after the list, if a policy targets them.
func (s *syncer) syncSchedules(ctx context.Context) error {
	wins, err := s.w.windows(ctx, kindSchedules, "", stateReading)
	if err != nil {
		return err
	}
	seen, whole := map[string]bool{}, false
	if err := s.loadListed(ctx, wins); err != nil {
		return err
	}
	err = s.eachChunk(ctx, wins, func(win *window) error { return s.readChunk(ctx, win, seen) }, func(win *window, err error) error {
		if err != nil {
			return fmt.Errorf("%s to %s: %w", stamp(win.since), stamp(win.until), err)
		}
		whole = whole || win.state == stateWhole
		return nil
	})
	switch {
	case notAllowed(err):
		return s.skipSchedules(ctx, err)
	case err != nil:
		return err
	}
	if err := s.syncNewcomers(ctx); err != nil {
		return err
	}
	if err := s.syncTargetedSchedules(ctx, seen); err != nil {
		return err
	}
	if !whole { // the list broke off each time: of what it did not have nothing is known
		return nil
	}
	var records []record
	for id := range seen {
		records = append(records, record{"id": id})
	}
	return s.w.tx(ctx, func(ctx context.Context) error { return s.markDeleted(ctx, kindSchedules, records) })
}

// readChunk reads all schedules' entries of one window.
func (s *syncer) readChunk(ctx context.Context, win *window, seen map[string]bool) error {
	q := url.Values{"include[]": {"final_schedule", "overrides_subschedule"}}
	q.Set("since", formatTime(win.since))
	q.Set("until", formatTime(win.until))
	cut, rendered := "", map[string]bool{}
	err := s.listAll(ctx, kindSchedules, kindSchedules, "/schedules", q, func(p page) error {
		for i, r := range p.records {
			whole, err := s.withEntries(ctx, r, win)
			if err != nil {
				return err
			}
			p.records[i] = whole
			seen[r.idText("id")] = true
			rendered[r.idText("id")] = whole[unreadableKey] == nil
		}
		win.rows += int64(p.rows)
		win.requests++
		cut = p.cut
		return s.w.tx(ctx, func(ctx context.Context) error {
			if err := s.planNewcomers(ctx, p.records); err != nil { // first: storing takes the mark of unreadable ones away
				return err
			}
			if err := s.storeSchedules(ctx, p.records, "v2", win.span()); err != nil {
				return err
			}
			return s.storeAside(ctx, kindSchedules, p)
		})
	})
	if err != nil {
		return err
	}
	if win.state = stateWhole; cut != "" {
		win.state, win.reason = stateTruncated, cut
	}
	err = s.w.tx(ctx, func(ctx context.Context) error {
		if err := s.w.saveWindow(ctx, win); err != nil || cut != "" {
			return err
		}
		return s.fillAlone(ctx, win, rendered)
	})
	s.progress(kindSchedules, win, false)
	return err
}

// withEntries gives the schedule with its rendered entries: where the list leaves them out it is read singly. A
// schedule that may not be read singly comes back as unreadable (see storeSchedules).
func (s *syncer) withEntries(ctx context.Context, r record, win *window) (record, error) {
	if hasEntries(r) {
		return r, nil
	}
	whole, err := s.renderV2(ctx, r.idText("id"), win)
	if err == nil && hasEntries(whole) {
		return whole, nil
	}
	var bad *unreadableError
	if err != nil && !notAllowed(err) && !errors.As(err, &bad) {
		return nil, err
	}
	s.note("schedule_not_readable", kindSchedules, "some schedules' entries may not be read")
	r[unreadableKey] = true
	return r, nil
}

// unreadableKey marks, inside this package only, a listed schedule whose entries can't be had.
const unreadableKey = "crywolf_unreadable"

func hasEntries(r record) bool {
	_, ok := r.at("final_schedule", "rendered_schedule_entries").([]any)
	return ok
}

// renderV2 reads one schedule. No time zone is sent: the entries carry their offsets.
func (s *syncer) renderV2(ctx context.Context, id string, win *window) (record, error) {
	q := url.Values{"since": {formatTime(win.since)}, "until": {formatTime(win.until)}}
	return s.single(ctx, kindSchedules, kindSchedules, "/schedules", "schedule", id, q)
}

// eachChunk has windows read one after the other; done is told how each ended, and an error of its own ends the reading. A window
// that PagerDuty finds too wide is cut instead, and those behind it the same way: what is refused once will be again.
func (s *syncer) eachChunk(ctx context.Context, wins []window, read func(*window) error, done func(*window, error) error) error {
	for len(wins) > 0 {
		win := wins[0]
		err := read(&win)
		if length := win.until.Sub(win.since); windowTooWide(err) && length > shortestChunk {
			if wins, err = s.cutChunks(ctx, wins, length/2); err != nil {
				return err
			}
			continue
		}
		if err := done(&win, err); err != nil {
			return err
		}
		wins = wins[1:]
	}
	return nil
}

// saveChunk stores what a window of one schedule brought, and the window with it.
func (s *syncer) saveChunk(ctx context.Context, win *window, store func(context.Context) error) error {
	err := s.w.tx(ctx, func(ctx context.Context) error {
		if err := store(ctx); err != nil {
			return err
		}
		if err := s.storeMetPeople(ctx); err != nil {
			return err
		}
		return s.w.saveWindow(ctx, win)
	})
	if err == nil {
		s.progress(kindSchedules, win, false)
	}
	return err
}

// cutChunks replaces the windows still to be read by pieces of at most length.
func (s *syncer) cutChunks(ctx context.Context, wins []window, length time.Duration) ([]window, error) {
	var out []window
	err := s.w.tx(ctx, func(ctx context.Context) error {
		for _, win := range wins {
			if _, err := s.w.exec(ctx, `DELETE FROM ledger WHERE window_id = $1`, win.id); err != nil {
				return err
			}
			for _, part := range split(win.span(), length) {
				piece := newWindow(win.kind, win.scope, part)
				if err := s.w.addWindow(ctx, &piece); err != nil {
					return err
				}
				out = append(out, piece)
			}
		}
		return nil
	})
	return out, err
}

// skipSchedules does without schedules: the token may not read them. Whoever a policy targets is marked as not
// readable, so that no page is blamed on the wrong rotation.
func (s *syncer) skipSchedules(ctx context.Context, cause error) error {
	reason := fmt.Sprintf("PagerDuty answered %d", statusOf(cause))
	s.note("endpoint_skipped", kindSchedules, "schedules were not read: "+reason)
	targeted, err := s.targetedSchedules(ctx)
	if err != nil {
		return err
	}
	return s.w.tx(ctx, func(ctx context.Context) error {
		if err := s.w.skipWindows(ctx, kindSchedules, reason); err != nil {
			return err
		}
		for id, name := range targeted {
			if err := s.markUnreadable(ctx, id, name); err != nil {
				return err
			}
		}
		return nil
	})
}

// markUnreadable writes that a schedule exists and that its entries are not known.
func (s *syncer) markUnreadable(ctx context.Context, id string, name any) error {
	n, err := s.w.exec(ctx, `UPDATE schedules SET is_readable = false, is_deleted = false, fetched_at = $2 WHERE id = $1`, id, s.w.now())
	if err != nil || n > 0 {
		return err
	}
	raw := encode(map[string]any{"id": id, "type": "schedule_reference"})
	_, err = s.w.upsert(ctx, schedulesTable, []row{{id, name, nil, nil, false, false, raw, nil}}, insertMissing)
	return err
}

// targetedSchedules gives the schedules that policies target now, with the names in the references.
func (s *syncer) targetedSchedules(ctx context.Context) (map[string]any, error) {
	const q = `SELECT DISTINCT t.target_id FROM escalation_targets t
		JOIN escalation_policies p ON p.id = t.escalation_policy_id
		WHERE t.target_kind = 'schedule' AND NOT p.is_deleted ORDER BY 1`
	ids, err := s.w.strings(ctx, q)
	if err != nil {
		return nil, err
	}
	out := map[string]any{}
	for _, id := range ids {
		out[id] = s.targetNames[id]
	}
	return out, nil
}

// isMissing tells that an object is not there under this path, or not of this path's kind.
func isMissing(err error) bool {
	return notAllowed(err) || statusOf(err) == http.StatusBadRequest
}
