package ingest

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"time"
)

// feed is a list of records that is read by windows of time.
type feed struct {
	kind, path string // kind is what the records are
	counted    string // what rows and requests count as; the windows' kind in the ledger
	query      func(win *window) url.Values
	clock      string // the field by which the list is ordered and windowed
	// store keeps a page's records, inside the transaction that writes the ledger.
	store func(ctx context.Context, win *window, p page) error
}

// readWindows reads windows one after the other, and those that are split off on the way.
func (s *syncer) readWindows(ctx context.Context, f feed, wins []window) error {
	for len(wins) > 0 {
		win := wins[0]
		wins = wins[1:]
		split, err := s.readWindow(ctx, f, &win)
		if err != nil {
			return fmt.Errorf("%s to %s: %w", stamp(win.since), stamp(win.until), err)
		}
		wins = append(split, wins...)
	}
	return nil
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// readWindow reads a window page by page and gives the windows split off that are still to be read. Each page,
// its people and the ledger's new state are one transaction.
func (s *syncer) readWindow(ctx context.Context, f feed, win *window) ([]window, error) {
	// A window that an earlier run left: rows may have vanished since, which shifts the offsets.
	win.offset = max(0, win.offset-pageSize)
	s.atPageEnd = nil
	var last time.Time
	for {
		p, a, err := s.windowPage(ctx, f, win)
		if err != nil {
			return nil, err
		}
		if a.last.IsZero() {
			a.last = last
		}
		was := *win
		var split []window
		if a.capped && was.offset == 0 { // not the cap: this window is refused as a whole
			split = win.halve(newestFirst(f.kind))
		} else {
			split = win.advance(a, newestFirst(f.kind))
		}
		last, win.reached = a.last, a.last
		err = s.w.tx(ctx, func(ctx context.Context) error {
			if err := s.storePage(ctx, f, &was, p); err != nil {
				return err
			}
			for i := range split {
				if err := s.w.addWindow(ctx, &split[i]); err != nil {
					return err
				}
			}
			return s.w.saveWindow(ctx, win)
		})
		if err != nil {
			return nil, fmt.Errorf("store a page: %w", err)
		}
		if s.isAgain(win) {
			s.againRequests++
		}
		s.received(f.counted, p.rows)
		s.progress(f.counted, win, newestFirst(f.kind))
		if win.nextSince != was.nextSince || win.nextUntil != was.nextUntil {
			last = time.Time{}
		}
		if win.state != stateReading {
			return stillReading(split), nil
		}
		if len(split) > 0 {
			return append([]window{*win}, stillReading(split)...), nil
		}
	}
}

func stillReading(wins []window) []window {
	var out []window
	for _, w := range wins {
		if w.state == stateReading {
			out = append(out, w)
		}
	}
	return out
}

// windowPage asks for the next page of win.
func (s *syncer) windowPage(ctx context.Context, f feed, win *window) (page, arrival, error) {
	q := f.query(win)
	q.Set("since", formatTime(win.nextSince))
	q.Set("until", formatTime(win.nextUntil))
	q.Set("offset", strconv.Itoa(win.offset))
	p, err := s.list(ctx, f.kind, f.counted, f.path, q)
	if windowTooWide(err) {
		return page{}, arrival{capped: true, more: true}, refusedForGood(win, err)
	}
	if err != nil {
		return page{}, arrival{}, err
	}
	a := arrival{rows: p.rows, more: p.more}
	for _, r := range p.records {
		at, ok := r.time(f.clock).(time.Time)
		if !ok {
			continue
		}
		// Whole seconds: the order within one is nobody's promise.
		if prev := a.last.Truncate(time.Second); !a.last.IsZero() {
			now := at.Truncate(time.Second)
			if newestFirst(f.kind) && now.After(prev) || !newestFirst(f.kind) && now.Before(prev) {
				a.unordered = true
			}
		}
		a.last = at
	}
	return p, a, nil
}

// refusedForGood gives back the refusal of a window that can't be made smaller any more, else nil.
func refusedForGood(win *window, err error) error {
	if win.offset == 0 && win.nextUntil.Sub(win.nextSince) < time.Minute {
		return err
	}
	return nil
}

// storePage keeps a page's records, its unreadable ones and the people first met in it.
func (s *syncer) storePage(ctx context.Context, f feed, win *window, p page) error {
	if err := f.store(ctx, win, p); err != nil {
		return err
	}
	p.placeUnreadable(win.around(newestFirst(f.kind)), newestFirst(f.kind))
	if err := s.boundEarlier(ctx, p, newestFirst(f.kind)); err != nil {
		return err
	}
	s.atPageEnd = append(s.atPageEnd, p.lastUnreadable()...)
	return s.storeAside(ctx, f.kind, p)
}

// storeAside keeps what a page holds besides its records, and forgets that some could not be read once.
func (s *syncer) storeAside(ctx context.Context, kind string, p page) error {
	if err := s.forgetUnreadable(ctx, kind, p.records); err != nil {
		return err
	}
	if err := s.keepUnreadable(ctx, p.unreadable); err != nil {
		return err
	}
	return s.storeMetPeople(ctx)
}
