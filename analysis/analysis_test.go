package analysis

import (
	"context"
	"database/sql"
	"os"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"
)

// newFacts opens an empty in-memory database with the fact tables that ingest fills.
func newFacts(t testing.TB) *sql.DB {
	t.Helper()
	db, err := sql.Open("duckdb", "?threads=1") // cases are tiny: more threads cost more than they bring
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1) // in memory, every connection would be a database of its own
	t.Cleanup(func() { db.Close() })
	schema, err := os.ReadFile("../ingest/schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(string(schema)); err != nil {
		t.Fatal(err)
	}
	return db
}

func TestEmptyDatabaseAnswersEveryMetric(t *testing.T) {
	db, ctx := newFacts(t), context.Background()
	s := newSession(t, db, DefaultSettings())
	p := Period{Since: longAgo, Until: farAhead}
	for _, m := range s.Metrics() {
		if _, err := s.Run(ctx, m.Name, p); err != nil {
			t.Errorf("%s: %v", m.Name, err)
		}
	}
}
