package pagerdutytest

import (
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"
)

// Faults plans failing requests. The same address never fails more than
// MaxInARow times in a row, so that a client which tries again gets through.
type Faults struct {
	Seed      uint64
	Ratio     float64       // share of requests that fail, 0 to 1
	Kinds     []FaultKind   // empty: all that do not make a client wait for long
	MaxInARow int           // 3 if 0
	Delay     time.Duration // how long FaultSlow halts; 50 ms if 0
}

// FaultKind is a way in which a request fails.
type FaultKind string

// The kinds of faults.
const (
	Fault500       FaultKind = "500"       // JSON error, code 2000
	Fault502       FaultKind = "502"       // a proxy's HTML
	Fault503       FaultKind = "503"       // a proxy's HTML
	Fault504       FaultKind = "504"       // no body
	Fault408       FaultKind = "408"       // JSON error, code 2016
	FaultHTML      FaultKind = "html_200"  // a web page with status 200
	FaultEmpty     FaultKind = "empty_200" // {} with status 200
	FaultReset     FaultKind = "reset"     // the connection is reset, no answer
	FaultCut       FaultKind = "cut"       // the connection ends in mid-body
	FaultTruncated FaultKind = "truncated" // half the JSON, with a length that fits it
	Fault429       FaultKind = "429"       // rate headers (reset in 1 s) and body
	Fault429Bare   FaultKind = "429_bare"  // neither rate headers nor body: not among the standard kinds
	Fault429HTML   FaultKind = "429_html"  // HTML, no rate headers: not among the standard kinds
	FaultSlow      FaultKind = "slow"      // a right answer that halts in mid-body
)

var standardFaults = []FaultKind{Fault500, Fault502, Fault503, Fault504, Fault408, FaultHTML, FaultEmpty,
	FaultReset, FaultCut, FaultTruncated, Fault429, FaultSlow}

var faultStatus = map[FaultKind]int{
	Fault500: 500, Fault502: 502, Fault503: 503, Fault504: 504, Fault408: 408, FaultHTML: 200, FaultEmpty: 200,
	FaultTruncated: 200, Fault429: 429, Fault429Bare: 429, Fault429HTML: 429, FaultSlow: 200,
}

type faulter struct {
	plan Faults

	mu     sync.Mutex
	rng    *rand.Rand
	failed map[string]int // failures in a row by address
}

func newFaulter(plan Faults) *faulter {
	if len(plan.Kinds) == 0 {
		plan.Kinds = standardFaults
	}
	if plan.MaxInARow == 0 {
		plan.MaxInARow = 3
	}
	if plan.Delay == 0 {
		plan.Delay = 50 * time.Millisecond
	}
	return &faulter{plan: plan, rng: rand.New(rand.NewPCG(plan.Seed, 0xfa17)), failed: map[string]int{}}
}

// next draws the fault of a request, "" for none.
func (f *faulter) next(address string) FaultKind {
	if f == nil {
		return ""
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	draw, kind := f.rng.Float64(), f.plan.Kinds[f.rng.IntN(len(f.plan.Kinds))]
	if draw >= f.plan.Ratio || f.failed[address] >= f.plan.MaxInARow {
		delete(f.failed, address)
		return ""
	}
	f.failed[address]++
	return kind
}

// spoil answers with the fault. right is what would have been answered.
func (f *faulter) spoil(w http.ResponseWriter, r *http.Request, kind FaultKind, right []byte) {
	const page = "<!DOCTYPE html><html><head><title>Please wait</title></head><body><h1>Something went wrong</h1></body></html>"
	body, contentType := right, "application/json; charset=utf-8"
	switch kind {
	case FaultReset:
		reset(w)
		return
	case FaultCut, FaultSlow:
		f.halves(w, r, kind, right)
		return
	case Fault500, Fault408:
		body = errorOf(faultStatus[kind]).body()
	case Fault429:
		w.Header().Set("ratelimit-remaining", "0")
		w.Header().Set("ratelimit-reset", "1")
		body = errorOf(http.StatusTooManyRequests).body()
	case Fault429Bare, Fault429HTML:
		for _, name := range []string{"ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"} {
			w.Header().Del(name)
		}
		body = nil
	case Fault504:
		body = nil
	case FaultEmpty:
		body = []byte("{}")
	case FaultTruncated:
		body = right[:len(right)/2]
	}
	if kind == Fault502 || kind == Fault503 || kind == FaultHTML || kind == Fault429HTML {
		body, contentType = []byte(page), "text/html; charset=utf-8"
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(faultStatus[kind])
	_, _ = w.Write(body)
}

// halves sends the first half, then ends the connection, or halts and goes on.
func (f *faulter) halves(w http.ResponseWriter, r *http.Request, kind FaultKind, right []byte) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", itoa(len(right)))
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(right[:len(right)/2])
	if flusher, ok := w.(http.Flusher); ok {
		flusher.Flush()
	}
	if kind == FaultCut {
		panic(http.ErrAbortHandler)
	}
	select {
	case <-time.After(f.plan.Delay):
		_, _ = w.Write(right[len(right)/2:])
	case <-r.Context().Done():
		panic(http.ErrAbortHandler)
	}
}

// reset ends the connection without an answer, by RST where the server lets it.
func reset(w http.ResponseWriter) {
	if hijacker, ok := w.(http.Hijacker); ok {
		if conn, _, err := hijacker.Hijack(); err == nil {
			if tcp, ok := conn.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0) // then Close resets instead of ending in order
			}
			_ = conn.Close()
			return
		}
	}
	panic(http.ErrAbortHandler)
}
