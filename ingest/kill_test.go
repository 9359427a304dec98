package ingest

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"crywolf/ingest/pagerdutytest"
)

// childEnv makes the test binary a sync process instead: kill -9 can only be tried on a process of its own.
const childEnv = "CRYWOLF_TEST_CHILD"

type child struct {
	DB, URL string
	Since   time.Time
	Hold    bool // keep the database open until killed
	Measure bool // write a measured to stdout
}

func (c child) options() Options {
	return Options{Token: "x", BaseURL: c.URL, Since: c.Since, PseudonymKey: []byte("key")}
}

func TestMain(m *testing.M) {
	if text := os.Getenv(childEnv); text != "" {
		os.Exit(runChild(text))
	}
	os.Exit(m.Run())
}

func runChild(text string) int {
	var c child
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	ctx := context.Background()
	st, err := Open(ctx, c.DB, ReadWrite)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if c.Hold {
		fmt.Println("open")
		time.Sleep(time.Minute)
	}
	if c.Measure {
		err = runMeasured(ctx, st, c.options(), os.Stdout)
	} else {
		_, err = Sync(ctx, st, c.options())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	st.Close()
	return 0
}

func startChild(t testing.TB, c child) *exec.Cmd {
	t.Helper()
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), childEnv+"="+string(text))
	cmd.Stderr = os.Stderr
	return cmd
}

// counting counts requests and tells when the nth came.
type counting struct {
	next http.Handler
	mu   sync.Mutex
	n    int
	at   int
	hit  chan struct{}
}

func (c *counting) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	c.n++
	if c.n == c.at {
		close(c.hit)
	}
	c.mu.Unlock()
	c.next.ServeHTTP(w, r)
}

// arm makes hit close at the nth request from now.
func (c *counting) arm(n int) <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n, c.at, c.hit = 0, n, make(chan struct{})
	return c.hit
}

// TestKillingASyncLosesNothing kills syncs by kill -9 at random instants: after each the database can be opened and holds
// what must hold at any time, and the sync after two of them ends as if there had been none. CRYWOLF_KILLS sets how many.
func TestKillingASyncLosesNothing(t *testing.T) {
	t.Parallel()
	kills := fromEnv(t, "CRYWOLF_KILLS", repeats(8, 20))
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 13, Weeks: 1})
	full := &counting{next: pagerdutytest.NewHandler(a, pagerdutytest.WithRate(fast))}
	srv := httptest.NewServer(full)
	t.Cleanup(srv.Close)
	opts := child{URL: srv.URL, Since: a.Start}.options()

	undisturbed, _ := newStore(t)
	full.arm(-1)
	mustSync(t, undisturbed, opts)
	requests := full.n
	want := facts(t, undisturbed)

	// Half of the kills hit a first sync, half one that goes on from three days before.
	base := filepath.Join(t.TempDir(), "base.duckdb")
	older := serve(t, a.At(a.End.AddDate(0, 0, -3)))
	st := openStore(t, base)
	o := opts
	o.BaseURL = older.URL
	mustSync(t, st, o)
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}

	rng := rand.New(rand.NewPCG(1, 2))
	for i := 0; i < kills; i += 2 {
		path := filepath.Join(t.TempDir(), "killed.duckdb")
		most := requests
		if i%4 == 2 {
			copyFile(t, base, path)
			most = requests / 2
		}
		for range 2 {
			killOnce(t, full, child{DB: path, URL: srv.URL, Since: a.Start}, 1+rng.IntN(most), time.Duration(rng.IntN(12))*time.Millisecond)
			st := openStore(t, path)
			derive(t, st)
			for _, x := range append(unsound(t, st, path, a, "none but x"), lawless(t, st)...) {
				t.Errorf("after kill %d: %s", i, x)
			}
			st.Close()
		}
		full.arm(-1)
		st := openStore(t, path)
		mustSync(t, st, opts)
		got := facts(t, st)
		sameFacts(t, got, want)
		if t.Failed() {
			t.Fatalf("kill %d", i)
		}
		st.Close()
	}
}

// killOnce starts a sync and kills it a moment after its nth request; a sync that needed fewer ends by itself.
func killOnce(t *testing.T, server *counting, c child, nth int, moment time.Duration) {
	t.Helper()
	hit := server.arm(nth)
	cmd := startChild(t, c)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case <-hit:
		time.Sleep(moment)
		cmd.Process.Kill()
		<-ended
	case err := <-ended:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(time.Minute):
		cmd.Process.Kill()
		t.Fatal("the child neither asked nor ended")
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestFailingRequestsLoseNothing(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 13, Weeks: 2})
	calm, _ := newStore(t)
	mustSync(t, calm, options(serve(t, a), a))
	rough, _ := newStore(t)
	srv := serve(t, a, pagerdutytest.WithFaults(pagerdutytest.Faults{Seed: 4, Ratio: 0.15}))
	sum := mustSync(t, rough, options(srv, a))
	if sum.RetryCount == 0 {
		t.Error("nothing failed")
	}
	sameFacts(t, facts(t, rough), facts(t, calm))
}
