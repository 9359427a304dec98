package analysis

import (
	"context"
	"database/sql"
	"encoding/json"
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

// storeLabels mirrors the labels where the views look for them. The file they come from is what keeps them. They go over
// in one statement: a thousand single ones would cost more than most questions.
func storeLabels(ctx context.Context, conn *sql.Conn, labels []Label) error {
	instant := func(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
	rows := make([][]string, len(labels))
	for i, l := range labels {
		until := ""
		if !l.Until.IsZero() {
			until = instant(l.Until)
		}
		rows[i] = []string{l.IncidentID, l.RuleID, l.Label, l.Cause, l.Author, instant(l.At), l.Reason, until}
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("store labels: %w", err)
	}
	_, err = conn.ExecContext(ctx, `CREATE OR REPLACE TEMP TABLE labels AS
		SELECT nullif(l[1], '') AS incident_id, nullif(l[2], '') AS rule_id, l[3] AS label, nullif(l[4], '') AS cause, nullif(l[5], '') AS author,
		       CAST(l[6] AS TIMESTAMP) AS labelled_at, nullif(l[7], '') AS reason,
		       CAST(nullif(l[8], '') AS TIMESTAMP) AS until_at, position
		FROM (SELECT unnest(rows) AS l, unnest(range(len(rows))) AS position FROM (SELECT CAST(CAST(? AS JSON) AS VARCHAR[][]) AS rows))`, string(text))
	if err != nil {
		return fmt.Errorf("store labels: %w", err)
	}
	return nil
}
