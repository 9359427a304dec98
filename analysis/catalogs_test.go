package analysis

import (
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/duckdb/duckdb-go/v2"
)

// openCatalog opens a database in memory, runs boot once, and then uses the catalog that boot attached: no query names it.
func openCatalog(t *testing.T, catalog string, boot ...string) *sql.DB {
	t.Helper()
	booted := false
	connector, err := duckdb.NewConnector("?threads=1", func(ex driver.ExecerContext) error {
		statements := boot
		if booted {
			statements = nil
		}
		booted = true
		for _, q := range append(statements, "USE "+catalog) {
			if _, err := ex.ExecContext(context.Background(), q, nil); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	schema, err := os.ReadFile("../ingest/schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	mustExec(t, db, string(schema))
	return db
}

// TestMetricsAttached: the metrics give the same answers where the tables are in an attached catalog.
func TestMetricsAttached(t *testing.T) {
	eachCase(t, repeats(1, 1000), repeats(6, 1), func(t *testing.T, metric, file string) {
		path := filepath.Join(t.TempDir(), "facts.duckdb")
		runCase(t, openCatalog(t, "elsewhere", "ATTACH '"+path+"' AS elsewhere"), metric, file, nil)
	})
}

// derivedInLake is of how many cases one is derived in the lake itself: that takes a second each. The others are derived in
// memory, and the lake is asked. A whole account's derivation over a lake is held against a file's in cmd/crywolf.
const derivedInLake = 8

// TestMetricsLake: the metrics give the same answers where the tables are in a DuckLake, in PostgreSQL and S3. One lake
// serves all cases: each replaces the rows of the one before by its own, in one commit.
func TestMetricsLake(t *testing.T) {
	db, n := lakeDB(t), 0
	var filled []string // tables in which the case before left rows
	eachCase(t, repeats(1, 1000), 1, func(t *testing.T, metric, file string) {
		n++
		mustExec(t, db, "BEGIN")
		for _, name := range filled {
			mustExec(t, db, "DELETE FROM "+name)
		}
		if n%derivedInLake == 0 {
			runCase(t, db, metric, file, func() { mustExec(t, db, "COMMIT") })
			filled = tableNames(t, db)
			return
		}
		native := newFacts(t)
		period, want := loadCase(t, native, parseCase(t, file))
		if err := Derive(context.Background(), native, DeriveOptions{}); err != nil {
			t.Fatal(err)
		}
		filled = copyTables(t, native, db)
		mustExec(t, db, "COMMIT")
		askCase(t, db, metric, period, want)
	})
}

// copyTables makes the tables of one database, with their rows, in another, and tells which have any.
func copyTables(t *testing.T, from, to *sql.DB) (filled []string) {
	t.Helper()
	for _, name := range tableNames(t, from) {
		var definition string
		var n int
		if err := from.QueryRow(`SELECT sql, estimated_size FROM duckdb_tables() WHERE NOT temporary AND table_name = $1`, name).Scan(&definition, &n); err != nil {
			t.Fatal(err)
		}
		mustExec(t, to, strings.Replace(definition, "CREATE TABLE ", "CREATE TABLE IF NOT EXISTS ", 1))
		if n == 0 {
			continue
		}
		path := filepath.Join(t.TempDir(), name+".parquet")
		mustExec(t, from, "COPY "+name+" TO '"+path+"'")
		mustExec(t, to, "INSERT INTO "+name+" FROM '"+path+"'")
		filled = append(filled, name)
	}
	return filled
}

// lakeDB opens a new DuckLake with the fact tables.
func lakeDB(t *testing.T) *sql.DB {
	t.Helper()
	folder := os.Getenv("CRYWOLF_LAKE_EXTENSIONS")
	if folder == "" {
		t.Skip("there is no DuckLake to test against: .ci/ducklake sets one up, and runs this")
	}
	name := "metrics_" + strings.ToLower(rand.Text()[:12])
	server, data := os.Getenv("CRYWOLF_LAKE_POSTGRES"), os.Getenv("CRYWOLF_LAKE_S3")+"/"+name+"/"
	return openCatalog(t, "lake",
		"LOAD '"+folder+"/ducklake.duckdb_extension'", "LOAD '"+folder+"/postgres_scanner.duckdb_extension'", "LOAD '"+folder+"/httpfs.duckdb_extension'",
		os.Getenv("CRYWOLF_LAKE_SECRET"),
		"ATTACH 'dbname=postgres "+server+"' AS pg (TYPE postgres)", "CALL postgres_execute('pg', 'CREATE DATABASE "+name+"', use_transaction=false)", "DETACH pg",
		"ATTACH 'ducklake:postgres:dbname="+name+" "+server+"' AS lake (DATA_PATH '"+data+"')",
		fmt.Sprintf("SET allowed_directories = ['%s', '%s']", data, os.TempDir()))
}

func tableNames(t *testing.T, db *sql.DB) []string {
	t.Helper()
	rows, err := db.Query(`SELECT table_name FROM duckdb_tables() WHERE NOT temporary AND database_name = current_database() ORDER BY table_name`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return names
}

// TestTablesCanLieAnywhere holds all tables to what every catalog has: no key, no constraint, no index, no ENUM, no
// sequence, no default; and what is temporary is made in the temporary catalog, whichever catalog is in use.
func TestTablesCanLieAnywhere(t *testing.T) {
	ctx := context.Background()
	db := openCatalog(t, "elsewhere", "ATTACH ':memory:' AS elsewhere")
	if err := Derive(ctx, db, DeriveOptions{}); err != nil {
		t.Fatal(err)
	}
	s, err := Open(ctx, db, DefaultSettings())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Run(ctx, "load", someWeek); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	const tables = `SELECT table_name FROM duckdb_tables() WHERE database_name = 'elsewhere'`
	if n := scanOne[int](t, db, `SELECT count(*) FROM (`+tables+`)`); n < 35 {
		t.Fatalf("there are %d tables to look at", n)
	}
	for what, q := range map[string]string{
		"constraints": `SELECT constraint_type || ' of ' || table_name FROM duckdb_constraints()`,
		"indexes":     `SELECT index_name FROM duckdb_indexes()`,
		"sequences":   `SELECT sequence_name FROM duckdb_sequences()`,
		"types":       `SELECT type_name FROM duckdb_types() WHERE NOT internal`,
		"columns with an ENUM, a time zone or more digits than DuckLake has": `SELECT table_name || '.' || column_name FROM duckdb_columns()
			WHERE database_name = 'elsewhere' AND regexp_matches(data_type, 'ENUM|WITH TIME ZONE|HUGEINT|UNION|BIT|ARRAY|\[\d+\]')`,
		"columns with a default": `SELECT table_name || '.' || column_name FROM duckdb_columns()
			WHERE database_name = 'elsewhere' AND column_default IS NOT NULL AND column_default <> 'NULL'`,
		"tables that are not where the others are": `SELECT table_name FROM duckdb_tables() WHERE NOT temporary AND database_name <> 'elsewhere'`,
		"views that are stored":                    `SELECT view_name FROM duckdb_views() WHERE NOT temporary AND NOT internal`,
		"macros that are stored":                   `SELECT DISTINCT function_name FROM duckdb_functions() WHERE NOT internal AND database_name <> 'temp'`,
	} {
		if found := scanOne[string](t, db, `SELECT coalesce(string_agg(name, ', '), '') FROM (`+q+`) AS found(name)`); found != "" {
			t.Errorf("%s: %s", what, found)
		}
	}
}

// TestNamesAreUnqualified: no statement says in which catalog or schema a table is, but for what is temporary.
func TestNamesAreUnqualified(t *testing.T) {
	qualified := regexp.MustCompile(`(?i)\b(FROM|JOIN|INTO|UPDATE|USING|TABLE|VIEW|MACRO|EXISTS)\s+(?:memory|main|[a-z_]+\.main)\s*\.`)
	files, err := filepath.Glob("../*/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("*/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	if files = append(files, more...); len(files) < 60 {
		t.Fatalf("there are %d files to look at", len(files))
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if m := qualified.FindString(string(text)); m != "" {
			t.Errorf("%s: %q", file, m)
		}
	}
}
