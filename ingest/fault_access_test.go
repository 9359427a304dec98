package ingest

import (
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"crywolf/ingest/pagerdutytest"
)

// TestATokenRevokedOnTheWay refuses the token from the nth request on: what was read stays, and a good token goes on.
func TestATokenRevokedOnTheWay(t *testing.T) {
	t.Parallel()
	tr := newTrial(t)
	for n := 1; n <= tr.requests; n += max(1, tr.requests/repeats(2, 4)) {
		t.Run(fmt.Sprint("from request ", n), func(t *testing.T) {
			sum, err := tr.disturb(t, tr.calm, func(nth int, w http.ResponseWriter, r *http.Request) bool {
				if nth >= n {
					body(401, "application/json", `{"error":{"message":"Authentication failed","code":2006}}`)(w, r)
				}
				return nth >= n
			})
			var auth *AuthError
			if !errors.As(err, &auth) || auth.Status != 401 || auth.What != "" {
				t.Errorf("error %v", err)
			}
			if sum.RetryCount != 0 {
				t.Errorf("%d retries with a token that is refused", sum.RetryCount)
			}
		})
	}
}

// TestEachPermissionThatIsMissing refuses one endpoint after the other, to the sync whole. Only incidents are something
// that no report can do without; with the permission the next sync makes up for all of it.
func TestEachPermissionThatIsMissing(t *testing.T) {
	t.Parallel()
	tr := newTrial(t)
	endpoints := []string{"incidents", "v3/schedules/{id}", "incidents/{id}/alerts", "users", "incidents/{id}/log_entries", "schedules", // each its own way
		"abilities", "teams", "priorities", "services", "escalation_policies", "log_entries", "incidents/{id}", "maintenance_windows", "change_events"}
	for i, endpoint := range endpoints[:repeats(3, len(endpoints))] {
		status := []int{403, 402}[i%2] // not allowed, or not part of the account's plan
		t.Run(fmt.Sprintf("%s %d", strings.ReplaceAll(endpoint, "/", "|"), status), func(t *testing.T) {
			sum, err := tr.disturb(t, tr.calm, func(_ int, w http.ResponseWriter, r *http.Request) bool {
				kind, _ := endpointOf(r.URL.Path)
				if kind == endpoint {
					body(status, "application/json", `{"error":{"message":"Access Denied","code":2010}}`)(w, r)
				}
				return kind == endpoint
			})
			var auth *AuthError
			if errors.As(err, &auth) != (endpoint == "incidents") || err != nil && auth.What != "incidents" {
				t.Errorf("error %v", err)
			}
			silent := endpoint == "abilities" || endpoint == "incidents/{id}" || endpoint == "incidents" || endpoint == "incidents/{id}/log_entries"
			want := map[string]Note{"v3/schedules/{id}": {Code: "schedule_not_readable", Kind: kindSchedules},
				"incidents/{id}/alerts": {Code: "alerts_skipped", Kind: kindAlerts}}[endpoint]
			if want.Code == "" {
				want = Note{Code: "endpoint_skipped", Kind: endpoint}
			}
			if !silent && (len(sum.Notes) != 1 || sum.Notes[0].Code != want.Code || sum.Notes[0].Kind != want.Kind) {
				t.Errorf("it is said %v", sum.Notes)
			}
		})
	}
}

// TestLogEntriesThatMayNotBeRead: the sync goes on without them, and says so where the certificate looks.
func TestLogEntriesThatMayNotBeRead(t *testing.T) {
	t.Parallel()
	tr := newTrial(t)
	denied := pagerdutytest.NewHandler(tr.a, pagerdutytest.WithRate(fast), pagerdutytest.WithDenied(403, "/log_entries"))
	path := filepath.Join(t.TempDir(), "crywolf.duckdb")
	st := openStore(t, path)
	for range 2 {
		sum, err := tr.sync(t, st, denied, nil)
		if err != nil || len(sum.Notes) != 1 || sum.Notes[0].Code != "endpoint_skipped" || sum.Notes[0].Kind != kindLogEntries {
			t.Fatalf("notes %v, %v", sum.Notes, err)
		}
		if sum.Requests[kindHistory] > 0 || sum.Requests[kindLogEntries] != 1 {
			t.Errorf("requests %v", sum.Requests)
		}
		if got := column(t, st, "SELECT state || ' ' || (reason IS NOT NULL) FROM ledger WHERE kind = 'log_entries'"); strings.Join(got, ",") != "skipped true" {
			t.Errorf("ledger %v", got)
		}
	}
	derive(t, st)
	if got := one(t, st, "SELECT value FROM derived_state WHERE key = 'inferred'"); got != "true" {
		t.Errorf("pages are inferred: %s", got)
	}
	open := one(t, st, "SELECT count(*) FROM (SELECT id, unnest(assignments) FROM incidents WHERE urgency = 'high' AND NOT is_deleted)")
	if got := one(t, st, "SELECT count(*) FROM notifications"); got != open || got == "0" {
		t.Errorf("%s pages are inferred, %s assignments are known", got, open)
	}
	if got := one(t, st, "SELECT count(*) FROM incident_facts WHERE log_entry_count > 0"); got != "0" {
		t.Errorf("of %s incidents it is said that their log is known", got)
	}
	st.Close()
	tr.heals(t, path)
}
