package ingest

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// States of a ledger row.
const (
	stateReading   = "reading"
	stateWhole     = "whole"
	stateTruncated = "truncated" // rows are known to be lost
	stateSkipped   = "skipped"   // not allowed
)

// window is one row of the ledger: a part of one kind of record that was asked for, and how far it was read.
type window struct {
	id           int64
	kind, scope  string
	since, until time.Time // zero for kinds without a window
	nextSince    time.Time // the segment that is being read, and the offset in it
	nextUntil    time.Time
	offset       int
	rows         int64
	requests     int64
	state        string
	reason       string

	reached time.Time // the last row's time, for the estimate of what is left; not stored
}

func (w window) span() span { return span{w.since, w.until} }

// addWindow writes a new row to the ledger and gives it its id.
func (w *writer) addWindow(ctx context.Context, win *window) error {
	const q = `INSERT INTO ledger SELECT coalesce(max(window_id), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
		CASE WHEN $10 = 'reading' THEN NULL ELSE $12 END FROM ledger`
	_, err := w.exec(ctx, q, win.kind, win.scope, orNull(win.since), orNull(win.until), orNull(win.nextSince),
		orNull(win.nextUntil), win.offset, win.rows, win.requests, win.state, textOrNull(win.reason), w.now())
	if err != nil {
		return fmt.Errorf("note what is asked of %s: %w", win.kind, err)
	}
	return w.conn.QueryRowContext(ctx, `SELECT max(window_id) FROM ledger`).Scan(&win.id)
}

// saveWindow writes how far a window was read. A window that was read to its end makes void what the ledger said before
// about parts of it that were lost or not allowed, and one that is whole what could not be read of it before.
func (w *writer) saveWindow(ctx context.Context, win *window) error {
	const q = `UPDATE ledger SET next_since_at = $2, next_until_at = $3, next_offset = $4, row_count = $5,
		request_count = $6, state = $7, reason = $8, read_at = $9, since_at = $10, until_at = $11 WHERE window_id = $1`
	_, err := w.exec(ctx, q, win.id, orNull(win.nextSince), orNull(win.nextUntil), win.offset, win.rows,
		win.requests, win.state, textOrNull(win.reason), w.now(), orNull(win.since), orNull(win.until))
	if err != nil || win.state == stateReading || win.since.IsZero() {
		return err
	}
	const void = `DELETE FROM ledger WHERE kind = $1 AND scope = $2 AND window_id < $5 AND state IN ('truncated', 'skipped')
		AND (since_at IS NULL OR since_at >= $3 AND until_at <= $4)`
	if _, err = w.exec(ctx, void, win.kind, win.scope, win.since, win.until, win.id); err != nil || win.state != stateWhole {
		return err
	}
	// What was lost or not allowed can be asked for again in several windows.
	for _, trim := range []string{
		`UPDATE ledger SET since_at = $4 WHERE kind = $1 AND scope = $2 AND window_id < $5 AND state IN ('truncated', 'skipped')
			AND since_at >= $3 AND since_at < $4 AND until_at > $4`,
		`UPDATE ledger SET until_at = $3 WHERE kind = $1 AND scope = $2 AND window_id < $5 AND state IN ('truncated', 'skipped')
			AND since_at < $3 AND until_at > $3 AND until_at <= $4`,
	} {
		if _, err = w.exec(ctx, trim, win.kind, win.scope, win.since, win.until, win.id); err != nil {
			return err
		}
	}
	return w.forgetWindow(ctx, win)
}

// markKind replaces a kind's ledger rows that have no window, by one that says how the last reading of it went.
func (w *writer) markKind(ctx context.Context, win window) error {
	if _, err := w.exec(ctx, `DELETE FROM ledger WHERE kind = $1 AND scope = $2 AND since_at IS NULL`, win.kind, win.scope); err != nil {
		return err
	}
	return w.addWindow(ctx, &win)
}

// listRow is the ledger's row of a list without windows that was read: whole, or cut for a reason.
func listRow(kind string, rows int, until time.Time, cut string) window {
	win := window{kind: kind, state: stateWhole, reason: cut, rows: int64(rows), until: until}
	if cut != "" {
		win.state = stateTruncated
	}
	return win
}

// skipWindows marks what was planned of a kind as not allowed, in place of what was marked so before. The next
// sync plans it anew.
func (w *writer) skipWindows(ctx context.Context, kind, reason string) error {
	if _, err := w.exec(ctx, `DELETE FROM ledger WHERE kind = $1 AND scope = '' AND state = 'skipped'`, kind); err != nil {
		return err
	}
	const q = `UPDATE ledger SET state = 'skipped', reason = $2, read_at = $3
		WHERE kind = $1 AND scope = '' AND state = 'reading'`
	_, err := w.exec(ctx, q, kind, reason, w.now())
	return err
}

// windows gives the ledger's rows of a kind (and a scope, where given) in a state, in the order of asking.
func (w *writer) windows(ctx context.Context, kind, scope, state string) ([]window, error) {
	const q = `SELECT window_id, kind, scope, since_at, until_at, next_since_at, next_until_at, next_offset, row_count,
		request_count, state, coalesce(reason, '') FROM ledger
		WHERE kind = $1 AND scope = $2 AND state = $3 ORDER BY window_id`
	rows, err := w.conn.QueryContext(ctx, q, kind, scope, state)
	if err != nil {
		return nil, fmt.Errorf("read the ledger of %s: %w", kind, err)
	}
	defer rows.Close()
	var out []window
	for rows.Next() {
		var win window
		var since, until, nextSince, nextUntil sql.NullTime
		if err := rows.Scan(&win.id, &win.kind, &win.scope, &since, &until, &nextSince, &nextUntil, &win.offset,
			&win.rows, &win.requests, &win.state, &win.reason); err != nil {
			return nil, fmt.Errorf("read the ledger of %s: %w", kind, err)
		}
		win.since, win.until = since.Time.UTC(), until.Time.UTC()
		win.nextSince, win.nextUntil = nextSince.Time.UTC(), nextUntil.Time.UTC()
		out = append(out, win)
	}
	return out, rows.Err()
}

// spans gives the windows of a kind in a state.
func (w *writer) spans(ctx context.Context, kind, scope, state string) ([]span, error) {
	wins, err := w.windows(ctx, kind, scope, state)
	var out []span
	for _, win := range wins {
		if !win.since.IsZero() {
			out = append(out, win.span())
		}
	}
	return out, err
}

// querySpans gives the spans of a query for two times.
func (w *writer) querySpans(ctx context.Context, query string, args ...any) ([]span, error) {
	rows, err := w.conn.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read windows of the ledger: %w", err)
	}
	defer rows.Close()
	var out []span
	for rows.Next() {
		var p span
		if err := rows.Scan(&p.from, &p.to); err != nil {
			return nil, fmt.Errorf("read windows of the ledger: %w", err)
		}
		out = append(out, span{p.from.UTC(), p.to.UTC()})
	}
	return out, rows.Err()
}

// setMeta writes a value of the meta table.
func (w *writer) setMeta(ctx context.Context, key, value string) error {
	if _, err := w.exec(ctx, `DELETE FROM meta WHERE key = $1`, key); err != nil {
		return err
	}
	_, err := w.exec(ctx, `INSERT INTO meta VALUES ($1, $2)`, key, value)
	return err
}

// getMeta reads a value of the meta table, "" where there is none.
func (w *writer) getMeta(ctx context.Context, key string) (string, error) {
	var value sql.NullString
	err := w.conn.QueryRowContext(ctx, `SELECT max(value) FROM meta WHERE key = $1`, key).Scan(&value)
	return value.String, err
}

func orNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC()
}

func textOrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
