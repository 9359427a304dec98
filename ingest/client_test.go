package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	pagerduty "github.com/PagerDuty/go-pagerduty"
)

// answers serves one answer after the other; the last one stays.
func answers(t *testing.T, list ...http.HandlerFunc) (*client, *atomic.Int32) {
	t.Helper()
	var n atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i := min(int(n.Add(1)), len(list))
		list[i-1](w, r)
	}))
	srv.Config.ErrorLog = log.New(&bytes.Buffer{}, "", 0)
	t.Cleanup(srv.Close)
	c, err := newClient(Options{Token: "t0ps3cret", BaseURL: srv.URL + "/", RetryWaitFactor: 0.0005})
	if err != nil {
		t.Fatal(err)
	}
	return c, &n
}

func body(status int, kind, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		w.Write([]byte(text))
	}
}

const page0 = `{"users":[],"more":false}`

var good = body(200, "application/json", page0)

func abort(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func cutOff(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "1000")
	w.Write([]byte(`{"users":[`))
	panic(http.ErrAbortHandler)
}

func TestWhatPassesIsAskedAgain(t *testing.T) {
	for name, bad := range map[string]http.HandlerFunc{
		"500":                 body(500, "application/json", `{"error":{"code":2000}}`),
		"502 in HTML":         body(502, "text/html", "<html>"),
		"504 empty":           body(504, "", ""),
		"408":                 body(408, "application/json", `{"error":{"code":2016}}`),
		"429 without headers": body(429, "", ""),
		"reset":               abort,
		"cut body":            cutOff,
		"HTML with 200":       body(200, "text/html", "<html>log in</html>"),
		"half the JSON":       body(200, "application/json", `{"users":[{"id":`),
		"an object of others": body(200, "application/json", `{}`),
	} {
		t.Run(name, func(t *testing.T) {
			c, n := answers(t, bad, bad, good)
			fields, err := c.get(context.Background(), kindUsers, "/users", nil, listOf("users"))
			if err != nil || fields["users"] == nil || n.Load() != 3 {
				t.Errorf("%v after %d requests", err, n.Load())
			}
			if c.retries != 2 {
				t.Errorf("%d retries are counted", c.retries)
			}
		})
	}
}

func TestWhatDoesNotPassIsNotAskedAgain(t *testing.T) {
	for status, requests := range map[int]int32{400: 1, 401: 1, 402: 1, 403: 1, 404: 1, 501: 1, 302: 1} {
		c, n := answers(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "https://example.com/")
			body(status, "application/json", `{"error":{"code":2006,"message":"no","errors":"why"}}`)(w, r)
		})
		_, err := c.get(context.Background(), kindUsers, "/users", nil, listOf("users"))
		var auth *AuthError
		if err == nil || n.Load() != requests || errors.As(err, &auth) != (status == 401) {
			t.Errorf("%d: %v after %d requests", status, err, n.Load())
		}
	}
	c, n := answers(t, body(200, "text/html", "<html>"))
	if _, err := c.get(context.Background(), kindUsers, "/users", nil, listOf("users")); err == nil || n.Load() != maxBadBodies {
		t.Errorf("foreign pages: %v after %d requests", err, n.Load())
	}
	c, n = answers(t, body(503, "", ""))
	_, err := c.get(context.Background(), kindUsers, "/users", nil, listOf("users"))
	var api *APIError
	if !errors.As(err, &api) || api.Status != 503 || n.Load() != maxRetries+1 {
		t.Errorf("always 503: %v after %d requests", err, n.Load())
	}
}

func TestErrorBodiesOfAllShapes(t *testing.T) {
	for text, want := range map[string]string{
		`{"error":{"message":"Arguments Caused Error","code":2002,"errors":["Offset must be less than 9999"]}}`: "PagerDuty answered 400 Bad Request (code 2002): Arguments Caused Error: Offset must be less than 9999",
		`{"error":{"message":"m","errors":"one"}}`:                                                              "PagerDuty answered 400 Bad Request: m: one",
		`{"error":["a","b"]}`:           "PagerDuty answered 400 Bad Request: a: b",
		`{"error":"text of t0ps3cret"}`: "PagerDuty answered 400 Bad Request: text of [token]",
		`<html>`:                        "PagerDuty answered 400 Bad Request",
		``:                              "PagerDuty answered 400 Bad Request",
	} {
		if got := parseAPIError(400, []byte(text), "t0ps3cret").Error(); got != want {
			t.Errorf("%s: %q", text, got)
		}
	}
}

// TestOnlyGETIsEverSent tries go-pagerduty's own ways to write: whatever code may come to call them, nothing is sent.
func TestOnlyGETIsEverSent(t *testing.T) {
	c, n := answers(t, good)
	ctx := context.Background()
	for name, try := range map[string]func() error{
		"POST":   func() error { _, err := c.api.CreateUserWithContext(ctx, pagerduty.User{}); return err },
		"PUT":    func() error { _, err := c.api.UpdateTeamWithContext(ctx, "PT", &pagerduty.Team{}); return err },
		"DELETE": func() error { return c.api.DeleteServiceWithContext(ctx, "PS") },
		"raw": func() error {
			req, _ := http.NewRequest(http.MethodPost, c.base+"/incidents", nil)
			_, err := c.api.Do(req, true)
			return err
		},
		"below the retries": func() error {
			req, _ := http.NewRequest(http.MethodPatch, c.base+"/incidents", nil)
			_, err := c.retry.HTTPClient.Do(req)
			return err
		},
	} {
		if err := try(); err == nil || !strings.Contains(err.Error(), errMethod.Error()) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n.Load() != 0 {
		t.Errorf("%d requests were sent", n.Load())
	}
}

func TestTheTokenIsInOneHeaderOnly(t *testing.T) {
	var seen []*http.Request
	c, _ := answers(t, func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r)
		good(w, r)
	})
	if _, err := c.get(context.Background(), kindUsers, "/users", url.Values{"limit": {"100"}}, listOf("users")); err != nil {
		t.Fatal(err)
	}
	r := seen[0]
	if r.Header.Get("Authorization") != "Token token=t0ps3cret" || r.Header.Get("Accept") != "application/vnd.pagerduty+json;version=2" ||
		r.UserAgent() != "crywolf" || strings.Contains(r.URL.String(), "t0ps3cret") || r.URL.Path != "/users" {
		t.Errorf("%s %v", r.URL, r.Header)
	}
	// Errors of all layers stay silent about it, even where the server echoes it.
	echo := body(403, "application/json", `{"error":{"message":"bad Token token=t0ps3cret","errors":["t0ps3cret"]}}`)
	for _, h := range []http.HandlerFunc{echo, abort, body(200, "text/html", "t0ps3cret")} {
		c, _ := answers(t, h)
		_, err := c.get(context.Background(), kindUsers, "/users", nil, listOf("users"))
		for e := err; e != nil; e = errors.Unwrap(e) {
			if strings.Contains(fmt.Sprintf("%v %+v", e, e), "t0ps3cret") {
				t.Errorf("%v", e)
			}
		}
	}
}

func TestAWaitEndsWithItsContext(t *testing.T) {
	c, _ := answers(t, body(429, "", ""))
	c.retry.Backoff = func(_, _ time.Duration, _ int, _ *http.Response) time.Duration { return time.Hour }
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(20*time.Millisecond, cancel)
	if _, err := c.get(ctx, kindUsers, "/users", nil, listOf("users")); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestA429WaitsForTheReset(t *testing.T) {
	reset := &http.Response{StatusCode: 429, Header: http.Header{"Ratelimit-Reset": {"7"}}}
	for range 20 {
		if d := retryWait(firstRetryWait, longestRetryWait, 0, reset); d < 7*time.Second || d > 8*time.Second {
			t.Errorf("with ratelimit-reset: %s", d)
		}
		if d := retryWait(firstRetryWait, longestRetryWait, 0, &http.Response{StatusCode: 429}); d < 60*time.Second || d > 61*time.Second {
			t.Errorf("without: %s", d)
		}
		if d := retryWait(firstRetryWait, longestRetryWait, 3, &http.Response{StatusCode: 500}); d < 2*time.Second || d > 4*time.Second {
			t.Errorf("fourth 500: %s", d)
		}
		if d := retryWait(firstRetryWait, longestRetryWait, 60, nil); d > longestRetryWait {
			t.Errorf("late: %s", d)
		}
	}
}

func TestTheLimiterFollowsTheHeaders(t *testing.T) {
	headers := func(limit, remaining, reset string) http.Header {
		return http.Header{"Ratelimit-Limit": {limit}, "Ratelimit-Remaining": {remaining}, "Ratelimit-Reset": {reset}}
	}
	l := newTokenLimiter(0, 1)
	if got := l.perMinute(); got != 768 {
		t.Errorf("before any header %.1f a minute", got)
	}
	l.learn(headers("600", "599", "60"))
	if got := l.perMinute(); got != 480 || l.left() != 599 {
		t.Errorf("with a limit of 600: %.1f, %d left", got, l.left())
	}
	if got := newTokenLimiter(50, 1).perMinute(); got != 50 {
		t.Errorf("with --rate 50: %.1f", got)
	}
	l = newTokenLimiter(0, 0.01) // a second lasts 10 ms
	l.learn(headers("960", "0", "5"))
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
	defer cancel()
	if err := l.wait(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("with nothing left: %v", err)
	}
	if err := l.wait(context.Background()); err != nil {
		t.Errorf("after the reset: %v", err)
	}
}

func TestBaseURL(t *testing.T) {
	for _, c := range []struct {
		opts Options
		want string
	}{
		{Options{}, "https://api.pagerduty.com"},
		{Options{Region: "EU"}, "https://api.eu.pagerduty.com"},
		{Options{BaseURL: "http://localhost:8080//"}, "http://localhost:8080"},
		{Options{BaseURL: "localhost:8080"}, ""},
		{Options{BaseURL: "file:///etc"}, ""},
		{Options{BaseURL: "https://user:pw@host"}, ""},
	} {
		got, err := baseURL(c.opts)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%+v: %q, %v", c.opts, got, err)
		}
	}
}
