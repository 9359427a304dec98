package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"
	"github.com/rogpeppe/go-internal/testscript"

	"crywolf/ingest/pagerdutytest"
)

var updateScripts = flag.Bool("update-scripts", false, "write what the scripts compare; then read it")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"crywolf": main,
	})
}

// TestScripts runs testdata/script: the whole program in a process of its own, against the PagerDuty double.
//
// The commands beside testscript's own:
//
//	exits CODE PROGRAM ARGS...     runs the program and checks its exact exit code
//	pagerduty KIND [OPTIONS...]    serves an account: demo [WEEKS], empty, small N; sets CRYWOLF_API_URL and PAGERDUTY_TOKEN
//	demodb FILE                    a copy of a demo's database, made once for all scripts
//	sql FILE STATEMENT             changes a database behind crywolf's back
//	lock FILE, unlock FILE         holds a database open, as a running sync does
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("..", "..", "testdata", "script"),
		UpdateScripts:       *updateScripts,
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", filepath.Join(e.WorkDir, "home"))
			e.Setenv("TERM", "xterm")
			e.Values["locks"] = map[string]*sql.DB{}
			return nil
		},
		Condition: func(name string) (bool, error) {
			if name == "mount" { // may this user mount a small file system of its own?
				return exec.Command("unshare", "-m", "true").Run() == nil, nil
			}
			return false, errors.New("unknown condition")
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": scriptExits, "pagerduty": scriptPagerDuty, "demodb": scriptDemoDB,
			"sql": scriptSQL, "lock": scriptLock, "unlock": scriptUnlock,
		},
	})
}

func scriptExits(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		code = exit.ExitCode()
	}
	if code != want {
		ts.Fatalf("%s ended with code %d, want %d", strings.Join(args[1:], " "), code, want)
	}
}

func scriptPagerDuty(ts *testscript.TestScript, _ bool, args []string) {
	account, args := scriptAccount(ts, args)
	options := []pagerdutytest.Option{pagerdutytest.WithRate(demoRate)} // what is tested here is not the pace
	for _, arg := range args {
		name, value, _ := strings.Cut(arg, "=")
		switch name {
		case "-token": // accept this one only
			options = append(options, pagerdutytest.WithToken(value))
		case "-deny": // 403 below a path
			options = append(options, pagerdutytest.WithDenied(403, value))
		case "-user": // the token is one of a user with this role
			account.Users[0].Role = value
			options = append(options, pagerdutytest.WithUser(account.Users[0].ID))
		case "-hostile":
			options = append(options, pagerdutytest.WithHostile())
		case "-subdomain":
			account = rehomed(account, value)
		case "-same-names": // all rotations are called alike
			for i := range account.Schedules {
				account.Schedules[i].Name = value
			}
		default:
			ts.Fatalf("pagerduty: unknown option %s", arg)
		}
	}
	server := pagerdutytest.NewServer(account, options...)
	ts.Defer(server.Close)
	ts.Setenv("CRYWOLF_API_URL", server.URL)
	ts.Setenv("PAGERDUTY_TOKEN", "u+scriptTokenThatNobodyMayEverSee")
}

// scriptAccount reads which account to serve, and returns the other arguments.
func scriptAccount(ts *testscript.TestScript, args []string) (*pagerdutytest.Account, []string) {
	switch {
	case len(args) > 0 && args[0] == "demo":
		weeks := 5
		if len(args) > 1 && !strings.HasPrefix(args[1], "-") {
			n, err := strconv.Atoi(args[1])
			ts.Check(err)
			weeks, args = n, args[1:]
		}
		return pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: weeks}), args[1:]
	case len(args) > 0 && args[0] == "empty":
		return pagerdutytest.NewAccount("empty"), args[1:]
	case len(args) > 1 && args[0] == "small":
		seed, err := strconv.ParseUint(args[1], 10, 64)
		ts.Check(err)
		return pagerdutytest.Random(seed), args[2:]
	}
	ts.Fatalf("usage: pagerduty demo [WEEKS]|empty|small N [OPTIONS...]")
	return nil, nil
}

func rehomed(account *pagerdutytest.Account, subdomain string) *pagerdutytest.Account {
	account.Subdomain = subdomain
	return account
}

// demoDB makes one demo for all scripts that only read one.
var demoDB = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "crywolf-demo-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "crywolf-demo.duckdb")
	var stdout, stderr strings.Builder
	env := []string{"HOME=" + dir}
	if code := run(context.Background(), []string{"demo", "--db", path}, env, strings.NewReader(""), &stdout, &stderr); code != exitOK {
		return nil, errors.New(stderr.String())
	}
	return os.ReadFile(path)
})

func scriptDemoDB(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: demodb FILE")
	}
	content, err := demoDB()
	ts.Check(err)
	path := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(filepath.Dir(path), 0o700))
	ts.Check(os.WriteFile(path, content, 0o600))
}

func scriptSQL(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: sql FILE STATEMENT")
	}
	db, err := sql.Open("duckdb", ts.MkAbs(args[0]))
	ts.Check(err)
	_, err = db.Exec(args[1])
	ts.Check(errors.Join(err, db.Close()))
}

func scriptLock(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: lock FILE")
	}
	path := ts.MkAbs(args[0])
	db, err := sql.Open("duckdb", path)
	ts.Check(err)
	ts.Check(db.Ping())
	ts.Value("locks").(map[string]*sql.DB)[path] = db
	ts.Defer(func() { db.Close() })
}

func scriptUnlock(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: unlock FILE")
	}
	db := ts.Value("locks").(map[string]*sql.DB)[ts.MkAbs(args[0])]
	if db == nil {
		ts.Fatalf("%s is not locked", args[0])
	}
	ts.Check(db.Close())
}
