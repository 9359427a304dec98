package ingest

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"crywolf/ingest/pagerdutytest"
)

// contractPaths are what the double serves. Fixed paths stand before those with a parameter.
var contractPaths = []string{
	"/incidents", "/incidents/{id}", "/incidents/{id}/log_entries", "/incidents/{id}/alerts", "/incidents/{id}/notes",
	"/log_entries", "/log_entries/{id}", "/users", "/users/me", "/users/{id}", "/teams", "/teams/{id}", "/services", "/services/{id}",
	"/escalation_policies", "/escalation_policies/{id}", "/schedules", "/schedules/{id}", "/schedules/{id}/overrides", "/v3/schedules",
	"/v3/schedules/{id}", "/oncalls", "/priorities", "/vendors", "/abilities", "/maintenance_windows", "/change_events",
}

// windowedPaths take since and until.
var windowedPaths = []string{"/incidents", "/incidents/{id}/log_entries", "/log_entries", "/schedules", "/schedules/{id}",
	"/schedules/{id}/overrides", "/v3/schedules/{id}", "/oncalls", "/change_events"}

// clientPaths are those that a sync may ask for.
var clientPaths = []string{
	"/abilities", "/change_events", "/escalation_policies", "/incidents", "/incidents/{id}", "/incidents/{id}/alerts",
	"/incidents/{id}/log_entries", "/log_entries", "/maintenance_windows", "/priorities", "/schedules", "/schedules/{id}", "/services",
	"/teams", "/users", "/v3/schedules/{id}",
}

// TestConformance holds the client's requests and the double's answers against PagerDuty's own description of its API.
func TestConformance(t *testing.T) {
	if testing.Short() {
		t.Skip("half a minute under the race detector, and nothing in it runs at once")
	}
	t.Parallel()
	whole := readOpenAPI(t)
	c := loadContract(t, whole, deviations)
	sent := clientTrades(t)
	all := append(slices.Clone(sent), doubleTrades(t)...)
	t.Run("every request", func(t *testing.T) {
		for _, x := range all {
			if err := c.checkRequest(x.request); err != nil {
				t.Errorf("%s: %s", x.request.URL, reason(err))
			}
		}
		if got := pathsOf(c, sent); !slices.Equal(got, clientPaths) {
			t.Errorf("syncs ask for\n%q, not for\n%q", got, clientPaths)
		}
	})
	t.Run("every answer", func(t *testing.T) {
		for _, x := range all {
			if err := c.checkAnswer(x); err != nil {
				t.Errorf("%d for %s: %s", x.status, x.request.URL, reason(err))
			}
		}
		answered := slices.DeleteFunc(slices.Clone(all), func(x trade) bool { return x.status != http.StatusOK })
		if got, want := pathsOf(c, answered), slices.Sorted(slices.Values(contractPaths)); !slices.Equal(got, want) {
			t.Errorf("answers are of\n%q, not of\n%q", got, want)
		}
	})
	t.Run("every key", func(t *testing.T) { undocumentedKeysAreListed(t, c, all) })
	t.Run("garbage is seen", func(t *testing.T) { garbageIsSeen(t, c, all) })
	t.Run("every deviation", func(t *testing.T) {
		for i, d := range deviations {
			without := loadContract(t, whole, slices.Delete(slices.Clone(deviations), i, i+1))
			isRefused := func(x trade) bool { return without.checkRequest(x.request) != nil || without.refuses(x) }
			if !slices.ContainsFunc(all, isRefused) {
				t.Errorf("without %q nothing is refused: it is not needed any more", d.name)
			}
		}
	})
}

func pathsOf(c contract, list []trade) []string {
	paths := map[string]bool{}
	for _, x := range list {
		if route, _ := c.route(x.request); route != nil {
			paths[route.Path] = true
		}
	}
	return slices.Sorted(maps.Keys(paths))
}

// undocumentedKeysAreListed: what the double adds of its own has a reason, and is still there.
func undocumentedKeysAreListed(t *testing.T, c contract, all []trade) {
	found, used := map[string]bool{}, map[string]bool{}
	for _, x := range all {
		if err := c.undocumented(x, found); err != nil {
			t.Fatal(err)
		}
	}
	for place := range found {
		listed := false
		for end := range undocumentedKeys {
			if strings.HasSuffix(place, end) {
				listed, used[end] = true, true
			}
		}
		if !listed {
			t.Errorf("no schema knows %s", place)
		}
	}
	for end := range undocumentedKeys {
		if !used[end] {
			t.Errorf("nothing serves %s outside the schema any more", end)
		}
	}
}

// garbageIsSeen: a validator that looks at nothing finds no fault either. Prism is one, for the most important paths.
func garbageIsSeen(t *testing.T, c contract, all []trade) {
	spoilt := map[string]bool{}
	for _, x := range all {
		route, _ := c.route(x.request)
		text := string(x.body)
		if x.status != http.StatusOK || spoilt[route.Path] || !strings.Contains(text, `"id":"`) {
			continue
		}
		spoilt[route.Path] = true
		x.body = []byte(strings.Replace(text, `"id":"`, `"id":7,"was":"`, 1))
		if !c.refuses(x) {
			t.Errorf("%s: a number for an id is not seen", route.Path)
		}
		query := x.request.URL.Query()
		query.Set("no_such_parameter", "1")
		other := x.request.Clone(context.Background())
		other.URL.RawQuery = query.Encode()
		if c.checkRequest(other) == nil {
			t.Errorf("%s: an unknown parameter is not seen", route.Path)
		}
	}
	if len(spoilt) < len(contractPaths)-2 { // abilities have no ids
		t.Errorf("only %d paths have an object to spoil", len(spoilt))
	}
	for _, query := range []string{"since=yesterday", "limit=many", "statuses%5B%5D=gone", "include%5B%5D=everything"} {
		request := httptest.NewRequest(http.MethodGet, "/incidents?"+query, nil)
		if c.checkRequest(request) == nil {
			t.Errorf("%s is not seen", query)
		}
	}
}

// tapped keeps what goes through a handler.
type tapped struct {
	next http.Handler
	mu   sync.Mutex
	list []trade
}

func (h *tapped) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer := httptest.NewRecorder()
	h.next.ServeHTTP(answer, r)
	h.mu.Lock()
	h.list = append(h.list, trade{r, answer.Code, answer.Header(), answer.Body.Bytes()})
	h.mu.Unlock()
	maps.Copy(w.Header(), answer.Header())
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes()) // the client may have gone
}

// clientTrades are those of syncs that between them take every way: one in the middle of an account's history, one at its
// end, one a week later that reads the month again, each from another server, and an estimate.
func clientTrades(t *testing.T) []trade {
	t.Helper()
	a := pagerdutytest.Random(3)
	tap := &tapped{}
	srv := httptest.NewServer(tap)
	defer srv.Close()
	st, _ := newStore(t)
	o := Options{Token: "t0ps3cret", BaseURL: srv.URL, Since: a.Start, PseudonymKey: []byte("key"), RetryWaitFactor: 0.001}
	readFrom := func(a *pagerdutytest.Account, opts ...pagerdutytest.Option) {
		tap.next = unrendered{pagerdutytest.NewHandler(a, append(opts, pagerdutytest.WithRate(fast))...)}
		mustSync(t, st, o)
	}
	readFrom(a.At(a.Start.Add(a.End.Sub(a.Start)/2)), pagerdutytest.WithPlainIncludes())
	readFrom(a, pagerdutytest.WithCap(200))
	readFrom(a, pagerdutytest.WithNow(a.End.AddDate(0, 0, 8)))
	if _, err := EstimateSync(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	return tap.list
}

// unrendered lists schedules without entries, as old accounts may: each has to be asked for by itself.
type unrendered struct{ next http.Handler }

func (h unrendered) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/schedules" {
		query := r.URL.Query()
		query.Del("include[]")
		r = r.Clone(r.Context())
		r.URL.RawQuery = query.Encode()
	}
	h.next.ServeHTTP(w, r)
}

// doubleTrades asks the double for all that it serves, in the forms that no sync asks for too, and for what it refuses.
func doubleTrades(t *testing.T) []trade {
	t.Helper()
	var list []trade
	for _, a := range []*pagerdutytest.Account{pagerdutytest.Random(8), pagerdutytest.Generate(pagerdutytest.Config{Seed: 4, Weeks: 2})} {
		ask := asker(&list, pagerdutytest.NewHandler(a, pagerdutytest.WithRate(fast), pagerdutytest.WithUser(a.Users[0].ID)))
		span := "since=" + formatTime(a.Start) + "&until=" + formatTime(a.End)
		for _, path := range contractPaths {
			for _, id := range someIDs(a, path) {
				target := strings.ReplaceAll(path, "{id}", id)
				if slices.Contains(windowedPaths, path) {
					target += "?" + span
				}
				ask(target)
			}
		}
		last := a.Incidents[len(a.Incidents)-1].ID
		for _, target := range []string{
			"/incidents?limit=10&total=true&date_range=all&statuses[]=triggered&statuses[]=acknowledged&include[]=services",
			"/incidents?limit=10&sort_by=resolved_at:desc&urgencies[]=high&include[]=first_trigger_log_entries&" + span,
			"/incidents/" + last + "?include[]=services", "/incidents/" + last + "/log_entries?include[]=channels&include[]=incidents",
			"/log_entries?limit=100&include[]=channels&include[]=incidents&time_zone=Asia/Kolkata&" + span,
			"/log_entries?limit=5&is_overview=true&" + span, "/users?include[]=contact_methods&include[]=notification_rules",
			"/services?include[]=integrations&include[]=escalation_policies", "/oncalls?include[]=users&include[]=schedules&" + span,
			"/schedules?include[]=schedule_layers&include[]=final_schedule&include[]=overrides_subschedule&" + span,
			"/maintenance_windows?filter=past",
			// Refused:
			"/incidents?limit=100&offset=9950&" + span, "/log_entries?limit=100&offset=9950", "/incidents?since=2020-01-01T00:00:00Z&until=2021-01-01T00:00:00Z",
			"/incidents/QNONE", "/services/PNONE", "/schedules/PNONE", "/users/PNONE", "/log_entries/RNONE",
		} {
			ask(strings.NewReplacer("[", "%5B", "]", "%5D").Replace(target))
		}
		tooFast := asker(&list, pagerdutytest.NewHandler(a, pagerdutytest.WithRate(1)))
		tooFast("/users")
		tooFast("/users")
		asker(&list, pagerdutytest.NewHandler(a, pagerdutytest.WithToken("another")))("/incidents")
		asker(&list, pagerdutytest.NewHandler(a, pagerdutytest.WithDenied(http.StatusForbidden, "/")))("/log_entries")
		asker(&list, pagerdutytest.NewHandler(a, pagerdutytest.WithDenied(http.StatusPaymentRequired, "/")))("/priorities")
	}
	return list
}

func asker(list *[]trade, h http.Handler) func(target string) {
	return func(target string) {
		r := httptest.NewRequest(http.MethodGet, target, nil)
		r.Header.Set("Authorization", "Token token=t0ps3cret")
		r.Header.Set("Accept", "application/vnd.pagerduty+json;version=2")
		r.Header.Set("Content-Type", "application/json")
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, r)
		*list = append(*list, trade{r, answer.Code, answer.Header(), answer.Body.Bytes()})
	}
}

// someIDs gives a few ids of the kind that a path is about; one empty one for a path without an id.
func someIDs(a *pagerdutytest.Account, path string) []string {
	_, kind, _ := strings.Cut(path, "/")
	kind, rest, one := strings.Cut(kind, "/{id}")
	if !one {
		return []string{""}
	}
	var ids []string
	for _, raw := range a.Objects(strings.ReplaceAll(kind, "/", "_")) {
		var object struct{ ID string }
		if json.Unmarshal(raw, &object) == nil && len(ids) < 3 && (rest != "/alerts" || len(a.Alerts[object.ID]) > 0) {
			ids = append(ids, object.ID)
		}
	}
	return ids
}
