package ingest

import (
	"context"
	"time"
)

// formerState is an incident as it was stored before its window was read again: what PagerDuty said of it, as one number.
type formerState struct {
	said    string
	fetched time.Time
}

// formerStates gives what is stored of the incidents whose ids are in temp.stored_again.
func (s *syncer) formerStates(ctx context.Context) (map[string]formerState, error) {
	out := map[string]formerState{}
	rows, err := s.w.conn.QueryContext(ctx, `SELECT id, CAST(hash(title, status, urgency, service_id, escalation_policy_id, priority_id, updated_at,
			resolved_at, assigned_via, resolve_reason, merged_into_id, alert_count) AS VARCHAR), coalesce(fetched_at, TIMESTAMP '0001-01-01')
		FROM incidents WHERE NOT is_deleted AND id IN (SELECT id FROM temp.stored_again)`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var f formerState
		if err := rows.Scan(&id, &f.said, &f.fetched); err != nil {
			return nil, err
		}
		out[id] = f
	}
	return out, rows.Err()
}

// storeAgain stores a page of incidents of a time that was read before, and notes those that are another now.
func (s *syncer) storeAgain(ctx context.Context, records []record) error {
	var ids []row
	for _, r := range records {
		ids = append(ids, row{r.id("id")})
	}
	if err := s.w.tempIDs(ctx, "stored_again", ids); err != nil {
		return err
	}
	before, err := s.formerStates(ctx)
	if err != nil {
		return err
	}
	if err := s.storeIncidents(ctx, records, s.overwrite); err != nil {
		return err
	}
	after, err := s.formerStates(ctx)
	if err != nil {
		return err
	}
	var edits []row
	for id, now := range after {
		if was, known := before[id]; known && was.said != now.said {
			edits = append(edits, row{id, was.fetched.UTC(), s.w.now()})
		}
	}
	return s.w.appendRows("", "late_edits", edits)
}

// noteGone notes an incident that reading again found deleted.
func (s *syncer) noteGone(ctx context.Context, id string) error {
	_, err := s.w.exec(ctx, `INSERT INTO late_edits SELECT id, NULL, $2 FROM incidents WHERE id = $1 AND is_deleted`, id, s.w.now())
	return err
}

// explainEdits drops those that a log entry tells of, which any sync would have found: what stays was found by reading
// again only.
func (s *syncer) explainEdits(ctx context.Context) error {
	return s.w.tx(ctx, func(ctx context.Context) error {
		_, err := s.w.exec(ctx, `DELETE FROM late_edits USING log_entries AS l
			WHERE l.incident_id = late_edits.incident_id AND l.created_at > late_edits.known_at - INTERVAL 1 MINUTE
				AND l.created_at <= late_edits.found_at`)
		return err
	})
}
