package ingest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"crywolf/ingest/pagerdutytest"
)

// syncedStore is a store with a small account's facts of several months in it.
func syncedStore(t *testing.T) *Store {
	t.Helper()
	lakeFixture.Do(func() {
		a := pagerdutytest.Random(4).Thin(40)
		st, path := newStore(t)
		opts := options(serve(t, a), a)
		opts.Alerts = AlertsAll
		mustSync(t, st, opts)
		if n := len(column(t, st, "SELECT DISTINCT date_trunc('month', created_at) FROM log_entries")); n < 2 {
			t.Fatalf("the account's history has %d months", n)
		}
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
		lakeFixture.content, _ = os.ReadFile(path)
	})
	path := filepath.Join(t.TempDir(), "crywolf.duckdb")
	if err := os.WriteFile(path, lakeFixture.content, 0o600); err != nil || len(lakeFixture.content) == 0 {
		t.Fatal("there is no database to export", err)
	}
	return openStore(t, path)
}

var lakeFixture struct {
	sync.Once
	content []byte
}

func mustExport(t *testing.T, st *Store, target LakeTarget, opts LakeOptions) []Exported {
	t.Helper()
	done, err := ExportLake(context.Background(), st.DB(), target, opts)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// openLake opens the lake in a directory.
func openLake(t *testing.T, dir string) *Store {
	t.Helper()
	st, err := Open(context.Background(), "parquet:"+dir, ReadOnly)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

// lakeRows gives every row of every table of a lake, or of the database that one was made from, as text.
func lakeRows(t *testing.T, st *Store, but string) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, table := range lakeFacts {
		out[table.Name] = column(t, st, fmt.Sprintf(
			"SELECT CAST(to_json(t) AS VARCHAR) AS line FROM (SELECT COLUMNS(lambda c: c NOT IN ('-' %s)) FROM %s) t ORDER BY line", but, table.Name))
	}
	return out
}

func TestALakeHoldsWhatTheDatabaseHolds(t *testing.T) {
	st := syncedStore(t)
	// Lists, and times within them, of every kind; a row without a time.
	if _, err := st.DB().Exec(`UPDATE incidents SET responder_ids = ['a"b', NULL, '𝄞,]'], assignments = [{'user_id': 'P''1', 'assigned_at': TIMESTAMP '2026-11-01 00:00:00.123456'}, NULL]
		WHERE id = (SELECT min(id) FROM incidents);
		UPDATE incidents SET responder_ids = [], assignments = NULL WHERE id = (SELECT max(id) FROM incidents);
		INSERT INTO log_entries (id, summary_medium) VALUES ('TIMELESS', 'x')`); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "whole")
	mustExport(t, st, LakeDirectory(dir), LakeOptions{Names: true, Raw: true})
	if diff := cmp.Diff(lakeRows(t, st, ""), lakeRows(t, openLake(t, dir), "")); diff != "" {
		t.Errorf("with names and records (-database +lake):\n%s", diff)
	}
	dir = filepath.Join(t.TempDir(), "bare")
	mustExport(t, st, LakeDirectory(dir), LakeOptions{})
	bare := openLake(t, dir)
	if diff := cmp.Diff(lakeRows(t, st, ", 'raw', 'name'"), lakeRows(t, bare, ", 'raw', 'name'")); diff != "" {
		t.Errorf("without (-database +lake):\n%s", diff)
	}
	if got := one(t, bare, "SELECT count(name) FROM users") + one(t, bare, "SELECT count(raw) FROM incidents"); got != "00" {
		t.Errorf("names and records in a lake that was asked for none: %s", got)
	}
	if one(t, bare, "SELECT count(name) FROM services") == "0" {
		t.Error("services lost their names")
	}
}

// TestNoNameIsInALake looks at the files' own bytes: names and records must not be in statistics either.
func TestNoNameIsInALake(t *testing.T) {
	st := syncedStore(t)
	dir := t.TempDir()
	mustExport(t, st, LakeDirectory(dir), LakeOptions{Names: true})
	mustExport(t, st, LakeDirectory(dir), LakeOptions{})
	names := column(t, st, "SELECT name FROM users")
	if len(names) < 3 {
		t.Fatal("the account has nobody in it")
	}
	for path, content := range files(t, dir) {
		for _, name := range names {
			if strings.Contains(content, name) {
				t.Errorf("%s has a person's name in it", path)
			}
		}
	}
}

// files gives the content of all files of a lake but its locks.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() || strings.HasSuffix(path, ".lock") {
			return nil
		}
		content, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		out[filepath.ToSlash(rel)] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestALakeIsItsOwnersOnly(t *testing.T) {
	st := syncedStore(t)
	dir := filepath.Join(t.TempDir(), "a", "lake")
	mustExport(t, st, LakeDirectory(dir), LakeOptions{})
	seen := 0
	err := filepath.WalkDir(filepath.Dir(dir), func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err == nil && info.Mode() != 0o600 && info.Mode() != fs.ModeDir|0o700 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		seen++
		return err
	})
	if err != nil || seen < 50 {
		t.Errorf("%d files and folders: %v", seen, err)
	}
}

func changedFiles(before, after map[string]string) []string {
	var out []string
	for path, content := range after {
		if before[path] != content {
			out = append(out, path)
		}
	}
	for path := range before {
		if _, ok := after[path]; !ok {
			out = append(out, "-"+path)
		}
	}
	slices.Sort(out)
	return out
}

func TestOnlyWhatChangedIsWritten(t *testing.T) {
	st := syncedStore(t)
	dir := t.TempDir()
	mustExport(t, st, LakeDirectory(dir), LakeOptions{})
	before := files(t, dir)
	infos := map[string]os.FileInfo{}
	for path := range before {
		infos[path], _ = os.Stat(filepath.Join(dir, path))
	}
	for _, e := range mustExport(t, st, LakeDirectory(dir), LakeOptions{}) {
		if e.Written+e.Dropped > 0 {
			t.Errorf("%s was written again: %+v", e.Table, e)
		}
	}
	for path, was := range infos {
		if now, err := os.Stat(filepath.Join(dir, path)); err != nil || !os.SameFile(was, now) {
			t.Errorf("%s was replaced (%v)", path, err)
		}
	}
	const months = "SELECT strftime(min(created_at), '%Y-%m') FROM incidents UNION ALL SELECT strftime(max(created_at), '%Y-%m') FROM incidents"
	month := column(t, st, months)
	if _, err := st.DB().Exec(`UPDATE incidents SET title = title || '!' WHERE created_at = (SELECT max(created_at) FROM incidents);
		DELETE FROM incidents WHERE date_trunc('month', created_at) = (SELECT date_trunc('month', min(created_at)) FROM incidents)`); err != nil {
		t.Fatal(err)
	}
	mustExport(t, st, LakeDirectory(dir), LakeOptions{})
	after := files(t, dir)
	want := []string{"-incidents/month=" + month[0] + "/incidents.parquet", "_crywolf/manifest.json", "incidents/month=" + month[1] + "/incidents.parquet"}
	if diff := cmp.Diff(want, changedFiles(before, after)); diff != "" {
		t.Errorf("files that changed (-want +got):\n%s", diff)
	}
	if _, err := os.Stat(filepath.Join(dir, "incidents", "month="+month[0])); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder of a month that is gone is still there (%v)", err)
	}
	fresh := t.TempDir()
	mustExport(t, st, LakeDirectory(fresh), LakeOptions{})
	if diff := changedFiles(after, files(t, fresh)); len(diff) > 0 {
		t.Errorf("a new lake of the same tables has other bytes: %v", diff)
	}
}

func TestEveryTableHasItsPlaceInALake(t *testing.T) {
	st, _ := newStore(t)
	var placed []string
	for _, table := range lakeFacts {
		placed = append(placed, table.Name)
	}
	placed = append(placed, emptyTables...)
	slices.Sort(placed)
	tables := column(t, st, "SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY table_name")
	if diff := cmp.Diff(tables, placed); diff != "" {
		t.Errorf("tables (-schema +lake):\n%s", diff)
	}
}

// TestALakeHasOnlyPlainTypes: no list, no unsigned number and no 128 bits, times in microseconds and not in some zone.
func TestALakeHasOnlyPlainTypes(t *testing.T) {
	st := syncedStore(t)
	dir := t.TempDir()
	mustExport(t, st, LakeDirectory(dir), LakeOptions{Names: true, Raw: true})
	got := column(t, st, "SELECT DISTINCT concat_ws(' ', type, converted_type, logical_type, repetition_type) AS kind FROM parquet_schema('"+dir+
		"/*/**/*.parquet') WHERE num_children IS NULL ORDER BY kind")
	want := []string{
		"BOOLEAN OPTIONAL", "BYTE_ARRAY UTF8 OPTIONAL", "INT32 INT_32 OPTIONAL", "INT64 INT_64 OPTIONAL",
		"INT64 TIMESTAMP_MICROS TimestampType(isAdjustedToUTC=0, unit=TimeUnit(MILLIS=<null>, MICROS=MicroSeconds(), NANOS=<null>)) OPTIONAL",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("types (-want +got):\n%s", diff)
	}
	if nested := column(t, st, "SELECT DISTINCT name FROM parquet_schema('"+dir+"/*/**/*.parquet') WHERE num_children IS NOT NULL"); len(nested) != 1 {
		t.Errorf("groups: %v", nested)
	}
}
