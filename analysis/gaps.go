package analysis

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"time"
)

// Gap is a part of a period that was not read whole.
type Gap struct {
	Kind         string // incidents, log_entries or schedules
	Since, Until time.Time
	Reason       GapReason
}

// GapReason says why a part of a period is missing.
type GapReason string

// The reasons, each with what it takes to fill the gap: a sync of it; the next sync, which goes on by itself; a key that
// may read more; or nothing that is known to help, --full at best.
const (
	GapNotRead    GapReason = "not_read"
	GapUnfinished GapReason = "unfinished"
	GapRefused    GapReason = "refused"
	GapTruncated  GapReason = "truncated" // PagerDuty was asked, and rows are known to be lost
)

// ledgerSpans are the windows of one kind of record, by what became of them.
type ledgerSpans struct{ whole, truncated, reading, skipped []Period }

// gapsOf are the parts of the period that the ledger does not have whole, and those of single schedules.
func gapsOf(ctx context.Context, db rowsQuerier, kind string, p Period) ([]Gap, error) {
	all, err := ledgerOf(ctx, db, kind)
	if err != nil {
		return nil, err
	}
	gaps := all[""].gaps(kind, p)
	for scope, spans := range all {
		if kind == "schedules" && scope != "" {
			gaps = append(gaps, spans.gapsOfOne(kind, p)...)
		}
	}
	return mergedGaps(gaps), nil
}

// ledgerOf reads the windows of a kind by scope.
func ledgerOf(ctx context.Context, db rowsQuerier, kind string) (map[string]*ledgerSpans, error) {
	// A truncated window counts unless a later reading made it good.
	rows, err := db.QueryContext(ctx, `
		SELECT l.scope, l.state, l.since_at, l.until_at FROM ledger AS l
		WHERE l.kind = $1 AND l.until_at > l.since_at
		  AND (l.state <> 'truncated' OR NOT EXISTS (
		    SELECT 1 FROM ledger AS w
		    WHERE w.kind = l.kind AND w.scope = l.scope AND w.state = 'whole' AND w.window_id > l.window_id
		      AND w.since_at <= l.since_at AND w.until_at >= l.until_at))
		ORDER BY l.since_at, l.until_at`, kind)
	if err != nil {
		return nil, fmt.Errorf("read the windows of %s: %w", kind, err)
	}
	defer rows.Close()
	out := map[string]*ledgerSpans{"": {}}
	for rows.Next() {
		var scope, state string
		var p Period
		if err := rows.Scan(&scope, &state, &p.Since, &p.Until); err != nil {
			return nil, fmt.Errorf("read the windows of %s: %w", kind, err)
		}
		if out[scope] == nil {
			out[scope] = &ledgerSpans{}
		}
		out[scope].add(state, Period{p.Since.UTC(), p.Until.UTC()})
	}
	return out, rows.Err()
}

func (l *ledgerSpans) add(state string, p Period) {
	switch state {
	case "whole":
		l.whole = append(l.whole, p)
	case "truncated":
		l.truncated = append(l.truncated, p)
	case "reading":
		l.reading = append(l.reading, p)
	case "skipped":
		l.skipped = append(l.skipped, p)
	}
}

// gaps of a kind that is read for the whole account.
func (l *ledgerSpans) gaps(kind string, p Period) []Gap {
	var out []Gap
	for _, missing := range uncovered(p, l.whole) {
		// What was planned or refused of it is told apart from what nobody asked for.
		at := []Period{missing}
		for _, part := range []struct {
			reason GapReason
			spans  []Period
		}{{GapTruncated, l.truncated}, {GapUnfinished, l.reading}, {GapRefused, l.skipped}} {
			var rest []Period
			for _, m := range at {
				left := uncovered(m, part.spans)
				for _, x := range uncovered(m, left) {
					out = append(out, Gap{kind, x.Since, x.Until, part.reason})
				}
				rest = append(rest, left...)
			}
			at = rest
		}
		for _, m := range at {
			out = append(out, Gap{kind, m.Since, m.Until, GapNotRead})
		}
	}
	for _, lost := range l.truncated {
		if x := clip(lost, p); x.Since.Before(x.Until) {
			out = append(out, Gap{kind, x.Since, x.Until, GapTruncated})
		}
	}
	return out
}

// gapsOfOne are those of a schedule that is read by itself, for a time that its ledger speaks of.
func (l *ledgerSpans) gapsOfOne(kind string, p Period) []Gap {
	var out []Gap
	for _, part := range []struct {
		reason GapReason
		spans  []Period
	}{{GapUnfinished, l.reading}, {GapRefused, l.skipped}, {GapTruncated, l.truncated}} {
		for _, span := range part.spans {
			x := clip(span, p)
			if !x.Since.Before(x.Until) {
				continue
			}
			for _, m := range uncovered(x, l.whole) {
				out = append(out, Gap{kind, m.Since, m.Until, part.reason})
			}
		}
	}
	return out
}

func clip(span, p Period) Period {
	if span.Since.Before(p.Since) {
		span.Since = p.Since
	}
	if span.Until.After(p.Until) {
		span.Until = p.Until
	}
	return span
}

// uncovered gives the parts of p that none of the spans covers, in order.
func uncovered(p Period, spans []Period) []Period {
	spans = slices.Clone(spans)
	sort.Slice(spans, func(i, j int) bool { return spans[i].Since.Before(spans[j].Since) })
	var gaps []Period
	at := p.Since
	for _, w := range spans {
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
	return gaps
}

// mergedGaps joins gaps of one reason that touch, and orders all by time.
func mergedGaps(gaps []Gap) []Gap {
	byReason := map[GapReason][]Period{}
	kind := ""
	for _, g := range gaps {
		kind = g.Kind
		byReason[g.Reason] = append(byReason[g.Reason], Period{g.Since, g.Until})
	}
	var out []Gap
	for reason, spans := range byReason {
		for _, p := range joined(spans) {
			out = append(out, Gap{kind, p.Since, p.Until, reason})
		}
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if !a.Since.Equal(b.Since) {
			return a.Since.Before(b.Since)
		}
		return a.Reason < b.Reason
	})
	return out
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
