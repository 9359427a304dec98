package ingest

import (
	"context"
	"database/sql/driver"
	"fmt"
)

// storeParts replaces what belongs to listed services and policies: integrations and targets.
func (s *syncer) storeParts(ctx context.Context, l *listing) error {
	name, parent := "integrations", "service_id"
	rowsOf := s.book.integrationRows
	switch l.kind {
	case kindServices:
	case kindPolicies:
		s.nameTargets(l.records)
		name, parent, rowsOf = "escalation_targets", "escalation_policy_id", targetRows
	default:
		return nil
	}
	// Parts of parents that are gone stay: the past refers to them.
	var parts []row
	parents, seen := []row{}, map[any]bool{}
	for _, r := range l.records {
		if id := r.id("id"); !seen[id] {
			seen[id] = true
			parents = append(parents, row{id})
			parts = append(parts, rowsOf(r)...)
		}
	}
	if err := s.w.tempIDs(ctx, "listed", parents); err != nil {
		return err
	}
	q := fmt.Sprintf("DELETE FROM %s WHERE %s IN (SELECT id FROM temp.listed)", name, parent)
	if _, err := s.w.exec(ctx, q); err != nil {
		return err
	}
	return s.w.appendRows("", name, parts)
}

// markDeleted marks rows of a reference table that are not among the listed records.
func (s *syncer) markDeleted(ctx context.Context, kind string, records []record) error {
	listed := make([]row, len(records))
	for i, r := range records {
		listed[i] = row{r.id("id")}
	}
	if err := s.w.tempIDs(ctx, "listed", listed); err != nil {
		return err
	}
	q := fmt.Sprintf(`UPDATE %s SET is_deleted = true, fetched_at = $1
		WHERE NOT is_deleted AND id NOT IN (SELECT id FROM temp.listed)`, kind)
	_, err := s.w.exec(ctx, q, s.w.now())
	return err
}

// tempIDs fills a temporary table of ids.
func (w *writer) tempIDs(ctx context.Context, name string, ids []row) error {
	if _, err := w.exec(ctx, "CREATE OR REPLACE TEMP TABLE "+name+" (id VARCHAR)"); err != nil {
		return err
	}
	return w.appendRows("temp", name, ids)
}

// appendRows appends whole rows to a table of the pinned connection; catalog is "" or "temp".
func (w *writer) appendRows(catalog, name string, rows []row) error {
	if len(rows) == 0 {
		return nil
	}
	return w.append(catalog, name, func(add func(...driver.Value) error) error {
		for _, r := range rows {
			values := make([]driver.Value, len(r))
			for i, v := range r {
				values[i] = v
			}
			if err := add(values...); err != nil {
				return err
			}
		}
		return nil
	})
}

// nameTargets remembers what policies call their targets: the only name of a schedule that can't be read.
func (s *syncer) nameTargets(policies []record) {
	s.targetNames = map[string]any{}
	for _, p := range policies {
		for _, rule := range p.objects("escalation_rules") {
			for _, t := range rule.objects("targets") {
				s.targetNames[t.idText("id")] = s.book.label(t.str("summary"))
			}
		}
	}
}
