package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"time"
)

// A lake is an account's tables as Parquet files that other engines read too:
//
//	incidents/month=2026-11/incidents.parquet     a table with a clock, a file a UTC month (Hive partitions)
//	users/users.parquet                           a small one whole
//	_crywolf/manifest.json                        what is in it: columns, files, and the sum of each file's rows
//
// What is promised. Each file is whole, the old one or the new one: it comes to its place by a rename, or by one PUT.
// A file whose rows did not change is not written again. The manifest is replaced last, so what it lists is all there.
// crywolf reads the files that the manifest lists, holds a lock that keeps an export from replacing them meanwhile, and
// refuses a lake of which a file is not the listed one. An export into a directory first writes all new files aside, then
// notes what it is about to do, then renames: killed at any point, it leaves the old lake or the new one to crywolf, and
// the next export finishes it. Engines that know nothing of the manifest may meet some months of the old lake and
// some of the new one while the files are renamed, or put into a bucket.

// lakeFormat is the version of a lake's layout.
const lakeFormat = 1

// Errors of writing and reading a lake.
var (
	ErrNoLake       = errors.New("there is no lake")
	ErrNotALake     = errors.New("the place holds something else than a lake")
	ErrTornLake     = errors.New("a file of the lake is not the one that its manifest lists")
	ErrLakeReadOnly = errors.New("a lake is only read")
)

// LakeOptions say what goes into a lake.
type LakeOptions struct {
	Tables []LakeTable // with FactTables, those that are derived from them
	Names  bool        // users.name; without it the column is empty
	Raw    bool        // the records as PagerDuty gave them, after redaction; without it there is no column raw
}

// LakeTarget is where a lake is to lie: a directory or a bucket.
type LakeTarget interface {
	// open keeps others from writing, and gives the manifest of the lake that stands there, nil for none, and a
	// directory on this machine to write new files into.
	open(ctx context.Context) (old *Manifest, aside string, err error)
	// commit puts the written files, named by their paths in the lake, into their places, drops others, and replaces
	// the manifest.
	commit(ctx context.Context, next *Manifest, written, dropped []string) error
	// local is where a file of the lake lies on this machine; "" where it does not.
	local(path string) string
	close() error
}

// Exported tells what an export did with a table.
type Exported struct {
	Table                         string
	Rows, Bytes                   int64
	Files, Written, Dropped, Kept int
}

// ExportLake brings a lake up to the tables of db, as one transaction sees them. It writes the files whose rows changed
// and no others. Errors: ErrNotALake, ErrNewer, ErrDiskFull, ErrReadOnly, *BucketError.
func ExportLake(ctx context.Context, db *sql.DB, target LakeTarget, opts LakeOptions) (done []Exported, err error) {
	old, aside, err := target.open(ctx)
	if err != nil {
		return nil, fmt.Errorf("open the lake: %w", classify(err))
	}
	defer func() { err = errors.Join(err, target.close()) }()
	conn, end, err := beginToRead(ctx, db)
	if err != nil {
		return nil, err
	}
	defer end()
	e := &lakeExport{conn: conn, opts: opts, aside: aside, old: old, next: &Manifest{Format: lakeFormat, Schema: SchemaVersion, Names: opts.Names, Raw: opts.Raw}}
	if err := e.doubtSums(ctx, target.local); err != nil {
		return nil, fmt.Errorf("read the lake: %w", classify(err))
	}
	if err := e.tables(ctx); err != nil {
		return nil, fmt.Errorf("export: %w", classify(err))
	}
	if old != nil && len(e.written)+len(e.dropped) == 0 && old.equal(e.next) {
		return e.done, nil
	}
	if err := target.commit(ctx, e.next, e.written, e.dropped); err != nil {
		return nil, fmt.Errorf("put the lake in place: %w", classify(err))
	}
	return e.done, nil
}

// beginToRead gives a connection that sees the tables of one moment, and what ends that.
func beginToRead(ctx context.Context, db *sql.DB) (conn *sql.Conn, end func(), err error) {
	if conn, err = db.Conn(ctx); err != nil {
		return nil, nil, fmt.Errorf("open a connection: %w", err)
	}
	if _, err := conn.ExecContext(ctx, `BEGIN`); err != nil {
		_ = conn.Close()
		return nil, nil, fmt.Errorf("begin to read: %w", err)
	}
	return conn, func() {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), `ROLLBACK`) // it only read
		_ = conn.Close()
	}, nil
}

type lakeExport struct {
	conn             *sql.Conn
	opts             LakeOptions
	aside            string
	old, next        *Manifest
	written, dropped []string
	done             []Exported
}

// doubtSums looks at what the files of a lake on this machine say of themselves: others may have come into their places.
func (e *lakeExport) doubtSums(ctx context.Context, local func(string) string) error {
	var files []string // their paths on this machine
	for path, f := range e.old.files() {
		if at := local(path); at != "" && f.Sum != unsure {
			files = append(files, at)
		}
	}
	sums, err := bornSums(ctx, e.conn, files)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil { // one of them is no Parquet file any more: all are written again
		sums = nil
	}
	e.old.doubt(func(f ManifestFile) bool {
		at := local(f.Path)
		return at == "" || sums[at] == f.Sum
	})
	return nil
}

func (e *lakeExport) tables(ctx context.Context) error {
	if err := e.conn.QueryRowContext(ctx, `SELECT version()`).Scan(&e.next.Engine); err != nil {
		return fmt.Errorf("ask for the engine's version: %w", err)
	}
	for _, t := range slices.Concat(FactTables(), e.opts.Tables) {
		if err := e.table(ctx, t); err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
	}
	if e.old != nil {
		for _, t := range e.old.Tables { // of an older crywolf
			if e.next.table(t.Name) == nil {
				e.drop(t.Files)
			}
		}
	}
	slices.Sort(e.written)
	slices.Sort(e.dropped)
	return nil
}

func (e *lakeExport) table(ctx context.Context, t LakeTable) error {
	columns, err := e.columns(ctx, t.Name)
	if err != nil {
		return err
	}
	now := ManifestTable{Name: t.Name, Clock: t.Clock, Columns: columns}
	files, err := e.sums(ctx, now)
	if err != nil {
		return err
	}
	before := map[string]ManifestFile{}
	if was := e.old.table(t.Name); was != nil {
		same := was.sameRows(now) && e.old.Engine == e.next.Engine
		for _, f := range was.Files {
			if !same {
				f.Sum = unsure // another shape, or another engine's sums: written again
			}
			before[f.Path] = f
		}
	}
	done := Exported{Table: t.Name}
	for _, f := range files {
		if was, ok := before[f.Path]; ok && was.Sum == f.Sum {
			f.Bytes = was.Bytes
			done.Kept++
		} else {
			if f.Bytes, err = e.write(ctx, now, f); err != nil {
				return err
			}
			e.written = append(e.written, f.Path)
			done.Written++
		}
		delete(before, f.Path)
		now.Files = append(now.Files, f)
		done.Rows, done.Bytes, done.Files = done.Rows+f.Rows, done.Bytes+f.Bytes, done.Files+1
	}
	for _, f := range before {
		e.drop([]ManifestFile{f})
		done.Dropped++
	}
	e.next.Tables = append(e.next.Tables, now)
	e.done = append(e.done, done)
	return nil
}

func (e *lakeExport) drop(files []ManifestFile) {
	for _, f := range files {
		e.dropped = append(e.dropped, f.Path)
	}
}

// write writes one file aside, and gives its size.
func (e *lakeExport) write(ctx context.Context, t ManifestTable, f ManifestFile) (int64, error) {
	at := filepath.Join(e.aside, filepath.FromSlash(f.Path))
	if err := makePrivate(filepath.Dir(at)); err != nil {
		return 0, err
	}
	statement, args, err := t.copySQL(f, at)
	if err != nil {
		return 0, err
	}
	if _, err := e.conn.ExecContext(ctx, statement, args...); err != nil {
		return 0, err
	}
	return settle(at)
}

// noMonth is what Hive, and whoever reads its partitions, calls the one of the rows without a time.
const noMonth = "__HIVE_DEFAULT_PARTITION__"

// filePath is where a month of a table lies; month "" is a table that is written whole.
func filePath(table, month string) string {
	if month == "" {
		return path.Join(table, table+".parquet")
	}
	return path.Join(table, "month="+month, table+".parquet")
}

// monthBounds gives a month's half-open span.
func monthBounds(month string) (from, to time.Time, err error) {
	from, err = time.Parse("2006-01", month)
	return from, from.AddDate(0, 1, 0), err
}
