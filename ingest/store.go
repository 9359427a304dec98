package ingest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// SchemaVersion is the version of the fact tables that this program reads and writes.
const SchemaVersion = 1

//go:embed schema.sql
var schemaSQL string

// Mode says what a store is opened for.
type Mode int

// The modes of opening a store.
const (
	ReadWrite Mode = iota // creates the database if there is none
	ReadOnly              // any number of processes may read at once
)

// Store is one account's facts in one database.
type Store struct {
	db           *sql.DB
	mode         Mode
	place        place
	lock         *sql.Conn // holds the writer's lock as long as the store is open; nil where there is none to hold
	restoreUmask func()
	release      func() error // gives back what the place holds while it is read; nil for nothing
}

// Account says whose data a database holds.
type Account struct {
	Subdomain string // acme of acme.pagerduty.com; empty: not known yet
	Region    string // us or eu
	MadeBy    string // sync or demo; empty: nothing was written yet
}

func (a Account) String() string {
	name := a.Subdomain
	if name == "" {
		name = "(unknown)"
	}
	if a.Region != "" {
		name += " (" + a.Region + ")"
	}
	return name
}

// Open opens the database that dsn names: a file's path, ducklake:…, parquet:DIR, md:NAME or attached:NAME. boot is SQL that DuckDB is
// to run first, a statement each; extensions come from it alone (LOAD '/a/file'), since none is ever fetched. In
// ReadWrite Open creates what is missing: of a file the directory (mode 0700) and the file (mode 0600), and the tables.
// Errors: ErrNoDatabase (ReadOnly), ErrCorrupt, ErrNotOurs, ErrNewer, *LockedError, ErrReadOnly, ErrDiskFull, *DSNError,
// *BootError; of a lake ErrNoLake, ErrTornLake and, in ReadWrite, ErrLakeReadOnly. No error shows a secret of dsn or boot.
func Open(ctx context.Context, dsn string, m Mode, boot ...string) (*Store, error) {
	p, err := placeOf(dsn)
	if err != nil {
		return nil, err
	}
	options := ""
	if p.prepare != nil {
		if options, err = p.prepare(m); err != nil {
			return nil, err
		}
	}
	s := &Store{mode: m, place: p}
	// The file, its log, and what a large question spills beside it hold an account's history: whatever DuckDB makes
	// while the store is open is for its owner only.
	s.restoreUmask = privateUmask()
	if err := s.open(ctx, p.engine+options, boot); err != nil {
		s.restoreUmask()
		return nil, fmt.Errorf("open %s: %w", ShownDSN(dsn), hideSecrets(classify(err), append([]string{dsn}, boot...)...))
	}
	return s, nil
}

// open connects, attaches what is to be attached, and checks or makes the schema.
func (s *Store) open(ctx context.Context, engine string, boot []string) error {
	use := "" // the catalog is there to be used only once the first connection has attached it
	connector, err := duckdb.NewConnector(engine, func(ex driver.ExecerContext) error { return bootSession(ex, use) })
	if err != nil {
		return err
	}
	s.db = sql.OpenDB(connector)
	if err = s.boot(ctx, boot); err == nil {
		if s.place.catalog != "" {
			use = s.place.use()
		}
		err = s.checkSchema(ctx)
	}
	if err != nil {
		s.unlock()
		s.db.Close()
		s.releasePlace()
	}
	return err
}

const idleConnections = 2 // what database/sql keeps by itself

// boot does on the first connection what the whole of DuckDB then knows of.
func (s *Store) boot(ctx context.Context, statements []string) error {
	if len(statements) == 0 && s.place.attach == nil {
		return nil
	}
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	// No connection of before there was a catalog to use is used on.
	s.db.SetMaxIdleConns(0)
	defer func() {
		_ = conn.Close()
		s.db.SetMaxIdleConns(idleConnections)
	}()
	if !s.place.isFile() {
		// Without a file beside which to put it, what does not fit into memory goes to a private directory, made when needed.
		q := "SET temp_directory = " + quoteText(filepath.Join(os.TempDir(), "crywolf-"+rand.Text()))
		if _, err := conn.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	if err := bootUser(ctx, conn, statements); err != nil || s.place.attach == nil {
		return err
	}
	if err := s.place.needsLoaded(ctx, conn); err != nil {
		return err
	}
	return s.place.attach(ctx, s, conn)
}

// bootSession forbids DuckDB to fetch extensions: this program talks to PagerDuty and to nobody else.
func bootSession(ex driver.ExecerContext, use string) error {
	statements := []string{
		"SET autoinstall_known_extensions = false",
		"SET autoload_known_extensions = false",
		"SET TimeZone = 'UTC'",
	}
	if use != "" {
		statements = append(statements, use)
	}
	for _, q := range statements {
		if _, err := ex.ExecContext(context.Background(), q, nil); err != nil {
			return fmt.Errorf("%s: %w", q, err)
		}
	}
	return nil
}

// checkSchema refuses databases that are not ours or newer than we are; a new one gets its tables.
func (s *Store) checkSchema(ctx context.Context) error {
	var tables, metas int
	const count = `SELECT count(*), count(*) FILTER (WHERE table_name = 'meta')
		FROM information_schema.tables WHERE table_catalog = current_database() AND table_schema = current_schema()`
	if err := s.db.QueryRowContext(ctx, count).Scan(&tables, &metas); err != nil {
		return fmt.Errorf("list the tables: %w", err)
	}
	switch {
	case tables == 0 && s.mode == ReadOnly:
		return ErrNoDatabase
	case tables == 0:
		return s.createSchema(ctx)
	case metas == 0:
		return ErrNotOurs
	}
	text, err := s.meta(ctx, "schema_version")
	if err != nil {
		if err = classify(err); known(err) {
			return err
		}
		return fmt.Errorf("%w: %w", ErrNotOurs, err)
	}
	found, err := strconv.Atoi(text)
	switch {
	case err != nil:
		return ErrNotOurs
	case found > SchemaVersion:
		return ErrNewer{Found: found, Known: SchemaVersion}
	case s.mode == ReadOnly:
		return nil
	}
	// Tables that a later version of the same schema added come into an older file here.
	return s.createSchema(ctx)
}

func (s *Store) createSchema(ctx context.Context) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("make the tables: %w", err)
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, schemaSQL); err != nil {
		return fmt.Errorf("make the tables: %w", err)
	}
	const version = `INSERT INTO meta SELECT 'schema_version', $1 WHERE NOT EXISTS
		(SELECT 1 FROM meta WHERE key = 'schema_version')`
	if _, err := tx.ExecContext(ctx, version, strconv.Itoa(SchemaVersion)); err != nil {
		return fmt.Errorf("store the schema's version: %w", err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("make the tables: %w", err)
	}
	return nil
}

// DB gives the database to those who read or derive from it.
func (s *Store) DB() *sql.DB { return s.db }

// Publish lets readers see all that is stored now. It is called when the derived tables hold all facts. A database that
// nobody can read while it is written needs none.
func (s *Store) Publish(ctx context.Context) error {
	if s.place.publish == nil {
		return nil
	}
	if err := s.place.publish(ctx, s.db); err != nil {
		return fmt.Errorf("publish what is stored: %w", err)
	}
	return nil
}

// unlock lets the next writer in.
func (s *Store) unlock() {
	if s.lock == nil {
		return
	}
	// The lock goes with its connection; nothing was written on it that could be lost.
	_, _ = s.lock.ExecContext(context.Background(), "ROLLBACK")
	_ = s.lock.Close()
	s.lock = nil
}

// Close closes the database.
func (s *Store) Close() error {
	defer s.restoreUmask()
	s.unlock()
	if err := errors.Join(s.db.Close(), s.releasePlace()); err != nil {
		return fmt.Errorf("close the database: %w", classify(err))
	}
	return nil
}

func (s *Store) releasePlace() error {
	if s.release == nil {
		return nil
	}
	return s.release()
}

// Account tells whose data the database holds; its fields are empty in a database that nothing was synced into.
func (s *Store) Account(ctx context.Context) (Account, error) {
	var a Account
	for key, field := range map[string]*string{"subdomain": &a.Subdomain, "region": &a.Region, "made_by": &a.MadeBy} {
		text, err := s.meta(ctx, key)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return Account{}, fmt.Errorf("read the account: %w", classify(err))
		}
		*field = text
	}
	return a, nil
}

func (s *Store) meta(ctx context.Context, key string) (string, error) {
	var value sql.NullString
	err := s.db.QueryRowContext(ctx, `SELECT value FROM meta WHERE key = $1`, key).Scan(&value)
	return value.String, err
}
