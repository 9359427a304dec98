package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crywolf/ingest/pagerdutytest"
)

// TestPeriodThatEndedBeforeTheClock syncs up to a day that PagerDuty's clock has passed. Incidents come in the state
// of now, so what was acknowledged and resolved after that day must be read too: the response times are those of a
// sync that read everything.
func TestPeriodThatEndedBeforeTheClock(t *testing.T) {
	account := pagerdutytest.Random(3)
	server := pagerdutytest.NewServer(account, pagerdutytest.WithRate(demoRate))
	defer server.Close()
	dir := t.TempDir()
	env := []string{"HOME=" + dir, "PAGERDUTY_TOKEN=t", "CRYWOLF_API_URL=" + server.URL}
	since, until := account.Start.Format(time.RFC3339), account.Start.Add(7*24*time.Hour).Format(time.RFC3339)
	response := func(db string, syncArgs ...string) map[string]any {
		t.Helper()
		for _, args := range [][]string{
			append([]string{"sync", "--db", db, "--since", since}, syncArgs...),
			{"report", "--db", db, "--since", since, "--until", until, "-o", db + ".json"},
		} {
			var stdout, stderr strings.Builder
			if code := run(t.Context(), args, env, strings.NewReader(""), &stdout, &stderr); code != exitOK {
				t.Fatalf("%v ended with code %d: %s", args, code, stderr.String())
			}
		}
		var report struct {
			Rotations []struct {
				ID       string
				Response map[string]any
			}
		}
		text, err := os.ReadFile(db + ".json")
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &report); err != nil {
			t.Fatal(err)
		}
		out := map[string]any{}
		for _, r := range report.Rotations {
			out[r.ID] = r.Response
		}
		return out
	}
	whole := response(filepath.Join(dir, "whole.duckdb"))
	cut := response(filepath.Join(dir, "cut.duckdb"), "--until", until)
	if len(whole) == 0 {
		t.Fatal("the account has no rotation")
	}
	if diff := cmp.Diff(whole, cut); diff != "" {
		t.Errorf("read whole (-), read up to the period's end (+):\n%s", diff)
	}
}
