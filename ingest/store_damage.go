package ingest

import (
	"context"
	"errors"
	"fmt"
)

// Damaged reads every table to its end and names the first that can't be; "": all can. DuckDB looks at the sum of a block
// when it reads it, so a database opens, and answers many questions, with damage in it. It must not be asked on after the
// first such answer: DuckDB 1.5 has ended the process then. What no table uses any more is not looked at. The time grows
// with the size of the file.
func (s *Store) Damaged(ctx context.Context) (table string, err error) {
	names, err := s.tableNames(ctx)
	if err != nil {
		return "", fmt.Errorf("list the tables: %w", classify(err))
	}
	for _, name := range names {
		var sum any
		err := classify(s.db.QueryRowContext(ctx, `SELECT sum(hash(t)) FROM "`+name+`" AS t`).Scan(&sum))
		switch {
		case errors.Is(err, ErrCorrupt):
			return name, nil
		case err != nil:
			return "", fmt.Errorf("read table %s: %w", name, err)
		}
	}
	return "", nil
}

// tableNames are those that crywolf or somebody else made. A name with a quote in it is not ours, and is left out.
func (s *Store) tableNames(ctx context.Context) ([]string, error) {
	return readStrings(ctx, s.db, `SELECT table_name FROM duckdb_tables()
		WHERE NOT temporary AND NOT internal AND schema_name = current_schema() AND database_name = current_database()
			AND NOT contains(table_name, '"') ORDER BY table_name`)
}
