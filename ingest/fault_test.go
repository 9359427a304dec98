package ingest

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"crywolf/ingest/pagerdutytest"
)

// TestFaultsThatPass has most requests fail a few times, in ways that belong together: retries alone bring the sync to
// its end.
func TestFaultsThatPass(t *testing.T) {
	t.Parallel()
	tr := newTrial(t)
	for name, f := range map[string]pagerdutytest.Faults{
		"server errors": {Ratio: 0.9, Kinds: []pagerdutytest.FaultKind{pagerdutytest.Fault500, pagerdutytest.Fault502, pagerdutytest.Fault503,
			pagerdutytest.Fault504, pagerdutytest.Fault408}, MaxInARow: 6},
		"storms of 429": {Ratio: 0.9, Kinds: []pagerdutytest.FaultKind{pagerdutytest.Fault429, pagerdutytest.Fault429Bare, pagerdutytest.Fault429HTML}, MaxInARow: 9},
		"connections":   {Ratio: 0.6, Kinds: []pagerdutytest.FaultKind{pagerdutytest.FaultReset, pagerdutytest.FaultCut}},
		"bodies": {Ratio: 0.6, Kinds: []pagerdutytest.FaultKind{pagerdutytest.FaultHTML, pagerdutytest.FaultEmpty, pagerdutytest.FaultTruncated},
			MaxInARow: maxBadBodies - 1},
		"slow bodies": {Ratio: 0.1, Kinds: []pagerdutytest.FaultKind{pagerdutytest.FaultSlow}, Delay: time.Minute}, // each costs its time-out
	} {
		t.Run(name, func(t *testing.T) {
			f.Seed, tr.timeout = 7, 0
			if f.Delay > 0 {
				tr.timeout = 400 * time.Millisecond
			}
			rough := pagerdutytest.NewHandler(tr.a, pagerdutytest.WithRate(fast), pagerdutytest.WithFaults(f))
			st, _ := newStore(t)
			defer st.Close()
			sum, err := tr.sync(t, st, rough, nil)
			if err != nil || sum.RetryCount == 0 {
				t.Fatalf("%d retries, %v", sum.RetryCount, err)
			}
			if diff := differ(contents(t, st), tr.want); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// wrongBodies are answers with status 200 that are not what was asked for; K stands for the list's key.
var wrongBodies = map[string]string{
	"nothing": ``, "null": `null`, "a list": `[{"id":"P1"}]`, "a text": `"try again"`, "half an object": `{"K":[{"id":"P1"`, "an empty object": `{}`,
	"another object": `{"error":{"message":"no"}}`, "null for the list": `{"K":null,"more":false}`, "an object for the list": `{"K":{"id":"P1"},"more":false}`,
	"a text for the list": `{"K":"P1"}`, "a number for the list": `{"K":5}`, "a web page": `<!DOCTYPE html><title>Log in</title>`,
	"two objects": `{"K":[]}{"K":[]}`, "deep nesting": strings.Repeat(`{"K":[`, 20_000),
}

// TestWrongBodiesThatPass answers the first requests of each kind with each of them, as many as are borne in a row.
func TestWrongBodiesThatPass(t *testing.T) {
	t.Parallel()
	tr := newTrial(t)
	for names := range slices.Chunk(slices.Sorted(maps.Keys(wrongBodies)), maxBadBodies-1) {
		t.Run(strings.Join(names, ", "), func(t *testing.T) {
			seen := map[string]int{}
			var mu sync.Mutex
			st, _ := newStore(t)
			defer st.Close()
			sum, err := tr.sync(t, st, tr.calm, func(_ int, w http.ResponseWriter, r *http.Request) bool {
				kind, key := endpointOf(r.URL.Path)
				mu.Lock()
				nth := seen[kind]
				seen[kind]++
				mu.Unlock()
				if nth >= len(names) {
					return false
				}
				w.Header().Set("Content-Type", "application/json")
				w.Write([]byte(strings.ReplaceAll(wrongBodies[names[nth]], "K", key)))
				return true
			})
			if err != nil || sum.RetryCount != len(seen)*len(names) || len(seen) < 14 {
				t.Fatalf("%d retries for %d kinds of request, %v", sum.RetryCount, len(seen), err)
			}
			if diff := differ(contents(t, st), tr.want); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// endpointOf names the kind of a request, and the key of its answer.
func endpointOf(path string) (kind, key string) {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	kind = parts[0]
	switch {
	case kind == "v3":
		return "v3/schedules/{id}", "schedule"
	case len(parts) == 1:
		return kind, kind
	case len(parts) == 2:
		return kind + "/{id}", strings.TrimSuffix(kind, "s")
	}
	return kind + "/{id}/" + parts[2], parts[2]
}

// lasting is a fault that does not pass, in one endpoint from its nth request on.
type lasting struct {
	endpoint string
	from     int
	how      string
}

func (l lasting) disturbance() disturbance {
	var mu sync.Mutex
	n := 0
	return func(_ int, w http.ResponseWriter, r *http.Request) bool {
		kind, key := endpointOf(r.URL.Path)
		mu.Lock()
		n += map[bool]int{true: 1}[kind == l.endpoint]
		hit := kind == l.endpoint && n >= l.from
		mu.Unlock()
		if hit {
			lastingFaults[l.how].answer(w, r, key)
		}
		return hit
	}
}

// garbage is a page of records that are none.
func garbage(key string) string {
	return fmt.Sprintf(`{%q:[null,1,"x",[],{},{"id":null},{"id":{}},true,{"id":[]},2,3,4],"more":false}`, key)
}

var lastingFaults = map[string]struct {
	answer func(w http.ResponseWriter, r *http.Request, key string)
	says   string // in the error
}{
	"500":         {status(500, "application/json", `{"error":{"message":"Internal Server Error","code":2000}}`), "PagerDuty answered 500"},
	"503 in HTML": {status(503, "text/html", "<html>"), "PagerDuty answered 503"},
	"504, empty":  {status(504, "", ""), "PagerDuty answered 504"},
	"429":         {status(429, "application/json", `{"error":{"message":"Rate Limit Exceeded","code":2020}}`), "PagerDuty answered 429"},
	"429 bare":    {status(429, "", ""), "PagerDuty answered 429"},
	"reset":       {func(http.ResponseWriter, *http.Request, string) { panic(http.ErrAbortHandler) }, "no answer from PagerDuty"},
	"cut": {func(w http.ResponseWriter, r *http.Request, key string) {
		begin(w, key)
		panic(http.ErrAbortHandler)
	}, "the answer was cut"},
	"truncated":      {status(200, "application/json", `{"incidents":[{"id":"P1","ti`), "not a JSON object"},
	"HTML with 200":  {status(200, "text/html", "<html>Log in</html>"), "not a JSON object"},
	"empty object":   {status(200, "application/json", `{}`), "has no"},
	"null":           {keyed(func(key string) string { return fmt.Sprintf(`{%q:null}`, key) }), "something else"},
	"another object": {keyed(func(key string) string { return fmt.Sprintf(`{%q:{"%s":[]},"more":"no"}`, key, key) }), "something else"},
	"garbage":        {keyed(garbage), "none of the 12 records"},
	"hanging": {func(w http.ResponseWriter, r *http.Request, key string) {
		begin(w, key)
		<-r.Context().Done() // the client has had enough
	}, "did not answer within"},
}

func status(code int, kind, text string) func(http.ResponseWriter, *http.Request, string) {
	return func(w http.ResponseWriter, r *http.Request, _ string) { body(code, kind, text)(w, r) }
}

func keyed(text func(key string) string) func(http.ResponseWriter, *http.Request, string) {
	return func(w http.ResponseWriter, _ *http.Request, key string) { w.Write([]byte(text(key))) }
}

// begin sends the beginning of an answer.
func begin(w http.ResponseWriter, key string) {
	w.Header().Set("Content-Length", "100000")
	fmt.Fprintf(w, `{%q:[`, key)
	w.(http.Flusher).Flush()
}

// TestFaultsThatLast has one endpoint fail for ever: the sync ends with an error that says what it was, what was read
// stays, and the next sync goes on. A third of the endpoints and faults have their turn, thoroughly each; CRYWOLF_FAULTS=all
// tries every pair.
func TestFaultsThatLast(t *testing.T) {
	t.Parallel()
	tr := newTrial(t)
	all := os.Getenv("CRYWOLF_FAULTS") == "all"
	tried := map[string]bool{}
	cases := lastingCases(all)
	step := repeats(3, 1)
	if all {
		step = 1
	}
	for i := 0; i < len(cases); i += step {
		c := cases[i]
		t.Run(fmt.Sprintf("%s from %d, %s", strings.ReplaceAll(c.endpoint, "/", "|"), c.from, c.how), func(t *testing.T) {
			tried[c.endpoint], tried[c.how], tr.timeout = true, true, 0
			if c.how == "hanging" {
				tr.timeout = 400 * time.Millisecond
			}
			_, err := tr.disturb(t, tr.calm, c.disturbance())
			if err == nil || !strings.Contains(err.Error(), lastingFaults[c.how].says) {
				t.Errorf("case %d: error %v", i, err)
			}
			var auth *AuthError
			if errors.As(err, &auth) || errors.Is(err, ErrInterrupted) {
				t.Errorf("it is taken for something else: %v", err)
			}
		})
	}
	if want := 13 + len(lastingFaults); step == 1 && len(tried) != want || len(tried) < want/3 {
		t.Errorf("%d endpoints and faults were tried, of %d", len(tried), want)
	}
}

func lastingCases(all bool) []lasting {
	endpoints := []lasting{{endpoint: "users", from: 1}, {endpoint: "teams", from: 1}, {endpoint: "priorities", from: 1}, {endpoint: "services", from: 1},
		{endpoint: "escalation_policies", from: 1}, {endpoint: "schedules", from: 2}, {endpoint: "incidents", from: 1}, {endpoint: "log_entries", from: 2},
		{endpoint: "incidents/{id}/log_entries", from: 1}, {endpoint: "incidents", from: 2}, {endpoint: "incidents/{id}/alerts", from: 5},
		{endpoint: "maintenance_windows", from: 1}, {endpoint: "change_events", from: 1}, {endpoint: "log_entries", from: 1}, {endpoint: "v3/schedules/{id}", from: 1}}
	hows := []string{"500", "503 in HTML", "504, empty", "429", "429 bare", "reset", "null", "cut", "truncated", "garbage", "HTML with 200", "empty object", "another object", "hanging"}
	var out []lasting
	for i, e := range endpoints {
		for j, how := range hows {
			// Objects of one record are never garbage lists; an alert list of a few is kept as shapes.
			fits := how != "garbage" || e.endpoint == "incidents" || e.endpoint == "log_entries"
			// A schedule without its entries is no fault of the answer: it is noted as one that can't be read.
			fits = fits && (how != "another object" || e.endpoint != "v3/schedules/{id}")
			if fits && (all || i%len(hows) == j) {
				out = append(out, lasting{e.endpoint, e.from, how})
			}
		}
	}
	return out
}
