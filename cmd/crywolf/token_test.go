package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"crywolf/ingest/pagerdutytest"
)

// markedToken is told apart from anything else, and has characters that an address, a header or JSON would write in
// another way.
const markedToken = `u+Marked/Token="7"&<x>`

// markedForms are all ways in which it might be written.
var markedForms = []string{markedToken, url.QueryEscape(markedToken), url.PathEscape(markedToken), `u+Marked/Token=\"7\"&<x>`, `u+Marked/Token`,
	`u%2BMarked`, "Token=\\u0022", fmt.Sprintf("%x", markedToken)}

// echo answers for a server, or a proxy, that repeats what it was sent: in an error, a page, a header, a broken body.
func echo(status int, kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		sent := r.Header.Get("Authorization")
		w.Header().Set("Content-Type", kind)
		w.Header().Set("X-Sent", sent)
		w.Header().Set("Location", "https://elsewhere.invalid/?"+url.QueryEscape(sent))
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"error":{"message":%q,"code":2001,"errors":[%q]}}`, sent, sent)
	}
}

// TestTheTokenIsNowhere runs every command with a token in its environment, against servers of every temper, and looks for
// it in all that is printed, in every file, and in what the database's files hold compressed.
func TestTheTokenIsNowhere(t *testing.T) {
	dialled := watchDials(t)
	account := pagerdutytest.Random(5)
	good := pagerdutytest.NewHandler(account, pagerdutytest.WithRate(demoRate))
	var asked struct {
		sync.Mutex
		list []string
	}
	handler := http.Handler(good)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Lock()
		asked.list = append(asked.list, r.Header.Get("Authorization"), r.URL.String())
		asked.Unlock()
		handler.ServeHTTP(w, r)
	}))
	defer server.Close()
	dir := t.TempDir()
	t.Chdir(dir)
	db := filepath.Join(dir, "x.duckdb")
	var printed bytes.Buffer
	crywolf := func(want int, args ...string) {
		t.Helper()
		env := []string{"HOME=" + dir, "XDG_CONFIG_HOME=" + dir, "USER=somebody", "PAGERDUTY_TOKEN=" + markedToken, "PAGERDUTY_API_KEY=another" + markedToken, "CRYWOLF_API_URL=" + server.URL}
		var stdout, stderr bytes.Buffer
		code := run(context.Background(), append(args, "--debug"), env, strings.NewReader(""), &stdout, &stderr)
		fmt.Fprintf(&printed, "%s%s", stdout.String(), stderr.String())
		if code != want {
			t.Errorf("crywolf %q ended with %d, not %d: %s", args, code, want, stderr.String())
		}
		for _, form := range markedForms {
			if strings.Contains(stdout.String()+stderr.String(), form) {
				t.Errorf("crywolf %q shows the token as %s: %s%s", args, form, stdout.String(), stderr.String())
			}
		}
	}
	for _, answer := range []struct {
		status int
		kind   string
		code   int
	}{
		{400, "application/json", exitFailed}, {401, "application/json", exitAuth}, {403, "application/json", exitAuth}, {403, "text/html", exitAuth},
		{404, "application/json", exitFailed}, {302, "text/html", exitFailed}, {501, "text/plain", exitFailed},
	} {
		handler = echo(answer.status, answer.kind)
		crywolf(answer.code, "sync", "--db", filepath.Join(dir, "refused.duckdb"))
		crywolf(answer.code, "sync", "--estimate", "--db", db)
	}
	handler = good
	crywolf(exitOK, "sync", "--estimate", "--db", db)
	crywolf(exitOK, "sync", "--alerts", "all", "--db", db)
	handler = echo(400, "application/json")
	crywolf(exitFailed, "sync", "--db", db)
	since := account.Start.Format("2006-01-02")
	incident := account.Incidents[0].ID
	for _, args := range [][]string{
		{"report", "-o", "site/", "-o", "report.json", "-o", "report.csv", "-o", "-"}, {"noisy", "-o", "noisy.md", "-o", "noisy.html"},
		{"audit", "--share", "shared.html", "--allow-partial"}, {"explain", incident}, {"query", "totals"}, {"label", "--sample", "3", "-o", "sample.csv"},
	} {
		crywolf(exitOK, append(args, "--since", since, "--db", db)...)
	}
	crywolf(exitOK, "label", incident, "actionable", "--reason", "because", "--db", db)
	crywolf(exitOK, "man", "man")
	crywolf(exitMisuse, "sync", "--api-url", "https://"+url.QueryEscape(markedToken)+"@127.0.0.1", "--db", db)
	crywolf(exitMisuse, "sync", "--token="+markedToken, "--db", db)
	nowhereInFiles(t, dir)
	nowhereInDatabases(t, db, filepath.Join(dir, "refused.duckdb"))
	for i, sent := range asked.list {
		if isHeader := i%2 == 0; isHeader && sent != "Token token="+markedToken || !isHeader && strings.Contains(sent, "Marked") {
			t.Errorf("sent was %q", sent)
		}
	}
	if len(asked.list) < 100 || printed.Len() < 10_000 {
		t.Errorf("%d requests, %d bytes printed: the commands did not run", len(asked.list)/2, printed.Len())
	}
	if hosts := dialled(); !slices.Equal(hosts, []string{strings.TrimPrefix(server.URL, "http://")}) {
		t.Errorf("dialled were %q", hosts)
	}
}

// watchDials keeps whom the transport dials that the client of PagerDuty is made from; the returned function tells.
func watchDials(t *testing.T) func() []string {
	t.Helper()
	transport := http.DefaultTransport.(*http.Transport)
	before := transport.DialContext
	var mu sync.Mutex
	var addresses []string
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		mu.Lock()
		defer mu.Unlock()
		if !slices.Contains(addresses, address) {
			addresses = append(addresses, address)
		}
		return before(ctx, network, address)
	}
	t.Cleanup(func() { transport.DialContext = before })
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return addresses
	}
}

func nowhereInFiles(t *testing.T, dir string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		files++
		content, err := os.ReadFile(path)
		for _, form := range markedForms {
			if bytes.Contains(content, []byte(form)) || strings.Contains(path, form) {
				t.Errorf("%s has the token as %s", path, form)
			}
		}
		return err
	})
	if err != nil || files < 15 {
		t.Errorf("%d files were looked at (%v)", files, err)
	}
}

// nowhereInDatabases reads all rows: on disk, texts are compressed.
func nowhereInDatabases(t *testing.T, paths ...string) {
	t.Helper()
	for _, path := range paths {
		db, err := sql.Open("duckdb", path+"?access_mode=read_only")
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		var text string
		names, err := db.Query(`SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY 1`)
		if err != nil {
			t.Fatal(err)
		}
		var tables []string
		for names.Next() {
			var name string
			if err := names.Scan(&name); err != nil {
				t.Fatal(err)
			}
			tables = append(tables, name)
		}
		if len(tables) < 15 {
			t.Errorf("%s has %d tables", path, len(tables))
		}
		for _, name := range tables {
			err := db.QueryRow(`SELECT coalesce(string_agg(to_json(t)::VARCHAR, chr(10)), '') FROM "` + name + `" AS t`).Scan(&text)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for _, form := range markedForms {
				if strings.Contains(text, form) {
					t.Errorf("%s of %s has the token as %s", name, path, form)
				}
			}
		}
	}
}
