package analysis

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// scratch is an empty database in memory, for asking DuckDB what it takes. It is opened when it is first needed, by the
// driver that whoever opens databases brought along.
var scratch = sync.OnceValues(func() (*sql.DB, error) { return sql.Open("duckdb", "?threads=1&autoload_known_extensions=false") })

var errNoPattern = errors.New("is no regular expression")

// CheckPattern tells whether DuckDB takes a regular expression that a person wrote. Its RE2 has no (?<name>…), which Go's
// regexp knows, and a limit on the size of a pattern; a pattern with a NUL would end there.
func CheckPattern(ctx context.Context, pattern string) error {
	if err := checkGoPattern(pattern); err != nil {
		return err
	}
	db, err := scratch()
	if err != nil {
		return fmt.Errorf("can't be looked at: %w", err)
	}
	var matches bool
	if err := db.QueryRowContext(ctx, `SELECT regexp_matches('', $1)`, pattern).Scan(&matches); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		_, why, _ := strings.Cut(err.Error(), "Error: ")
		return fmt.Errorf("%w that DuckDB takes: %s", errNoPattern, why)
	}
	return nil
}

// checkGoPattern is the check that needs no database, for patterns of our own.
func checkGoPattern(pattern string) error {
	if _, err := regexp.Compile(pattern); err != nil || strings.ContainsRune(pattern, 0) {
		return errNoPattern
	}
	return nil
}
