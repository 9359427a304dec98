package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// outside is what stands in files, and in the environment, that no query may read.
const outside = "outsideWhatNobodyMayRead"

// refusedQueries write, leave the database, or change how it is read. $DIR is a directory with files to reach for.
var refusedQueries = []string{
	// to write
	`INSERT INTO users (id) VALUES ('x')`, `UPDATE users SET id = 'x'`, `DELETE FROM users`, `TRUNCATE users`, `DROP TABLE users`,
	`CREATE TABLE t (i INTEGER)`, `CREATE TEMP TABLE t AS SELECT 1 AS i`, `CREATE TEMP MACRO page_in(a, b) AS TABLE SELECT 1`, `CREATE SEQUENCE s`,
	`ALTER TABLE users RENAME TO people`, `COMMENT ON TABLE users IS 'x'`, `WITH x AS (DELETE FROM users RETURNING id) SELECT * FROM x`,
	`WITH x AS (INSERT INTO users (id) VALUES ('x') RETURNING id) FROM x`, `MERGE INTO users USING (SELECT 'x' AS id) AS n ON users.id = n.id WHEN MATCHED THEN DELETE`,
	`SELECT nextval('s')`,
	// to write files
	`COPY users TO '$DIR/out.csv'`, `COPY (SELECT 1) TO '$DIR/out.parquet'`, `EXPORT DATABASE '$DIR/out'`, `COPY FROM DATABASE x TO y`,
	`SELECT * FROM enable_logging(storage = 'file', storage_path = '$DIR/log')`, `SELECT * FROM enable_logging()`,
	`WITH x AS (SELECT * FROM (SELECT * FROM enable_logging('QueryLog'))) SELECT 1`, `SELECT (SELECT count(*) FROM enable_logging())`,
	`SELECT * FROM enable_profiling(format = 'json', save_location = '$DIR/profile.json')`, `SELECT * FROM disable_logging()`,
	`SELECT * FROM truncate_duckdb_logs()`, `SELECT * FROM checkpoint()`, `SELECT * FROM force_checkpoint()`, `SELECT write_log('x')`,
	`PRAGMA enable_profiling = 'json'`, `PRAGMA profiling_output = '$DIR/profile.json'`, `CHECKPOINT`, `VACUUM`, `IMPORT DATABASE '$DIR'`,
	// to read files
	`SELECT * FROM read_csv('$DIR/secret.csv')`, `SELECT * FROM read_csv_auto('$DIR/secret.csv')`, `FROM '$DIR/secret.csv'`, `FROM 'secret.csv'`,
	`FROM '*.csv'`, `FROM "secret.csv"`, `SELECT * FROM read_text('$DIR/secret.csv')`, `SELECT * FROM READ_TEXT('$DIR/secret.csv')`,
	`SELECT * FROM system.main.read_text('$DIR/secret.csv')`, `SELECT * FROM read_blob('$DIR/q.duckdb')`, `SELECT * FROM glob('$DIR/*')`,
	`SELECT * FROM read_json('$DIR/secret.json')`, `SELECT * FROM read_ndjson_objects('$DIR/secret.json')`, `SELECT * FROM read_parquet('$DIR/x.parquet')`,
	`SELECT * FROM parquet_metadata('$DIR/x.parquet')`, `SELECT * FROM sniff_csv('$DIR/secret.csv')`, `SELECT * FROM read_duckdb('$DIR/other.duckdb', table_name = 't')`,
	`FROM '$DIR/other.duckdb'`, `SELECT * FROM query('FROM ''$DIR/secret.csv''')`, `SELECT * FROM query_table('$DIR/secret.csv')`,
	`SELECT * FROM json_execute_serialized_sql(json_serialize_sql('FROM ''$DIR/secret.csv'''))`,
	`WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r, read_text('$DIR/secret.csv') WHERE n < 2) FROM r`,
	`SELECT (SELECT content FROM read_text('$DIR/secret.csv'))`, `SELECT * FROM users, LATERAL (FROM read_text('$DIR/secret.csv'))`,
	`SELECT 1 WHERE EXISTS (FROM read_text('$DIR/secret.csv'))`, `SELECT 1 ORDER BY (SELECT content FROM read_text('$DIR/secret.csv'))`,
	`SELECT unnest((SELECT list(content) FROM read_text('$DIR/secret.csv')))`, `SELECT * FROM unnest((SELECT list(content) FROM read_text('$DIR/secret.csv')))`,
	`DESCRIBE FROM '$DIR/secret.csv'`, `SUMMARIZE FROM '$DIR/secret.csv'`, `SELECT * FROM (SHOW TABLES FROM '$DIR/other.duckdb')`,
	// to reach other places
	`ATTACH '$DIR/other.duckdb' AS other`, `ATTACH ':memory:'`, `DETACH q`, `USE memory`, `SELECT getenv('CRYWOLF_OUTSIDE')`, `FROM 'https://localhost/x.csv'`,
	`SELECT * FROM read_csv('http://127.0.0.1:1/x.csv')`, `SELECT * FROM duckdb_secrets()`, `SELECT * FROM which_secret('s3://x', 's3')`,
	`SELECT path FROM duckdb_databases`, `FROM main."DuckDB_Databases"`, `FROM pragma_database_list`, `SELECT (SELECT max(path) FROM system.main.duckdb_databases)`,
	`SELECT current_setting('s3_secret_access_key')`, `SELECT current_setting('s3_sec' || 'ret_access_key')`, `SELECT current_setting(id) FROM users`,
	`CREATE SECRET s (TYPE s3)`, `INSTALL httpfs`, `LOAD httpfs`, `LOAD '$DIR/x.duckdb_extension'`, `FORCE INSTALL spatial FROM community`, `UPDATE EXTENSIONS`,
	// to change how it is read
	`SET enable_external_access = true`, `SET threads = 1`, `RESET enable_external_access`, `SET VARIABLE x = 1`, `PRAGMA threads = 1`, `PRAGMA database_list`,
	`CALL enable_logging()`, `CALL pragma_version()`, `SELECT setseed(0.5)`, `SELECT * FROM disable_peg_parser()`, `SELECT * FROM arrow_scan(1, 2, 3)`,
	`PREPARE p AS SELECT 1`, `EXECUTE p`, `DEALLOCATE p`, `BEGIN`, `COMMIT`, `ROLLBACK`, `EXPLAIN ANALYZE SELECT 1`, `EXPLAIN SELECT 1`,
	// more than one
	`SELECT 1; SELECT 2`, `SELECT 1; DROP TABLE users`, `SELECT 1; --` + "\n" + `COPY users TO '$DIR/out.csv'`, "SELECT 1\x00; SELECT 2", `; ; `, ``, `-- nothing`,
}

// harmlessQueries look like the others and read nothing but the database.
var harmlessQueries = []string{
	`SELECT 'COPY users TO ''$DIR/out.csv'''`, `SELECT 'read_csv(''$DIR/secret.csv'')' AS "DROP TABLE users"`, `/* INSERT */ SELECT 1 -- ; DROP`, `DESCRIBE users`,
	`SUMMARIZE users`, `SHOW TABLES`, `FROM page_in($since, $until) LIMIT 1`, `SELECT * FROM UNNEST([1, 2])`, `SELECT current_setting('threads')`, `VALUES (1)`,
	`SELECT * FROM duckdb_columns() LIMIT 1`, `SELECT count(*) FROM information_schema.tables`, `SELECT j.value FROM json_each('{"a":1}') AS j`,
	`SELECT json_serialize_sql('FROM ''$DIR/secret.csv''')`, `SELECT current_query()`, `SELECT error('x') WHERE false`, `SELECT * FROM pragma_table_info('users')`,
}

// TestQueriesReachNothingElse: whatever is asked, the database stays as it is byte for byte, nothing outside of it is read
// or written, no setting changes, and the next question gets its answer.
func TestQueriesReachNothingElse(t *testing.T) {
	content, err := demoDB()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	t.Chdir(dir) // what is named without a path is looked for here
	t.Setenv("CRYWOLF_OUTSIDE", outside)
	for name, text := range map[string]string{"q.duckdb": string(content), "other.duckdb": string(content), "secret.csv": "a,b\n" + outside + ",1\n",
		"secret.json": `{"a":"` + outside + `"}`, "x.parquet": "PAR1" + outside + "PAR1", "x.duckdb_extension": outside} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var stderr bytes.Buffer
	a := &app{env: map[string]string{"HOME": dir}, stdin: strings.NewReader(""), stdout: io.Discard, stderr: &stderr, now: time.Now(),
		flags: globalFlags{db: filepath.Join(dir, "q.duckdb"), tz: "UTC"}}
	ctx := context.Background()
	r, period, err := a.openFor(ctx, periodFlags{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	before, settings := fingerprints(t, dir), settingsOf(t, r)
	ask := func(query string) (string, error) {
		var shown strings.Builder
		result, err := a.ask(ctx, r, strings.ReplaceAll(query, "$DIR", dir), period.Period)
		if err == nil {
			err = writeResult(&shown, result, "csv", true)
		}
		return shown.String(), err
	}
	for _, query := range refusedQueries {
		shown, err := ask(query)
		if err == nil {
			t.Errorf("%q ran: %s", query, shown)
		}
		if f := a.asFailure(ctx, err); err != nil && (f.code != exitMisuse || strings.Contains(f.what, outside)) {
			t.Errorf("%q ends with %d: %s", query, f.code, f.what)
		}
	}
	for _, query := range harmlessQueries {
		if shown, err := ask(query); err != nil || strings.Contains(shown, outside) {
			t.Errorf("%q: %v, %s", query, err, shown)
		}
	}
	if after := fingerprints(t, dir); !slices.Equal(after, before) {
		t.Errorf("the directory holds\n%q, not\n%q", after, before)
	}
	if after := settingsOf(t, r); after != settings {
		t.Errorf("the settings are %s, not %s", after, settings)
	}
	if len(refusedQueries) < 40 || len(harmlessQueries) < 10 {
		t.Error("too few attempts")
	}
}

// fingerprints tells what lies in a directory, to the byte.
func fingerprints(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("%s %x", e.Name(), sha256.Sum256(content)))
	}
	return out
}

// settingsOf gives DuckDB's settings, and what it can reach.
func settingsOf(t *testing.T, r *reader) string {
	t.Helper()
	var text string
	err := r.store.DB().QueryRowContext(context.Background(), `
		SELECT (SELECT string_agg(name || '=' || coalesce(value, ''), ' ' ORDER BY name) FROM duckdb_settings())
		    || (SELECT string_agg(database_name || coalesce(path, ''), ' ' ORDER BY database_name) FROM duckdb_databases())`).Scan(&text)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestNoExtensionIsEverFetched: DuckDB may fetch what a query seems to need, from its makers' servers. Here it may not,
// neither while a sync writes nor for any question.
func TestNoExtensionIsEverFetched(t *testing.T) {
	content, err := demoDB()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "q.duckdb")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	var out, stderr bytes.Buffer
	code := run(context.Background(), []string{"query", "--db", path, "-f", "csv",
		`SELECT current_setting('autoinstall_known_extensions'), current_setting('autoload_known_extensions'), current_setting('enable_external_access')`},
		[]string{"HOME=" + dir}, strings.NewReader(""), &out, &stderr)
	if code != exitOK || !strings.Contains(out.String(), "\nfalse,false,false,") {
		t.Errorf("code %d, %s%s", code, out.String(), stderr.String())
	}
}
