package pagerdutytest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestAuthorization(t *testing.T) {
	h := NewHandler(plainAccount(1), WithToken("right"))
	for header, want := range map[string]int{
		"Token token=right": 200, `Token token="right"`: 200, "Bearer right": 200,
		"Token token=wrong": 401, "Token right": 401, "right": 401, "": 401, "Token token=": 401,
	} {
		r := httptest.NewRequest(http.MethodGet, "/users", nil)
		r.Header.Set("Authorization", header)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%q: status %d, want %d", header, w.Code, want)
		}
		if want == 401 && !strings.Contains(w.Body.String(), `"code":2006`) {
			t.Errorf("%q: %s", header, w.Body)
		}
	}
}

func TestWhatIsDeniedOrMissing(t *testing.T) {
	a := plainAccount(1)
	c := newClient(t, a, WithDenied(http.StatusForbidden, "/schedules"), WithDenied(http.StatusPaymentRequired, "/change_events", "/maintenance_windows"))
	for _, tc := range []struct {
		path         string
		status, code int
	}{
		{"/schedules", 403, 2010}, {"/schedules/PX", 403, 2010}, {"/change_events", 402, 2014}, {"/maintenance_windows", 402, 2014},
		{"/incidents/QNONE", 404, 2100}, {"/services/PNONE", 404, 2100}, {"/nothing", 404, 2100}, {"/users/me", 400, 2001},
	} {
		got := c.get(tc.path)
		if got.status != tc.status || got.code(t) != tc.code {
			t.Errorf("%s: status %d with code %d, want %d with %d", tc.path, got.status, got.code(t), tc.status, tc.code)
		}
	}
}

func TestOnlyGetIsAnswered(t *testing.T) {
	c := newClient(t, plainAccount(1))
	req, _ := http.NewRequest(http.MethodPost, c.s.URL+"/incidents", strings.NewReader("{}"))
	req.Header.Set("Authorization", "Token token=x")
	if got := c.do(req); got.status != http.StatusMethodNotAllowed {
		t.Errorf("POST: status %d", got.status)
	}
	c.get("/incidents/6/alerts", "limit", "3")
	log := c.s.Log()
	if log[0].Method != http.MethodPost || log[1].Kind != "incident_alerts" || log[1].Query != "limit=3" || c.s.Requests()["incidents"] != 1 {
		t.Errorf("the log is %+v", log)
	}
}

func TestHeaders(t *testing.T) {
	a := plainAccount(1)
	now := time.Date(2026, 11, 20, 8, 30, 0, 0, time.UTC)
	got := newClient(t, a, WithNow(now)).get("/users")
	if date := got.header.Get("Date"); date != "Fri, 20 Nov 2026 08:30:00 GMT" {
		t.Errorf("Date is %q", date)
	}
	if limit, left := got.header.Get("ratelimit-limit"), got.header.Get("ratelimit-remaining"); limit != "960" || left != "959" {
		t.Errorf("the rate headers say %s of %s", left, limit)
	}
	if kind := got.header.Get("Content-Type"); kind != "application/json; charset=utf-8" {
		t.Errorf("Content-Type is %q", kind)
	}
}

func TestRateLimit(t *testing.T) {
	c := newClient(t, plainAccount(1), WithRate(3))
	for i := range 5 {
		got := c.get("/users")
		if over := i >= 3; over != (got.status == http.StatusTooManyRequests) {
			t.Errorf("request %d of 3 a minute: status %d", i+1, got.status)
		} else if over && (got.code(t) != 2020 || got.header.Get("ratelimit-remaining") != "0") {
			t.Errorf("request %d: %v", i+1, got)
		}
	}
}

// outcome is how a request ended.
func outcome(c client, path string) (right bool, status int) {
	req, _ := http.NewRequest(http.MethodGet, c.s.URL+path, nil)
	req.Header.Set("Authorization", "Token token=x")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return false, 0
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			c.t.Logf("%s: %v", path, err)
		}
		return false, 0
	}
	var page struct{ Users *[]any }
	return json.Unmarshal(body, &page) == nil && page.Users != nil && res.StatusCode == http.StatusOK, res.StatusCode
}

func TestFaultsOfEachKind(t *testing.T) {
	for _, kind := range append(standardFaults, Fault429Bare, Fault429HTML) {
		c := newClient(t, plainAccount(1), WithFaults(Faults{Ratio: 1, Kinds: []FaultKind{kind}, MaxInARow: 2}))
		for i := range 3 {
			right, status := outcome(c, "/users")
			wrong := i < 2 && kind != FaultSlow
			if right == wrong {
				t.Errorf("%s, request %d: right %v with status %d", kind, i+1, right, status)
			}
			if want := faultStatus[kind]; wrong && status != 0 && status != want {
				t.Errorf("%s: status %d, want %d", kind, status, want)
			}
		}
		if log := c.s.Log(); log[0].Fault != string(kind) || log[2].Fault != "" {
			t.Errorf("%s: the log says %+v", kind, log)
		}
	}
}

func TestFaultsAreBounded(t *testing.T) {
	c := newClient(t, plainAccount(1), WithFaults(Faults{Seed: 9, Ratio: 0.5, Kinds: []FaultKind{Fault500}}))
	failed, row := 0, 0
	for range 400 {
		right, _ := outcome(c, "/users")
		if right {
			row = 0
			continue
		}
		failed++
		if row++; row > 3 {
			t.Fatal("more than three failures in a row")
		}
	}
	if failed < 120 || failed > 240 {
		t.Errorf("%d of 400 requests failed at a ratio of 0.5", failed)
	}
}

func TestHostileRecords(t *testing.T) {
	a := Generate(Config{Weeks: 6})
	c := newClient(t, a, WithHostile())
	var oddTypes, unreadable, nullChannels, total int
	for offset := 0; offset < 4000; offset += 100 {
		got := c.get("/log_entries", "limit", "100", "offset", itoa(offset), "include[]", "channels")
		var list []map[string]json.RawMessage
		decode(t, got.body["log_entries"], &list)
		for _, e := range list {
			total++
			var id string
			decode(t, e["id"], &id)
			if !bytes.HasPrefix(e["created_at"], []byte(`"`)) {
				unreadable++
				if !Unreadable("log_entries", id) {
					t.Errorf("%s cannot be read, and is not told so", id)
				}
			} else if Unreadable("log_entries", id) {
				t.Errorf("%s is told to be unreadable, and is not", id)
			}
			if d := e["event_details"]; bytes.HasPrefix(d, []byte("[")) || bytes.Contains(d, []byte("deep")) {
				oddTypes++
			}
			if bytes.Contains(e["channel"], []byte(`"type":null`)) {
				nullChannels++
			}
		}
	}
	if unreadable == 0 || unreadable > total/50 || oddTypes == 0 || nullChannels == 0 {
		t.Errorf("of %d entries %d cannot be read, %d have odd details and %d a null channel type", total, unreadable, oddTypes, nullChannels)
	}
	// A list that says that there is more, and then is empty.
	last := c.get("/teams", "limit", "100")
	empty := c.get("/teams", "limit", "100", "offset", "3")
	if string(last.body["more"]) != "true" || string(empty.body["more"]) != "true" || len(empty.ids(t, "teams")) != 0 {
		t.Errorf("teams: more is %s, then %s", last.body["more"], empty.body["more"])
	}
}

// Requests at the same time prepare the account once and get the same answers.
func TestRequestsAtTheSameTime(t *testing.T) {
	c := newClient(t, Generate(Config{Weeks: 2}))
	paths := []string{"/incidents?date_range=all&sort_by=resolved_at:desc", "/log_entries?include[]=channels&include[]=incidents", "/incidents/4101/log_entries",
		"/incidents/4102/alerts", "/schedules?since=2026-11-01&until=2026-11-10&include[]=final_schedule", "/oncalls", "/services?include[]=integrations"}
	var wait sync.WaitGroup
	for i := range 8 * len(paths) {
		wait.Add(1)
		go func() {
			defer wait.Done()
			req, _ := http.NewRequest(http.MethodGet, c.s.URL+paths[i%len(paths)], nil)
			req.Header.Set("Authorization", "Token token=x")
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Error(err)
				return
			}
			defer res.Body.Close()
			if body, err := io.ReadAll(res.Body); err != nil || res.StatusCode != http.StatusOK {
				t.Errorf("%s: status %d, %v, %.200s", paths[i%len(paths)], res.StatusCode, err, body)
			}
		}()
	}
	wait.Wait()
}
