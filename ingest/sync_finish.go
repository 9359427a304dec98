package ingest

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
)

// finish does what needs everything read: late names, notes, numbers for new people, a packed file.
func (s *syncer) finish(ctx context.Context) error {
	if err := s.maskLateNames(ctx); err != nil {
		return fmt.Errorf("mask names: %w", err)
	}
	if err := s.explainEdits(ctx); err != nil {
		return fmt.Errorf("look at late edits: %w", err)
	}
	if err := s.w.tx(ctx, s.forgetReadAgain); err != nil {
		return fmt.Errorf("forget what can be read by now: %w", err)
	}
	if err := s.storeNotes(ctx); err != nil {
		return fmt.Errorf("store the notes: %w", err)
	}
	if err := s.numberPeople(ctx); err != nil {
		return fmt.Errorf("number new people: %w", err)
	}
	if err := s.markFinished(ctx); err != nil {
		return fmt.Errorf("note the sync's end: %w", err)
	}
	return s.pack(ctx)
}

// markFinished takes the mark of an unfinished sync away, and says up to when and at what time PagerDuty was read.
func (s *syncer) markFinished(ctx context.Context) error {
	return s.w.tx(ctx, func(ctx context.Context) error {
		if _, err := s.w.exec(ctx, `DELETE FROM meta WHERE key = $1`, unfinishedKey); err != nil {
			return err
		}
		return s.w.setMeta(ctx, syncedKey, formatTime(s.w.now()))
	})
}

// syncedKey is in the meta table when a sync ended as it should, by PagerDuty's clock.
const syncedKey = "last_sync_at"

// pack empties the log into the file. Syncs that bring little leave small row groups behind; when there are many
// of them, some are merged.
func (s *syncer) pack(ctx context.Context) error {
	if !s.store.place.isFile() {
		return nil // catalogs have a maintenance of their own, which takes long and is for their keeper to time
	}
	const q = `SELECT count(DISTINCT row_group_id) > 40 + (SELECT count(*) FROM log_entries) / 15000
		FROM pragma_storage_info('log_entries') WHERE column_name = 'created_at'`
	var many bool
	if err := s.w.conn.QueryRowContext(ctx, q).Scan(&many); err != nil {
		return err
	}
	if many {
		for _, q := range []string{"SET max_vacuum_tasks = 1", "RESET memory_limit"} {
			if _, err := s.w.exec(ctx, q); err != nil {
				return err
			}
		}
	}
	_, err := s.w.exec(ctx, "CHECKPOINT")
	return err
}

// storeNotes replaces the notes of the sync before by what can be said now: from this run, and from what the
// tables hold, whichever run put it there.
func (s *syncer) storeNotes(ctx context.Context) error {
	for _, q := range []struct{ code, kind, detail, sql string }{
		{"rows_lost", "", "a second holds more rows than PagerDuty lists, or a list broke off: %d windows of %s are truncated",
			`SELECT kind, count(*) FROM ledger WHERE state = 'truncated' GROUP BY kind ORDER BY kind`},
		{"unreadable_records", "", "%d records of %s could not be read and are kept as types and key names",
			`SELECT kind, count(*) FROM unreadable_records GROUP BY kind ORDER BY kind`},
		{"alerts_skipped", "", "the alerts of %d incidents could not all be read (%s)",
			`SELECT 'alerts', count(*) FROM alert_reads WHERE state IN ('skipped', 'truncated') HAVING count(*) > 0`},
		{"incident_skipped", "", "%d %s may not be read any more (403), and stand as they were",
			`SELECT 'incidents', count(*) FROM ledger AS l LEFT JOIN incidents AS i ON i.id = l.scope
				WHERE l.kind = 'incident' AND l.state = 'skipped' AND NOT coalesce(i.fetched_at > l.read_at, false) HAVING count(*) > 0`},
	} {
		if err := s.noteCounts(ctx, q.code, q.detail, q.sql); err != nil {
			return err
		}
	}
	sort.Slice(s.notes, func(i, j int) bool {
		a, b := s.notes[i], s.notes[j]
		return a.Code+" "+a.Kind+" "+a.Detail < b.Code+" "+b.Kind+" "+b.Detail
	})
	return s.w.tx(ctx, func(ctx context.Context) error {
		if _, err := s.w.exec(ctx, "DELETE FROM sync_notes"); err != nil {
			return err
		}
		var rows []row
		for _, n := range s.notes {
			rows = append(rows, row{n.Code, n.Kind, n.Detail, s.w.now()})
		}
		return s.w.appendRows("", "sync_notes", rows)
	})
}

// noteCounts makes a note of each row (kind, count) of a query.
func (s *syncer) noteCounts(ctx context.Context, code, detail, query string) error {
	rows, err := s.w.conn.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var kind string
		var n int64
		if err := rows.Scan(&kind, &n); err != nil {
			return err
		}
		s.note(code, kind, fmt.Sprintf(detail, n, kind))
	}
	return rows.Err()
}

// maskLateNames takes names that were first met in a reference, after other records had been stored, out of those
// records. Which names that are survives a kill: the user and the mark are written with the page.
func (s *syncer) maskLateNames(ctx context.Context) error {
	ids, err := s.unchecked(ctx)
	if err != nil || len(ids) == 0 {
		return err
	}
	if err := s.w.tempIDs(ctx, "late_names", asRows(ids)); err != nil {
		return err
	}
	const q = `SELECT DISTINCT lower(name) FROM users WHERE id IN (SELECT id FROM temp.late_names) AND name IS NOT NULL`
	names, err := s.w.strings(ctx, q)
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(names, 50) {
		for _, t := range []table{incidentsTable, logEntriesTable, alertsTable, changesTable, maintenanceTable,
			servicesTable, teamsTable, policiesTable, schedulesTable} {
			if err := s.maskTable(ctx, t, chunk); err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
		}
	}
	return s.w.tx(ctx, func(ctx context.Context) error { return s.w.setMeta(ctx, uncheckedKey, "") })
}

// maskTable rewrites a table's rows whose text holds one of the names, given in lower case. A chain of ORs is
// checked row by row; a join with the names would gather the table in memory.
func (s *syncer) maskTable(ctx context.Context, t table, names []string) error {
	text, label := "", "''"
	for _, c := range []string{"title", "name"} {
		if t.has(c) {
			text, label = c, fmt.Sprintf("coalesce(t.%s, '')", c)
		}
	}
	var holds []string
	var args []any
	for i, name := range names {
		holds = append(holds, fmt.Sprintf("contains(lower(t.raw), $%d)", i+1))
		args = append(args, name)
	}
	q := fmt.Sprintf("SELECT t.id, coalesce(t.raw, 'null'), %s FROM %s t WHERE %s", label, t.name, strings.Join(holds, " OR "))
	rows, err := s.w.conn.QueryContext(ctx, q, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	var masked []row
	for rows.Next() {
		var id, raw, label string
		if err := rows.Scan(&id, &raw, &label); err != nil {
			return err
		}
		v, err := decodeValue([]byte(raw))
		if err != nil {
			return err
		}
		next, nextLabel := encode(s.book.redact(v)), s.book.mask(label, text == "name")
		if next != raw || nextLabel != label { // a name inside a longer word is none
			masked = append(masked, row{id, next, nextLabel})
		}
	}
	if err := rows.Err(); err != nil || len(masked) == 0 {
		return err
	}
	return s.w.tx(ctx, func(ctx context.Context) error { return s.rewriteTexts(ctx, t, text, masked) })
}

func (s *syncer) rewriteTexts(ctx context.Context, t table, text string, masked []row) error {
	if _, err := s.w.exec(ctx, "CREATE OR REPLACE TEMP TABLE masked (id VARCHAR, raw VARCHAR, label VARCHAR)"); err != nil {
		return err
	}
	if err := s.w.appendRows("temp", "masked", masked); err != nil {
		return err
	}
	set := "raw = m.raw"
	if text != "" {
		set += fmt.Sprintf(", %[1]s = CASE WHEN t.%[1]s IS NULL THEN NULL ELSE m.label END", text)
	}
	for _, c := range []string{"alert_key", "incident_key"} { // they stand in raw as in their columns
		if t.has(c) {
			set += fmt.Sprintf(", %[1]s = coalesce(m.raw->>'$.%[1]s', t.%[1]s)", c)
		}
	}
	if _, err := s.w.exec(ctx, fmt.Sprintf("UPDATE %s t SET %s FROM temp.masked m WHERE t.id = m.id", t.name, set)); err != nil || t.touches == "" {
		return err
	}
	// What was derived from the texts may hold the name too.
	_, err := s.w.exec(ctx, fmt.Sprintf(`INSERT INTO touched_incidents SELECT DISTINCT t.%[2]s FROM %[1]s AS t JOIN temp.masked AS m ON m.id = t.id
		WHERE t.%[2]s IS NOT NULL`, t.name, t.touches))
	return err
}

func asRows(ids []string) []row {
	out := make([]row, len(ids))
	for i, id := range ids {
		out[i] = row{id}
	}
	return out
}
