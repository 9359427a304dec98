package pagerdutytest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"
)

// client asks a handler in process and decodes the answer.
type client struct {
	t *testing.T
	s *Server
}

func newClient(t *testing.T, a *Account, opts ...Option) client {
	t.Helper()
	s := NewServer(a, opts...)
	t.Cleanup(s.Close)
	return client{t, s}
}

// answer is any body of the API.
type answer struct {
	status int
	header http.Header
	body   map[string]json.RawMessage
}

func (c client) get(path string, query ...string) answer {
	c.t.Helper()
	q := url.Values{}
	for i := 0; i < len(query); i += 2 {
		q.Add(query[i], query[i+1])
	}
	req, err := http.NewRequest(http.MethodGet, c.s.URL+path+"?"+q.Encode(), nil)
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Token token=secret")
	return c.do(req)
}

func (c client) do(req *http.Request) answer {
	c.t.Helper()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	a := answer{status: res.StatusCode, header: res.Header}
	if err := json.Unmarshal(raw, &a.body); err != nil {
		c.t.Fatalf("%s: %v in %.200s", req.URL, err, raw)
	}
	return a
}

// ids returns the ids of a list.
func (a answer) ids(t *testing.T, key string) []string {
	t.Helper()
	var list []struct{ ID string }
	if err := json.Unmarshal(a.body[key], &list); err != nil {
		t.Fatalf("%s: %v in %s", key, err, a.body)
	}
	ids := make([]string, len(list))
	for i, x := range list {
		ids[i] = x.ID
	}
	return ids
}

// code returns the error code.
func (a answer) code(t *testing.T) int {
	t.Helper()
	var e struct{ Code int }
	if err := json.Unmarshal(a.body["error"], &e); err != nil {
		t.Fatalf("no error in %s: %v", a.body, err)
	}
	return e.Code
}

// plainAccount has n incidents, one an hour from Start on, with one trigger
// and one resolve entry each, the resolve 30 minutes after.
func plainAccount(n int) *Account {
	a := NewAccount("acme")
	for i := range n {
		at := a.Start.Add(time.Duration(i) * time.Hour)
		id := "Q" + itoa(100000+i)
		ref := Ref("incident", id, "[#"+itoa(i+1)+"] Odd")
		a.Incidents = append(a.Incidents, Incident{ID: id, Type: "incident", IncidentNumber: i + 1, Title: "Odd",
			Status: "resolved", Urgency: "high", CreatedAt: at, Service: Ref("service", "PGONE00", "Gone")})
		a.LogEntries = append(a.LogEntries,
			LogEntry{ID: "RT" + itoa(i), Type: "trigger_log_entry", CreatedAt: at, Incident: &ref, Channel: &Channel{Type: "api", Summary: "Odd"}},
			LogEntry{ID: "RR" + itoa(i), Type: "resolve_log_entry", CreatedAt: at.Add(30 * time.Minute), Incident: &ref, Channel: &Channel{Type: "api"}})
	}
	return a
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func TestPaging(t *testing.T) {
	a := plainAccount(130)
	c := newClient(t, a)
	window := []string{"since", stamp(a.Start), "until", stamp(a.End)}
	for _, tc := range []struct {
		name             string
		query            []string
		n                int
		limit, off, more string
		total            string
	}{
		{"the default limit is 25", nil, 25, "25", "0", "true", "null"},
		{"a limit above 100 is clamped and echoed so", []string{"limit", "500"}, 100, "100", "0", "true", "null"},
		{"the last page ends the list", []string{"limit", "100", "offset", "100"}, 30, "100", "100", "false", "null"},
		{"a full page may be the last", []string{"limit", "65", "offset", "65"}, 65, "65", "65", "false", "null"},
		{"total is counted when asked for", []string{"total", "true"}, 25, "25", "0", "true", "130"},
		{"beyond the end is an empty page", []string{"offset", "900"}, 0, "25", "900", "false", "null"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := c.get("/incidents", append(tc.query, window...)...)
			if ids := got.ids(t, "incidents"); len(ids) != tc.n {
				t.Errorf("got %d incidents, want %d", len(ids), tc.n)
			}
			for key, want := range map[string]string{"limit": tc.limit, "offset": tc.off, "more": tc.more, "total": tc.total} {
				if have := string(got.body[key]); have != want {
					t.Errorf("%s is %s, want %s", key, have, want)
				}
			}
		})
	}
}
