package ingest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"crywolf/ingest/pagerdutytest"
)

func mustCheck(t *testing.T, o Options) Checkup {
	t.Helper()
	c, err := Check(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (c Checkup) endpoint(kind string) EndpointCheck {
	for _, e := range c.Endpoints {
		if e.Kind == kind {
			return e
		}
	}
	return EndpointCheck{}
}

// checkedKinds are all endpoints that a sync reads.
var checkedKinds = []string{"abilities", "incidents", "log_entries", "alerts", "services", "escalation_policies", "schedules", "v3_schedules",
	"users", "teams", "priorities", "maintenance_windows", "change_events"}

func TestACheckupTriesEveryEndpoint(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 2})
	srv := serve(t, a, pagerdutytest.WithUser(a.Users[0].ID))
	c := mustCheck(t, options(srv, a))
	if c.Problem != nil || c.TokenKind != "user" || c.Account.Subdomain != a.Subdomain || !c.ServerTime.Equal(a.End) || c.Budget.Limit != fast {
		t.Errorf("%+v", c)
	}
	for _, kind := range checkedKinds {
		if e := c.endpoint(kind); e.State != EndpointReadable || e.Status != 200 || e.Rows != 1 && kind != "abilities" {
			t.Errorf("%s: %+v", kind, e)
		}
	}
	for _, r := range srv.Log() {
		if r.Method != http.MethodGet || r.Path != "/abilities" && r.Path != "/users/me" && !strings.Contains(r.Query, "limit=1") {
			t.Errorf("%s %s?%s", r.Method, r.Path, r.Query)
		}
	}
	if n := len(srv.Log()); n != c.Requests || n > len(checkedKinds)+2 {
		t.Errorf("%d requests, counted %d", n, c.Requests)
	}
	// What a sync asks for and a checkup does not would be a permission that nobody looked at.
	srv.ResetLog()
	st, _ := newStore(t)
	mustSync(t, st, options(srv, a))
	asked := map[string]bool{"incident": true, "incident_log_entries": true, "incident_alerts": true, "v3_schedule": true, "schedule": true} // of a kind that is tried
	for _, kind := range checkedKinds {
		asked[kind] = true
	}
	for kind := range srv.Requests() {
		if !asked[kind] {
			t.Errorf("a sync asks for %s, and no checkup does", kind)
		}
	}
}

func TestWhetherATokenCanWriteIsJudgedByItsRole(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 1})
	for role, want := range map[string][2]bool{"admin": {true, true}, "read_only_user": {false, true}, "read_only_limited_user": {false, true}, "wizard": {false, false}} {
		a.Users[0].Role = role
		c := mustCheck(t, options(serve(t, a, pagerdutytest.WithUser(a.Users[0].ID)), a))
		if writes, known := c.CanWrite(); writes != want[0] || known != want[1] {
			t.Errorf("%s: writes %v, known %v", role, writes, known)
		}
		if role == "wizard" && c.Role != "other" {
			t.Errorf("a role that nobody knows is told as %s", c.Role)
		}
	}
	c := mustCheck(t, options(serve(t, a), a))
	if _, known := c.CanWrite(); known || c.TokenKind != "account" || c.Role != "" {
		t.Errorf("an account's key: %+v", c)
	}
}

func TestACheckupOfPermissions(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 1})
	for kind, path := range map[string]string{"incidents": "/incidents", "log_entries": "/log_entries", "schedules": "/schedules", "teams": "/teams", "abilities": "/abilities"} {
		for status, state := range map[int]string{402: EndpointRefused, 403: EndpointRefused, 404: EndpointMissing} {
			c := mustCheck(t, options(serve(t, a, pagerdutytest.WithDenied(status, path)), a))
			if e := c.endpoint(kind); e.State != state || e.Status != status || c.Problem != nil {
				t.Errorf("%s %d: %+v, %v", kind, status, e, c.Problem)
			}
			if e := c.endpoint("services"); e.State != EndpointReadable {
				t.Errorf("%s %d: services %+v", kind, status, e)
			}
			if e := c.endpoint("alerts"); kind == "incidents" && e.State != EndpointNotTried {
				t.Errorf("alerts of no incident: %+v", e)
			}
		}
	}
}

func TestACheckupThatGetsNoAnswer(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 1})
	o := options(serve(t, a, pagerdutytest.WithToken("another")), a)
	c := mustCheck(t, o)
	var auth *AuthError
	if !errors.As(c.Problem, &auth) || auth.Status != 401 || len(c.Endpoints) > 0 || c.ServerTime.IsZero() {
		t.Errorf("refused: %+v", c)
	}
	o.BaseURL = "http://127.0.0.1:9"
	if c := mustCheck(t, o); c.Problem == nil || errors.As(c.Problem, &auth) || !strings.Contains(c.Problem.Error(), "127.0.0.1:9") {
		t.Errorf("nobody there: %+v", c)
	}
	if _, err := Check(context.Background(), Options{}); !errors.As(err, &auth) || auth.Status != 0 {
		t.Errorf("no token: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Check(ctx, o); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestACheckupStopsWhereTheBudgetEnds instead of waiting for the next minute.
func TestACheckupStopsWhereTheBudgetEnds(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 1})
	const limit = 200 // of which 4 are left: as many as are sent at once at its pace
	srv := serve(t, a, pagerdutytest.WithRate(limit))
	o := options(srv, a)
	for range limit - 4 {
		req, err := http.NewRequest(http.MethodGet, srv.URL+"/abilities", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Token token="+o.Token)
		resp, err := http.DefaultClient.Do(req)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatal(resp, err)
		}
		resp.Body.Close()
	}
	c := mustCheck(t, o)
	if len(srv.Log()) != limit || c.Budget.Left != 0 || c.Budget.Limit != limit || c.Budget.ResetSeconds < 1 {
		t.Errorf("%d requests, budget %+v", len(srv.Log()), c.Budget)
	}
	if e := c.endpoint("users"); e.State != EndpointNotTried || e.Detail == "" {
		t.Errorf("users: %+v", e)
	}
	bare := serve(t, a, pagerdutytest.WithFaults(pagerdutytest.Faults{Ratio: 1, Kinds: []pagerdutytest.FaultKind{pagerdutytest.Fault429Bare}, MaxInARow: 99}))
	if c := mustCheck(t, options(bare, a)); len(bare.Log()) != 1 || c.Budget.Limit != -1 {
		t.Errorf("%d requests after a bare 429, budget %+v", len(bare.Log()), c.Budget)
	}
}

// TestACheckupTellsNothing: no value of the account, and not the token, is in what it gives.
func TestACheckupTellsNothing(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 2})
	for _, opts := range [][]pagerdutytest.Option{nil, {pagerdutytest.WithHostile()}, {pagerdutytest.WithFaults(pagerdutytest.Faults{Seed: 3, Ratio: 0.7, MaxInARow: 99})}} {
		o := options(serve(t, a, opts...), a)
		c := mustCheck(t, o)
		c.Account, c.Address = Account{}, ""
		text := fmt.Sprintf("%+v", c)
		for _, u := range a.Users {
			if strings.Contains(text, u.Name) || strings.Contains(text, u.ID) || strings.Contains(text, u.Email) {
				t.Errorf("%s is in %s", u.Name, text)
			}
		}
		if strings.Contains(text, o.Token) {
			t.Errorf("the token is in %s", text)
		}
	}
}
