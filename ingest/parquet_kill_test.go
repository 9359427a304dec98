package ingest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var errKilled = errors.New("killed")

// killedAt is a lake's directory whose export ends after so many steps, as if it had been killed: nothing is tidied up.
func killedAt(dir string, steps int, told *[]string) *lakeDirectory {
	d := LakeDirectory(dir).(*lakeDirectory)
	d.step = func(name string) error {
		*told = append(*told, name)
		if len(*told) > steps {
			return errKilled
		}
		return nil
	}
	return d
}

// changeFacts changes facts in several tables and months, and empties a month.
func changeFacts(t *testing.T, st *Store) {
	t.Helper()
	if _, err := st.DB().Exec(`UPDATE incidents SET title = title || '!'; UPDATE services SET name = name || '?';
		INSERT INTO teams (id, name) VALUES ('PNEW', 'new');
		DELETE FROM log_entries WHERE date_trunc('month', created_at) = (SELECT date_trunc('month', min(created_at)) FROM log_entries)`); err != nil {
		t.Fatal(err)
	}
}

// TestAKilledExportLeavesOneLake kills an export after each of its steps: what is read then is the old lake until all
// new files are written, and the new one from then on, never some of both; and the next export finishes it.
func TestAKilledExportLeavesOneLake(t *testing.T) {
	st := syncedStore(t)
	old := lakeRows(t, st, ", 'raw', 'name'")
	first := t.TempDir()
	mustExport(t, st, LakeDirectory(first), LakeOptions{})
	changeFacts(t, st)
	now := lakeRows(t, st, ", 'raw', 'name'")
	whole := filepath.Join(t.TempDir(), "whole")
	mustExport(t, st, LakeDirectory(whole), LakeOptions{})
	for n := 0; ; n++ {
		dir := filepath.Join(t.TempDir(), fmt.Sprint("lake", n))
		if err := os.CopyFS(dir, os.DirFS(first)); err != nil {
			t.Fatal(err)
		}
		var told []string
		_, err := ExportLake(context.Background(), st.DB(), killedAt(dir, n, &told), LakeOptions{})
		if err == nil {
			if n < 6 || len(told) != n {
				t.Errorf("an export has only %d steps: %v", n, told)
			}
			return
		}
		if !errors.Is(err, errKilled) {
			t.Fatal(err)
		}
		want := now
		if told[len(told)-1] == "written" {
			want = old
		}
		lake := openLake(t, dir)
		if diff := cmp.Diff(want, lakeRows(t, lake, ", 'raw', 'name'")); diff != "" {
			t.Errorf("killed after %s (-want +got):\n%s", told[len(told)-1], diff)
		}
		lake.Close()
		mustExport(t, st, LakeDirectory(dir), LakeOptions{})
		if diff := changedFiles(files(t, whole), files(t, dir)); len(diff) > 0 {
			t.Errorf("after %s the next export left other files: %v", told[len(told)-1], diff)
		}
	}
}

// TestAnExportWaitsForReaders: whoever reads sees one lake to the end.
func TestAnExportWaitsForReaders(t *testing.T) {
	st := syncedStore(t)
	dir := t.TempDir()
	mustExport(t, st, LakeDirectory(dir), LakeOptions{})
	old := lakeRows(t, st, ", 'raw', 'name'")
	reader := openLake(t, dir)
	changeFacts(t, st)
	planned, done := make(chan bool), make(chan error)
	d := LakeDirectory(dir).(*lakeDirectory)
	d.step = func(name string) error {
		if name == "planned" {
			close(planned)
		}
		return nil
	}
	go func() {
		_, err := ExportLake(context.Background(), st.DB(), d, LakeOptions{})
		done <- err
	}()
	<-planned
	if diff := cmp.Diff(old, lakeRows(t, reader, ", 'raw', 'name'")); diff != "" {
		t.Errorf("a reader saw the export (-want +got):\n%s", diff)
	}
	select {
	case err := <-done:
		t.Fatalf("the export ended while somebody read: %v", err)
	default:
	}
	if err := reader.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if got := one(t, openLake(t, dir), "SELECT count(*) FROM teams WHERE id = 'PNEW'"); got != "1" {
		t.Error("the new lake is not there")
	}
}

// TestATornLakeIsRefused: files that are not those of the manifest.
func TestATornLakeIsRefused(t *testing.T) {
	st := syncedStore(t)
	first, second := t.TempDir(), t.TempDir()
	mustExport(t, st, LakeDirectory(first), LakeOptions{})
	if _, err := st.DB().Exec(`UPDATE teams SET name = translate(name, 'aeiouAEIOU', 'eioaaEIOAA')`); err != nil {
		t.Fatal(err)
	}
	mustExport(t, st, LakeDirectory(second), LakeOptions{})
	at := filepath.Join(first, "teams", "teams.parquet")
	other, err := os.ReadFile(filepath.Join(second, "teams", "teams.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	// Another export's file of the same size, as far as the manifest says.
	m, err := LakeDirectory(first).(*lakeDirectory).manifest(manifestPath)
	if err != nil {
		t.Fatal(err)
	}
	m.table("teams").Files[0].Bytes = int64(len(other))
	sized, err := m.encode()
	if err != nil {
		t.Fatal(err)
	}
	manifest := filepath.Join(first, "_crywolf", "manifest.json")
	good, err := os.ReadFile(manifest)
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func() error{
		"another export's": func() error { return errors.Join(os.WriteFile(at, other, 0o600), os.WriteFile(manifest, sized, 0o600)) },
		"cut off":          func() error { return os.Truncate(at, 50) },
		"missing":          func() error { return os.Remove(at) },
	} {
		own, err := os.ReadFile(at)
		if err != nil {
			t.Fatal(err)
		}
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(context.Background(), "parquet:"+first, ReadOnly); !errors.Is(err, ErrTornLake) {
			t.Errorf("%s: got %v", name, err)
		}
		mustExport(t, st, LakeDirectory(first), LakeOptions{})
		openLake(t, first).Close()
		if err := errors.Join(os.WriteFile(at, own, 0o600), os.WriteFile(manifest, good, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	openLake(t, first)
}

func TestWhatIsNoLakeIsLeftAlone(t *testing.T) {
	st, _ := newStore(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "thesis.txt"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ExportLake(context.Background(), st.DB(), LakeDirectory(dir), LakeOptions{}); !errors.Is(err, ErrNotALake) {
		t.Errorf("got %v", err)
	}
	if left := files(t, dir); len(left) != 1 {
		t.Errorf("%v", left)
	}
	if _, err := Open(context.Background(), "parquet:"+dir, ReadOnly); !errors.Is(err, ErrNoLake) {
		t.Errorf("reading: got %v", err)
	}
	lake := t.TempDir()
	mustExport(t, st, LakeDirectory(lake), LakeOptions{})
	if _, err := Open(context.Background(), "parquet:"+lake, ReadWrite); !errors.Is(err, ErrLakeReadOnly) {
		t.Errorf("writing: got %v", err)
	}
	var dsn *DSNError
	for _, place := range []string{"", "s3://bucket/lake", "/a/*"} {
		if _, err := Open(context.Background(), "parquet:"+place, ReadOnly); !errors.As(err, &dsn) {
			t.Errorf("%q: got %v", place, err)
		}
	}
	manifest := filepath.Join(lake, "_crywolf", "manifest.json")
	good, err := os.ReadFile(manifest)
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{`"path": "teams/teams.parquet"`, `"path": "../../secret.parquet"`},
		{`"path": "teams/teams.parquet"`, `"path": "/etc/secret.parquet"`},
		{`"name": "teams"`, `"name": "teams\"; DROP"`},
		{`"type": "BOOLEAN"`, `"type": "BOOLEAN); ATTACH 'x'; --"`},
		{`"lake_format": 1`, `"lake_format": "x"`},
	} {
		bad := strings.Replace(string(good), change[0], change[1], 1)
		if bad == string(good) {
			t.Fatalf("the manifest has no %s", change[0])
		}
		if _, err := decodeManifest([]byte(bad)); !errors.Is(err, ErrNotALake) {
			t.Errorf("%s: got %v", change[1], err)
		}
	}
	var newer ErrNewer
	if _, err := decodeManifest([]byte(`{"lake_format": 99}`)); !errors.As(err, &newer) {
		t.Errorf("a later layout: got %v", err)
	}
}
