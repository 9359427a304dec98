package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"crywolf/ingest"
	"crywolf/ingest/pagerdutytest"
)

// program runs crywolf in processes of its own, against a double whose requests can be met.
type program struct {
	dir, url string

	mu   sync.Mutex
	meet func(n int, w http.ResponseWriter, r *http.Request) bool // true: it has answered
	n    int
}

const programToken = "u+tokenOfAProcess"

func newProgram(t *testing.T, account *pagerdutytest.Account) *program {
	t.Helper()
	p := &program{dir: t.TempDir()}
	double := pagerdutytest.NewHandler(account, pagerdutytest.WithRate(demoRate))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		p.n++
		n, meet := p.n, p.meet
		p.mu.Unlock()
		w.Header().Set("Date", account.End.Format(http.TimeFormat))
		if meet == nil || !meet(n, w, r) {
			double.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	p.url = server.URL
	return p
}

// with sets how requests are met from now on, counted anew.
func (p *program) with(meet func(n int, w http.ResponseWriter, r *http.Request) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n, p.meet = 0, meet
}

type process struct {
	*exec.Cmd
	stdout, stderr bytes.Buffer
}

func (p *program) start(t *testing.T, args ...string) *process {
	t.Helper()
	x := &process{Cmd: exec.Command("crywolf", args...)}
	x.Dir, x.Stdout, x.Stderr = p.dir, &x.stdout, &x.stderr
	x.Env = append(os.Environ(), "HOME="+p.dir, "XDG_CONFIG_HOME="+p.dir, "PAGERDUTY_TOKEN="+programToken, "CRYWOLF_API_URL="+p.url)
	if err := x.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Process.Kill() })
	return x
}

// end waits for a process and gives its exit code, -1 where it was killed.
func (x *process) end(t *testing.T) int {
	t.Helper()
	err := x.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if text := x.stdout.String() + x.stderr.String(); strings.Contains(text, programToken) {
		t.Fatalf("the token is shown:\n%s", text)
	}
	return x.ProcessState.ExitCode()
}

// run runs the program to its end, which must be of the code.
func (p *program) run(t *testing.T, code int, args ...string) (stdout, stderr string) {
	t.Helper()
	x := p.start(t, args...)
	if got := x.end(t); got != code {
		t.Fatalf("crywolf %s ended with code %d, want %d:\n%s", strings.Join(args, " "), got, code, x.stderr.String())
	}
	return x.output(), x.stderr.String()
}

// howOld is told by the clock, which goes on during a test.
var howOld = regexp.MustCompile(`the data ends \S+ before now`)

// output is what the process wrote to stdout, but for how old the data are.
func (x *process) output() string {
	return howOld.ReplaceAllString(x.stdout.String(), "the data are old")
}

// TestWhileASyncRuns halts a sync in the middle: whoever wants the database then is told by which process it is used,
// or waits for it where asked to, be it another sync or a report.
func TestWhileASyncRuns(t *testing.T) {
	p := newProgram(t, pagerdutytest.Random(3).Thin(4))
	p.run(t, exitOK, "sync", "--db", "whole.duckdb")
	want, _ := p.run(t, exitOK, "report", "--db", "whole.duckdb", "--json")

	halted, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	p.with(func(_ int, _ http.ResponseWriter, r *http.Request) bool {
		if strings.HasPrefix(r.URL.Path, "/log_entries") {
			once.Do(func() { close(halted) })
			<-goOn
		}
		return false
	})
	first := p.start(t, "sync", "--db", "x.duckdb")
	<-halted
	for _, args := range [][]string{{"sync"}, {"report"}, {"noisy"}, {"audit"}, {"query", "load"}, {"explain", "PNONE01"}} {
		stdout, stderr := p.run(t, exitFailed, append(args, "--db", "x.duckdb")...)
		if stdout != "" || !strings.Contains(stderr, "another crywolf is using the database (process "+strconv.Itoa(first.Process.Pid)+")") ||
			!strings.Contains(stderr, "--wait") {
			t.Errorf("%v: %q on stdout, %q on stderr; the sync is process %d", args, stdout, stderr, first.Process.Pid)
		}
	}
	second := p.start(t, "sync", "--db", "x.duckdb", "--wait")
	reader := p.start(t, "report", "--db", "x.duckdb", "--wait", "--json")
	time.Sleep(300 * time.Millisecond) // so that both have met the lock; if not, the test is only less sharp
	close(goOn)
	for _, x := range []*process{first, second, reader} {
		if code := x.end(t); code != exitOK {
			t.Fatalf("%v ended with code %d: %s", x.Args, code, x.stderr.String())
		}
	}
	if got := reader.output(); got != want {
		t.Errorf("the report that waited:\n%s\nwant\n%s", got, want)
	}
	if got, _ := p.run(t, exitOK, "report", "--db", "x.duckdb", "--json"); got != want {
		t.Errorf("after two syncs at once:\n%s\nwant\n%s", got, want)
	}
}

// TestKillingTheProgram kills syncs by kill -9 at random instants, half of them after the last request, where what was
// read is worked into the numbers. A report then says what it rests on or that the period has a gap, and the next sync
// ends like one that was left alone. CRYWOLF_KILLS sets how many.
func TestKillingTheProgram(t *testing.T) {
	kills := 4
	if text := os.Getenv("CRYWOLF_KILLS"); text != "" {
		var err error
		if kills, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	p := newProgram(t, pagerdutytest.Random(5).Thin(repeats(8, 2)))
	p.run(t, exitOK, "sync", "--db", "whole.duckdb")
	requests := p.n
	want, _ := p.run(t, exitOK, "report", "--db", "whole.duckdb", "--json")
	for i := range kills {
		db := "killed" + strconv.Itoa(i) + ".duckdb"
		nth, moment := requests, time.Duration(i*37%200)*time.Millisecond
		if i%2 == 0 {
			nth, moment = 1+i*requests/kills, time.Duration(i%5)*time.Millisecond
		}
		hit := make(chan struct{})
		p.with(func(n int, _ http.ResponseWriter, _ *http.Request) bool {
			if n == nth {
				close(hit)
			}
			return false
		})
		x := p.start(t, "sync", "--db", db)
		<-hit
		time.Sleep(moment)
		x.Process.Kill()
		x.end(t)
		p.with(nil)
		r := p.start(t, "report", "--db", db, "--json")
		switch code := r.end(t); {
		case code == exitOK && !strings.Contains(r.output(), `"code": "sync_unfinished"`) && r.output() != want:
			t.Errorf("kill %d: a report before the next sync is\n%s\nwant\n%s", i, r.output(), want)
		case code != exitOK && code != exitGap && code != exitFailed || strings.Contains(r.stderr.String(), "internal error"):
			t.Errorf("kill %d: a report before the next sync ended with code %d: %s", i, code, r.stderr.String())
		}
		p.run(t, exitOK, "sync", "--db", db)
		if got, _ := p.run(t, exitOK, "report", "--db", db, "--json"); got != want {
			t.Fatalf("kill %d, %s after request %d of %d: the report is\n%s\nwant\n%s", i, moment, nth, requests, got, want)
		}
		os.Remove(filepath.Join(p.dir, db))
	}
}

// TestATokenRevokedDuringASync: code 4, what was read is kept and can be reported on, and a good token goes on.
func TestATokenRevokedDuringASync(t *testing.T) {
	p := newProgram(t, pagerdutytest.Random(5).Thin(4))
	p.run(t, exitOK, "sync", "--db", "whole.duckdb")
	want, _ := p.run(t, exitOK, "report", "--db", "whole.duckdb", "--json")
	p.with(func(n int, w http.ResponseWriter, r *http.Request) bool {
		if !strings.Contains(r.URL.Path, "/alerts") { // the last but a few
			return false
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		w.Write([]byte(`{"error":{"message":"Authentication failed","code":2006,"errors":["` + programToken + `"]}}`))
		return true
	})
	stdout, stderr := p.run(t, exitAuth, "sync", "--db", "x.duckdb", "--debug")
	if stdout != "" || !strings.Contains(stderr, "crywolf: PagerDuty refused the token (401)") {
		t.Errorf("%q on stdout, %q on stderr", stdout, stderr)
	}
	p.run(t, exitOK, "report", "--db", "x.duckdb", "--json") // incidents, log entries and shifts had been read
	p.with(nil)
	p.run(t, exitOK, "sync", "--db", "x.duckdb")
	if got, _ := p.run(t, exitOK, "report", "--db", "x.duckdb", "--json"); got != want {
		t.Errorf("with a good token:\n%s\nwant\n%s", got, want)
	}
}

// TestTroubleInWords: errors of the network and of PagerDuty say what happened, what it may be and what to do, in five
// lines at most.
func TestTroubleInWords(t *testing.T) {
	for _, c := range []struct {
		err  error
		says []string
	}{
		{&ingest.APIError{Status: 503}, []string{"PagerDuty answered 503", "has trouble"}},
		{&ingest.APIError{Status: 408, Code: 2016}, []string{"PagerDuty answered 408", "has trouble"}},
		{&ingest.APIError{Status: 429}, []string{"PagerDuty answered 429", "used up"}},
		{&ingest.APIError{Status: 400, Message: "Invalid Input Provided"}, []string{"Invalid Input Provided", "does not take"}},
		{&ingest.TransportError{Err: errors.New("no answer from PagerDuty: EOF")}, []string{"no answer from PagerDuty: EOF", "--api-url"}},
		{&ingest.TransportError{Foreign: true, Err: errors.New("the answer is not a JSON object")}, []string{"not a JSON object", "proxy"}},
	} {
		var stderr bytes.Buffer
		a := &app{env: map[string]string{}, stderr: &stderr}
		f := a.asFailure(t.Context(), a.syncFailure(t.Context(), fmt.Errorf("read incidents: %w", c.err)))
		a.fail(f)
		text := stderr.String()
		for _, want := range append(c.says, "read incidents", "What was read is stored", "Try:") {
			if !strings.Contains(text, want) {
				t.Errorf("%v: %q is not said in\n%s", c.err, want, text)
			}
		}
		if f.code != exitFailed || strings.Count(text, "\n") > 5 {
			t.Errorf("%v: code %d\n%s", c.err, f.code, text)
		}
	}
}
