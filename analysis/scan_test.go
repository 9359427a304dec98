package analysis

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// planNode is a node of DuckDB's plan, as far as it tells what is read.
type planNode struct {
	Name     string `json:"name"`
	Children []planNode
	Extra    struct {
		Table                string
		Projections, Filters json.RawMessage
	} `json:"extra_info"`
}

var planWord = regexp.MustCompile(`\w+`)

// touchedColumns are the columns that the plan of a metric over a period reads, by table, each once however often the
// plan reads it; columns that only filter are among them.
func touchedColumns(tb testing.TB, s *Session, m Metric, p Period) map[string][]string {
	tb.Helper()
	if err := s.makeViews(context.Background(), m.SQL, false); err != nil {
		tb.Fatal(err)
	}
	ctx := context.Background()
	args, err := bind(m.Params, map[string]any{"since": p.Since, "until": p.Until, "rotations": sql.NullString{}})
	if err != nil {
		tb.Fatal(err)
	}
	var kind, text string
	if err := s.conn.QueryRowContext(ctx, `EXPLAIN (FORMAT JSON) `+m.SQL, args...).Scan(&kind, &text); err != nil {
		tb.Fatal(err)
	}
	var plan []planNode
	if err := json.Unmarshal([]byte(text), &plan); err != nil {
		tb.Fatal(err)
	}
	out := map[string][]string{}
	for _, node := range plan {
		addTouched(tb, s, node, out)
	}
	return out
}

func addTouched(tb testing.TB, s *Session, node planNode, out map[string][]string) {
	tb.Helper()
	for _, child := range node.Children {
		addTouched(tb, s, child, out)
	}
	if strings.TrimSpace(node.Name) != "SEQ_SCAN" || !strings.Contains(node.Extra.Table, "main.") || strings.HasPrefix(node.Extra.Table, `"temp".`) {
		return // what stands in memory for the session is no scan of the data
	}
	table := node.Extra.Table[strings.LastIndex(node.Extra.Table, ".")+1:]
	rows, err := s.conn.QueryContext(context.Background(), `SELECT column_name FROM duckdb_columns() WHERE table_name = ? AND NOT internal`, table)
	if err != nil {
		tb.Fatal(err)
	}
	defer rows.Close()
	words := planWord.FindAllString(string(node.Extra.Projections)+" "+string(node.Extra.Filters), -1)
	for rows.Next() {
		var column string
		if err := rows.Scan(&column); err != nil {
			tb.Fatal(err)
		}
		if slices.Contains(words, column) && !slices.Contains(out[table], column) {
			out[table] = append(out[table], column)
		}
	}
}

// bareScan reads columns of a table to the last value, in a way that neither statistics nor compression can answer.
func bareScan(tb testing.TB, s *Session, table string, columns []string) string {
	tb.Helper()
	sums := []string{"count(*)"}
	for _, column := range columns {
		var kind string
		err := s.conn.QueryRowContext(context.Background(), `SELECT data_type FROM duckdb_columns() WHERE table_name = ? AND column_name = ?`, table, column).Scan(&kind)
		if err != nil {
			tb.Fatal(err)
		}
		value := column + "::BIGINT"
		switch {
		case kind == "VARCHAR":
			value = "length(" + column + ")"
		case kind == "TIMESTAMP":
			value = "(epoch_us(" + column + ") % 1000003)"
		case kind == "DATE":
			value = "(epoch_us(" + column + "::TIMESTAMP) % 1000003)"
		case strings.HasSuffix(kind, "[]"):
			value = "len(" + column + ")"
		}
		sums = append(sums, "sum("+value+")")
	}
	return fmt.Sprintf(`SELECT concat_ws(' ', %s) FROM %s`, strings.Join(sums, ", "), table)
}

// bareScanCost is the least of five bare scans of what a metric touches.
func bareScanCost(tb testing.TB, s *Session, m Metric, p Period) cost {
	tb.Helper()
	var scans []string
	for table, columns := range touchedColumns(tb, s, m, p) {
		scans = append(scans, bareScan(tb, s, table, columns))
	}
	return leastCost(tb, 5, func() error {
		for _, scan := range scans {
			var sums string
			if err := s.conn.QueryRowContext(context.Background(), scan).Scan(&sums); err != nil {
				return err
			}
		}
		return nil
	})
}

// TestTouchedColumns: what a metric is measured against is what it reads.
func TestTouchedColumns(t *testing.T) {
	db := newFacts(t)
	newRandomFacts(t, db, 3)
	if err := Derive(context.Background(), db, DeriveOptions{}); err != nil {
		t.Fatal(err)
	}
	var p Period
	if err := db.QueryRow(`SELECT min(paged_at), max(paged_at) FROM notified_pairs`).Scan(&p.Since, &p.Until); err != nil {
		t.Fatal(err)
	}
	s := newSession(t, db, DefaultSettings())
	m, err := s.metric("hour_of_week")
	if err != nil {
		t.Fatal(err)
	}
	got := touchedColumns(t, s, m, p)
	for _, column := range []string{"rotation_id", "paged_at", "paged_local_at"} {
		if !slices.Contains(got["notified_pairs"], column) {
			t.Errorf("%s is not among %v", column, got)
		}
	}
	if slices.Contains(got["notified_pairs"], "policy_id") || len(got["log_entries"]) > 0 {
		t.Errorf("%v: the metric does not read all that", got)
	}
	if c := bareScanCost(t, s, m, p); c.wall <= 0 || c.wall == time.Hour {
		t.Errorf("a scan took %s", c.wall)
	}
}
