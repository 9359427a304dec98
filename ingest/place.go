package ingest

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// place is where a database is: what DuckDB opens, and what it attaches and uses then. Each kind has a file of its own.
type place struct {
	kind   string // "" for a file, else the scheme
	engine string // what DuckDB itself opens: a file; "" for memory, into which a catalog is attached

	// prepare looks at the surroundings before DuckDB is opened, and gives the options of opening. nil: nothing to do.
	prepare func(m Mode) (options string, err error)

	// attach runs once, after the boot SQL, on the first connection. nil where DuckDB has opened all there is.
	attach func(ctx context.Context, s *Store, conn *sql.Conn) error

	extension string // which the boot SQL must have loaded; "" for none

	// publish runs after all facts are worked in: readers may see what is stored now. nil where a reader never meets a writer.
	publish func(ctx context.Context, db *sql.DB) error

	catalog string // which every connection then uses; "" for what DuckDB opened
}

// isFile tells whether the database is a file of its own, with what only files have: a mode, a lock, a log to empty.
func (p place) isFile() bool { return p.kind == "" }

// use is the statement by which a connection makes the catalog its own, so that no query need name it.
func (p place) use() string { return "USE " + quoteName(p.catalog) }

func quoteName(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

func quoteText(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// needsLoaded tells whether the boot SQL loaded the extension of this kind of place. From here on DuckDB finds no other: on
// attaching it would take what lies installed in the user's home, whatever its settings say of loading by itself.
func (p place) needsLoaded(ctx context.Context, conn *sql.Conn) error {
	var loaded bool
	const q = `SELECT count(*) > 0 FROM duckdb_extensions() WHERE loaded AND extension_name = $1`
	if err := conn.QueryRowContext(ctx, q, p.extension).Scan(&loaded); err != nil {
		return err
	}
	if !loaded && p.extension != "" {
		return fmt.Errorf("the boot SQL does not load %s: %w", p.extension, ErrExtension)
	}
	_, err := conn.ExecContext(ctx, "SET extension_directory = '/nowhere'")
	return err
}

// BootError says that a statement of the boot SQL failed. The statement itself stays out of it: it may hold a secret.
type BootError struct {
	Number int // 1, 2 …
	Err    error
}

func (e *BootError) Error() string { return fmt.Sprintf("boot statement %d: %v", e.Number, e.Err) }
func (e *BootError) Unwrap() error { return e.Err }

// bootUser runs what the user has DuckDB do first, such as to load extensions and to name secrets.
func bootUser(ctx context.Context, conn *sql.Conn, statements []string) error {
	for i, q := range statements {
		if _, err := conn.ExecContext(ctx, q); err != nil {
			return &BootError{Number: i + 1, Err: withoutStatement(err)}
		}
	}
	return nil
}

// withoutStatement leaves out of an error what it repeats of the statement.
func withoutStatement(err error) error {
	text, _, _ := strings.Cut(err.Error(), "\n")
	if strings.HasPrefix(text, "Parser Error") {
		text = "it is no SQL that DuckDB can read"
	}
	if text == err.Error() {
		return err
	}
	return hidden{error: err, text: text}
}
