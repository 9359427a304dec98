package ingest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"
)

// syncHistories reads the whole history of incidents that began before what was read of log entries and that
// have entries in it: half a history would be misread. Each is read once, for what comes later comes by the feed.
func (s *syncer) syncHistories(ctx context.Context) error {
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
		for _, id := range ids {
			if err := s.syncHistory(ctx, id, s.until); err != nil {
				return fmt.Errorf("incident %s: %w", id, err)
			}
		}
	}
	return nil
}

// syncSequels reads the histories of incidents that went on after a period which ended before PagerDuty's clock: an
// incident comes in the state of now, and would seem resolved by nobody and never acknowledged without the entries
// that say so. They are the few that were open when the period ended.
func (s *syncer) syncSequels(ctx context.Context) error {
	now := s.client.now().Truncate(time.Second)
	if now.Sub(s.until) < time.Minute {
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
	for _, id := range ids {
		if err := s.syncHistory(ctx, id, now); err != nil {
			return fmt.Errorf("incident %s: %w", id, err)
		}
	}
	return nil
}

// syncHistory reads an incident's log entries from the first to until, and the incident with them.
func (s *syncer) syncHistory(ctx context.Context, id string, until time.Time) error {
	path := "/incidents/" + url.PathEscape(id) + "/log_entries"
	q := url.Values{"include[]": {"channels", "incidents"}, "time_zone": {"UTC"}}
	rows, got, cut := int64(0), false, false
	for {
		q.Set("offset", strconv.Itoa(int(rows)))
		p, err := s.list(ctx, kindLogEntries, kindHistory, path, q)
		if notAllowed(err) {
			return s.closeHistory(ctx, id, window{state: stateSkipped, until: until, reason: fmt.Sprintf("PagerDuty answered %d", statusOf(err))})
		}
		if err != nil {
			return err
		}
		s.received(kindHistory, p.rows)
		rows += int64(p.rows)
		embedded := s.embeddedIncidents(p.records)
		got = got || embedded[id] != nil
		err = s.w.tx(ctx, func(ctx context.Context) error {
			if err := s.storeEmbedded(ctx, embedded); err != nil {
				return err
			}
			if err := s.storeLogEntries(ctx, createdUntil(p.records, until), id); err != nil {
				return err
			}
			return s.storeAside(ctx, p)
		})
		if err != nil {
			return fmt.Errorf("store its log entries: %w", err)
		}
		s.progress(kindHistory, nil, false)
		if cut = p.more && (p.rows == 0 && rows == 0 || rows+pageSize > listCap); cut || !p.more || p.rows == 0 {
			break
		}
	}
	done := window{state: stateWhole, rows: rows, until: until}
	if cut {
		done.state, done.reason = stateTruncated, reasonTooLong
	}
	if got {
		return s.closeHistory(ctx, id, done)
	}
	return s.readIncident(ctx, id, func(ctx context.Context) error { return s.markHistory(ctx, id, done) })
}

func (s *syncer) closeHistory(ctx context.Context, id string, win window) error {
	return s.w.tx(ctx, func(ctx context.Context) error { return s.markHistory(ctx, id, win) })
}

func (s *syncer) markHistory(ctx context.Context, id string, win window) error {
	win.kind, win.scope = kindHistory, id
	return s.w.markKind(ctx, win)
}

// syncOpen reads the incidents that are open now, however old, and then those that are open in the store and not
// among them: they were closed, moved out of sight or deleted without leaving a log entry.
func (s *syncer) syncOpen(ctx context.Context) error {
	if _, err := s.w.exec(ctx, `DELETE FROM ledger WHERE kind = $1`, kindOpen); err != nil {
		return err
	}
	if err := s.w.tempIDs(ctx, "open_seen", nil); err != nil {
		return err
	}
	if err := needed("incidents", s.listOpen(ctx)); err != nil {
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
		return s.w.markKind(ctx, window{kind: kindOpen, state: stateWhole, rows: s.rows[kindOpen], until: s.until})
	})
}

// listOpen lists the open incidents of all times; beyond the list's cap it goes on by windows.
func (s *syncer) listOpen(ctx context.Context) error {
	q := incidentQuery()
	q["statuses[]"] = []string{"triggered", "acknowledged"}
	rest := span{to: s.until}
	errCap := errors.New("more open incidents than one list holds")
	offset := 0
	query := url.Values{"date_range": {"all"}}
	for k, v := range q {
		query[k] = v
	}
	err := s.listPages(ctx, kindIncidents, kindOpen, "/incidents", query, func(p page) error {
		offset += p.rows
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
		return err
	}
	f := feed{
		kind: kindIncidents, counted: kindOpen, path: "/incidents", clock: "created_at",
		query: func(*window) url.Values {
			c := url.Values{}
			for k, v := range q {
				c[k] = v
			}
			return c
		},
		store: func(ctx context.Context, _ *window, p page) error { return s.storeOpen(ctx, p) },
	}
	rest.from = rest.from.Add(-overlap)
	var wins []window
	for _, part := range split(rest, longestWindow) {
		win := newWindow(kindOpen, "rest", part)
		if err := s.w.addWindow(ctx, &win); err != nil {
			return err
		}
		wins = append(wins, win)
	}
	return s.readWindows(ctx, f, wins)
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
	if err := s.storeIncidents(ctx, records, replaceChanged); err != nil {
		return err
	}
	return s.storeAside(ctx, p)
}
