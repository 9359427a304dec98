package ingest

import (
	"context"
	"fmt"
	"net/url"
	"time"
)

func (s *syncer) syncLogEntries(ctx context.Context) error {
	wins, err := s.w.windows(ctx, kindLogEntries, "", stateReading)
	if err != nil {
		return err
	}
	f := feed{
		kind: kindLogEntries, counted: kindLogEntries, path: "/log_entries", clock: "created_at",
		query: func(win *window) url.Values {
			q := url.Values{"include[]": {"channels"}, "time_zone": {"UTC"}}
			if s.isFeed(win) {
				q.Add("include[]", "incidents")
			}
			return q
		},
		store: func(ctx context.Context, win *window, p page) error {
			if err := s.noteListed(ctx, win, p, isNote); err != nil {
				return err
			}
			return s.storeFeed(ctx, win, p.records, s.isFeed(win))
		},
	}
	err = s.readWindows(ctx, f, wins)
	if !notAllowed(err) {
		return err
	}
	return s.skipLogEntries(ctx, err)
}

// skipLogEntries does without log entries: the token may not read them. What remains is the incidents' present state.
// The next sync that may read them reads all that is missing.
func (s *syncer) skipLogEntries(ctx context.Context, cause error) error {
	s.noLogEntries = true
	reason := fmt.Sprintf("PagerDuty answered %d", statusOf(cause))
	s.note("endpoint_skipped", kindLogEntries, "log entries were not read: "+reason)
	err := s.w.tx(ctx, func(ctx context.Context) error { return s.w.skipWindows(ctx, kindLogEntries, reason) })
	if err != nil {
		return err
	}
	return s.endAgain(ctx, kindLogEntries)
}

func isNote(entry record) bool { return entry.text("type") == typeAnnotate }

// storeFeed stores a page of the account's log entries, and what it says of their incidents.
func (s *syncer) storeFeed(ctx context.Context, win *window, records []record, isFeed bool) error {
	embedded := s.embeddedIncidents(records)
	changed := map[string]time.Time{} // incident → latest entry, where only a reference came
	if isFeed {
		for _, r := range records {
			id := r.idText("incident", "id")
			at, _ := r.time("created_at").(time.Time)
			if id != "" && embedded[id] == nil && at.After(changed[id]) {
				changed[id] = at
			}
		}
	}
	records, err := s.withoutSlack(ctx, win, records)
	if err != nil {
		return err
	}
	if err := s.storeEmbedded(ctx, embedded); err != nil {
		return err
	}
	if err := s.storeLogEntries(ctx, records, ""); err != nil {
		return err
	}
	return s.queueChanged(ctx, win, changed)
}

// storeLogEntries stores log entries; incidentID is used where one does not name its incident.
func (s *syncer) storeLogEntries(ctx context.Context, records []record, incidentID string) error {
	var rows []row
	for _, r := range records {
		rows = append(rows, s.book.logEntryRow(r, incidentID))
	}
	_, err := s.w.upsert(ctx, logEntriesTable, rows, s.overwrite)
	return err
}

// embeddedIncidents gives the whole incidents inside log entries, the latest state of each.
func (s *syncer) embeddedIncidents(records []record) map[string]record {
	out := map[string]record{}
	for _, r := range records {
		in := r.object("incident")
		if !isWholeIncident(in) {
			continue
		}
		id := in.idText("id")
		if old, ok := out[id]; ok {
			was, _ := old.time("updated_at").(time.Time)
			now, _ := in.time("updated_at").(time.Time)
			if !now.After(was) {
				continue
			}
		}
		out[id] = in
	}
	return out
}

// storeEmbedded stores incidents that came inside log entries where they are newer than what is stored.
func (s *syncer) storeEmbedded(ctx context.Context, embedded map[string]record) error {
	var records []record
	for _, in := range embedded {
		records = append(records, in)
	}
	if err := s.noteChanged(ctx, records); err != nil {
		return err
	}
	return s.storeIncidents(ctx, records, replaceNewer)
}

// withoutSlack leaves out entries from before the window, but for those of incidents created inside it.
func (s *syncer) withoutSlack(ctx context.Context, win *window, records []record) ([]record, error) {
	var inside, early []record
	for _, r := range records {
		if at, ok := r.time("created_at").(time.Time); ok && at.Before(win.since) {
			early = append(early, r)
			continue
		}
		inside = append(inside, r)
	}
	if len(early) == 0 {
		return records, nil
	}
	const q = `SELECT id FROM incidents WHERE created_at >= $1 AND created_at < $2`
	ids, err := s.w.strings(ctx, q, win.since, win.since.Add(slack))
	if err != nil {
		return nil, err
	}
	for _, r := range early {
		for _, id := range ids {
			if r.idText("incident", "id") == id {
				inside = append(inside, r)
			}
		}
	}
	return inside, nil
}

// queueChanged notes in the ledger the incidents that have to be read singly since their log entries came without
// them and are younger than what is stored of them. By the time of reading that is no more than likely where PagerDuty's
// clock was ahead at it, so the time of their last change counts too.
func (s *syncer) queueChanged(ctx context.Context, win *window, changed map[string]time.Time) error {
	if len(changed) == 0 {
		return nil
	}
	var rows []row
	for id, at := range changed {
		rows = append(rows, row{id, at})
	}
	if _, err := s.w.exec(ctx, "CREATE OR REPLACE TEMP TABLE changed (id VARCHAR, entry_at TIMESTAMP)"); err != nil {
		return err
	}
	if err := s.w.appendRows("temp", "changed", rows); err != nil {
		return err
	}
	const q = `SELECT c.id FROM temp.changed c JOIN incidents i ON i.id = c.id
		WHERE NOT i.is_deleted AND (c.entry_at >= i.fetched_at OR c.entry_at > i.updated_at AND i.created_at < $1) AND NOT EXISTS
			(SELECT 1 FROM ledger l WHERE l.kind = 'incident' AND l.scope = c.id AND l.state = 'reading')
		ORDER BY c.id`
	ids, err := s.w.strings(ctx, q, win.since)
	if err != nil {
		return err
	}
	for _, id := range ids {
		win := window{kind: kindOne, scope: id, state: stateReading}
		if err := s.w.addWindow(ctx, &win); err != nil {
			return err
		}
	}
	return nil
}
