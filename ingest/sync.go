package ingest

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"math"
	"sort"
	"time"
)

// syncer is one run of Sync.
type syncer struct {
	store  *Store
	opts   Options
	client *client
	w      *writer
	book   *nameBook

	since, until time.Time // the period asked for, once known
	overwrite    policy    // replaceChanged, or replaceAlways with Full
	// usersListed and servicesListed tell that the list was read whole: who is only referred to is gone.
	usersListed, servicesListed bool

	noLogEntries bool              // the token may not read them
	rereads      bool              // the last month is read again, as once a week
	again        map[string][]span // what of a kind is read again in this sync
	// incidentsAsOf is the earliest time as of which an earlier run read incidents; zero: none did.
	incidentsAsOf time.Time
	startedAt     time.Time       // by PagerDuty's clock
	changed       map[string]bool // incidents that changed since the sync before
	unreadable    map[string]bool // "kind id" of records that could not be read by an earlier run
	services      map[string]bool // ids of the services that are stored
	listed        map[string]bool // ids of the schedules that the list had before, or that newcomers are planned for
	before        []span          // what was read of the list of schedules before this run, and is not read again in it
	atPageEnd     []unreadable    // of the window being read: those that no later row bounds yet
	targetNames   map[string]any  // what policies call their targets
	rows          map[string]int64
	alertReads    int
	againRequests int
	notes         []Note
}

func newSyncer(ctx context.Context, store *Store, opts Options) (*syncer, error) {
	switch opts.Alerts {
	case "":
		opts.Alerts = AlertsAuto
	case AlertsAuto, AlertsAll, AlertsNone:
	default:
		return nil, fmt.Errorf("alerts: %q is neither auto, all nor none", opts.Alerts)
	}
	if opts.MadeBy == "" {
		opts.MadeBy = "sync"
	}
	if opts.Token == "" {
		return nil, &AuthError{}
	}
	c, err := newClient(opts)
	if err != nil {
		return nil, err
	}
	conn, err := store.db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("open a connection for writing: %w", classify(err))
	}
	s := &syncer{
		store: store, opts: opts, client: c, book: newNameBook(), rows: map[string]int64{}, changed: map[string]bool{},
		w: &writer{conn: conn, now: c.now},
	}
	if opts.Full {
		s.overwrite = replaceAlways
	}
	return s, nil
}

// close ends the connection for good rather than giving it back: its temporary tables go with it.
func (s *syncer) close() {
	for _, name := range []string{"threads", "memory_limit", "max_vacuum_tasks"} {
		s.w.conn.ExecContext(context.Background(), "RESET "+name)
	}
	s.w.conn.Raw(func(any) error { return driver.ErrBadConn })
	s.w.conn.Close()
}

// step is one part of a sync; what is the object of its errors.
type step struct {
	what string
	do   func(context.Context) error
}

// run does the whole plan, in an order in which each step finds what it needs: windows need the server's time,
// log entries their incidents, alerts the incidents' present state.
func (s *syncer) run(ctx context.Context) error {
	if s.store.mode == ReadOnly {
		return fmt.Errorf("sync into a database opened for reading: %w", ErrReadOnly)
	}
	for _, q := range []string{
		// Many small commits: a checkpoint now and then bounds the log, and one at the end empties it.
		"SET checkpoint_threshold = '32MB'",
		// A page is far too small to be worth a second thread.
		"SET threads = 1",
		// Memory must not grow with history: cached blocks are let go beyond this, and checkpoints do not merge
		// row groups, for which they hold several hundred thousand records in memory (see pack).
		"SET memory_limit = '512MB'",
		"SET max_vacuum_tasks = 0",
	} {
		if _, err := s.w.exec(ctx, q); err != nil {
			return err
		}
	}
	for _, st := range []step{
		{"read the abilities", s.syncAbilities},
		{"check whose database this is", s.checkMadeBy},
		{"load the people known so far", s.loadNames},
		{"read users, services and policies", s.syncReferences},
		{"load the services", s.loadServices},
		{"plan the windows", s.plan},
		{"read schedules", s.syncSchedules},
		{"read incidents", s.syncIncidents},
		{"read log entries", s.syncLogEntries},
		{"read changed incidents", s.syncQueued},
		{"read the history of older incidents", s.syncHistories},
		{"read open incidents", s.syncOpen},
		{"read what followed the period", s.syncSequels},
		{"read alerts", s.syncAlerts},
		{"read maintenance windows", s.syncMaintenance},
		{"read change events", s.syncChanges},
		{"finish", s.finish},
	} {
		if err := st.do(ctx); err != nil {
			var auth *AuthError
			if errors.As(err, &auth) {
				return err
			}
			return fmt.Errorf("%s: %w", st.what, err)
		}
	}
	return nil
}

// received counts rows of a kind.
func (s *syncer) received(kind string, n int) { s.rows[kind] += int64(n) }

// note remembers something for the reader of the data; the same thing only once.
func (s *syncer) note(code, kind, detail string) {
	n := Note{code, kind, detail}
	for _, old := range s.notes {
		if old == n {
			return
		}
	}
	s.notes = append(s.notes, n)
}

// skip does without an endpoint that the account or the key does not have.
func (s *syncer) skip(ctx context.Context, kind string, cause error) error {
	reason := fmt.Sprintf("PagerDuty answered %d", statusOf(cause))
	s.note("endpoint_skipped", kind, fmt.Sprintf("%s were not read: %s", kind, reason))
	return s.w.tx(ctx, func(ctx context.Context) error {
		return s.w.markKind(ctx, window{kind: kind, state: stateSkipped, reason: reason, until: s.until})
	})
}

// summary tells what was done so far.
func (s *syncer) summary() Summary {
	c := s.client
	c.mu.Lock()
	defer c.mu.Unlock()
	sum := Summary{
		Since: s.since, Until: s.until, Rows: map[string]int64{}, Requests: map[string]int{},
		RequestCount: c.sent, RetryCount: c.retries, AgainCount: s.againRequests, Notes: append([]Note(nil), s.notes...),
	}
	for k, n := range s.rows {
		sum.Rows[k] = n
	}
	other := 0
	for k, n := range c.requests {
		sum.Requests[k] = n
		if k != kindIncidents && k != kindLogEntries && k != kindAlerts {
			other += n
		}
	}
	pages := func(kind string) int { return max(1, int(s.rows[kind]+pageSize-1)/pageSize) }
	bound := 1.15 * float64(pages(kindIncidents)+pages(kindLogEntries)+s.alertReads+other)
	sum.BudgetCount = int(math.Ceil(bound))
	sort.Slice(sum.Notes, func(i, j int) bool { return sum.Notes[i].Code < sum.Notes[j].Code })
	return sum
}

// progress tells the caller how far the reading of a window is.
func (s *syncer) progress(kind string, win *window, newestFirst bool) {
	if s.opts.Progress == nil {
		return
	}
	c := s.client
	c.mu.Lock()
	sent := c.sent
	c.mu.Unlock()
	p := Progress{Kind: kind, Rows: s.rows[kind], Requests: sent, RequestsLeft: c.limiter.left(), SecondsLeft: -1}
	if win != nil {
		p.Since, p.Until, p.Again = win.since, win.until, s.isAgain(win)
		p.SecondsLeft = secondsLeft(win, newestFirst, c.limiter.perMinute())
	}
	s.opts.Progress(p)
}

// secondsLeft estimates, at the limiter's pace, from how much of the window's time the rows read so far span.
func secondsLeft(win *window, newestFirst bool, perMinute float64) int {
	if win.state != stateReading {
		return 0
	}
	if win.reached.IsZero() || perMinute <= 0 {
		return -1
	}
	done, left := win.reached.Sub(win.since).Seconds(), win.until.Sub(win.reached).Seconds()
	if newestFirst {
		done, left = left, done
	}
	if done <= 0 {
		return -1
	}
	return int(math.Ceil(float64(win.requests) * max(left, 0) / done * 60 / perMinute))
}
