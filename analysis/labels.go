package analysis

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Label is what a person said of an incident or of an alert rule; it outranks whatever the evidence says
// [definitions 8]. Exactly one of IncidentID and RuleID is set.
type Label struct {
	IncidentID string
	RuleID     string // public id
	Label      string // actionable, non_actionable or unknown
	Cause      string // threshold, check, hours, maintenance, other; "" where none was given
	Author     string
	At         time.Time // when it was given: of several on one thing the last counts
	Reason     string
	Until      time.Time // a rule's label holds for incidents created before; zero: for all
}

// storeLabels mirrors the labels where the views look for them. The file they come from is what keeps them.
func storeLabels(ctx context.Context, conn *sql.Conn, labels []Label) error {
	_, err := conn.ExecContext(ctx, `CREATE OR REPLACE TEMP TABLE labels (
		incident_id VARCHAR, rule_id VARCHAR, label VARCHAR, cause VARCHAR, author VARCHAR, labelled_at TIMESTAMP, reason VARCHAR,
		until_at TIMESTAMP, position BIGINT)`)
	if err != nil {
		return fmt.Errorf("store labels: %w", err)
	}
	for i, l := range labels {
		until := sql.NullTime{Time: l.Until.UTC(), Valid: !l.Until.IsZero()}
		_, err := conn.ExecContext(ctx, `INSERT INTO labels
			VALUES (nullif(?, ''), nullif(?, ''), ?, nullif(?, ''), nullif(?, ''), ?, nullif(?, ''), ?, ?)`,
			l.IncidentID, l.RuleID, l.Label, l.Cause, l.Author, l.At.UTC(), l.Reason, until, i)
		if err != nil {
			return fmt.Errorf("store labels: %w", err)
		}
	}
	return nil
}
