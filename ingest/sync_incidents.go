package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// incidentQuery are the parameters of every list of incidents.
func incidentQuery() url.Values {
	return url.Values{
		"sort_by": {"created_at:asc"}, "include[]": {"first_trigger_log_entries"}, "time_zone": {"UTC"},
	}
}

func (s *syncer) syncIncidents(ctx context.Context) error {
	wins, err := s.w.windows(ctx, kindIncidents, "", stateReading)
	if err != nil {
		return err
	}
	f := feed{
		kind: kindIncidents, counted: kindIncidents, path: "/incidents", clock: "created_at",
		query: func(*window) url.Values { return incidentQuery() },
		store: func(ctx context.Context, win *window, p page) error {
			if err := s.noteListed(ctx, win, p, func(record) bool { return true }); err != nil {
				return err
			}
			if s.isAgain(win) {
				return s.storeAgain(ctx, p.records)
			}
			return s.storeIncidents(ctx, p.records, s.overwrite)
		},
	}
	if err := needed("incidents", s.readWindows(ctx, f, wins)); err != nil {
		return err
	}
	return s.syncUnlisted(ctx)
}

// syncUnlisted asks for the incidents that are stored and were not listed when their time was read again: they were
// deleted, and become tombstones.
func (s *syncer) syncUnlisted(ctx context.Context) error {
	ids, err := s.unlisted(ctx, kindIncidents, `SELECT id FROM incidents
		WHERE NOT is_deleted AND created_at >= $1 AND created_at < $2
			AND id NOT IN (SELECT id FROM listed_again WHERE kind = $3) ORDER BY created_at, id`)
	if err != nil {
		return err
	}
	for _, id := range ids {
		gone := func(ctx context.Context) error { return s.noteGone(ctx, id) }
		if err := s.readIncident(ctx, id, gone); err != nil {
			return fmt.Errorf("incident %s: %w", id, err)
		}
	}
	return s.endAgain(ctx, kindIncidents)
}

// needed turns the refusal of something that no report can do without into an AuthError.
func needed(what string, err error) error {
	if status := statusOf(err); status == http.StatusForbidden || status == http.StatusPaymentRequired {
		return &AuthError{Status: status, What: what, Err: err}
	}
	return err
}

// storeIncidents stores incidents and the first trigger entries that came with them.
func (s *syncer) storeIncidents(ctx context.Context, records []record, p policy) error {
	var incidents, triggers []row
	for _, r := range records {
		entry := r.object("first_trigger_log_entry")
		id := r.idText("id")
		incidents = append(incidents, s.book.incidentRow(r))
		if entry.id("id") != nil && entry.time("created_at") != nil && entry.text("type") == typeTrigger {
			triggers = append(triggers, s.book.logEntryRow(entry, id))
		}
	}
	if err := s.storeUnlistedServices(ctx, records); err != nil {
		return err
	}
	if _, err := s.w.upsert(ctx, incidentsTable, incidents, p); err != nil {
		return err
	}
	_, err := s.w.upsert(ctx, logEntriesTable, triggers, insertMissing)
	return err
}

// storeUnlistedServices stores services that only incidents speak of: they were deleted if the list is whole, and their
// name is in the reference.
func (s *syncer) storeUnlistedServices(ctx context.Context, records []record) error {
	var rows []row
	for _, r := range records {
		ref := r.object("service")
		if id, ok := ref.id("id").(string); ok && !s.services[id] {
			s.services[id] = true
			rows = append(rows, row{id, s.book.nameOf(ref), nil, s.servicesListed, encode(map[string]any{"id": id, "type": "service_reference"}), nil})
		}
	}
	_, err := s.w.upsert(ctx, servicesTable, rows, insertMissing)
	return err
}

// loadServices remembers which services are stored.
func (s *syncer) loadServices(ctx context.Context) error {
	rows, err := s.w.conn.QueryContext(ctx, `SELECT id FROM services`)
	if err != nil {
		return err
	}
	defer rows.Close()
	s.services = map[string]bool{}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return err
		}
		s.services[id] = true
	}
	return rows.Err()
}

// readIncident reads one incident and stores it, together with what done does in the same transaction. One that
// is gone (404) becomes a tombstone; one that may not be read any more, or can't be, stays as it is.
func (s *syncer) readIncident(ctx context.Context, id string, done func(context.Context) error) error {
	q := url.Values{"include[]": {"first_trigger_log_entries"}} // a single incident has no parameter for its zone
	r, err := s.single(ctx, kindIncidents, kindOne, "/incidents", "incident", id, q)
	var bad *unreadableError
	var denied bool
	switch {
	case errors.As(err, &bad):
		err = nil
	case statusOf(err) == http.StatusForbidden:
		denied, err = true, nil
	case statusOf(err) == http.StatusNotFound:
		r, err = nil, nil
	}
	if err != nil {
		return err
	}
	s.progress(kindOne, nil, false)
	return s.w.tx(ctx, func(ctx context.Context) error {
		switch {
		case bad != nil:
			if err := s.keepUnreadable(ctx, []unreadable{bad.unreadable}); err != nil {
				return err
			}
		case denied:
		case r == nil:
			if err := s.bury(ctx, id); err != nil {
				return err
			}
		default:
			if err := s.noteChanged(ctx, []record{r}); err != nil {
				return err
			}
			if err := s.storeIncidents(ctx, []record{r}, replaceChanged); err != nil {
				return err
			}
		}
		if err := s.storeMetPeople(ctx); err != nil {
			return err
		}
		if err := done(ctx); err != nil {
			return err
		}
		return s.markDenied(ctx, id, denied)
	})
}

// markDenied writes into the ledger that an incident may not be read any more, or that it may again.
func (s *syncer) markDenied(ctx context.Context, id string, denied bool) error {
	if denied {
		return s.w.markKind(ctx, window{kind: kindOne, scope: id, state: stateSkipped, until: s.until, reason: "PagerDuty answered 403"})
	}
	_, err := s.w.exec(ctx, `DELETE FROM ledger WHERE kind = $1 AND scope = $2 AND state = 'skipped'`, kindOne, id)
	return err
}

// bury marks an incident that PagerDuty does not have any more.
func (s *syncer) bury(ctx context.Context, id string) error {
	n, err := s.w.exec(ctx, `UPDATE incidents SET is_deleted = true, fetched_at = $2 WHERE id = $1 AND NOT is_deleted`, id, s.w.now())
	if err == nil && n > 0 {
		_, err = s.w.exec(ctx, `INSERT INTO touched_incidents VALUES ($1)`, id)
	}
	return err
}

// syncQueued reads the incidents that the log entries told to have changed, where they did not carry them.
func (s *syncer) syncQueued(ctx context.Context) error {
	const q = `SELECT DISTINCT scope FROM ledger WHERE kind = $1 AND state = 'reading' ORDER BY scope`
	queue, err := s.w.strings(ctx, q, kindOne)
	if err != nil {
		return err
	}
	for _, id := range queue {
		err := s.readIncident(ctx, id, func(ctx context.Context) error {
			_, err := s.w.exec(ctx, `DELETE FROM ledger WHERE kind = $1 AND scope = $2`, kindOne, id)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// strings gives the one column of a query's rows.
func (w *writer) strings(ctx context.Context, query string, args ...any) ([]string, error) {
	return readStrings(ctx, w.conn, query, args...)
}

func readStrings(ctx context.Context, db interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
}, query string, args ...any) ([]string, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		out = append(out, text)
	}
	return out, rows.Err()
}

// createdUntil leaves out records that are younger than the period's end: they belong to the next sync.
func createdUntil(records []record, until time.Time) []record {
	var out []record
	for _, r := range records {
		if at, ok := r.time("created_at").(time.Time); ok && !at.After(until) {
			out = append(out, r)
		}
	}
	return out
}
