package analysis

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// explain/*.sql tell all of one incident or alert rule. Unlike a metric they take its id, as $incident or $rule.
//
//go:embed explain/*.sql
var explainFiles embed.FS

// subject is what an explanation is of, with the values that its queries may name.
type subject map[string]any

// told runs one file of explain/ and hands each row to scan.
func (s *Session) told(ctx context.Context, name string, of subject, scan func(*sql.Rows) error) error {
	text, err := explainFiles.ReadFile("explain/" + name + ".sql")
	if err != nil {
		return err
	}
	if err := s.makeViews(ctx, string(text), false); err != nil {
		return err
	}
	since, _ := of["since"].(time.Time)
	until, ok := of["until"].(time.Time)
	if ok {
		if err := s.prepareKept(ctx, string(text), scope{Period: Period{since, until}}); err != nil {
			return err
		}
	}
	parameters, err := parametersOfOwn(ctx, s.conn, string(text))
	if err != nil {
		return fmt.Errorf("ask %s: %w", name, err)
	}
	args, err := bind(parameters, of)
	if err != nil {
		return fmt.Errorf("ask %s: %w", name, err)
	}
	rows, err := s.conn.QueryContext(ctx, string(text), args...)
	if err != nil {
		return fmt.Errorf("ask %s: %w", name, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
	}
	return rows.Err()
}

// over adds a period to a subject.
func (of subject) over(p Period) subject {
	out := subject{"since": p.Since.UTC(), "until": p.Until.UTC()}
	for k, v := range of {
		out[k] = v
	}
	return out
}

var incidentNumber = regexp.MustCompile(`^#?([0-9]{1,18})$`)

// FindIncident looks for an incident by its id, or by its number, with or without #, and tells when it was created.
func (s *Session) FindIncident(ctx context.Context, asked string) (id string, createdAt time.Time, found bool, err error) {
	number := sql.NullInt64{}
	if x := incidentNumber.FindStringSubmatch(asked); x != nil {
		n, err := strconv.ParseInt(x[1], 10, 64)
		number = sql.NullInt64{Int64: n, Valid: err == nil}
	}
	err = s.conn.QueryRowContext(ctx, `
		SELECT f.incident_id, f.created_at FROM incident_facts AS f JOIN incidents AS i ON i.id = f.incident_id
		WHERE i.id = $asked OR i.incident_number = $number
		ORDER BY i.id = $asked DESC, i.id LIMIT 1`, sql.Named("asked", asked), sql.Named("number", number)).Scan(&id, &createdAt)
	if errors.Is(err, sql.ErrNoRows) {
		return "", createdAt, false, nil
	}
	if err != nil {
		return "", createdAt, false, fmt.Errorf("look for an incident: %w", err)
	}
	return id, createdAt.UTC(), true, nil
}

// KnowsRule tells whether any incident is of the alert rule with this public id.
func (s *Session) KnowsRule(ctx context.Context, rule string) (bool, error) {
	var known bool
	err := s.conn.QueryRowContext(ctx, `SELECT count(*) > 0 FROM incident_facts WHERE rule_id = ?`, rule).Scan(&known)
	if err != nil {
		return false, fmt.Errorf("look for an alert rule: %w", err)
	}
	return known, nil
}

func instant(t sql.NullTime) *time.Time {
	if !t.Valid {
		return nil
	}
	u := t.Time.UTC()
	return &u
}

func whole(n sql.NullInt64) *int64 {
	if !n.Valid {
		return nil
	}
	return &n.Int64
}

// texts scans into strings where NULL is "".
type texts []sql.NullString

func (t texts) into(to ...*string) {
	for i, s := range t {
		*to[i] = strings.TrimSpace(s.String)
	}
}
