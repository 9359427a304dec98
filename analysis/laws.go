package analysis

import (
	"context"
	"fmt"
	"slices"
)

// Law is an equation that must hold of a period's numbers: what one part of the program counts is what another counts.
type Law struct {
	Code string
	Text string // the equation in words
	// Left and Right are its two sides; where the law is of each rotation, summed over them.
	Left, Right int64
	Broken      []string // the rotations of which it does not hold
}

// Holds tells whether the equation is one.
func (l Law) Holds() bool { return l.Left == l.Right && len(l.Broken) == 0 }

// Laws works out the laws of conservation over a period [definitions 3], from the metrics that reports print, and those
// between facts and derived tables, over all history.
func (s *Session) Laws(ctx context.Context, p Period) ([]Law, error) {
	pages, err := s.perRotation(ctx, "load", p, "page_count")
	if err != nil {
		return nil, err
	}
	account := Law{Code: "rotations_and_unattributed", Text: "pages: rotations + unattributed = account", Left: sumCounts(pages)}
	unattributed, err := s.sum(ctx, "unattributed", p, "page_count")
	if err != nil {
		return nil, err
	}
	account.Left += unattributed
	if account.Right, err = s.sum(ctx, "totals", p, "page_count"); err != nil {
		return nil, err
	}
	laws := []Law{account}
	for _, l := range []struct {
		code, text, metric string
		columns            []string
	}{
		{"shifts", "pages: shifts = rotation", "shifts", []string{"page_count"}},
		{"hours", "pages: business + off hours + sleep = rotation", "hours",
			[]string{"business_page_count", "off_hours_page_count", "sleep_page_count"}},
		{"verdicts", "pages: verdicts = rotation", "verdicts",
			[]string{"actionable_page_count", "non_actionable_page_count", "redundant_page_count", "unattended_page_count", "unknown_page_count"}},
	} {
		parts, err := s.perRotation(ctx, l.metric, p, l.columns...)
		if err != nil {
			return nil, err
		}
		law := Law{Code: l.code, Text: l.text, Left: sumCounts(parts), Right: sumCounts(pages)}
		for id := range mergedKeys(parts, pages) {
			if parts[id] != pages[id] {
				law.Broken = append(law.Broken, id)
			}
		}
		slices.Sort(law.Broken)
		laws = append(laws, law)
	}
	return s.storedLaws(ctx, laws)
}

// storedLaws adds the laws between what was stored and what was derived from it.
func (s *Session) storedLaws(ctx context.Context, laws []Law) ([]Law, error) {
	for _, l := range []struct{ code, text, left, right string }{
		{"incidents_derived", "incidents: derived = stored", `SELECT count(*) FROM incident_facts`,
			`SELECT count(*) FROM incidents WHERE NOT coalesce(is_deleted, false)`},
		{"notifications_derived", "notifications: derived = notify entries stored",
			`SELECT count(*) FROM notifications WHERE medium <> 'assignment'`,
			`SELECT count(*) FROM log_entries AS l ANTI JOIN (SELECT id FROM incidents WHERE is_deleted) AS i ON i.id = l.incident_id WHERE type = 'notify_log_entry'`},
	} {
		law := Law{Code: l.code, Text: l.text}
		err := s.conn.QueryRowContext(ctx, `SELECT (`+l.left+`), (`+l.right+`)`).Scan(&law.Left, &law.Right)
		if err != nil {
			return nil, fmt.Errorf("look at %s: %w", l.code, err)
		}
		laws = append(laws, law)
	}
	return laws, nil
}

// perRotation sums columns of a metric by rotation.
func (s *Session) perRotation(ctx context.Context, metric string, p Period, columns ...string) (map[string]int64, error) {
	r, err := s.Run(ctx, metric, p)
	if err != nil {
		return nil, err
	}
	out := map[string]int64{}
	for _, row := range r.Rows {
		var id string
		var sum int64
		for i, c := range r.Columns {
			switch n, isCount := row[i].(int64); {
			case c.Name == "rotation_id":
				id, _ = row[i].(string)
			case isCount && slices.Contains(columns, c.Name):
				sum += n
			}
		}
		out[id] += sum
	}
	return out, nil
}

// sum adds a column of a metric up.
func (s *Session) sum(ctx context.Context, metric string, p Period, column string) (int64, error) {
	all, err := s.perRotation(ctx, metric, p, column)
	return sumCounts(all), err
}

func sumCounts(counts map[string]int64) int64 {
	var sum int64
	for _, n := range counts {
		sum += n
	}
	return sum
}

func mergedKeys(maps ...map[string]int64) map[string]bool {
	out := map[string]bool{}
	for _, m := range maps {
		for k := range m {
			out[k] = true
		}
	}
	return out
}
