package ingest

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
)

var catalogName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// attachedPlace is a catalog that the boot SQL has attached already: of any kind that DuckDB knows.
func attachedPlace(name string) (place, error) {
	if !catalogName.MatchString(name) {
		return place{}, &DSNError{DSN: schemeAttached + ":…", Problem: "what follows the colon is no catalog's name", Try: "attached:NAME, and in the boot SQL ATTACH … AS NAME"}
	}
	return place{kind: schemeAttached, catalog: name, attach: func(ctx context.Context, _ *Store, conn *sql.Conn) error {
		var n int
		if err := conn.QueryRowContext(ctx, `SELECT count(*) FROM duckdb_databases() WHERE database_name = $1`, name).Scan(&n); err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("the boot SQL attaches nothing called %s: %w", name, ErrNoDatabase)
		}
		return nil
	}}, nil
}

// motherDuckPlace is a database of MotherDuck. Its extension is loaded by the boot SQL; the token stands in the
// environment, as motherduck_token, where that extension looks for it.
func motherDuckPlace(name string) (place, error) {
	if !catalogName.MatchString(name) {
		return place{}, &DSNError{DSN: schemeMotherDuck + ":…", Problem: "what follows the colon is no database's name", Try: "md:NAME; the token goes into the environment, as motherduck_token"}
	}
	return place{kind: schemeMotherDuck, extension: "motherduck", catalog: name, attach: func(ctx context.Context, s *Store, conn *sql.Conn) error {
		steps := []string{"ATTACH 'md:'"}
		if s.mode == ReadWrite {
			steps = append(steps, "CREATE DATABASE IF NOT EXISTS "+quoteName(name))
		}
		for _, q := range steps {
			if _, err := conn.ExecContext(ctx, q); err != nil {
				return err
			}
		}
		return nil
	}}, nil
}
