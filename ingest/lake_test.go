package ingest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// testLake gives the DSN of a new DuckLake in PostgreSQL and S3, and the boot SQL for it. It is skipped without one:
// .ci/ducklake sets both up.
func testLake(t *testing.T) (dsn string, boot []string) {
	t.Helper()
	boot = lakeBoot(t)
	server := os.Getenv("CRYWOLF_LAKE_POSTGRES")
	name := "lake_" + strings.ToLower(rand.Text()[:12])
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, q := range []string{boot[1], "ATTACH " + quoteText("dbname=postgres "+server) + " AS pg (TYPE postgres)",
		"CALL postgres_execute('pg', 'CREATE DATABASE " + name + "', use_transaction=false)"} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	return "ducklake:postgres:dbname=" + name + " " + server + dataPathOption + os.Getenv("CRYWOLF_LAKE_S3") + "/" + name + "/", boot
}

func lakeBoot(t *testing.T) []string {
	t.Helper()
	folder := os.Getenv("CRYWOLF_LAKE_EXTENSIONS")
	if folder == "" {
		t.Skip("there is no DuckLake to test against: .ci/ducklake sets one up, and runs this")
	}
	var boot []string
	for _, name := range []string{"ducklake", "postgres_scanner", "httpfs"} {
		boot = append(boot, "LOAD "+quoteText(filepath.Join(folder, name+".duckdb_extension")))
	}
	return append(boot, os.Getenv("CRYWOLF_LAKE_SECRET"))
}

func TestLakeOpens(t *testing.T) {
	dsn, boot := testLake(t)
	ctx := context.Background()
	if _, err := Open(ctx, dsn, ReadOnly, boot...); !errors.Is(err, ErrNoDatabase) {
		t.Errorf("to read where there is none: %v", err)
	}
	st, err := Open(ctx, dsn, ReadWrite, boot...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(ctx, dsn, ReadWrite, boot...); err == nil {
		t.Error("two writers at once")
	} else if locked := (*LockedError)(nil); !errors.As(err, &locked) || !locked.Writer || locked.Since.IsZero() {
		t.Errorf("a second writer: %v", err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if st, err = Open(ctx, dsn, ReadWrite, boot...); err != nil {
		t.Fatalf("a writer after the first has closed: %v", err)
	}
	defer st.Close()
	reader, err := Open(ctx, dsn, ReadOnly, boot...)
	if err != nil {
		t.Fatalf("to read while another writes: %v", err)
	}
	reader.Close()
}

// TestLakeInFiles: a catalog may also be a DuckDB file, with the data beside it. Readers see what was published last.
func TestLakeInFiles(t *testing.T) {
	boot, dir, ctx := lakeBoot(t), t.TempDir(), context.Background()
	dsn := "ducklake:" + filepath.Join(dir, "it's.ducklake") + dataPathOption + filepath.Join(dir, "data") + "/"
	write := func(key string, publish bool) {
		t.Helper()
		st, err := Open(ctx, dsn, ReadWrite, boot...)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := st.DB().Exec(`INSERT INTO meta VALUES ($1, 'x')`, key); err != nil {
			t.Fatal(err)
		}
		if publish {
			if err := st.Publish(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
	}
	sees := func(want int) {
		t.Helper()
		st, err := Open(ctx, dsn, ReadOnly, boot...)
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		var n int
		if err := st.DB().QueryRow(`SELECT count(*) FROM meta WHERE value = 'x'`).Scan(&n); err != nil || n != want {
			t.Errorf("a reader sees %d rows, want %d (%v)", n, want, err)
		}
		if _, err := st.DB().Exec(`INSERT INTO meta VALUES ('a', 'x')`); err == nil {
			t.Error("a reader writes")
		}
	}
	write("first", false)
	sees(1) // nothing was ever published: the newest
	write("second", true)
	write("third", false)
	sees(2)
	write("fourth", true)
	sees(4)
}
