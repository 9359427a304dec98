package main

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"crywolf/ingest/pagerdutytest"
)

// TestLakeManyAtOnce halts a sync into a DuckLake in its middle, with half of its pages stored. Reports go on meanwhile, from
// processes of their own, and each is that of the last whole sync; another sync says who is writing, or waits. Then it
// goes on, while reports are made one after the other: each is whole, the one before or the one after. In the end
// nothing is lost, nor after a sync that was killed, whose lock goes with it.
func TestLakeManyAtOnce(t *testing.T) {
	account := pagerdutytest.Random(3).Thin(4)
	p := newProgram(t, account)
	p.lakeConfig(t)
	since, middle := account.Start.Format(time.RFC3339), account.Start.Add(account.End.Sub(account.Start)/2).Format(time.RFC3339)
	p.run(t, exitOK, "sync", "--since", since, "--until", middle, "--db", "file.duckdb")
	before, _ := p.run(t, exitOK, "report", "--json", "--since", since, "--db", "file.duckdb")
	p.run(t, exitOK, "sync", "--since", since, "--db", "file.duckdb")
	after, _ := p.run(t, exitOK, "report", "--json", "--since", since, "--db", "file.duckdb")
	if before == after {
		t.Fatal("the second half of the history changes nothing: the test can't tell snapshots apart")
	}
	p.run(t, exitOK, "sync", "--since", since, "--until", middle)

	halted, goOn := p.haltAtLogEntries()
	first := p.start(t, "sync", "--since", since)
	<-halted
	var readers []*process
	for range 3 {
		readers = append(readers, p.start(t, "report", "--json", "--since", since))
	}
	_, stderr := p.run(t, exitFailed, "sync")
	if !strings.Contains(stderr, "another crywolf is writing into ducklake:") || !strings.Contains(stderr, "--wait") || !strings.Contains(stderr, "since ") {
		t.Errorf("a second sync: %s", stderr)
	}
	for _, x := range readers {
		if code := x.end(t); code != exitOK || x.output() != before {
			t.Errorf("a report while a sync is halted ended with code %d: %s\n%s\nwant\n%s", code, x.stderr.String(), x.output(), before)
		}
	}
	waiting := p.start(t, "sync", "--wait")
	close(goOn)
	p.reportUntil(t, since, before, after, first, waiting)
	if got, _ := p.run(t, exitOK, "report", "--json", "--since", since); got != after {
		t.Errorf("after two syncs:\n%s\nwant\n%s", got, after)
	}
}

// haltAtLogEntries stops the next sync at its first request for log entries, until goOn is closed.
func (p *program) haltAtLogEntries() (halted, goOn chan struct{}) {
	halted, goOn = make(chan struct{}), make(chan struct{})
	var once sync.Once
	p.with(func(_ int, _ http.ResponseWriter, r *http.Request) bool {
		if strings.HasPrefix(r.URL.Path, "/log_entries") {
			once.Do(func() { close(halted) })
			<-goOn
		}
		return false
	})
	return halted, goOn
}

// reportUntil makes reports until all writers have ended: two at a time, each in a process of its own, and each of them
// either the one before or the one after.
func (p *program) reportUntil(t *testing.T, since, before, after string, writers ...*process) {
	t.Helper()
	ended := make(chan struct{})
	go func() {
		for _, x := range writers {
			_ = x.Wait() // its code is looked at below
		}
		close(ended)
	}()
	for done := false; !done; {
		select {
		case <-ended:
			done = true
		default:
		}
		pair := []*process{p.start(t, "report", "--json", "--since", since), p.start(t, "report", "--json", "--since", since)}
		for _, x := range pair {
			code, got := x.end(t), x.output()
			if code != exitOK || got != before && got != after {
				t.Errorf("a report while a sync writes ended with code %d: %s\n%s", code, x.stderr.String(), got)
			}
		}
	}
	for _, x := range writers {
		if code := x.ProcessState.ExitCode(); code != exitOK {
			t.Errorf("%v ended with code %d: %s", x.Args, code, x.stderr.String())
		}
	}
}

// TestLakeAfterAKill kills a sync into a DuckLake by kill -9 in its middle. Its lock goes with it: the next sync starts at
// once, and ends like one that was left alone. Until then reports are those of the last whole sync.
func TestLakeAfterAKill(t *testing.T) {
	account := pagerdutytest.Random(5).Thin(4)
	p := newProgram(t, account)
	p.lakeConfig(t)
	since, middle := account.Start.Format(time.RFC3339), account.Start.Add(account.End.Sub(account.Start)/2).Format(time.RFC3339)
	p.run(t, exitOK, "sync", "--since", since, "--db", "file.duckdb")
	want, _ := p.run(t, exitOK, "report", "--json", "--since", since, "--db", "file.duckdb")
	p.run(t, exitOK, "sync", "--since", since, "--until", middle)
	before, _ := p.run(t, exitOK, "report", "--json", "--since", since)

	halted, goOn := p.haltAtLogEntries()
	x := p.start(t, "sync", "--since", since)
	<-halted
	if err := x.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	close(goOn)
	x.end(t)
	if got, _ := p.run(t, exitOK, "report", "--json", "--since", since); got != before {
		t.Errorf("a report after a sync was killed:\n%s\nwant that of the sync before\n%s", got, before)
	}
	p.with(nil)
	p.run(t, exitOK, "sync", "--since", since)
	if got, _ := p.run(t, exitOK, "report", "--json", "--since", since); got != want {
		t.Errorf("after the sync that went on:\n%s\nwant\n%s", got, want)
	}
}
