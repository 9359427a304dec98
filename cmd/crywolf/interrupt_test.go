package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"crywolf/ingest/pagerdutytest"
)

// TestInterrupt cuts a sync at its first request for log entries: code 130, the voice of stderr, and the next
// sync goes on to the same report as a sync that was left alone.
func TestInterrupt(t *testing.T) {
	account := pagerdutytest.Random(7)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	double := pagerdutytest.NewHandler(account, pagerdutytest.WithRate(demoRate))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if ctx.Err() == nil && strings.HasPrefix(r.URL.Path, "/log_entries") {
			cancel()
			return
		}
		double.ServeHTTP(w, r)
	}))
	defer server.Close()
	dir := t.TempDir()
	env := []string{"HOME=" + dir, "PAGERDUTY_TOKEN=t", "CRYWOLF_API_URL=" + server.URL}
	crywolf := func(ctx context.Context, args ...string) (int, string, string) {
		var stdout, stderr strings.Builder
		code := run(ctx, args, env, strings.NewReader(""), &stdout, &stderr)
		return code, stdout.String(), stderr.String()
	}
	cut, whole := filepath.Join(dir, "cut.duckdb"), filepath.Join(dir, "whole.duckdb")
	code, stdout, stderr := crywolf(ctx, "sync", "--db", cut)
	if code != exitInterrupted || stdout != "" || !strings.Contains(stderr, "crywolf: interrupted; what was stored is kept") {
		t.Fatalf("an interrupted sync ended with code %d, %q on stdout, %q on stderr", code, stdout, stderr)
	}
	if code, stdout, stderr := crywolf(t.Context(), "report", "--db", cut); code != exitGap || stdout != "" || !strings.Contains(stderr, "crywolf sync --db") {
		t.Errorf("a report between the two ended with code %d, %q on stdout, %q on stderr", code, stdout, stderr)
	}
	for _, db := range []string{cut, whole} {
		if code, _, stderr := crywolf(t.Context(), "sync", "--db", db); code != exitOK {
			t.Fatalf("the sync after ended with code %d: %s", code, stderr)
		}
	}
	_, got, _ := crywolf(t.Context(), "report", "--db", cut, "--json")
	_, want, _ := crywolf(t.Context(), "report", "--db", whole, "--json")
	if got != want || !strings.Contains(want, `"complete": true`) {
		t.Errorf("after an interrupted sync the report is\n%s\nwant\n%s", got, want)
	}
}
