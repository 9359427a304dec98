package analysis

import (
	"context"
	"database/sql"
	"fmt"
	"sort"
	"strings"
)

// Exclusion names incidents that count nowhere: by service (name or id, * and ? match), title (regular expression,
// case ignored) or urgency.
type Exclusion struct {
	Kind    string // service, title or urgency
	Pattern string
}

// Settings are the values of definitions.md that a configuration may change.
type Settings struct {
	SleepStart, SleepEnd       int // minutes of the local day; the window may cross midnight
	BusinessStart, BusinessEnd int // minutes of the local day, Monday to Friday
	PagesPer12h                int // a 12-hour block with more pages is over the limit
	Exclusions                 []Exclusion
	EvidencePoints             map[string]float64 // log-odds points by evidence id
	Labels                     []Label            // what people said, in the order of their file
	Classes                    []ClassPattern     // asked before the built-in ones, in the order of their file
}

// DefaultSettings are the values of definitions.md.
func DefaultSettings() Settings {
	return Settings{
		SleepStart: 22 * 60, SleepEnd: 8 * 60,
		BusinessStart: 8 * 60, BusinessEnd: 18 * 60,
		PagesPer12h: 2,
		EvidencePoints: map[string]float64{
			"A1": 2, "A2": 3, "A3": 2, "A4": 1.5, "A5": 3, "A6": 1,
			"N1": -2, "N2": -1.5, "N3": -1.5, "N4": -1.5, "N5": -1, "N6": -1.5, "N7": -1.5, "N8": -1, "N9": -1, "N10": -2,
		},
	}
}

// Differences says in words what differs from definitions.md, for the report that used it.
func (s Settings) Differences() []string {
	d := DefaultSettings()
	var out []string
	clock := func(m int) string { return fmt.Sprintf("%02d:%02d", m/60, m%60) }
	if s.SleepStart != d.SleepStart || s.SleepEnd != d.SleepEnd {
		out = append(out, fmt.Sprintf("sleep hours are %s to %s", clock(s.SleepStart), clock(s.SleepEnd)))
	}
	if s.BusinessStart != d.BusinessStart || s.BusinessEnd != d.BusinessEnd {
		out = append(out, fmt.Sprintf("business hours are %s to %s", clock(s.BusinessStart), clock(s.BusinessEnd)))
	}
	if s.PagesPer12h != d.PagesPer12h {
		out = append(out, fmt.Sprintf("the limit is %d pages in 12 hours", s.PagesPer12h))
	}
	for _, id := range sortedKeys(s.EvidencePoints) {
		if points := s.EvidencePoints[id]; points != d.EvidencePoints[id] {
			out = append(out, fmt.Sprintf("evidence %s weighs %g", id, points))
		}
	}
	if len(s.Classes) > 0 {
		out = append(out, fmt.Sprintf("alert classes are told by %d pattern(s) of yours first", len(s.Classes)))
	}
	return out
}

// store writes the settings where the views look for them.
func (s Settings) store(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, `CREATE OR REPLACE TEMP TABLE settings AS
		SELECT ?::BIGINT AS sleep_start, ?::BIGINT AS sleep_end, ?::BIGINT AS business_start, ?::BIGINT AS business_end,
		       ?::BIGINT AS page_limit`,
		s.SleepStart*60, s.SleepEnd*60, s.BusinessStart*60, s.BusinessEnd*60, s.PagesPer12h)
	if err != nil {
		return fmt.Errorf("store settings: %w", err)
	}
	if _, err := conn.ExecContext(ctx, `CREATE OR REPLACE TEMP TABLE evidence_points (evidence_id VARCHAR, points DOUBLE)`); err != nil {
		return fmt.Errorf("store evidence points: %w", err)
	}
	var rows []string
	var points []any
	for _, id := range sortedKeys(s.EvidencePoints) {
		rows, points = append(rows, "(?, ?)"), append(points, id, s.EvidencePoints[id])
	}
	if len(rows) > 0 {
		if _, err := conn.ExecContext(ctx, `INSERT INTO evidence_points VALUES `+strings.Join(rows, ", "), points...); err != nil {
			return fmt.Errorf("store evidence points: %w", err)
		}
	}
	if err := storeLabels(ctx, conn, s.Labels); err != nil {
		return err
	}
	return s.storeExclusions(ctx, conn)
}

// exclusionMatch is the condition, over incident facts f and service v, under which each kind of exclusion holds.
var exclusionMatch = map[string]string{
	"service": `(v.name GLOB $pattern OR f.service_id GLOB $pattern)`,
	"title":   `regexp_matches(f.title, $pattern, 'i')`,
	"urgency": `f.urgency = $pattern`,
}

func (s Settings) storeExclusions(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, `
		CREATE OR REPLACE TEMP TABLE exclusion_matches (kind VARCHAR, pattern VARCHAR, incident_id VARCHAR);
		CREATE OR REPLACE TEMP VIEW excluded_incidents AS SELECT DISTINCT incident_id FROM exclusion_matches`)
	if err != nil {
		return fmt.Errorf("store exclusions: %w", err)
	}
	for _, x := range s.Exclusions {
		match, ok := exclusionMatch[x.Kind]
		if !ok {
			return fmt.Errorf("exclude by %q: a kind is service, title or urgency", x.Kind)
		}
		_, err := conn.ExecContext(ctx, `INSERT INTO exclusion_matches
			SELECT $kind, $pattern, f.incident_id
			FROM incident_facts AS f LEFT JOIN services AS v ON v.id = f.service_id
			WHERE `+match, sql.Named("kind", x.Kind), sql.Named("pattern", x.Pattern))
		if err != nil {
			return fmt.Errorf("exclude %s %q: %w", x.Kind, x.Pattern, err)
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
