package pagerdutytest

import (
	"net/http"
	"strings"
	"sync"
	"time"
)

const (
	defaultCap       = 10_000
	defaultPerMinute = 960
	oncallsPerMinute = 240 // told for /oncalls, which has a tighter limit of its own
)

// handler answers as the API would for one account.
type handler struct {
	account *Account
	token   string
	me      string
	now     time.Time
	rate    *rateWindow
	denied  []func(*http.Request) *apiError
	faults  *faulter
	hostile bool
	sixMonthsEmpty,
	plainIncludes bool
	cap           int
	scheduleRange time.Duration

	mu       sync.Mutex
	prepared *index
	requests []Request
}

// Request is one request that a handler got.
type Request struct {
	Method string
	Kind   string // incidents, log_entries, incident_alerts …, "other" for an unknown path
	Path   string
	Query  string
	Status int    // 0: the connection was cut
	Fault  string // the planted fault, if any
}

// NewHandler returns the API of the account. The account must not change
// while requests run.
func NewHandler(a *Account, opts ...Option) http.Handler { return newHandler(a, opts...) }

func newHandler(a *Account, opts ...Option) *handler {
	h := &handler{account: a, cap: defaultCap, rate: &rateWindow{limit: defaultPerMinute}}
	for _, o := range opts {
		o(h)
	}
	return h
}

func (h *handler) clock() time.Time {
	if h.now.IsZero() {
		return h.account.End
	}
	return h.now
}

// index prepares the account at the first request.
func (h *handler) index() *index {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.prepared == nil {
		h.prepared = newIndex(h.account)
	}
	return h.prepared
}

// ServeHTTP answers one request and keeps it in the log.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rt, id, known := match(r.URL.Path)
	entry := Request{Method: r.Method, Kind: rt.kind, Path: r.URL.Path, Query: r.URL.RawQuery}
	w.Header().Set("Date", h.clock().UTC().Format(http.TimeFormat))
	fault := h.faults.next(r.URL.RequestURI())
	body, failure := h.answer(w, r, rt, id, known)
	entry.Status = http.StatusOK
	if failure != nil {
		entry.Status, body = failure.status, failure.body()
	}
	if fault != "" && failure == nil {
		entry.Fault, entry.Status = string(fault), faultStatus[fault]
		h.record(entry)
		h.faults.spoil(w, r, fault, body)
		return
	}
	h.record(entry)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(entry.Status)
	_, _ = w.Write(body) // the client may have gone: nobody to tell
}

// answer checks what every request must pass, in PagerDuty's order, and then
// asks the route.
func (h *handler) answer(w http.ResponseWriter, r *http.Request, rt route, id string, known bool) ([]byte, *apiError) {
	if !h.rate.take(w.Header(), rt.kind) {
		return nil, errorOf(http.StatusTooManyRequests)
	}
	if !h.authorized(r.Header.Get("Authorization")) {
		return nil, errorOf(http.StatusUnauthorized)
	}
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", http.MethodGet)
		return nil, errorOf(http.StatusMethodNotAllowed)
	}
	for _, denied := range h.denied {
		if err := denied(r); err != nil {
			return nil, err
		}
	}
	if !known {
		return nil, notFound()
	}
	return rt.answer(&request{h: h, ix: h.index(), q: r.URL.Query(), id: id})
}

// authorized accepts "Token token=KEY" and "Bearer KEY".
func (h *handler) authorized(header string) bool {
	key, ok := strings.CutPrefix(header, "Token token=")
	if !ok {
		key, ok = strings.CutPrefix(header, "Bearer ")
	}
	key = strings.Trim(key, `"`)
	return ok && key != "" && (h.token == "" || key == h.token)
}

func (h *handler) record(r Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.requests = append(h.requests, r)
}

// rateWindow counts requests by the minute of the real clock.
type rateWindow struct {
	limit    int
	enforced bool

	mu    sync.Mutex
	since time.Time
	used  int
}

// take counts a request and writes the three headers; false: over the limit.
func (w *rateWindow) take(header http.Header, kind string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	if now.Sub(w.since) >= time.Minute {
		w.since, w.used = now, 0
	}
	w.used++
	limit := w.limit
	if kind == "oncalls" && !w.enforced {
		limit = oncallsPerMinute
	}
	remaining := limit - 1
	if w.enforced {
		remaining = max(limit-w.used, 0)
	}
	header.Set("ratelimit-limit", itoa(limit))
	header.Set("ratelimit-remaining", itoa(remaining))
	header.Set("ratelimit-reset", itoa(int((time.Minute-now.Sub(w.since)+time.Second-1)/time.Second)))
	return !w.enforced || w.used <= limit
}
