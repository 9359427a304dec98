package main

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"crywolf/ingest/pagerdutytest"
)

// htmlAccounts are the accounts whose documents are looked at. Each is synced once, when it is first needed, and kept
// until the test t is over:
//
//	demo     what crywolf demo makes
//	hostile  an account like the demo's whose texts attack the documents
//	part     the last two weeks of such an account: a report of four has a gap
//	empty    no incident, no schedule
type htmlAccounts struct {
	t        *testing.T
	mu       sync.Mutex
	programs map[string]*truthProgram
}

func (a *htmlAccounts) program(name string) *truthProgram {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.programs[name] == nil {
		a.programs[name] = a.synced(name)
	}
	return a.programs[name]
}

func (a *htmlAccounts) synced(name string) *truthProgram {
	a.t.Helper()
	if name == "demo" {
		content, err := demoDB()
		if err != nil {
			a.t.Fatal(err)
		}
		p := &truthProgram{directory: a.t.TempDir()}
		if err := os.WriteFile(filepath.Join(p.directory, "truth.duckdb"), content, 0o600); err != nil {
			a.t.Fatal(err)
		}
		return p
	}
	var account *pagerdutytest.Account
	read := 9 * 7 * 24 * time.Hour
	switch name {
	case "hostile":
		account = pagerdutytest.Generate(pagerdutytest.Config{Seed: 2, Weeks: 9})
		makeHostile(account)
	case "part":
		account = pagerdutytest.Generate(pagerdutytest.Config{Seed: 3, Weeks: 9})
		read = 2 * 7 * 24 * time.Hour
	case "empty":
		account = pagerdutytest.NewAccount("empty")
	default:
		a.t.Fatalf("there is no account %q", name)
	}
	return truthServe(a.t, account, truthPeriod{account.End.Add(-read), account.End}, "auto")
}
