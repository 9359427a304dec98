package analysis

import (
	"context"
	"database/sql"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"crywolf/ingest"
)

// lakeOf derives, exports all into a new lake and opens that.
func lakeOf(t *testing.T, db *sql.DB) *sql.DB {
	t.Helper()
	ctx := context.Background()
	if err := Derive(ctx, db, DeriveOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO meta VALUES ('schema_version', ?)`, ingest.SchemaVersion); err != nil {
		t.Fatal(err)
	}
	derived, err := DerivedTables()
	if err != nil {
		t.Fatal(err)
	}
	var opts ingest.LakeOptions
	for _, table := range derived {
		opts.Tables = append(opts.Tables, ingest.LakeTable{Name: table.Name, Clock: table.Clock})
	}
	dir := filepath.Join(t.TempDir(), "lake")
	if _, err := ingest.ExportLake(ctx, db, ingest.LakeDirectory(dir), opts); err != nil {
		t.Fatal(err)
	}
	lake, err := ingest.Open(ctx, "parquet:"+dir, ingest.ReadOnly)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { lake.Close() })
	if _, err := lake.DB().Exec(`SET threads = 1`); err != nil { // as newFacts
		t.Fatal(err)
	}
	return lake.DB()
}

// TestMetricsOverALake: the metrics give the same answers where the tables are views of Parquet files.
func TestMetricsOverALake(t *testing.T) {
	if testing.Short() {
		t.Skip("half a second a case")
	}
	eachCase(t, repeats(1, 1000), repeats(6, 1), lakeCase)
}

func lakeCase(t *testing.T, metric, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	db := newFacts(t)
	var period Period
	var want []byte
	for _, f := range archive.Files {
		switch f.Name {
		case "want.csv":
			want = f.Data
		case "period.csv":
			period = readPeriod(t, f.Data)
		default:
			loadFacts(t, db, strings.TrimSuffix(f.Name, ".csv"), f.Data)
		}
	}
	lake := lakeOf(t, db)
	if derived, err := IsDerived(context.Background(), lake); err != nil || !derived {
		t.Fatalf("the lake passes for derived: %v, %v", derived, err)
	}
	s, err := Open(context.Background(), lake, DefaultSettings())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	got, err := s.Run(context.Background(), metric, period)
	if err != nil {
		t.Fatal(err)
	}
	compareRows(t, got, readCSV(t, want))
}

// TestALakeReadsNothingElse: a session over a lake may read the lake's files, and no others.
func TestALakeReadsNothingElse(t *testing.T) {
	lake := lakeOf(t, newFacts(t))
	s, err := Open(context.Background(), lake, DefaultSettings())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.RunSQL(context.Background(), "SELECT count(*) AS n FROM incidents", Period{}); err != nil {
		t.Error(err)
	}
	for _, q := range []string{"SELECT * FROM read_text('lakes_test.go')", "SELECT * FROM 'lakes_test.go'", "SELECT * FROM read_parquet('/tmp/x.parquet')"} {
		if _, err := s.RunSQL(context.Background(), q, Period{}); err == nil {
			t.Errorf("%s was answered", q)
		}
	}
	if _, err := s.conn.ExecContext(context.Background(), "SELECT * FROM read_text('lakes_test.go')"); err == nil || !strings.Contains(err.Error(), "disabled by configuration") {
		t.Errorf("DuckDB itself: %v", err)
	}
}

// TestEveryDerivedTableIsExported: each has a clock, or is small.
func TestEveryDerivedTableIsExported(t *testing.T) {
	tables, err := DerivedTables()
	if err != nil {
		t.Fatal(err)
	}
	text, err := deriveFiles.ReadFile("derive/tables.sql")
	if err != nil {
		t.Fatal(err)
	}
	small := []string{"derived_state", "zone_names", "zone_offsets", "shifts"}
	var names []string
	for _, table := range tables {
		names = append(names, table.Name)
		if (table.Clock == "") != slices.Contains(small, table.Name) {
			t.Errorf("%s: its clock is %q", table.Name, table.Clock)
		}
	}
	if made := len(regexp.MustCompile(`(?i)CREATE TABLE`).FindAll(text, -1)); made != len(tables) || len(names) < 10 {
		t.Errorf("%d tables are made, and these exported: %v", made, names)
	}
}
