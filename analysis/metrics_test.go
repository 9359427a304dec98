package analysis

import (
	"context"
	"database/sql"
	"encoding/csv"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "fill in want.csv of the metric cases; check each by hand against the case's first sentence")

const casesDir = "../testdata/metrics"

// TestMetrics runs every case of testdata/metrics: <metric>/<case>.txtar holds a reasoning, rows of fact tables
// (<table>.csv), the period (period.csv) and the answer (want.csv).
func TestMetrics(t *testing.T) {
	eachCase(t, 1000, 1, func(t *testing.T, metric, file string) { runCase(t, newFacts(t), metric, file, nil) })
}

// eachCase runs up to so many cases, the first by name, of each metric, or of one metric in so many.
func eachCase(t *testing.T, most, step int, run func(t *testing.T, metric, file string)) {
	ran := map[string]int{}
	files, err := filepath.Glob(filepath.Join(casesDir, "*", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases in %s (%v)", casesDir, err)
	}
	for _, file := range files {
		metric := filepath.Base(filepath.Dir(file))
		if ran[metric]++; ran[metric] > most || (len(ran)-1)%step != 0 {
			continue
		}
		name := metric + "/" + strings.TrimSuffix(filepath.Base(file), ".txtar")
		t.Run(name, func(t *testing.T) { run(t, metric, file) })
	}
}

// runCase runs one case in a database that has the fact tables, and no row; loaded, if any, is called when it has the case's.
func runCase(t *testing.T, db *sql.DB, metric, file string, loaded func()) {
	archive := parseCase(t, file)
	period, want := loadCase(t, db, archive)
	if loaded != nil {
		loaded()
	}
	if err := Derive(context.Background(), db, DeriveOptions{}); err != nil {
		t.Fatal(err)
	}
	got := askCase(t, db, metric, period, want)
	if !*update {
		return
	}
	for i, f := range archive.Files {
		if f.Name == "want.csv" {
			archive.Files[i].Data = asCSV(t, got)
		}
	}
	if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

func parseCase(t *testing.T, file string) *txtar.Archive {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if strings.TrimSpace(string(archive.Comment)) == "" {
		t.Error("a case opens with its reasoning")
	}
	return archive
}

// loadCase stores a case's facts.
func loadCase(t *testing.T, db *sql.DB, archive *txtar.Archive) (period Period, want [][]string) {
	t.Helper()
	for _, f := range archive.Files {
		switch f.Name {
		case "want.csv":
			want = append([][]string{}, readCSV(t, f.Data)...)
		case "period.csv":
			period = readPeriod(t, f.Data)
		default:
			loadFacts(t, db, strings.TrimSuffix(f.Name, ".csv"), f.Data)
		}
	}
	if want == nil || period.Since.IsZero() {
		t.Fatal("a case has period.csv and want.csv")
	}
	return period, want
}

// askCase asks the metric of a database whose derived tables are made.
func askCase(t *testing.T, db *sql.DB, metric string, period Period, want [][]string) Result {
	t.Helper()
	s, err := Open(context.Background(), db, DefaultSettings())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	got, err := s.Run(context.Background(), metric, period)
	if err != nil {
		t.Fatal(err)
	}
	if !*update {
		compareRows(t, got, want)
	}
	return got
}

func readPeriod(t *testing.T, data []byte) Period {
	t.Helper()
	rows := readCSV(t, data)
	var p Period
	var err error
	if len(rows) == 2 && len(rows[1]) == 2 {
		if p.Since, err = time.Parse(time.RFC3339, rows[1][0]); err == nil {
			p.Until, err = time.Parse(time.RFC3339, rows[1][1])
		}
	}
	if err != nil || p.Until.IsZero() {
		t.Fatalf("period.csv is a line since,until and a line of two instants: %v", err)
	}
	return p
}

// loadFacts inserts a CSV by column name: an absent column or an empty cell is NULL, an unknown column an error.
func loadFacts(t testing.TB, db *sql.DB, table string, data []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), table+".csv")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := db.Exec(fmt.Sprintf(`INSERT INTO %s BY NAME SELECT * FROM read_csv('%s', header = true, all_varchar = true, delim = ',', quote = '"')`, table, path))
	if err != nil {
		t.Fatalf("load %s: %v", table, err)
	}
}

func readCSV(t *testing.T, data []byte) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func asCSV(t *testing.T, r Result) []byte {
	t.Helper()
	var b strings.Builder
	w := csv.NewWriter(&b)
	var header []string
	for _, c := range r.Columns {
		header = append(header, c.Name)
	}
	lines := [][]string{header}
	for _, row := range r.Rows {
		var line []string
		for _, v := range row {
			line = append(line, asText(v))
		}
		lines = append(lines, line)
	}
	if err := w.WriteAll(lines); err != nil {
		t.Fatal(err)
	}
	return []byte(b.String())
}

func asText(v any) string {
	switch x := v.(type) {
	case nil:
		return "NULL"
	case time.Time:
		return x.Format(time.RFC3339Nano)
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// compareRows compares exactly, and real numbers to one part in a million.
func compareRows(t *testing.T, got Result, want [][]string) {
	t.Helper()
	if len(want) == 0 {
		t.Fatal("want.csv has no header")
	}
	for i, c := range got.Columns {
		if len(want[0]) != len(got.Columns) || want[0][i] != c.Name {
			t.Fatalf("columns: got %v, want %v", got.Columns, want[0])
		}
	}
	if len(got.Rows) != len(want)-1 {
		t.Errorf("got %d rows, want %d:\n%s", len(got.Rows), len(want)-1, asCSV(t, got))
		return
	}
	for i, row := range got.Rows {
		for j, v := range row {
			if !sameValue(v, want[i+1][j]) {
				t.Errorf("row %d, %s: got %s, want %s", i+1, got.Columns[j].Name, asText(v), want[i+1][j])
			}
		}
	}
}

func sameValue(v any, want string) bool {
	if x, ok := v.(float64); ok {
		w, err := strconv.ParseFloat(want, 64)
		return err == nil && math.Abs(x-w) <= 1e-6*math.Max(1, math.Abs(w))
	}
	return asText(v) == want
}
