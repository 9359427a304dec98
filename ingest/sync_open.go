package ingest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"time"
)

// syncOpen reads the incidents that are open now, however old, and then those that are open in the store and not
// among them: they were closed, moved out of sight or deleted without leaving a log entry.
func (s *syncer) syncOpen(ctx context.Context) error {
	if _, err := s.w.exec(ctx, `DELETE FROM ledger WHERE kind = $1`, kindOpen); err != nil {
		return err
	}
	if err := s.w.tempIDs(ctx, "open_seen", nil); err != nil {
		return err
	}
	cut, err := s.listOpen(ctx)
	if err := needed("incidents", err); err != nil {
		return err
	}
	if err := s.recheckNotes(ctx); err != nil {
		return err
	}
	const q = `SELECT id FROM incidents WHERE status IN ('triggered', 'acknowledged') AND NOT is_deleted
		AND created_at <= $1 AND id NOT IN (SELECT id FROM temp.open_seen) ORDER BY created_at, id`
	gone, err := s.w.strings(ctx, q, s.until)
	if err != nil {
		return err
	}
	for _, id := range gone {
		if err := s.readIncident(ctx, id, func(context.Context) error { return nil }); err != nil {
			return fmt.Errorf("incident %s: %w", id, err)
		}
	}
	return s.w.tx(ctx, func(ctx context.Context) error {
		return s.w.markKind(ctx, listRow(kindOpen, int(s.rows[kindOpen]), s.until, cut))
	})
}

// listOpen lists the open incidents of all times; beyond the list's cap it goes on by windows. It tells why the
// list is not whole, "" if it is.
func (s *syncer) listOpen(ctx context.Context) (cut string, err error) {
	q := incidentQuery()
	q["statuses[]"] = []string{"triggered", "acknowledged"}
	rest := span{to: s.until}
	errCap := errors.New("more open incidents than one list holds")
	offset := 0
	query := maps.Clone(q)
	query.Set("date_range", "all")
	err = s.listPages(ctx, kindIncidents, kindOpen, "/incidents", query, func(p page) error {
		offset += p.rows
		if p.more && p.rows == 0 {
			cut = reasonBrokeOff
		}
		if n := len(p.records); n > 0 {
			rest.from, _ = parseTime(p.records[n-1].text("created_at"))
		}
		if err := s.w.tx(ctx, func(ctx context.Context) error { return s.storeOpen(ctx, p) }); err != nil {
			return err
		}
		if p.more && offset+pageSize > listCap {
			return errCap
		}
		return nil
	})
	if !errors.Is(err, errCap) {
		return cut, err
	}
	f := feed{
		kind: kindIncidents, counted: kindOpen, path: "/incidents", clock: "created_at",
		query: func(*window) url.Values { return maps.Clone(q) },
		store: func(ctx context.Context, _ *window, p page) error { return s.storeOpen(ctx, p) },
	}
	rest.from = rest.from.Add(-overlap)
	var wins []window
	for _, part := range split(rest, longestWindow) {
		win := newWindow(kindOpen, "rest", part)
		if err := s.w.addWindow(ctx, &win); err != nil {
			return "", err
		}
		wins = append(wins, win)
	}
	return "", s.readWindows(ctx, f, wins)
}

func (s *syncer) storeOpen(ctx context.Context, p page) error {
	records := createdUntil(p.records, s.until)
	var seen []row
	for _, r := range records {
		seen = append(seen, row{r.id("id")})
	}
	if err := s.w.appendRows("temp", "open_seen", seen); err != nil {
		return err
	}
	if err := s.noteChanged(ctx, records); err != nil {
		return err
	}
	if err := s.storeIncidents(ctx, records, replaceChanged); err != nil {
		return err
	}
	return s.storeAside(ctx, kindIncidents, p)
}

// noteChanged remembers which incidents are newer than what is stored of them. With Full every note is looked at anyway.
func (s *syncer) noteChanged(ctx context.Context, records []record) error {
	if s.opts.Full || s.incidentsAsOf.IsZero() || len(records) == 0 {
		return nil
	}
	var versions []row
	for _, r := range records {
		if at, ok := r.time("updated_at").(time.Time); ok {
			versions = append(versions, row{r.id("id"), at})
		}
	}
	if _, err := s.w.exec(ctx, "CREATE OR REPLACE TEMP TABLE versions (id VARCHAR, updated_at TIMESTAMP)"); err != nil {
		return err
	}
	if err := s.w.appendRows("temp", "versions", versions); err != nil {
		return err
	}
	ids, err := s.w.strings(ctx, `SELECT v.id FROM temp.versions v JOIN incidents i ON i.id = v.id WHERE v.updated_at > i.updated_at`)
	for _, id := range ids {
		s.changed[id] = true
	}
	return err
}

// recheckNotes reads the histories of incidents that changed and have notes from before: one of those may have been
// deleted, which leaves no log entry.
func (s *syncer) recheckNotes(ctx context.Context) error {
	if s.noLogEntries || len(s.changed) == 0 {
		return nil
	}
	if err := s.w.tempIDs(ctx, "changed_ids", asRows(slices.Sorted(maps.Keys(s.changed)))); err != nil {
		return err
	}
	ids, err := s.w.strings(ctx, `SELECT DISTINCT incident_id FROM log_entries WHERE type = 'annotate_log_entry' AND fetched_at < $1
		AND created_at >= (SELECT min(created_at) FROM incidents WHERE id IN (SELECT id FROM temp.changed_ids))
		AND incident_id IN (SELECT id FROM temp.changed_ids) ORDER BY 1`, s.startedAt)
	if err != nil {
		return err
	}
	return s.readHistories(ctx, ids, s.until)
}
