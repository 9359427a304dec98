package analysis

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Whole numbers that say which row it is, not how much: they are dimensions without a unit.
var numberDimensions = []string{"iso_weekday", "hour_of_day"}

var notInSQL = regexp.MustCompile(`(?i)\b(now|today|current_date|current_time|current_timestamp|get_current_timestamp|random|uuid|gen_random_uuid|format|printf|strftime)\s*\(|\bcurrent_(date|time|timestamp)\b`)

// TestMetricConventions holds every file of queries/ to the rules that let a new one need no wiring.
func TestMetricConventions(t *testing.T) {
	db, ctx := newFacts(t), context.Background()
	s := newSession(t, db, DefaultSettings())
	for _, m := range s.Metrics() {
		t.Run(m.Name, func(t *testing.T) {
			if m.Title == "" || m.Description == "" {
				t.Error("a metric opens with a title line and a comment that says what it means")
			}
			for _, p := range m.Params {
				if p != "since" && p != "until" && p != "rotations" {
					t.Errorf("unknown parameter $%s", p)
				}
			}
			if found := notInSQL.FindString(m.SQL); found != "" {
				t.Errorf("%s: no clock, chance or formatting in SQL", found)
			}
			if err := onlySelect(ctx, s.conn, m.SQL); err != nil {
				t.Errorf("one SELECT a file: %v", err)
			}
			checkColumns(t, s, m)
			checkCases(t, m)
		})
	}
}

// checkColumns runs the metric over an empty database: no row, or unknown values; numbers bear a unit, and the ORDER BY
// names every dimension, so that the order is total.
func checkColumns(t *testing.T, s *Session, m Metric) {
	ctx := context.Background()
	r, err := s.Run(ctx, m.Name, Period{Since: longAgo, Until: farAhead})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range r.Rows {
		for i, v := range row {
			unit := r.Columns[i].Unit
			if (unit == Ratio || unit == Seconds || unit == Per12h) && v != nil {
				t.Errorf("%s is %v over an empty database, want NULL", r.Columns[i].Name, v)
			}
		}
	}
	ordered := orderedBy(t, s, m)
	types := columnTypes(t, s, m)
	for _, c := range r.Columns {
		isNumber := regexp.MustCompile(`INT|DOUBLE|DECIMAL|FLOAT`).MatchString(types[c.Name])
		if isNumber && c.Unit == Dimension && !slices.Contains(numberDimensions, c.Name) {
			t.Errorf("%s is a number (%s) without a unit in its name", c.Name, types[c.Name])
		}
		if strings.HasPrefix(types[c.Name], "TIMESTAMP") != (c.Unit == At) {
			t.Errorf("%s is %s: instants, and only they, end in _at", c.Name, types[c.Name])
		}
		if c.Unit == Dimension && !slices.Contains(ordered, c.Name) {
			t.Errorf("ORDER BY lacks the dimension %s", c.Name)
		}
	}
}

func columnTypes(t *testing.T, s *Session, m Metric) map[string]string {
	t.Helper()
	query := "DESCRIBE " + regexp.MustCompile(`\$(since|until)`).ReplaceAllString(m.SQL, "TIMESTAMP '2026-01-01'")
	query = strings.ReplaceAll(query, "$rotations", "NULL::VARCHAR")
	rows, err := s.conn.QueryContext(context.Background(), query)
	if err != nil {
		t.Fatal(err)
	}
	r, err := collect(rows)
	rows.Close()
	if err != nil {
		t.Fatal(err)
	}
	types := map[string]string{}
	for _, row := range r.Rows {
		types[row[0].(string)] = row[1].(string)
	}
	return types
}

// orderedBy reads the names in the outermost ORDER BY from DuckDB's own syntax tree.
func orderedBy(t *testing.T, s *Session, m Metric) []string {
	t.Helper()
	var text string
	err := s.conn.QueryRowContext(context.Background(), `SELECT json_serialize_sql(?::VARCHAR)::VARCHAR`, m.SQL).Scan(&text)
	if err != nil {
		t.Fatal(err)
	}
	var tree struct {
		Statements []struct {
			Node struct {
				Modifiers []struct {
					Type   string
					Orders []struct {
						Expression struct {
							ColumnNames []string `json:"column_names"`
						}
					}
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(text), &tree); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, modifier := range tree.Statements[0].Node.Modifiers {
		for _, o := range modifier.Orders {
			if n := len(o.Expression.ColumnNames); n > 0 {
				names = append(names, o.Expression.ColumnNames[n-1])
			}
		}
	}
	return names
}

func checkCases(t *testing.T, m Metric) {
	cases, err := filepath.Glob(filepath.Join(casesDir, m.Name, "*.txtar"))
	if err != nil || len(cases) == 0 {
		t.Errorf("no case in %s", filepath.Join(casesDir, m.Name))
	}
}

func TestEveryCaseFolderBelongsToAMetric(t *testing.T) {
	folders, err := os.ReadDir(casesDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range folders {
		if _, err := os.Stat(filepath.Join("..", "queries", f.Name()+".sql")); err != nil {
			t.Errorf("%s has no query: %v", filepath.Join(casesDir, f.Name()), err)
		}
	}
}
