package ingest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sort"
	"time"
)

// syncTargetedSchedules reads the schedules that a policy targets and the list does not have: shift-based ones,
// which only /v3 lists, or hidden ones. What can't be read at all is stored as such.
func (s *syncer) syncTargetedSchedules(ctx context.Context, seen map[string]bool) error {
	targeted, err := s.targetedSchedules(ctx)
	if err != nil {
		return err
	}
	var ids []string
	for id := range targeted {
		if !seen[id] {
			ids = append(ids, id)
		}
	}
	sort.Strings(ids)
	for _, id := range ids {
		seen[id] = true
		err := s.syncTargeted(ctx, id)
		if errors.Is(err, errUnreadableSchedule) {
			s.note("schedule_not_readable", kindSchedules, "some schedules that policies target may not be read")
			err = s.w.tx(ctx, func(ctx context.Context) error { return s.markUnreadable(ctx, id, targeted[id]) })
		}
		if err != nil {
			return fmt.Errorf("schedule %s: %w", id, err)
		}
	}
	return nil
}

var errUnreadableSchedule = errors.New("the schedule can't be read")

// syncTargeted reads one schedule's entries, window by window; its windows in the ledger have its id as scope.
func (s *syncer) syncTargeted(ctx context.Context, id string) error {
	wins, err := s.planTargeted(ctx, id)
	if err != nil {
		return err
	}
	var r record
	var source string
	read := func(win *window) (err error) {
		r, source, err = s.renderTargeted(ctx, id, win)
		return err
	}
	return s.eachChunk(ctx, wins, read, func(win *window, err error) error {
		switch {
		case isMissing(err), errors.Is(err, errUnreadableSchedule):
			return errors.Join(errUnreadableSchedule, s.dropPlanned(ctx, id))
		case err != nil:
			return err
		}
		win.state, win.rows, win.requests = stateWhole, 1, win.requests+1
		return s.saveChunk(ctx, win, func(ctx context.Context) error { return s.storeSchedules(ctx, []record{r}, source, win.span()) })
	})
}

// planTargeted plans a schedule's windows as planKind does for the list's.
func (s *syncer) planTargeted(ctx context.Context, id string) ([]window, error) {
	if err := s.dropPlanned(ctx, id); err != nil {
		return nil, err
	}
	want := span{s.since.Add(-scheduleLead), s.until}
	var have []span
	if !s.opts.Full {
		whole, err := s.w.spans(ctx, kindSchedules, id, stateWhole)
		if err != nil {
			return nil, err
		}
		for _, h := range union(whole...) {
			have = append(have, subtract(h, []span{{want.to.Add(-RereadDepth), want.to}})...)
		}
	}
	var wins []window
	err := s.w.tx(ctx, func(ctx context.Context) error {
		for _, gap := range subtract(want, have) {
			for _, part := range split(gap, scheduleChunk) {
				win := newWindow(kindSchedules, id, part)
				if err := s.w.addWindow(ctx, &win); err != nil {
					return err
				}
				wins = append(wins, win)
			}
		}
		return nil
	})
	return wins, err
}

// dropPlanned forgets what was planned of a schedule: it can't be read, or is planned anew.
func (s *syncer) dropPlanned(ctx context.Context, id string) error {
	return s.w.tx(ctx, func(ctx context.Context) error {
		_, err := s.w.exec(ctx, `DELETE FROM ledger WHERE kind = $1 AND scope = $2 AND state = 'reading'`, kindSchedules, id)
		return err
	})
}

// renderTargeted asks /v3 first, then the classic path; the first refusal is the error, since a 400 of /v3 may
// mean that the window is too wide.
func (s *syncer) renderTargeted(ctx context.Context, id string, win *window) (record, string, error) {
	q := url.Values{"include[]": {"final_schedule"}, "since": {formatTime(win.since)}, "until": {formatTime(win.until)}}
	r, err := s.single(ctx, kindSchedules, kindSchedules, "/v3/schedules", "schedule", id, q)
	if _, ok := r.at("final_schedule", "computed_shift_assignments").([]any); ok {
		return r, "v3", nil
	}
	var bad *unreadableError
	if err == nil || errors.As(err, &bad) { // without them nobody knows who was on call, which is not the same as nobody
		return nil, "", errUnreadableSchedule
	}
	if !isMissing(err) {
		return nil, "", err
	}
	classic, errV2 := s.renderV2(ctx, id, win)
	switch {
	case errV2 == nil && hasEntries(classic):
		return classic, "v2", nil
	case errV2 != nil && !isMissing(errV2):
		return nil, "", errV2
	}
	return nil, "", err
}

// dutiesV2 reads the rendered entries of a part of a classic schedule.
func dutiesV2(part record) []duty {
	var out []duty
	for _, e := range part.objects("rendered_schedule_entries") {
		if d, ok := dutyOf(e, "start", "end", e.idText("user", "id")); ok {
			out = append(out, d)
		}
	}
	return out
}

// dutiesV3 reads a shift-based schedule, where several people can be on call at once and a slot can be empty.
func (b *nameBook) dutiesV3(r record, overrides bool) []duty {
	var out []duty
	for _, e := range r.objects("final_schedule", "computed_shift_assignments") {
		user := e.idText("member", "user_id")
		if user != "" {
			b.meet(record{"id": user})
		}
		switch e.text("source", "type") {
		case "schedule_rotation_override", "custom_shift_override":
		default:
			if overrides {
				continue
			}
		}
		if d, ok := dutyOf(e, "start_time", "end_time", user); ok {
			out = append(out, d)
		}
	}
	return out
}

// dutyOf reads one entry. A bound that is null means for good; replaceDuties clips it.
func dutyOf(e record, start, end, userID string) (duty, bool) {
	d := duty{userID: userID, from: time.Unix(0, 0).UTC(), to: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}
	for key, field := range map[string]*time.Time{start: &d.from, end: &d.to} {
		v, there := e[key]
		if t, ok := e.time(key).(time.Time); ok {
			*field = t
		} else if v != nil || !there {
			return d, false
		}
	}
	return d, !d.to.Before(d.from)
}
