package ingest

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestANewDatabaseIsItsOwnersOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b", "crywolf.duckdb")
	st := openStore(t, path)
	if _, err := st.DB().Exec("INSERT INTO meta VALUES ('x', 'y')"); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{path: 0o600, path + ".wal": 0o600, filepath.Dir(path): 0o700 | os.ModeDir} {
		info, err := os.Stat(name)
		if err != nil || info.Mode() != want {
			t.Errorf("%s: mode %v, want %v (%v)", name, info.Mode(), want, err)
		}
	}
	if account, err := st.Account(context.Background()); err != nil || account != (Account{}) {
		t.Errorf("account of an empty database: %v, %v", account, err)
	}
}

func TestTheSchemaHasNothingThatIsSlowOrNotPortable(t *testing.T) {
	st, _ := newStore(t)
	for _, q := range []string{
		"SELECT constraint_text FROM duckdb_constraints() WHERE constraint_type <> 'NOT NULL'",
		"SELECT index_name FROM duckdb_indexes()", "SELECT sequence_name FROM duckdb_sequences()",
		"SELECT table_name || '.' || column_name FROM duckdb_columns() WHERE NOT internal AND (data_type LIKE 'ENUM%' OR data_type LIKE '%TIME ZONE%')",
	} {
		if got := column(t, st, q); len(got) > 0 {
			t.Errorf("%s: %v", q, got)
		}
	}
	for _, tb := range []table{usersTable, teamsTable, prioritiesTable, servicesTable, policiesTable, schedulesTable, incidentsTable,
		logEntriesTable, alertsTable, maintenanceTable, changesTable} {
		got := column(t, st, "SELECT column_name FROM duckdb_columns() WHERE table_name = '"+tb.name+"' ORDER BY column_index")
		if strings.Join(got, " ") != strings.Join(tb.columns, " ") {
			t.Errorf("%s has columns %v, the program says %v", tb.name, got, tb.columns)
		}
	}
	if got := one(t, st, "SELECT current_setting('autoinstall_known_extensions') OR current_setting('autoload_known_extensions')"); got != "false" {
		t.Error("DuckDB may fetch extensions")
	}
}

// open tries to open and closes again.
func open(path string, m Mode) error {
	st, err := Open(context.Background(), path, m)
	if err == nil {
		st.Close()
	}
	return err
}

func TestWhatCannotBeOpened(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := filepath.Join(dir, "good.duckdb")
	st := openStore(t, good)
	if _, err := st.DB().Exec("INSERT INTO meta SELECT 'k' || i, repeat('v', 100) FROM range(20000) r(i)"); err != nil {
		t.Fatal(err)
	}
	st.Close()
	data, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	flipped := append([]byte(nil), data...)
	for i := 4096; i < len(flipped); i += 64 {
		flipped[i] ^= 0xff
	}
	for name, c := range map[string]struct {
		path string
		want error
	}{
		"missing":   {filepath.Join(dir, "none.duckdb"), ErrNoDatabase},
		"noise":     {file("noise", []byte(strings.Repeat("not a database ", 1000))), ErrCorrupt},
		"empty":     {file("empty", nil), ErrCorrupt},
		"cut":       {file("cut", data[:len(data)/2]), ErrCorrupt},
		"head only": {file("head", data[:5000]), ErrCorrupt},
		"flipped":   {file("flipped", flipped), ErrCorrupt},
		"directory": {dir, ErrReadOnly},
	} {
		t.Run(name, func(t *testing.T) {
			if err := open(c.path, ReadOnly); !errors.Is(err, c.want) {
				t.Errorf("%v", err)
			}
		})
	}
}

func alter(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("duckdb", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, q := range statements {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
}

func TestANewerAndAForeignDatabaseAreRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.duckdb")
	openStore(t, path).Close()
	alter(t, path, "UPDATE meta SET value = '7' WHERE key = 'schema_version'")
	for _, m := range []Mode{ReadOnly, ReadWrite} {
		var newer ErrNewer
		if err := open(path, m); !errors.As(err, &newer) || newer != (ErrNewer{Found: 7, Known: SchemaVersion}) {
			t.Errorf("newer: %v", err)
		}
	}
	other := filepath.Join(t.TempDir(), "b.duckdb")
	alter(t, other, "CREATE TABLE things (id INTEGER)")
	for _, m := range []Mode{ReadOnly, ReadWrite} {
		if err := open(other, m); !errors.Is(err, ErrNotOurs) {
			t.Errorf("foreign: %v", err)
		}
	}
	text := `IO Error: Trying to read a database file with version number 99, but we can only read versions between 64 and 67.`
	var newer ErrNewer
	if err := classify(errors.New(text)); !errors.As(err, &newer) || newer.Found != 99 || newer.Known != 67 {
		t.Errorf("newer storage: %v", err)
	}
}

func TestALockedDatabaseNamesItsHolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.duckdb")
	cmd := startChild(t, child{DB: path, Hold: true})
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	if line, _ := bufio.NewReader(out).ReadString('\n'); line != "open\n" {
		t.Fatalf("the child said %q", line)
	}
	for _, m := range []Mode{ReadOnly, ReadWrite} {
		var locked *LockedError
		if err := open(path, m); !errors.As(err, &locked) || locked.PID != cmd.Process.Pid {
			t.Errorf("%v, its process is %d", err, cmd.Process.Pid)
		}
	}
}

func TestManyMayReadAtOnce(t *testing.T) {
	st, path := newStore(t)
	st.Close()
	for range 2 {
		st, err := Open(context.Background(), path, ReadOnly)
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		if _, err := Sync(context.Background(), st, Options{Token: "x", BaseURL: "http://127.0.0.1:1"}); !errors.Is(err, ErrReadOnly) {
			t.Errorf("a sync into it: %v", err)
		}
	}
}

// TestAFullDiskKeepsWhatWasRead syncs into tiny file systems, which are full at different times: in the middle of a page,
// when the log is packed into the file, at the very beginning. With more room the next sync goes on.
func TestAFullDiskKeepsWhatWasRead(t *testing.T) {
	tr := newTrial(t)
	for _, size := range []string{"300k", "1m", "4m"} {
		t.Run(size, func(t *testing.T) {
			dir := tinyDisk(t, size)
			path := filepath.Join(dir, "crywolf.duckdb")
			st := openStore(t, path)
			_, err := tr.sync(t, st, tr.calm, nil)
			st.Close()
			if !errors.Is(err, ErrDiskFull) {
				t.Fatalf("error %v", err)
			}
			again, err := Open(context.Background(), path, ReadOnly)
			if err != nil {
				t.Fatal(err)
			}
			if got := one(t, again, "SELECT count(*) > 0 FROM incidents"); got != "true" {
				t.Error("nothing was kept")
			}
			again.Close()
			makeRoom(t, dir, "64m")
			tr.heals(t, path)
		})
	}
}

func TestAReadOnlyPlaceIsNamed(t *testing.T) {
	dir := tinyDisk(t, "1m")
	remountReadOnly(t, dir)
	if err := open(filepath.Join(dir, "crywolf.duckdb"), ReadWrite); !errors.Is(err, ErrReadOnly) {
		t.Errorf("file: %v", err)
	}
	if err := open(filepath.Join(dir, "sub", "crywolf.duckdb"), ReadWrite); !errors.Is(err, ErrReadOnly) {
		t.Errorf("directory: %v", err)
	}
}

// TestWhatAQuestionSpillsIsPrivate: a question that needs more memory than there is leaves parts of the history beside the
// database while it runs, also where the database is only read.
func TestWhatAQuestionSpillsIsPrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("permissions are those of the directory")
	}
	t.Parallel()
	st, path := newStore(t)
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	read, err := Open(context.Background(), path, ReadOnly)
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	read.DB().SetMaxOpenConns(1)
	for _, q := range []string{"SET threads = 1", "SET memory_limit = '40MB'", "CREATE TEMP TABLE large AS SELECT md5(i::VARCHAR) AS a, md5((-i)::VARCHAR) AS b FROM range(900000) AS r(i)"} {
		if _, err := read.DB().Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	spilled, err := filepath.Glob(path + ".tmp/*")
	if err != nil || len(spilled) == 0 {
		t.Fatalf("nothing was spilled: the test does not try what it says (%v)", err)
	}
	for _, name := range append(spilled, path+".tmp") {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v %v", name, info.Mode(), err)
		}
	}
}
