package main

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"crywolf/ingest"
)

// exportCSV writes a file a table: raw numbers, times in RFC 3339, lists as JSON, unknown an empty cell, and no cell that
// a spreadsheet would take for a formula. Each file comes to its place whole.
func exportCSV(ctx context.Context, store *ingest.Store, opts ingest.LakeOptions, dir string) ([]ingest.Exported, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, ingest.ClassifyFile(err)
	}
	var done []ingest.Exported
	err := ingest.EachTable(ctx, store.DB(), opts, func(table string, rows *sql.Rows) error {
		e := ingest.Exported{Table: table, Files: 1, Written: 1}
		path := filepath.Join(dir, table+".csv")
		f, err := os.CreateTemp(dir, ".crywolf-*") // mode 0600
		if err != nil {
			return ingest.ClassifyFile(err)
		}
		defer os.Remove(f.Name()) // there is nothing to remove once it is renamed
		buffer := bufio.NewWriter(f)
		e.Rows, err = rowsCSV(buffer, rows)
		if err := errors.Join(err, buffer.Flush()); err != nil {
			return errors.Join(ingest.ClassifyFile(err), f.Close())
		}
		info, err := f.Stat()
		if err := errors.Join(err, f.Close()); err != nil {
			return ingest.ClassifyFile(err)
		}
		e.Bytes = info.Size()
		done = append(done, e)
		return ingest.ClassifyFile(os.Rename(f.Name(), path))
	})
	return done, err
}

// rowsCSV writes rows with a head, and gives their number.
func rowsCSV(w io.Writer, rows *sql.Rows) (int64, error) {
	out := csv.NewWriter(w)
	head, err := rows.Columns()
	if err != nil {
		return 0, fmt.Errorf("read the columns: %w", err)
	}
	if err := out.Write(head); err != nil {
		return 0, err
	}
	values, into, cells := make([]any, len(head)), make([]any, len(head)), make([]string, len(head))
	for i := range values {
		into[i] = &values[i]
	}
	var n int64
	for ; rows.Next(); n++ {
		if err := rows.Scan(into...); err != nil {
			return n, fmt.Errorf("read a row: %w", err)
		}
		for i, v := range values {
			cells[i] = rawValue(v)
		}
		if err := out.Write(cells); err != nil {
			return n, err
		}
	}
	out.Flush()
	return n, errors.Join(rows.Err(), out.Error())
}
