package analysis

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

// Ledger is the completeness certificate of a whole database: of each kind of record what was asked, what was read, and
// what is known to be missing. It needs facts only, so a database that was never derived has one too.
type Ledger struct {
	Kinds []KindLedger
	// Asked reaches from the earliest window of incidents and log entries that was asked for to the end of the latest;
	// nil before the first sync.
	Asked       *Period
	SyncedUntil *time.Time // end of what was read whole
	Gaps        []Gap      // of Asked, by kind
	// LastSyncAt is when a sync ended as it should; UnfinishedUntil is set while one did not.
	LastSyncAt, UnfinishedUntil *time.Time
	// RereadAt is when the last month's incidents were read again the last time, or first.
	RereadAt *time.Time

	DeletedUserCount, DeletedIncidentCount, OpenIncidentCount     int64
	UnreadableScheduleCount, ZonelessScheduleCount, ScheduleCount int64
	ZonelessUserCount, UserCount                                  int64
	// RefusedIncidentCount are incidents that may not be read any more; TruncatedHistoryCount those with more log entries
	// than PagerDuty lists; OrphanEntryCount log entries whose incident PagerDuty does not have.
	RefusedIncidentCount, TruncatedHistoryCount, OrphanEntryCount int64
	// UnderivedCount are incidents whose facts changed since the derived tables were made.
	UnderivedCount int64
	LateEdits      LateEdits
}

// KindLedger is what the ledger says of one kind of record.
type KindLedger struct {
	Kind string
	// Asked and Read bound the windows, and those of them that were read whole; nil for a list without windows.
	Asked, Read *Period
	// How many windows (or lists, or single records) there were, by what became of them.
	WindowCount, WholeCount, UnfinishedCount, TruncatedCount, RefusedCount int64
	// RowCount is what was received, doubles included; StoredCount what the table holds; UnreadableCount what could not be
	// read.
	RowCount, RequestCount, StoredCount, UnreadableCount int64
	AskedAt, ReadAt                                      *time.Time // the first and the last time
	Reason                                               string     // why windows were truncated or refused; "" where none was
}

// LateEdits are incidents that reading again found changed though no log entry says so.
type LateEdits struct {
	Count       int64
	LastFoundAt *time.Time
	// OldestSeconds is the age of the oldest of them when it was found.
	OldestSeconds *float64
}

// ledgerTables are the kinds in the order in which they are told, and the table in which their records stand.
var ledgerTables = []struct{ kind, table string }{
	{"incidents", "incidents"}, {"log_entries", "log_entries"}, {"schedules", "schedules"}, {"open_incidents", ""}, {"incident", ""},
	{"incident_log_entries", ""}, {"alerts", "alerts"}, {"users", "users"}, {"teams", "teams"}, {"services", "services"},
	{"escalation_policies", "escalation_policies"}, {"priorities", "priorities"}, {"maintenance_windows", "maintenance_windows"},
	{"change_events", "change_events"},
}

// ReadLedger reads the certificate of a database.
func ReadLedger(ctx context.Context, db *sql.DB) (Ledger, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return Ledger{}, fmt.Errorf("open a connection: %w", err)
	}
	defer conn.Close()
	var l Ledger
	for _, part := range []func(context.Context, *sql.Conn) error{l.readKinds, l.readBounds, l.readCounts, l.readLateEdits} {
		if err := part(ctx, conn); err != nil {
			return l, err
		}
	}
	return l, nil
}

func (l *Ledger) readKinds(ctx context.Context, conn *sql.Conn) error {
	rows, err := conn.QueryContext(ctx, `
		SELECT kind, count(*), count(*) FILTER (WHERE state = 'whole'), count(*) FILTER (WHERE state = 'reading'),
		       count(*) FILTER (WHERE state = 'truncated'), count(*) FILTER (WHERE state = 'skipped'),
		       coalesce(sum(row_count), 0)::BIGINT, coalesce(sum(request_count), 0)::BIGINT,
		       min(since_at), max(until_at) FILTER (WHERE since_at IS NOT NULL),
		       min(since_at) FILTER (WHERE state = 'whole'), max(until_at) FILTER (WHERE state = 'whole' AND since_at IS NOT NULL),
		       min(asked_at), max(read_at), coalesce(arg_max(reason, window_id) FILTER (WHERE state IN ('truncated', 'skipped')), '')
		FROM ledger GROUP BY kind`)
	if err != nil {
		return fmt.Errorf("read the ledger: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var k KindLedger
		var since, until, readSince, readUntil, asked, read sql.NullTime
		if err := rows.Scan(&k.Kind, &k.WindowCount, &k.WholeCount, &k.UnfinishedCount, &k.TruncatedCount, &k.RefusedCount, &k.RowCount,
			&k.RequestCount, &since, &until, &readSince, &readUntil, &asked, &read, &k.Reason); err != nil {
			return fmt.Errorf("read the ledger: %w", err)
		}
		k.Asked, k.Read, k.AskedAt, k.ReadAt = periodOf(since, until), periodOf(readSince, readUntil), instant(asked), instant(read)
		l.Kinds = append(l.Kinds, k)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read the ledger: %w", err)
	}
	place := func(kind string) int {
		for i, t := range ledgerTables {
			if t.kind == kind {
				return i
			}
		}
		return len(ledgerTables)
	}
	slices.SortFunc(l.Kinds, func(a, b KindLedger) int { return place(a.Kind) - place(b.Kind) })
	for i := range l.Kinds {
		k := &l.Kinds[i]
		if at := place(k.Kind); at < len(ledgerTables) && ledgerTables[at].table != "" {
			if err := conn.QueryRowContext(ctx, `SELECT count(*) FROM `+ledgerTables[at].table).Scan(&k.StoredCount); err != nil {
				return fmt.Errorf("count %s: %w", k.Kind, err)
			}
		}
		if err := conn.QueryRowContext(ctx, `SELECT count(*) FROM unreadable_records WHERE kind = ?`, k.Kind).Scan(&k.UnreadableCount); err != nil {
			return fmt.Errorf("count unreadable %s: %w", k.Kind, err)
		}
	}
	return nil
}

// readBounds finds the period that was asked for and its gaps.
func (l *Ledger) readBounds(ctx context.Context, conn *sql.Conn) error {
	var err error
	var until time.Time
	var ok bool
	if until, ok, err = syncedUntil(ctx, conn); err != nil {
		return err
	}
	if ok {
		l.SyncedUntil = &until
	}
	for _, k := range l.Kinds {
		if k.Asked == nil || k.Kind != "incidents" && k.Kind != "log_entries" {
			continue
		}
		if l.Asked == nil {
			l.Asked = &Period{k.Asked.Since, k.Asked.Until}
		}
		if k.Asked.Since.Before(l.Asked.Since) {
			l.Asked.Since = k.Asked.Since
		}
		if k.Asked.Until.After(l.Asked.Until) {
			l.Asked.Until = k.Asked.Until
		}
	}
	if l.Asked == nil {
		return nil
	}
	l.Gaps, err = gapsIn(ctx, conn, *l.Asked)
	return err
}

func (l *Ledger) readCounts(ctx context.Context, conn *sql.Conn) error {
	for _, c := range []struct {
		into *int64
		sql  string
	}{
		{&l.DeletedUserCount, `SELECT count(*) FROM users WHERE is_deleted`},
		{&l.UserCount, `SELECT count(*) FROM users WHERE NOT coalesce(is_deleted, false)`},
		{&l.ZonelessUserCount, `SELECT count(*) FROM users WHERE NOT coalesce(is_deleted, false) AND coalesce(time_zone, '') = ''`},
		{&l.DeletedIncidentCount, `SELECT count(*) FROM incidents WHERE is_deleted`},
		{&l.OpenIncidentCount, `SELECT count(*) FROM incidents WHERE status IN ('triggered', 'acknowledged') AND NOT coalesce(is_deleted, false)`},
		{&l.ScheduleCount, `SELECT count(*) FROM schedules WHERE NOT coalesce(is_deleted, false)`},
		{&l.UnreadableScheduleCount, `SELECT count(*) FROM schedules WHERE NOT is_readable`},
		{&l.ZonelessScheduleCount, `SELECT count(*) FROM schedules WHERE is_readable AND NOT coalesce(is_deleted, false) AND coalesce(time_zone, '') = ''`},
		{&l.RefusedIncidentCount, `SELECT count(*) FROM ledger AS l LEFT JOIN incidents AS i ON i.id = l.scope
			WHERE l.kind = 'incident' AND l.state = 'skipped' AND NOT coalesce(i.fetched_at > l.read_at, false)`},
		{&l.TruncatedHistoryCount, `SELECT count(*) FROM ledger WHERE kind = 'incident_log_entries' AND state = 'truncated'`},
		{&l.OrphanEntryCount, `SELECT count(*) FROM log_entries AS l ANTI JOIN incidents AS i ON i.id = l.incident_id WHERE l.incident_id IS NOT NULL`},
		{&l.UnderivedCount, `SELECT count(DISTINCT incident_id) FROM touched_incidents`},
	} {
		if err := conn.QueryRowContext(ctx, c.sql).Scan(c.into); err != nil {
			return fmt.Errorf("%s: %w", c.sql, err)
		}
	}
	for key, into := range map[string]**time.Time{"last_sync_at": &l.LastSyncAt, "sync_unfinished_until": &l.UnfinishedUntil, "incidents_read_again_at": &l.RereadAt} {
		var at sql.NullTime
		if err := conn.QueryRowContext(ctx, `SELECT max(try_cast(value AS TIMESTAMPTZ))::TIMESTAMP FROM meta WHERE key = ?`, key).Scan(&at); err != nil {
			return fmt.Errorf("read %s: %w", key, err)
		}
		*into = instant(at)
	}
	return nil
}

func (l *Ledger) readLateEdits(ctx context.Context, conn *sql.Conn) error {
	var found sql.NullTime
	var oldest sql.NullFloat64
	err := conn.QueryRowContext(ctx, `SELECT count(DISTINCT e.incident_id), max(e.found_at), max(date_diff('second', i.created_at, e.found_at))::DOUBLE
		FROM late_edits AS e LEFT JOIN incidents AS i ON i.id = e.incident_id`).Scan(&l.LateEdits.Count, &found, &oldest)
	if err != nil {
		return fmt.Errorf("read the late edits: %w", err)
	}
	l.LateEdits.LastFoundAt = instant(found)
	if oldest.Valid {
		l.LateEdits.OldestSeconds = &oldest.Float64
	}
	return nil
}

func periodOf(since, until sql.NullTime) *Period {
	if !since.Valid || !until.Valid {
		return nil
	}
	return &Period{since.Time.UTC(), until.Time.UTC()}
}
