package analysis

import (
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"os"
	"path/filepath"
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
	eachCase(t, func(t *testing.T, metric, file string) {
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
	eachCase(t, func(t *testing.T, metric, file string) {
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
