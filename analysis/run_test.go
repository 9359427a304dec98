package analysis

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// someWeek is a period for tests that need one.
var someWeek = Period{Since: time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC), Until: time.Date(2026, 11, 9, 0, 0, 0, 0, time.UTC)}

// newSession derives what stands in db and opens a session on it.
func newSession(t testing.TB, db *sql.DB, settings Settings) *Session {
	t.Helper()
	ctx := context.Background()
	if err := Derive(ctx, db, DeriveOptions{}); err != nil {
		t.Fatal(err)
	}
	s, err := Open(ctx, db, settings)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestMisspeltParameterIsRefusedByName(t *testing.T) {
	s := newSession(t, newFacts(t), DefaultSettings())
	for _, query := range []string{
		`SELECT $sicne`,
		`SELECT $since, $untill`,
		`SELECT $until, count(*) FROM page_in($since, $til)`,
		`SELECT $1`,
	} {
		_, err := s.RunSQL(context.Background(), query, someWeek)
		name := query[strings.LastIndex(query, "$"):]
		name = strings.TrimRight(name, ")")
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: got %v, want an error that names %s", query, err, name)
		}
	}
}

// TestParametersAreBoundByName: in any order, repeated, or not at all.
func TestParametersAreBoundByName(t *testing.T) {
	s := newSession(t, newFacts(t), DefaultSettings())
	for query, want := range map[string][]any{
		`SELECT $since, $until`: {someWeek.Since, someWeek.Until},
		`SELECT $until, $since`: {someWeek.Until, someWeek.Since},
		`SELECT $until, $until`: {someWeek.Until, someWeek.Until},
		`SELECT $until`:         {someWeek.Until},
		`SELECT 7`:              {int64(7)},
		`SELECT '$sicne'`:       {"$sicne"},
		`SELECT $until::TIMESTAMP - $since::TIMESTAMP = INTERVAL 7 DAY; `: {true},
	} {
		r, err := s.RunSQL(context.Background(), query, someWeek)
		if err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		if !slices.Equal(r.Rows[0], want) {
			t.Errorf("%s: got %v, want %v", query, r.Rows[0], want)
		}
	}
}

// TestPeriodInAnotherZoneIsTheSamePeriod: the bounds are instants, however they are written.
func TestPeriodInAnotherZoneIsTheSamePeriod(t *testing.T) {
	s := newSession(t, newFacts(t), DefaultSettings())
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.RunSQL(context.Background(), `SELECT $since, $until`, Period{someWeek.Since.In(tokyo), someWeek.Until.In(tokyo)})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(r.Rows[0], []any{someWeek.Since, someWeek.Until}) {
		t.Errorf("got %v", r.Rows[0])
	}
}

func TestOnlyASingleSelectRuns(t *testing.T) {
	db := newFacts(t)
	mustExec(t, db, `INSERT INTO users (id) VALUES ('U1')`)
	s := newSession(t, db, DefaultSettings())
	out := filepath.Join(t.TempDir(), "out.csv")
	for _, query := range []string{
		`INSERT INTO users (id) VALUES ('U2')`,
		`DELETE FROM users`,
		`UPDATE users SET id = 'U2'`,
		`DROP TABLE users`,
		`CREATE TABLE t AS SELECT 1`,
		`CREATE TEMP TABLE t AS SELECT 1`,
		`CREATE OR REPLACE TEMP VIEW page AS SELECT 1`,
		`ALTER TABLE users ADD COLUMN x INTEGER`,
		`TRUNCATE users`,
		`COPY users TO '` + out + `'`,
		`COPY (SELECT 1) TO '` + out + `'`,
		`EXPORT DATABASE '` + out + `'`,
		`ATTACH '` + out + `' AS other`,
		`DETACH memory`,
		`USE memory`,
		`SET threads = 1`,
		`RESET threads`,
		`PRAGMA threads = 1`,
		`PRAGMA database_list`,
		`CALL pragma_version()`,
		`LOAD json`,
		`INSTALL httpfs`,
		`BEGIN`,
		`COMMIT`,
		`CHECKPOINT`,
		`VACUUM`,
		`PREPARE q AS SELECT 1`,
		`EXECUTE q`,
		`EXPLAIN ANALYZE INSERT INTO users (id) VALUES ('U2')`,
		`SELECT 1; SELECT 2`,
		`SELECT 1; DELETE FROM users`,
		`WITH x AS (SELECT 1) DELETE FROM users`,
		`MERGE INTO users USING (SELECT 'U1' AS id) AS n ON users.id = n.id WHEN MATCHED THEN DELETE`,
		``,
		`-- nothing`,
		`;`,
	} {
		if _, err := s.RunSQL(context.Background(), query, someWeek); err == nil {
			t.Errorf("%q ran", query)
		}
	}
	if _, err := os.Stat(out); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a refused query wrote %s", out)
	}
	r, err := s.RunSQL(context.Background(), `SELECT id FROM users`, someWeek)
	if err != nil || len(r.Rows) != 1 || r.Rows[0][0] != "U1" {
		t.Errorf("after the refusals users are %v (%v)", r.Rows, err)
	}
	for _, query := range []string{`INSERT INTO users (id) VALUES ('U2')`, `SELECT 1; SELECT 2`, `COPY users TO '` + out + `'`} {
		if _, err := s.RunSQL(context.Background(), query, someWeek); !errors.Is(err, ErrNotSelect) {
			t.Errorf("%q: got %v, want ErrNotSelect", query, err)
		}
	}
}

func TestSelectInAnyFormRuns(t *testing.T) {
	s := newSession(t, newFacts(t), DefaultSettings())
	for _, query := range []string{
		`select 1 as n`, `FROM users`, `WITH x AS (SELECT 1 AS n) SELECT n FROM x`, `(SELECT 1 AS n) UNION ALL (SELECT 2) ORDER BY n`,
		"-- a comment\n/* and another */ SELECT 1 AS n;", `SELECT * FROM page_in($since, $until)`, `VALUES (1)`,
	} {
		if _, err := s.RunSQL(context.Background(), query, someWeek); err != nil {
			t.Errorf("%s: %v", query, err)
		}
	}
}

func TestBrokenSQLSaysWhatIsWrong(t *testing.T) {
	s := newSession(t, newFacts(t), DefaultSettings())
	for query, want := range map[string]string{
		`SELEC 1`:                   "SELEC",
		`SELECT FROM`:               "syntax error",
		`SELECT nosuch FROM users`:  "nosuch",
		`SELECT 1 FROM nosuchtable`: "nosuchtable",
	} {
		_, err := s.RunSQL(context.Background(), query, someWeek)
		if err == nil || !strings.Contains(err.Error(), want) || errors.Is(err, ErrNotSelect) {
			t.Errorf("%s: got %v, want an error with %q in it", query, err, want)
		}
	}
}

// TestValuesAreOfThePromisedTypes: whatever DuckDB gives, a Result holds only nil, string, bool, int64, float64 and
// time.Time in UTC.
func TestValuesAreOfThePromisedTypes(t *testing.T) {
	s := newSession(t, newFacts(t), DefaultSettings())
	at := time.Date(2026, 11, 3, 10, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		expr string
		want any
	}{
		{`NULL`, nil}, {`NULL::TIMESTAMP`, nil}, {`'a'`, "a"}, {`true`, true},
		{`1::TINYINT`, int64(1)}, {`1::SMALLINT`, int64(1)}, {`1::INTEGER`, int64(1)}, {`1::BIGINT`, int64(1)},
		{`1::UTINYINT`, int64(1)}, {`1::USMALLINT`, int64(1)}, {`1::UINTEGER`, int64(1)}, {`1::UBIGINT`, int64(1)},
		{`1::HUGEINT`, int64(1)}, {`sum(x) FROM range(3) AS r(x)`, int64(3)},
		{`0.5::FLOAT`, 0.5}, {`0.5::DOUBLE`, 0.5}, {`0.5::DECIMAL(4,2)`, 0.5},
		{`TIMESTAMP '2026-11-03 10:00:00'`, at}, {`TIMESTAMPTZ '2026-11-03 11:00:00+01'`, at}, {`DATE '2026-11-03'`, at.Truncate(24 * time.Hour)},
		{`'2026-11-03 10:00:00'::TIMESTAMP_S`, at}, {`'2026-11-03 10:00:00'::TIMESTAMP_NS`, at},
		{`'ab'::BLOB`, "ab"}, {`'x'::ENUM ('x', 'y')`, "x"},
		{`'123e4567-e89b-12d3-a456-426614174000'::UUID`, "123e4567-e89b-12d3-a456-426614174000"},
		{`18446744073709551615::UBIGINT`, 18446744073709551615.0}, {`170141183460469231731687303715884105727::HUGEINT`, 170141183460469231731687303715884105727.0},
	} {
		r, err := s.RunSQL(context.Background(), `SELECT `+c.expr, someWeek)
		if err != nil {
			t.Errorf("%s: %v", c.expr, err)
			continue
		}
		if got := r.Rows[0][0]; got != c.want {
			t.Errorf("%s: got %T %v, want %T %v", c.expr, got, got, c.want, c.want)
		}
	}
	// What has no plain counterpart comes as text, of whatever form.
	for _, expr := range []string{`[1, 2]`, `{'a': 1}`, `MAP {'a': 1}`, `INTERVAL 1 DAY`, `'101'::BIT`, `'{"a":1}'::JSON`, `[1, 2]::INTEGER[2]`, `union_value(n := 1)`} {
		r, err := s.RunSQL(context.Background(), `SELECT `+expr, someWeek)
		if err != nil {
			t.Errorf("%s: %v", expr, err)
			continue
		}
		if _, ok := r.Rows[0][0].(string); !ok {
			t.Errorf("%s: got %T %v, want text", expr, r.Rows[0][0], r.Rows[0][0])
		}
	}
}

func TestUnknownMetricOffersNearNames(t *testing.T) {
	s := newSession(t, newFacts(t), DefaultSettings())
	for name, near := range map[string]string{"time_to_acknowledg": "time_to_acknowledge", "nights": "night", "flap": "flapping", "verdict": "verdicts"} {
		_, err := s.Run(context.Background(), name, someWeek)
		var unknown *UnknownMetricError
		if !errors.As(err, &unknown) || unknown.Name != name || !slices.Contains(unknown.Near, near) {
			t.Errorf("%s: got %v, want an offer of %s", name, err, near)
		}
	}
}
