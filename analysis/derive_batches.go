package analysis

import (
	"context"
	"fmt"
)

// derivedAtOnce is how many incidents are derived at a time: what their payloads hold stands in memory meanwhile, a
// kilobyte or more an incident.
var derivedAtOnce = 250_000

// inBatches runs files of derive/ over so many dirty incidents at a time, oldest first. What they say of one incident may
// not depend on another one's derived rows.
func (d *deriver) inBatches(ctx context.Context, names ...string) error {
	var count int
	if err := d.conn.QueryRowContext(ctx, `SELECT count(*) FROM dirty`).Scan(&count); err != nil {
		return fmt.Errorf("count what changed: %w", err)
	}
	if count <= derivedAtOnce {
		return d.files(ctx, names...)
	}
	_, err := d.conn.ExecContext(ctx, `CREATE OR REPLACE TEMP TABLE dirty_batches AS
		SELECT d.incident_id, (row_number() OVER (ORDER BY i.created_at NULLS FIRST, d.incident_id) - 1) // ? AS batch
		FROM dirty AS d
		LEFT JOIN incidents AS i ON i.id = d.incident_id`, derivedAtOnce)
	if err != nil {
		return fmt.Errorf("part what changed into batches: %w", err)
	}
	for batch := range (count + derivedAtOnce - 1) / derivedAtOnce {
		if _, err := d.conn.ExecContext(ctx, `CREATE OR REPLACE TEMP TABLE dirty AS SELECT incident_id FROM dirty_batches WHERE batch = ?`, batch); err != nil {
			return fmt.Errorf("take batch %d of what changed: %w", batch, err)
		}
		if err := d.files(ctx, names...); err != nil {
			return err
		}
	}
	if _, err := d.conn.ExecContext(ctx, `CREATE OR REPLACE TEMP TABLE dirty AS SELECT incident_id FROM dirty_batches; DROP TABLE dirty_batches`); err != nil {
		return fmt.Errorf("take all that changed again: %w", err)
	}
	return nil
}
