package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"crywolf/reports"
)

func TestNearest(t *testing.T) {
	names := []string{"payments-primary", "payments-secondary", "search", "data-platform"}
	for word, want := range map[string][]string{
		"payment-primary": {"payments-primary"},
		"Search":          {"search"},
		"payments":        {"payments-primary", "payments-secondary"},
		"zzzz":            nil,
		"data-platfrom":   {"data-platform"},
	} {
		if got := nearest(word, names); !slices.Equal(got, want) {
			t.Errorf("near %q: got %q, want %q", word, got, want)
		}
	}
}

func TestQuoted(t *testing.T) {
	for s, want := range map[string]string{"a-b": "a-b", "a b": "'a b'", "it's": `'it'\''s'`, "": "''", "$(rm)": "'$(rm)'", "~/x": "~/x"} {
		if got := quoted(s); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestWriteLeavesNothingHalfDone(t *testing.T) {
	dir := t.TempDir()
	good, bad := filepath.Join(dir, "good.json"), filepath.Join(dir, "bad.csv")
	if err := os.WriteFile(good, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	var stdout strings.Builder
	a := &app{stdout: &stdout, stderr: io.Discard, flags: globalFlags{color: "never"}}
	broken := errors.New("broken")
	err := a.write([]target{{"json", good}, {"table", "-"}, {"csv", bad}}, func(w io.Writer, format string, _ bool) error {
		io.WriteString(w, "half of "+format)
		if format == "csv" {
			return broken
		}
		return nil
	})
	if !errors.Is(err, broken) {
		t.Fatalf("got %v", err)
	}
	if text, _ := os.ReadFile(good); string(text) != "before" || stdout.Len() > 0 {
		t.Errorf("a failed rendering reached a file or stdout: %q, %q", text, stdout.String())
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("%d files are left", len(files))
	}
}

func TestFailuresFitFiveLines(t *testing.T) {
	var stderr strings.Builder
	a := &app{stderr: &stderr, env: map[string]string{"HOME": "/home/x"}}
	for _, err := range []error{
		ambiguous("03/04/2026", "03", "04", "2026"),
		misuse("what", "try", "why"),
		errors.New("first\nsecond\nthird"),
	} {
		stderr.Reset()
		a.fail(a.asFailure(t.Context(), err))
		lines := strings.Split(strings.TrimSuffix(stderr.String(), "\n"), "\n")
		if len(lines) > 5 || !strings.HasPrefix(lines[0], "crywolf: ") || strings.HasSuffix(lines[0], ".") {
			t.Errorf("%q", lines)
		}
	}
}

// TestMissingColumnIsAnError: a query that loses a column is an error, not a zero in a report.
func TestMissingColumnIsAnError(t *testing.T) {
	b := &builder{}
	r := row{b: b, metric: "load", columns: map[string]int{"page_count": 0}, values: []any{int64(3)}}
	if r.count("page_count") != 3 || b.err != nil {
		t.Fatal("a column that is there was not read")
	}
	r.count("pages")
	if b.err == nil || !strings.Contains(b.err.Error(), "metric load has no column pages") {
		t.Errorf("got %v", b.err)
	}
}

func TestShiftsAreOrderedByNumberNotByText(t *testing.T) {
	p := people{numbers: map[string]int{"A": 10, "B": 9}}
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	shifts := []shift{{userID: "A", Shift: reports.Shift{User: "R10", Start: at}}, {userID: "B", Shift: reports.Shift{User: "R9", Start: at}},
		{userID: "A", Shift: reports.Shift{User: "R10", Start: at.Add(-time.Hour)}}}
	p.sortShifts(shifts)
	if shifts[0].User != "R10" || shifts[1].User != "R9" || shifts[2].User != "R10" {
		t.Errorf("%v", shifts)
	}
}
