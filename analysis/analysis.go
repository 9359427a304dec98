// Package analysis says what PagerDuty's facts mean: what a page, a shift, a night, an episode and a verdict is
// (definitions.md), and asks the questions of package queries about them. derive/*.sql makes, at the end of each sync,
// the tables that do not depend on configuration; views/*.sql defines the rest at query time. explain/*.sql tells all of
// one incident or alert rule.
//
// It must not know where facts come from, how results are printed, flags, environment or the clock: a period is given.
package analysis

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"
)

//go:embed views/*.sql
var viewFiles embed.FS

//go:embed derive/*.sql
var deriveFiles embed.FS

// ErrNotDerived means that the database holds no derived tables: nothing was synced into it yet, or only by a version
// that made others.
var ErrNotDerived = errors.New("the database holds no derived tables")

// Period is a half-open span of time, [Since, Until), in UTC.
type Period struct {
	Since, Until time.Time
}

// Days is the period's length in days.
func (p Period) Days() float64 { return p.Until.Sub(p.Since).Hours() / 24 }

// Session answers questions about one database under one configuration. It holds one connection, on which the
// views stand as temporary objects, so a read-only database will do.
type Session struct {
	conn     *sql.Conn
	settings Settings
	metrics  []Metric
	kept     *keeper         // nil: nothing is
	made     map[string]bool // the files of views/ whose views stand
}

// Open makes a session on db. The caller closes it.
func Open(ctx context.Context, db *sql.DB, settings Settings) (*Session, error) {
	return open(ctx, db, settings, func(*sql.Conn) error { return nil })
}

// open makes a session; before is done on its connection before any view is made.
func open(ctx context.Context, db *sql.DB, settings Settings, before func(*sql.Conn) error) (*Session, error) {
	metrics, err := Metrics()
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("open a connection: %w", err)
	}
	s := &Session{conn: conn, settings: settings, metrics: metrics, made: map[string]bool{}}
	if err := s.prepare(ctx, before); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close gives the session's connection back, without the stand-ins of a replay: whoever gets it next would read them,
// and Derive write into them.
func (s *Session) Close() error {
	_, err := s.conn.ExecContext(context.Background(), dropStandIns)
	return errors.Join(err, s.conn.Close())
}

func (s *Session) prepare(ctx context.Context, before func(*sql.Conn) error) error {
	version, err := derivedWith(ctx, s.conn)
	if err != nil {
		return err
	}
	if version != derivedVersion {
		return ErrNotDerived
	}
	// A query may read this database and nothing else: no file, no other database, no extension.
	if _, err := s.conn.ExecContext(ctx, `SET enable_external_access = false`); err != nil {
		return fmt.Errorf("close the session to the outside: %w", err)
	}
	if _, err := s.conn.ExecContext(ctx, dropStandIns); err != nil {
		return fmt.Errorf("drop what an earlier replay left: %w", err)
	}
	if err := askForRotations(ctx, s.conn, ""); err != nil { // nor what an earlier document was about
		return err
	}
	if err := before(s.conn); err != nil {
		return err
	}
	return s.settings.store(ctx, s.conn)
}

// execFile runs all statements of one embedded file.
func execFile(ctx context.Context, conn *sql.Conn, files fs.FS, name string) error {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, string(text)); err != nil {
		return fmt.Errorf("run %s: %w", name, err)
	}
	return nil
}
