package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// parquetPlace is a lake in a directory: a database in memory whose tables are views of the lake's files.
func parquetPlace(dir string) (place, error) {
	const try = "parquet:DIR, where crywolf export --to parquet DIR wrote"
	switch {
	case dir == "":
		return place{}, &DSNError{DSN: schemeParquet + ":", Problem: "it does not say in which directory the lake is", Try: try}
	case strings.Contains(dir, "://"):
		return place{}, &DSNError{DSN: ShownDSN(schemeParquet + ":" + dir), Problem: "a lake in a bucket is not read from there",
			Try: "copy it first:  aws s3 sync " + ShownDSN(dir) + " DIR, then --db parquet:DIR"}
	case strings.ContainsAny(dir, "*?[]{}"):
		return place{}, &DSNError{DSN: ShownDSN(schemeParquet + ":" + dir), Problem: "DuckDB would take the directory's name for a pattern", Try: try}
	}
	return place{kind: schemeParquet,
		prepare: func(m Mode) (string, error) {
			if _, err := os.Stat(filepath.Join(dir, "_crywolf")); errors.Is(err, fs.ErrNotExist) {
				return "", ErrNoLake
			}
			if m != ReadOnly {
				return "", ErrLakeReadOnly
			}
			return "", nil
		},
		attach: func(ctx context.Context, s *Store, conn *sql.Conn) error {
			lake, err := readLake(dir)
			if err != nil {
				return err
			}
			s.release = lake.close
			return lake.attach(ctx, conn)
		}}, nil
}

// lakeReading is a lake that is being read.
type lakeReading struct {
	dir      string
	manifest *Manifest
	lock     *lockedfile.File
	paths    map[string]string // where each file of the manifest lies now
}

// readLake finds the lake that holds: where an export was killed while it renamed its files, the new one. No export
// replaces a file until close.
func readLake(dir string) (*lakeReading, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	d := &lakeDirectory{path: dir}
	r := &lakeReading{dir: dir, paths: map[string]string{}}
	r.lock, err = lockedfile.Open(d.at(readersLock))
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // a copy of a bucket has none, and nobody who would ask for it
		return nil, err
	}
	if err := r.find(d); err != nil {
		return nil, errors.Join(err, r.close())
	}
	return r, nil
}

func (r *lakeReading) find(d *lakeDirectory) (err error) {
	if r.manifest, err = d.manifest(planPath); err == nil && r.manifest == nil {
		r.manifest, err = d.manifest(manifestPath)
	}
	if err != nil {
		return err
	}
	if r.manifest == nil {
		return ErrNoLake
	}
	for path, f := range r.manifest.files() {
		at := d.at(asideFolder + "/" + path)
		info, err := os.Stat(at)
		if errors.Is(err, fs.ErrNotExist) {
			at = d.at(path)
			info, err = os.Stat(at)
		}
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("%s is missing: %w", path, ErrTornLake)
		case err != nil:
			return err
		case info.Size() != f.Bytes:
			return fmt.Errorf("%s has %d bytes: %w", path, info.Size(), ErrTornLake)
		}
		r.paths[path] = at
	}
	return nil
}

func (r *lakeReading) close() error {
	if r.lock == nil {
		return nil
	}
	return r.lock.Close()
}

// attach makes the tables of the schema, and a view in the place of each that the lake has.
func (r *lakeReading) attach(ctx context.Context, conn *sql.Conn) error {
	statements := []string{
		"SET parquet_metadata_cache = true",
		"SET allowed_directories = [" + quoteText(r.dir+string(filepath.Separator)) + "]", // what a session may still read once it is closed to the outside
		schemaSQL,
	}
	for _, t := range r.manifest.Tables {
		statements = append(statements, "DROP TABLE IF EXISTS "+quoteName(t.Name), r.viewSQL(t))
	}
	for _, q := range statements {
		if _, err := conn.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("%s: %w", firstLine(q), err)
		}
	}
	return r.check(ctx, conn)
}

// viewSQL makes a table's view: its columns as a database has them.
func (r *lakeReading) viewSQL(t ManifestTable) string {
	var values, files []string
	for _, c := range t.Columns {
		value := c.imported()
		if len(t.Files) == 0 {
			value = "CAST(NULL AS " + c.Type + ")"
		}
		values = append(values, value+" AS "+quoteName(c.Name))
	}
	for _, f := range t.Files {
		files = append(files, quoteText(r.paths[f.Path]))
	}
	from := " WHERE false"
	if len(files) > 0 {
		from = " FROM read_parquet([" + strings.Join(files, ", ") + "], hive_partitioning = false)"
	}
	return "CREATE VIEW " + quoteName(t.Name) + " AS SELECT " + strings.Join(values, ", ") + from
}

// check compares the sum that each file bears with the manifest's: a copy that was made during an export, or put
// together of two, may have files of the right size and other rows.
func (r *lakeReading) check(ctx context.Context, conn *sql.Conn) error {
	sums, err := bornSums(ctx, conn, slices.Sorted(maps.Values(r.paths)))
	if err != nil {
		return err
	}
	for path, f := range r.manifest.files() {
		if sums[r.paths[path]] != f.Sum {
			return fmt.Errorf("%s holds other rows: %w", path, ErrTornLake)
		}
	}
	return nil
}

// bornSums gives the sums that files bear in their own metadata.
func bornSums(ctx context.Context, conn *sql.Conn, files []string) (map[string]string, error) {
	sums := map[string]string{}
	if len(files) == 0 {
		return sums, nil
	}
	var list []string
	for _, file := range files {
		list = append(list, quoteText(file))
	}
	rows, err := conn.QueryContext(ctx, "SELECT file_name, decode(value) FROM parquet_kv_metadata(["+strings.Join(list, ", ")+"]) WHERE decode(key) = $1", sumKey)
	if err != nil {
		return nil, fmt.Errorf("read what the files say of themselves: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var file, sum string
		if err := rows.Scan(&file, &sum); err != nil {
			return nil, fmt.Errorf("read what the files say of themselves: %w", err)
		}
		sums[file] = sum
	}
	return sums, rows.Err()
}
