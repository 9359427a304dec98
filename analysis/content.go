package analysis

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math/big"
	"strings"
)

// tally is how many rows a table has and the sum of their hashes.
type tally struct {
	rows    int64
	content *big.Int
}

func (t tally) String() string { return fmt.Sprintf("%d %s", t.rows, t.content) }

// content is the tally of each derived table that has rows of incidents, by name.
type content map[string]tally

// readContent asks one of the views of derive/content.sql and derive/dirty_content.sql.
func readContent(ctx context.Context, conn *sql.Conn, view string) (content, error) {
	rows, err := conn.QueryContext(ctx, `SELECT name, row_count, CAST(content AS VARCHAR) FROM `+view)
	if err != nil {
		return nil, fmt.Errorf("sum up the derived tables: %w", err)
	}
	defer rows.Close()
	c := content{}
	for rows.Next() {
		var name, sum string
		var t tally
		if err := rows.Scan(&name, &t.rows, &sum); err != nil {
			return nil, fmt.Errorf("sum up the derived tables: %w", err)
		}
		if t.content, err = parseSum(sum); err != nil {
			return nil, err
		}
		c[name] = t
	}
	return c, rows.Err()
}

func parseSum(text string) (*big.Int, error) {
	n, ok := new(big.Int).SetString(text, 10)
	if !ok {
		return nil, fmt.Errorf("%q is no sum of hashes", text)
	}
	return n, nil
}

// plus gives c with the changes from before to after.
func (c content) plus(before, after content) content {
	out := content{}
	for name, a := range after {
		b, t := before[name], c[name]
		out[name] = tally{t.rows - b.rows + a.rows, new(big.Int).Add(new(big.Int).Sub(t.content, b.content), a.content)}
	}
	return out
}

// Keys of the derived state: contentKey and a table's name; the engine whose hash function the sums are of.
const (
	contentKey = "content "
	engineKey  = "content_engine"
)

// state gives the rows of the derived state that hold c.
func (c content) state(engine string) map[string]string {
	out := map[string]string{engineKey: engine}
	for name, t := range c {
		out[contentKey+name] = t.String()
	}
	return out
}

// contentOf reads c back from the derived state; nil where it was not written, or by another engine.
func contentOf(state map[string]string, engine string) content {
	if state[engineKey] != engine {
		return nil
	}
	c := content{}
	for key, value := range state {
		name, isContent := strings.CutPrefix(key, contentKey)
		if !isContent {
			continue
		}
		var t tally
		var sum string
		if _, err := fmt.Sscan(value, &t.rows, &sum); err != nil {
			return nil
		}
		var err error
		if t.content, err = parseSum(sum); err != nil {
			return nil
		}
		c[name] = t
	}
	return c
}

// countsStand tells whether the derived tables have as many rows as they were left with; false where somebody emptied or
// dropped one. It costs next to nothing, so that it can be asked before every report.
func countsStand(ctx context.Context, db querier) (bool, error) {
	var stand bool
	err := db.QueryRowContext(ctx, `
		SELECT count(*) = 4 AND coalesce(bool_and(CAST(string_split(value, ' ')[1] AS BIGINT) = CASE key
		    WHEN 'content notifications' THEN (SELECT count(*) FROM notifications)
		    WHEN 'content notified_pairs' THEN (SELECT count(*) FROM notified_pairs)
		    WHEN 'content incident_facts' THEN (SELECT count(*) FROM incident_facts)
		    WHEN 'content incident_alert_keys' THEN (SELECT count(*) FROM incident_alert_keys) END), false)
		FROM derived_state WHERE starts_with(key, 'content ')`).Scan(&stand)
	if err != nil {
		return false, fmt.Errorf("count the derived rows: %w", err)
	}
	return stand, nil
}

// derivedState reads all of the derived state.
func derivedState(ctx context.Context, conn *sql.Conn) (map[string]string, error) {
	rows, err := conn.QueryContext(ctx, `SELECT key, value FROM derived_state`)
	if err != nil {
		return nil, fmt.Errorf("read the derived state: %w", err)
	}
	defer rows.Close()
	state := map[string]string{}
	for rows.Next() {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			return nil, fmt.Errorf("read the derived state: %w", err)
		}
		state[key] = value
	}
	return state, rows.Err()
}

func engineOf(ctx context.Context, conn *sql.Conn) (string, error) {
	var engine string
	err := conn.QueryRowContext(ctx, `SELECT version()`).Scan(&engine)
	if err != nil {
		return "", fmt.Errorf("ask for the engine's version: %w", err)
	}
	return engine, nil
}

// beginContent remembers what the derived tables hold of the incidents that are about to be derived; known is the
// derived state before.
func (d *deriver) beginContent(ctx context.Context, known map[string]string) (err error) {
	if d.engine, err = engineOf(ctx, d.conn); err != nil {
		return err
	}
	if err := d.files(ctx, "content", "dirty_content"); err != nil {
		return err
	}
	d.content = contentOf(known, d.engine)
	if d.content == nil {
		return nil
	}
	d.before, err = readContent(ctx, d.conn, "dirty_content")
	return err
}

// endContent gives what the derived tables hold now.
func (d *deriver) endContent(ctx context.Context) (content, error) {
	if d.content == nil {
		return readContent(ctx, d.conn, "whole_content")
	}
	after, err := readContent(ctx, d.conn, "dirty_content")
	return d.content.plus(d.before, after), err
}

// ContentIntact tells whether the derived tables hold what the last derivation left in them; false where somebody else
// has written into them. known is false where that can't be told: another version of the engine summed them up.
func (s *Session) ContentIntact(ctx context.Context) (intact, known bool, err error) {
	engine, err := engineOf(ctx, s.conn)
	if err != nil {
		return false, false, err
	}
	state, err := derivedState(ctx, s.conn)
	if err != nil {
		return false, false, err
	}
	stored := contentOf(state, engine)
	if stored == nil {
		return false, false, nil
	}
	if err := execFile(ctx, s.conn, deriveFiles, "derive/content.sql"); err != nil {
		return false, false, err
	}
	now, err := readContent(ctx, s.conn, "whole_content")
	if err != nil {
		return false, false, err
	}
	return maps.Equal(stored.state(engine), now.state(engine)), true, nil
}
