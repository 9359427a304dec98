package ingest

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"
	"time"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// table describes a fact table whose rows are replaced by id. columns are in the order of schema.sql; raw and
// fetched_at stand last in every one.
type table struct {
	name    string
	columns []string
	clock   string // the column by which old rows are found quickly: it never changes; "" where there is none
	version string // a row with a smaller value never replaces one with a greater; "" where there is none
	touches string // the column that holds an incident's id, whose derived facts are stale after a change
}

// row holds a table's values in the order of its columns, except fetched_at.
type row []any

var (
	usersTable = table{name: "users", columns: []string{"id", "name", "time_zone", "is_deleted", "raw", "fetched_at"}}
	teamsTable = table{name: "teams", columns: []string{"id", "name", "is_deleted", "raw", "fetched_at"}}

	prioritiesTable = table{name: "priorities", columns: []string{"id", "name", "rank", "raw", "fetched_at"}}

	servicesTable = table{name: "services",
		columns: []string{"id", "name", "escalation_policy_id", "is_deleted", "raw", "fetched_at"}}

	policiesTable = table{name: "escalation_policies", columns: []string{"id", "name", "is_deleted", "raw", "fetched_at"}}

	schedulesTable = table{name: "schedules",
		columns: []string{"id", "name", "time_zone", "source", "is_readable", "is_deleted", "raw", "fetched_at"}}

	incidentsTable = table{name: "incidents", clock: "created_at", version: "updated_at", touches: "id",
		columns: []string{"id", "incident_number", "title", "status", "urgency", "service_id", "escalation_policy_id",
			"priority_id", "created_at", "updated_at", "resolved_at", "assigned_via", "resolve_reason",
			"merged_into_id", "incident_key", "alert_count", "first_trigger_log_entry_id", "responder_ids",
			"assignments", "is_deleted", "raw", "fetched_at"}}

	logEntriesTable = table{name: "log_entries", clock: "created_at", touches: "incident_id",
		columns: []string{"id", "incident_id", "type", "created_at", "agent_type", "agent_id", "channel_type",
			"user_id", "assignee_ids", "escalation_policy_id", "notification_type", "notification_status",
			"summary_medium", "note_length", "note_tag", "snooze_seconds", "service_id", "raw", "fetched_at"}}

	alertsTable = table{name: "alerts", clock: "created_at", touches: "incident_id",
		columns: []string{"id", "incident_id", "service_id", "integration_id", "alert_key", "status", "severity",
			"is_suppressed", "title", "created_at", "resolved_at", "raw", "fetched_at"}}

	maintenanceTable = table{name: "maintenance_windows",
		columns: []string{"id", "start_at", "end_at", "service_ids", "raw", "fetched_at"}}

	changesTable = table{name: "change_events", clock: "changed_at",
		columns: []string{"id", "changed_at", "service_ids", "raw", "fetched_at"}}
)

func (t table) index(column string) int {
	for i, c := range t.columns {
		if c == column {
			return i
		}
	}
	panic("table " + t.name + " has no column " + column)
}

// has tells whether the table has the column.
func (t table) has(column string) bool {
	for _, c := range t.columns {
		if c == column {
			return true
		}
	}
	return false
}

// policy says what happens to a row whose id the table has already.
type policy int

const (
	replaceChanged policy = iota // the received row wins if it differs and is not older
	replaceNewer                 // it wins only if its version is greater
	insertMissing                // the stored row stays
	replaceAlways                // it wins even if it looks the same: decoding may have changed
)

// upsert brings rows into t inside the running transaction: stage, drop what is stored already, delete, insert.
// That form is the fastest in DuckDB and the only one that needs no key. Ids doubled within rows are resolved
// first; touched_incidents gets the incidents that changed. It gives the number of rows that changed.
func (w *writer) upsert(ctx context.Context, t table, rows []row, p policy) (int64, error) {
	rows = t.dedupe(rows)
	if len(rows) == 0 {
		return 0, nil
	}
	if err := w.stage(ctx, t, rows); err != nil {
		return 0, fmt.Errorf("stage %s: %w", t.name, err)
	}
	left, err := w.makeRoom(ctx, t, rows, p)
	if err != nil || left == 0 {
		return 0, err
	}
	if t.touches != "" {
		q := fmt.Sprintf("INSERT INTO touched_incidents SELECT DISTINCT %[2]s FROM temp.stage_%[1]s WHERE %[2]s IS NOT NULL", t.name, t.touches)
		if _, err := w.exec(ctx, q); err != nil {
			return 0, err
		}
	}
	return w.exec(ctx, fmt.Sprintf("INSERT INTO %[1]s SELECT * FROM temp.stage_%[1]s", t.name))
}

// makeRoom drops the staged rows that need not be stored over those t has, deletes from t what the others replace, and gives
// their number. Most pages hold records that were never read, or that did not change: a look first costs a third of what it
// spares.
func (w *writer) makeRoom(ctx context.Context, t table, rows []row, p policy) (int, error) {
	left := len(rows)
	match, args := t.match(rows)
	var isStored bool
	q := fmt.Sprintf("SELECT EXISTS (SELECT 1 FROM %[1]s AS t JOIN temp.stage_%[1]s AS s ON %[2]s)", t.name, match)
	if err := w.conn.QueryRowContext(ctx, q, args...).Scan(&isStored); err != nil {
		return 0, fmt.Errorf("look for stored %s: %w", t.name, err)
	}
	if !isStored {
		return left, nil
	}
	if drop := t.unchanged(p); drop != "" {
		q := fmt.Sprintf("DELETE FROM temp.stage_%[1]s AS s USING %[1]s AS t WHERE %s AND (%s)", t.name, match, drop)
		dropped, err := w.exec(ctx, q, args...)
		if err != nil {
			return 0, err
		}
		if left -= int(dropped); left == 0 {
			return 0, nil
		}
	}
	if t.touches != "" {
		// a row that moved to another incident leaves the former one changed too
		q := fmt.Sprintf("INSERT INTO touched_incidents SELECT DISTINCT t.%[2]s FROM %[1]s AS t JOIN temp.stage_%[1]s AS s ON %[3]s "+
			"WHERE t.%[2]s IS NOT NULL AND t.%[2]s IS DISTINCT FROM s.%[2]s", t.name, t.touches, match)
		if _, err := w.exec(ctx, q, args...); err != nil {
			return 0, err
		}
	}
	_, err := w.exec(ctx, fmt.Sprintf("DELETE FROM %[1]s AS t USING temp.stage_%[1]s AS s WHERE %s", t.name, match), args...)
	return left, err
}

// match is the condition under which stored row t and staged row s are the same record. The bounds on the clock
// let DuckDB skip the parts of a long history that cannot hold it.
func (t table) match(rows []row) (string, []any) {
	const same = "t.id = s.id"
	if t.clock == "" {
		return same, nil
	}
	var lo, hi time.Time
	for _, r := range rows {
		at, ok := r[t.index(t.clock)].(time.Time)
		if !ok {
			return same, nil
		}
		if lo.IsZero() || at.Before(lo) {
			lo = at
		}
		if hi.IsZero() || at.After(hi) {
			hi = at
		}
	}
	return fmt.Sprintf("%s AND t.%s BETWEEN $1 AND $2", same, t.clock), []any{lo, hi}
}

// unchanged is the condition under which staged row s need not be stored over t; "" for never.
func (t table) unchanged(p policy) string {
	older := ""
	if t.version != "" {
		older = fmt.Sprintf(" OR t.%[1]s > s.%[1]s", t.version)
	}
	equal := "t.raw IS NOT DISTINCT FROM s.raw"
	for _, c := range []string{"is_deleted", "is_readable", "name", "rank", "time_zone"} {
		if t.has(c) {
			equal += fmt.Sprintf(" AND t.%[1]s IS NOT DISTINCT FROM s.%[1]s", c)
		}
	}
	switch p {
	case replaceAlways:
		return strings.TrimPrefix(older, " OR ")
	case insertMissing:
		return "true"
	case replaceNewer:
		return fmt.Sprintf("(t.%[1]s >= s.%[1]s OR s.%[1]s IS NULL)", t.version)
	}
	return equal + older
}

// dedupe keeps one row of each id: the one with the greatest version, the last among equals. The order stays.
func (t table) dedupe(rows []row) []row {
	place := make(map[string]int, len(rows))
	out := make([]row, 0, len(rows))
	for _, r := range rows {
		id := r[0].(string)
		i, seen := place[id]
		if !seen {
			place[id] = len(out)
			out = append(out, r)
			continue
		}
		if t.version != "" {
			old, okOld := out[i][t.index(t.version)].(time.Time)
			now, okNow := r[t.index(t.version)].(time.Time)
			if okOld && (!okNow || now.Before(old)) {
				continue
			}
		}
		out[i] = r
	}
	return out
}

// stage empties t's staging table and appends rows to it.
func (w *writer) stage(ctx context.Context, t table, rows []row) error {
	name := "stage_" + t.name
	// Made anew for each page: rows deleted from a temporary table would stay in memory.
	if _, err := w.exec(ctx, fmt.Sprintf("CREATE OR REPLACE TEMP TABLE %s AS SELECT * FROM %s LIMIT 0", name, t.name)); err != nil {
		return err
	}
	values := make([]driver.Value, len(t.columns))
	return w.append("temp", name, func(add func(...driver.Value) error) error {
		for _, r := range rows {
			for i, v := range r {
				values[i] = v
			}
			values[len(values)-1] = w.now()
			if err := add(values...); err != nil {
				return err
			}
		}
		return nil
	})
}

// append streams rows into a table of the pinned connection.
func (w *writer) append(catalog, name string, fill func(add func(...driver.Value) error) error) error {
	return w.conn.Raw(func(c any) error {
		app, err := duckdb.NewAppender(c.(driver.Conn), catalog, "main", name)
		if err != nil {
			return err
		}
		if err := fill(app.AppendRow); err != nil {
			app.Close()
			return err
		}
		return app.Close()
	})
}

// writer holds the one connection through which a sync writes.
type writer struct {
	conn *sql.Conn
	now  func() time.Time // the server's time
}

// exec runs one statement and gives the number of rows it changed.
func (w *writer) exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := w.conn.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", firstLine(query), err)
	}
	return res.RowsAffected()
}

func firstLine(query string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(query), "\n")
	if len(line) > 60 {
		line = line[:60] + "…"
	}
	return line
}

// tx runs f in a transaction. A page that has begun to be stored is stored to its end even if ctx ends meanwhile:
// it takes milliseconds, and what was read should be kept.
func (w *writer) tx(ctx context.Context, f func(ctx context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	if _, err := w.conn.ExecContext(ctx, "BEGIN"); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := f(ctx); err != nil {
		w.conn.ExecContext(ctx, "ROLLBACK") // the error that led here tells more than one of this
		return err
	}
	if _, err := w.conn.ExecContext(ctx, "COMMIT"); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}
