package ingest

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// syncHistories reads the whole history of incidents that began before what was read of log entries and that
// have entries in it: half a history would be misread. Each is read once, for what comes later comes by the feed. So are
// those of incidents with notes that were not listed when their time was read again.
func (s *syncer) syncHistories(ctx context.Context) error {
	if s.noLogEntries {
		return nil
	}
	if err := s.retryHistories(ctx); err != nil {
		return err
	}
	whole, err := s.w.spans(ctx, kindLogEntries, "", stateWhole)
	if err != nil {
		return err
	}
	const q = `SELECT DISTINCT l.incident_id FROM log_entries l LEFT JOIN incidents i ON i.id = l.incident_id
		WHERE l.created_at >= $1 AND l.created_at < $2 AND l.incident_id IS NOT NULL
			AND (i.id IS NULL OR i.created_at < $1 AND NOT i.is_deleted)
			AND NOT EXISTS (SELECT 1 FROM ledger h WHERE h.kind = 'incident_log_entries' AND h.scope = l.incident_id
				AND (h.state = 'skipped' OR h.until_at >= $1))
		ORDER BY 1`
	for _, part := range union(whole...) {
		ids, err := s.w.strings(ctx, q, part.from, part.to)
		if err != nil {
			return err
		}
		if err := s.readHistories(ctx, ids, s.until); err != nil {
			return err
		}
	}
	ids, err := s.unlisted(ctx, kindLogEntries, `SELECT DISTINCT l.incident_id FROM log_entries l
		JOIN incidents i ON i.id = l.incident_id AND NOT i.is_deleted
		WHERE l.type = 'annotate_log_entry' AND l.created_at >= $1 AND l.created_at < $2
			AND l.id NOT IN (SELECT id FROM listed_again WHERE kind = $3) ORDER BY 1`)
	if err != nil {
		return err
	}
	if err := s.readHistories(ctx, ids, s.until); err != nil {
		return err
	}
	return s.endAgain(ctx, kindLogEntries)
}

// retryHistories reads those again that broke off; and those that might not be read earlier, if one of the latest three
// may be now.
func (s *syncer) retryHistories(ctx context.Context) error {
	broken, err := s.w.strings(ctx, `SELECT scope FROM ledger WHERE kind = $1 AND state = 'truncated' AND reason = $2 ORDER BY scope`,
		kindHistory, reasonBrokeOff)
	if err != nil {
		return err
	}
	if err := s.readHistories(ctx, broken, s.until); err != nil {
		return err
	}
	const denied = `FROM ledger WHERE kind = 'incident_log_entries' AND state = 'skipped' AND reason NOT LIKE '%404'`
	ids, err := s.w.strings(ctx, "SELECT scope "+denied+" ORDER BY read_at DESC, scope")
	if err != nil {
		return err
	}
	count := func(n *int) error { return s.w.conn.QueryRowContext(ctx, "SELECT count(*) "+denied).Scan(n) }
	return retryRefused(ids, count, func(ids []string) error { return s.readHistories(ctx, ids, s.until) })
}

// retryRefused reads the first three again, and all others if count tells that this changed something.
func retryRefused(ids []string, count func(*int) error, read func(ids []string) error) error {
	if len(ids) == 0 {
		return nil
	}
	var before, after int
	if err := count(&before); err != nil {
		return err
	}
	first := min(3, len(ids))
	if err := read(ids[:first]); err != nil {
		return err
	}
	if err := count(&after); err != nil || after == before {
		return err
	}
	return read(ids[first:])
}

// syncSequels reads the histories of incidents that went on after a period which ended before PagerDuty's clock: an
// incident comes in the state of now, and would seem resolved by nobody and never acknowledged without the entries
// that say so. They are the few that were open when the period ended.
func (s *syncer) syncSequels(ctx context.Context) error {
	now := s.client.now().Truncate(time.Second)
	if now.Sub(s.until) < time.Minute || s.noLogEntries {
		return nil
	}
	const q = `SELECT i.id FROM incidents i
		LEFT JOIN (
			SELECT incident_id, bool_or(type = 'resolve_log_entry') AS is_resolved,
				bool_or(type IN ('acknowledge_log_entry', 'acknowledgement_log_entry')) AS is_acknowledged
			FROM log_entries GROUP BY incident_id) l ON l.incident_id = i.id
		WHERE NOT i.is_deleted AND i.created_at < $1
			AND (i.status = 'resolved' AND i.resolved_at > $1
				OR i.status = 'resolved' AND NOT coalesce(l.is_resolved, false) AND coalesce(i.resolve_reason, '') NOT LIKE 'merge%'
				OR i.status = 'acknowledged' AND NOT coalesce(l.is_acknowledged, false)
				OR i.status <> 'resolved' AND i.updated_at > $1)
			AND NOT EXISTS (SELECT 1 FROM ledger h WHERE h.kind = 'incident_log_entries' AND h.scope = i.id
				AND (h.state = 'skipped' OR h.until_at > $1))
		ORDER BY i.id`
	ids, err := s.w.strings(ctx, q, s.until)
	if err != nil {
		return err
	}
	return s.readHistories(ctx, ids, now)
}

func (s *syncer) readHistories(ctx context.Context, ids []string, until time.Time) error {
	for _, id := range ids {
		if err := s.syncHistory(ctx, id, until); err != nil {
			return fmt.Errorf("incident %s: %w", id, err)
		}
	}
	return nil
}

// history is what one incident's list of log entries told.
type history struct {
	rows     int64
	incident bool      // the incident came with it
	notes    []row     // ids of its notes
	oldest   time.Time // of its entries
	cut      string    // why there are more than could be read
}

// syncHistory reads an incident's log entries from the first to until, and the incident with them. Notes that it does
// not have any more were deleted.
func (s *syncer) syncHistory(ctx context.Context, id string, until time.Time) error {
	h, err := s.readHistory(ctx, id, until)
	if notAllowed(err) {
		skipped := window{state: stateSkipped, until: until, reason: fmt.Sprintf("PagerDuty answered %d", statusOf(err))}
		mark := func(ctx context.Context) error { return s.markHistory(ctx, id, skipped) }
		if statusOf(err) == http.StatusNotFound { // perhaps the incident is gone with it
			return s.readIncident(ctx, id, mark)
		}
		return s.w.tx(ctx, mark)
	}
	if err != nil {
		return err
	}
	end := func(ctx context.Context) error {
		if err := s.dropNotes(ctx, id, h); err != nil {
			return err
		}
		done := window{state: stateWhole, rows: h.rows, until: until}
		if h.cut != "" {
			done.state, done.reason = stateTruncated, h.cut
		}
		return s.markHistory(ctx, id, done)
	}
	if h.incident && !s.opts.Full {
		return s.w.tx(ctx, end)
	}
	return s.readIncident(ctx, id, end)
}

func (s *syncer) readHistory(ctx context.Context, id string, until time.Time) (history, error) {
	var h history
	path := "/incidents/" + url.PathEscape(id) + "/log_entries"
	q := url.Values{"include[]": {"channels", "incidents"}, "time_zone": {"UTC"}}
	for {
		q.Set("offset", strconv.Itoa(int(h.rows)))
		p, err := s.list(ctx, kindLogEntries, kindHistory, path, q)
		if err != nil {
			return h, err
		}
		s.received(kindHistory, p.rows)
		embedded := s.embeddedIncidents(p.records)
		h.add(p, embedded[id] != nil)
		err = s.w.tx(ctx, func(ctx context.Context) error {
			if err := s.storeEmbedded(ctx, embedded); err != nil {
				return err
			}
			if err := s.storeLogEntries(ctx, createdUntil(p.records, until), id); err != nil {
				return err
			}
			return s.storeAside(ctx, kindLogEntries, p)
		})
		if err != nil {
			return h, fmt.Errorf("store its log entries: %w", err)
		}
		s.progress(kindHistory, nil, false)
		switch {
		case !p.more:
			return h, nil
		case p.rows == 0:
			h.cut = reasonBrokeOff
		case h.rows+pageSize > listCap:
			h.cut = reasonTooLong
		default:
			continue
		}
		h.oldest = until // of what was not listed nothing is known
		return h, nil
	}
}

func (h *history) add(p page, hasIncident bool) {
	h.rows += int64(p.rows)
	h.incident = h.incident || hasIncident
	for _, r := range p.records {
		if isNote(r) {
			h.notes = append(h.notes, row{r.id("id")})
		}
		if at, ok := r.time("created_at").(time.Time); ok && (h.oldest.IsZero() || at.Before(h.oldest)) {
			h.oldest = at
		}
	}
	for _, u := range p.unreadable {
		h.notes = append(h.notes, row{u.id})
	}
}

// dropNotes deletes an incident's notes that its list does not have any more: notes can be deleted, and leave nothing.
// Those from before the oldest entry listed may only be too old to be listed.
func (s *syncer) dropNotes(ctx context.Context, id string, h history) error {
	if h.oldest.IsZero() {
		return nil
	}
	if err := s.w.tempIDs(ctx, "listed", h.notes); err != nil {
		return err
	}
	n, err := s.w.exec(ctx, `DELETE FROM log_entries WHERE incident_id = $1 AND type = 'annotate_log_entry'
		AND created_at > $2 AND id NOT IN (SELECT id FROM temp.listed WHERE id IS NOT NULL)`, id, h.oldest)
	if err == nil && n > 0 {
		_, err = s.w.exec(ctx, `INSERT INTO touched_incidents VALUES ($1)`, id)
	}
	return err
}

func (s *syncer) markHistory(ctx context.Context, id string, win window) error {
	win.kind, win.scope = kindHistory, id
	return s.w.markKind(ctx, win)
}
