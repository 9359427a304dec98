package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"crywolf/analysis"
	"crywolf/ingest"
)

// generatedDB makes a derived database of generated facts and returns its path.
func generatedDB(tb testing.TB, incidents int) string {
	tb.Helper()
	ctx := context.Background()
	path := filepath.Join(tb.TempDir(), "generated.duckdb")
	store, err := ingest.Open(ctx, path, ingest.ReadWrite)
	if err != nil {
		tb.Fatal(err)
	}
	defer store.Close()
	text, err := os.ReadFile("../../testdata/bench/facts.sql")
	if err != nil {
		tb.Fatal(err)
	}
	store.DB().SetMaxOpenConns(1) // a variable is its connection's
	for _, q := range []string{fmt.Sprintf(`SET VARIABLE incident_count = %d; DELETE FROM meta`, incidents), string(text)} {
		if _, err := store.DB().ExecContext(ctx, q); err != nil {
			tb.Fatal(err)
		}
	}
	store.DB().SetMaxOpenConns(0)
	if err := analysis.Derive(ctx, store.DB(), analysis.DeriveOptions{}); err != nil {
		tb.Fatal(err)
	}
	return path
}

// columnShape is what one column holds.
type columnShape struct {
	rows    int64
	filled  float64 // share of the rows that are not NULL and not an empty list
	length  float64 // mean length of its texts
	values  []string
	isShort bool // few enough values to list them all
}

// The double's account is small and full of corner cases, so equal means: the same tables have rows; in each the same columns
// are filled, and rarely here if and only if rarely there; ids and texts are of a like length; and what is one of few words
// is one of the words that a sync writes.
const (
	manyValues   = 30
	likeLength   = 2.5 // one mean length over the other
	rarelyFilled = 0.02
)

// shorter are the columns that facts.sql says it keeps short.
var shorter = []string{"raw"}

// madeUp are columns whose words the generator makes up: names and keys of things. Which reasons there are to be unattributed
// depends on who was paged.
var madeUp = []string{"id", "name", "key", "value", "title", "zone", "raw", "reason"}

// TestGeneratedFactsLookSynced holds the facts that benchmarks are measured on to those of a real sync, over HTTP from the
// double, and what is derived of both to each other.
func TestGeneratedFactsLookSynced(t *testing.T) {
	content, err := demoDB()
	if err != nil {
		t.Fatal(err)
	}
	synced := filepath.Join(t.TempDir(), "synced.duckdb")
	if err := os.WriteFile(synced, content, 0o600); err != nil {
		t.Fatal(err)
	}
	want, got := shapes(t, synced), shapes(t, generatedDB(t, 4000))
	columns := 0
	for _, column := range slices.Sorted(keysOf(want)) {
		w, g := want[column], got[column]
		columns++
		if (w.rows > 0) != (g.rows > 0) {
			t.Errorf("%s: its table has %d rows after a sync and %d generated", column, w.rows, g.rows)
			continue
		}
		if (w.filled > 0) != (g.filled > 0) && max(w.filled, g.filled) > rarelyFilled {
			t.Errorf("%s: filled in %.3f of the rows after a sync and in %.3f generated", column, w.filled, g.filled)
		}
		_, name, _ := strings.Cut(column, ".")
		if ratio := g.length / w.length; w.length > 0 && g.length > 0 && !slices.Contains(shorter, name) && (ratio > likeLength || ratio < 1/likeLength) {
			t.Errorf("%s: texts of %.1f characters after a sync and of %.1f generated", column, w.length, g.length)
		}
		isMadeUp := slices.ContainsFunc(madeUp, func(part string) bool { return strings.Contains(name, part) })
		for _, word := range g.values {
			if w.isShort && g.isShort && !isMadeUp && !slices.Contains(w.values, word) {
				t.Errorf("%s: %q is generated and in no sync, which has %q", column, word, w.values)
			}
		}
	}
	if columns < 200 {
		t.Errorf("compared %d columns only", columns)
	}
}

func keysOf(m map[string]columnShape) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// shapes looks at every column of every table.
func shapes(t *testing.T, path string) map[string]columnShape {
	t.Helper()
	db, err := sql.Open("duckdb", path+"?access_mode=read_only")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal AND database_name <> 'temp'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	type named struct{ table, column, kind string }
	var all []named
	for rows.Next() {
		var n named
		if err := rows.Scan(&n.table, &n.column, &n.kind); err != nil {
			t.Fatal(err)
		}
		all = append(all, n)
	}
	out := map[string]columnShape{}
	for _, n := range all {
		out[n.table+"."+n.column] = shapeOf(t, db, n.table, n.column, n.kind)
	}
	return out
}

func shapeOf(t *testing.T, db *sql.DB, table, column, kind string) columnShape {
	t.Helper()
	filled := column + " IS NOT NULL"
	if strings.HasSuffix(kind, "[]") {
		filled = "len(" + column + ") > 0"
	}
	var s columnShape
	var distinct int64
	query := fmt.Sprintf(`SELECT count(*), coalesce(count(*) FILTER (WHERE %[1]s) / nullif(count(*), 0), 0),
		coalesce(avg(length(CAST(%[2]s AS VARCHAR))) FILTER (WHERE %[1]s), 0), count(DISTINCT %[2]s) FROM %[3]s`, filled, column, table)
	if err := db.QueryRow(query).Scan(&s.rows, &s.filled, &s.length, &distinct); err != nil {
		t.Fatal(err)
	}
	if kind != "VARCHAR" {
		s.length = 0
		return s
	}
	if s.isShort = distinct <= manyValues; !s.isShort {
		return s
	}
	rows, err := db.Query(fmt.Sprintf(`SELECT DISTINCT %[1]s FROM %[2]s WHERE %[1]s IS NOT NULL ORDER BY 1`, column, table))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var word string
		if err := rows.Scan(&word); err != nil {
			t.Fatal(err)
		}
		s.values = append(s.values, word)
	}
	return s
}

// TestGeneratedFactsMakeSense: of the generated facts every verdict, hour class and recommendation but the rarest comes out,
// nearly all pages belong to a rotation, and the shares are such as real accounts have.
func TestGeneratedFactsMakeSense(t *testing.T) {
	db, err := sql.Open("duckdb", generatedDB(t, 20_000)+"?access_mode=read_only")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, c := range []struct {
		what, query string
		low, high   float64
	}{
		{"log entries an incident", `SELECT (SELECT count(*) FROM log_entries) / (SELECT count(*) FROM incidents)`, 5, 7},
		{"pages an incident", `SELECT (SELECT count(*) FROM notified_pairs WHERE paged_at IS NOT NULL) / (SELECT count(*) FROM incidents)`, 0.8, 1.3},
		{"pages of a rotation", `SELECT count(rotation_id) / count(*) FROM notified_pairs WHERE paged_at IS NOT NULL`, 0.95, 0.999},
		{"cleared by the monitor", `SELECT count(*) FILTER (WHERE cleared_by = 'monitor') / count(*) FROM incident_facts`, 0.4, 0.8},
		{"acknowledged", `SELECT count(acknowledged_at) / count(*) FROM incident_facts`, 0.4, 0.8},
		{"incidents in flap runs", `SELECT count(run_started_at) / count(*) FROM episodes WHERE is_own`, 0.05, 0.2},
		{"merged away", `SELECT count(*) FILTER (WHERE is_merged) / count(*) FROM incident_facts`, 0.0005, 0.01},
		{"rules", `SELECT count(DISTINCT rule_id) FROM incident_facts`, 2000, 10000},
		{"tools", `SELECT count(DISTINCT source) FROM incident_facts`, 4, 8},
		{"rotations", `SELECT count(DISTINCT rotation_id) FROM notified_pairs`, 50, 50},
		{"incidents with several keys", `SELECT count(*) / (SELECT count(*) FROM incidents) FROM (SELECT incident_id FROM incident_alert_keys GROUP BY 1 HAVING count(*) > 1)`, 0.02, 0.1},
	} {
		var got float64
		if err := db.QueryRow(`SELECT CAST((` + c.query + `) AS DOUBLE)`).Scan(&got); err != nil {
			t.Fatalf("%s: %v", c.what, err)
		}
		if got < c.low || got > c.high {
			t.Errorf("%s: %.4f, want %g to %g", c.what, got, c.low, c.high)
		}
	}
}
