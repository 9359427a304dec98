package analysis

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

// Certificate says how far a period's data can be trusted [definitions 11].
type Certificate struct {
	Complete      bool       // incidents, log entries and schedules cover the period, and nothing is known to be missing
	SyncedUntil   *time.Time // end of what was read whole; nil before the first sync
	Gaps          []Gap      // what is missing, by kind and time
	Notes         []Note     // what a reader of the numbers must know
	Excluded      []Excluded // what the configuration leaves out
	InferredPages bool       // no notify entry anywhere: pages are inferred from assignments
}

// Note is one sentence about the data, with the number it is about (0 where it counts nothing).
type Note struct {
	Code, Text string
	Count      int64
}

// Excluded is one exclusion of the configuration and what it leaves out of the period.
type Excluded struct {
	Kind, Pattern            string
	IncidentCount, PageCount int64
}

// coveredKinds are the kinds of record without which a period is incomplete.
var coveredKinds = []string{"incidents", "log_entries", "schedules"}

// SyncedUntil is the end of what was read whole of both incidents and log entries, of incidents alone where no log entry
// may be read; false before the first sync.
func (s *Session) SyncedUntil(ctx context.Context) (time.Time, bool, error) {
	return syncedUntil(ctx, s.conn)
}

func syncedUntil(ctx context.Context, db querier) (time.Time, bool, error) {
	var until sql.NullTime
	err := db.QueryRowContext(ctx, `
		SELECT CASE WHEN count(*) = 2 OR min(kind) = 'incidents' AND EXISTS
		              (SELECT 1 FROM ledger WHERE kind = 'log_entries' AND scope = '' AND state = 'skipped') THEN min(until_at) END FROM (
			SELECT kind, max(until_at) AS until_at FROM ledger
			WHERE kind IN ('incidents', 'log_entries') AND scope = '' AND state = 'whole'
			GROUP BY kind)`).Scan(&until)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("read how far the data goes: %w", err)
	}
	return until.Time.UTC(), until.Valid, nil
}

// Certificate examines a period.
func (s *Session) Certificate(ctx context.Context, p Period) (Certificate, error) {
	var c Certificate
	until, ok, err := s.SyncedUntil(ctx)
	if err != nil {
		return c, err
	}
	if ok {
		c.SyncedUntil = &until
	}
	if c.Gaps, err = s.Gaps(ctx, p); err != nil {
		return c, err
	}
	if c.Notes, err = s.notes(ctx, p); err != nil {
		return c, err
	}
	c.Complete = len(c.Gaps) == 0
	for _, n := range c.Notes {
		if n.Code == "pages_inferred" {
			c.InferredPages = true
		}
		if slices.Contains(incompleteCodes, n.Code) {
			c.Complete = false
		}
	}
	c.Excluded, err = s.excluded(ctx, p)
	return c, err
}

// ReadWhole tells whether the data of a period is complete, as its certificate would.
func (s *Session) ReadWhole(ctx context.Context, p Period) (bool, error) {
	gaps, err := s.Gaps(ctx, p)
	if err != nil || len(gaps) > 0 {
		return false, err
	}
	for _, q := range noteQueries {
		if !slices.Contains(incompleteCodes, q.code) {
			continue
		}
		if n, err := s.counted(ctx, q.code, q.query, p); err != nil || n > 0 {
			return false, err
		}
	}
	said, err := s.said(ctx, p)
	return err == nil && !slices.ContainsFunc(said, func(n Note) bool { return slices.Contains(incompleteCodes, n.Code) }), err
}

// Gaps are the parts of a period that were not read whole, of each kind without which it is incomplete.
func (s *Session) Gaps(ctx context.Context, p Period) ([]Gap, error) { return gapsIn(ctx, s.conn, p) }

func gapsIn(ctx context.Context, db rowsQuerier, p Period) ([]Gap, error) {
	var all []Gap
	for _, kind := range coveredKinds {
		gaps, err := gapsOf(ctx, db, kind, p)
		if err != nil {
			return nil, err
		}
		all = append(all, gaps...)
	}
	return all, nil
}

// incompleteCodes are the notes that say that something of the period is missing although its windows were read.
var incompleteCodes = []string{"schedule_not_readable", "schedule_not_read", "records_missing", "history_truncated", "policies_refused", "sync_unfinished"}

func (s *Session) excluded(ctx context.Context, p Period) ([]Excluded, error) {
	var out []Excluded
	for _, x := range s.settings.Exclusions {
		e := Excluded{Kind: x.Kind, Pattern: x.Pattern}
		err := s.conn.QueryRowContext(ctx, `
			WITH matched AS (SELECT DISTINCT incident_id FROM exclusion_matches WHERE kind = $kind AND pattern = $pattern)
			SELECT (SELECT count(*) FROM matched JOIN incident_facts AS f USING (incident_id)
			        WHERE f.created_at >= $since AND f.created_at < $until),
			       (SELECT count(*) FROM matched JOIN notified_pairs AS n USING (incident_id)
			        WHERE n.paged_at >= $since AND n.paged_at < $until)`,
			sql.Named("kind", x.Kind), sql.Named("pattern", x.Pattern),
			sql.Named("since", p.Since.UTC()), sql.Named("until", p.Until.UTC())).Scan(&e.IncidentCount, &e.PageCount)
		if err != nil {
			return nil, fmt.Errorf("count what is excluded: %w", err)
		}
		out = append(out, e)
	}
	return out, nil
}
