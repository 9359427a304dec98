package ingest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestDamaged scratches the block in the middle of a file that is nearly all one table.
func TestDamaged(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "a.duckdb")
	st, err := Open(ctx, path, ReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.DB().Exec(`CREATE TABLE large AS SELECT hash(range) AS h, hash(-range) AS i FROM range(500_000)`); err != nil {
		t.Fatal(err)
	}
	if table, err := st.Damaged(ctx); table != "" || err != nil {
		t.Errorf("a sound file: %q, %v", table, err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	scratch(t, path)
	st, err = Open(ctx, path, ReadOnly)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if table, err := st.Damaged(ctx); table != "large" || err != nil {
		t.Errorf("a scratched file: %q, %v", table, err)
	}
	var sum any
	err = st.DB().QueryRow(`SELECT sum(h) + sum(i) FROM large`).Scan(&sum)
	if !errors.Is(Classify(err), ErrCorrupt) {
		t.Errorf("what others meet is not told as damage: %v", err)
	}
	if other := errors.New("computed checksum"); Classify(other) != other {
		t.Error("an error that is not DuckDB's was taken for one")
	}
}

func scratch(t *testing.T, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte("scratched, scratched"), info.Size()/2); err != nil {
		t.Fatal(err)
	}
}
