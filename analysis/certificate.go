package analysis

import (
	"context"
	"database/sql"
	"fmt"
	"sort"
	"time"
)

// Certificate says how far a period's data can be trusted [definitions 11].
type Certificate struct {
	Complete      bool       // incidents, log entries and schedules cover the period, and every schedule could be read
	SyncedUntil   *time.Time // end of what was read whole; nil before the first sync
	Gaps          []Gap      // what is missing, by kind and time
	Notes         []Note     // what a reader of the numbers must know
	Excluded      []Excluded // what the configuration leaves out
	InferredPages bool       // no notify entry anywhere: pages are inferred from assignments
}

// Gap is a part of the period that was not read whole.
type Gap struct {
	Kind         string // incidents, log_entries or schedules
	Since, Until time.Time
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
	var until sql.NullTime
	err := s.conn.QueryRowContext(ctx, `
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
	for _, kind := range coveredKinds {
		gaps, err := s.gaps(ctx, kind, p)
		if err != nil {
			return c, err
		}
		c.Gaps = append(c.Gaps, gaps...)
	}
	if c.Notes, err = s.notes(ctx, p); err != nil {
		return c, err
	}
	c.Complete = len(c.Gaps) == 0
	for _, n := range c.Notes {
		switch n.Code {
		case "schedule_not_readable":
			c.Complete = false
		case "pages_inferred":
			c.InferredPages = true
		}
	}
	c.Excluded, err = s.excluded(ctx, p)
	return c, err
}

// gaps subtracts the windows of a kind that were read whole from the period, and adds those whose rows are known to be
// lost and that no later reading made good.
func (s *Session) gaps(ctx context.Context, kind string, p Period) ([]Gap, error) {
	whole, err := s.windows(ctx, kind, `
		SELECT since_at, until_at FROM ledger
		WHERE kind = ? AND scope = '' AND state = 'whole' AND until_at > since_at`)
	if err != nil {
		return nil, fmt.Errorf("read the whole windows of %s: %w", kind, err)
	}
	lost, err := s.windows(ctx, kind, `
		SELECT t.since_at, t.until_at FROM ledger AS t
		WHERE t.kind = ? AND t.scope = '' AND t.state = 'truncated'
		  AND NOT EXISTS (SELECT 1 FROM ledger AS w
		                  WHERE w.kind = t.kind AND w.scope = '' AND w.state = 'whole' AND w.window_id > t.window_id
		                    AND w.since_at <= t.since_at AND w.until_at >= t.until_at)`)
	if err != nil {
		return nil, fmt.Errorf("read the lost windows of %s: %w", kind, err)
	}
	var gaps []Gap
	for _, g := range uncovered(p, whole, lost) {
		gaps = append(gaps, Gap{Kind: kind, Since: g.Since.UTC(), Until: g.Until.UTC()})
	}
	return gaps, nil
}

// windows reads the bounds of ledger windows of one kind, which is the query's only parameter.
func (s *Session) windows(ctx context.Context, kind, query string) ([]Period, error) {
	rows, err := s.conn.QueryContext(ctx, query, kind)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Period
	for rows.Next() {
		var w Period
		if err := rows.Scan(&w.Since, &w.Until); err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, rows.Err()
}

// uncovered gives the parts of p that no whole window covers or that a lost one takes away, in order, joined where
// they touch.
func uncovered(p Period, whole, lost []Period) []Period {
	sort.Slice(whole, func(i, j int) bool { return whole[i].Since.Before(whole[j].Since) })
	var gaps []Period
	at := p.Since
	for _, w := range whole {
		if !w.Until.After(at) {
			continue
		}
		if !w.Since.Before(p.Until) {
			break
		}
		if w.Since.After(at) {
			gaps = append(gaps, Period{at, w.Since})
		}
		at = w.Until
	}
	if at.Before(p.Until) {
		gaps = append(gaps, Period{at, p.Until})
	}
	for _, l := range lost {
		if l.Since.Before(p.Since) {
			l.Since = p.Since
		}
		if l.Until.After(p.Until) {
			l.Until = p.Until
		}
		if l.Since.Before(l.Until) {
			gaps = append(gaps, l)
		}
	}
	return joined(gaps)
}

func joined(spans []Period) []Period {
	sort.Slice(spans, func(i, j int) bool { return spans[i].Since.Before(spans[j].Since) })
	var out []Period
	for _, s := range spans {
		if n := len(out); n > 0 && !s.Since.After(out[n-1].Until) {
			if s.Until.After(out[n-1].Until) {
				out[n-1].Until = s.Until
			}
			continue
		}
		out = append(out, s)
	}
	return out
}

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
