package ingest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// Checkup is what PagerDuty says to a token: whose it is, what it may read, how fast, and what time it is.
type Checkup struct {
	Address string // of the API, without a path
	// Problem is the reason why nothing could be asked: *AuthError where the token was refused, else that of no answer;
	// nil where PagerDuty answered.
	Problem    error
	TokenKind  string // "user" or "account"; "" where PagerDuty does not say
	Role       string // of a user's key: one of tokenRoles, else "other"; "" of an account's
	Account    Account
	ServerTime time.Time // of the first answer; zero: it has no Date header
	Budget     Budget
	Endpoints  []EndpointCheck
	Requests   int
}

// Budget is what the headers of the last answer say of requests a minute. -1: they do not say.
type Budget struct{ Limit, Left, ResetSeconds int }

// EndpointCheck is how one endpoint answered to the smallest request that there is.
type EndpointCheck struct {
	Kind   string // incidents, log_entries …; "alerts" are those of one incident, "v3_schedules" the shift-based schedules
	State  string // readable, refused (402, 403), missing (404), failed or not_tried
	Status int    // HTTP status; 0: no answer
	Code   int    // PagerDuty's error code; 0: none
	Rows   int    // rows that came: 0 or 1 of a list
	Detail string // what else was seen or why it was not tried, without values of records
}

// States of an EndpointCheck.
const (
	EndpointReadable = "readable"
	EndpointRefused  = "refused"
	EndpointMissing  = "missing"
	EndpointFailed   = "failed"
	EndpointNotTried = "not_tried"
)

// tokenRoles are PagerDuty's words for what a user may do; true: change things.
var tokenRoles = map[string]bool{
	"owner": true, "admin": true, "user": true, "limited_user": true, "restricted_access": true, "observer": true,
	"read_only_user": false, "read_only_limited_user": false,
}

// CanWrite tells whether the token could change things in PagerDuty, by the role of its user; known is false where only
// trying would tell, which this program does not do.
func (c Checkup) CanWrite() (writes, known bool) {
	writes, known = tokenRoles[c.Role]
	return writes, known
}

// quickRetries is how often a checkup tries again: who looks for what is wrong does not want to wait for minutes.
const (
	quickRetries   = 2
	quickRetryWait = time.Second
	quickTimeout   = 30 * time.Second
)

// hurry makes a client give up early, and never wait for a used-up budget.
func (c *client) hurry(factor float64) {
	c.retry.RetryMax = quickRetries
	c.retry.HTTPClient.Timeout = min(c.retry.HTTPClient.Timeout, quickTimeout)
	c.retry.CheckRetry = func(ctx context.Context, resp *http.Response, err error) (bool, error) {
		if err == nil && resp != nil && resp.StatusCode == http.StatusTooManyRequests {
			return false, nil
		}
		return shouldRetry(ctx, resp, err)
	}
	c.retry.Backoff = func(_, _ time.Duration, attempt int, _ *http.Response) time.Duration {
		wait := retryablehttp.LinearJitterBackoff(quickRetryWait/4, quickRetryWait, attempt, nil)
		return time.Duration(factor * float64(wait))
	}
}

// Check asks each endpoint that a sync reads for one record, and stores nothing. It gives what it found out; an error only
// where ctx ended or opts can't be used.
func Check(ctx context.Context, opts Options) (Checkup, error) {
	if opts.Token == "" {
		return Checkup{}, &AuthError{}
	}
	c, err := newClient(opts)
	if err != nil {
		return Checkup{}, err
	}
	c.hurry(waitFactor(opts))
	k := &checker{client: c, syncer: &syncer{opts: opts, client: c, book: newNameBook(), rows: map[string]int64{}}, opts: opts}
	k.out = Checkup{Address: c.base, Budget: Budget{-1, -1, -1}}
	k.run(ctx)
	k.out.Requests = c.sent
	k.out.Problem = hideToken(k.out.Problem, opts.Token)
	return k.out, ctx.Err()
}

type checker struct {
	client   *client
	syncer   *syncer
	opts     Options
	out      Checkup
	incident string // id of one whose alerts can be asked for
	usedUp   bool   // the budget is: nothing more is asked
}

func (k *checker) run(ctx context.Context) {
	first := k.ask(ctx, "abilities", "/abilities", nil, listOf("abilities"))
	k.out.ServerTime = k.client.now()
	if first.Status == 0 || first.Status == http.StatusUnauthorized {
		return
	}
	k.out.Endpoints = append(k.out.Endpoints, first.EndpointCheck)
	k.identify(ctx)
	month := url.Values{}
	if !k.out.ServerTime.IsZero() {
		month = bounds(span{k.out.ServerTime.AddDate(0, 0, -30), k.out.ServerTime})
	}
	k.incidents(ctx, month)
	k.list(ctx, kindLogEntries, "/log_entries", month)
	k.alerts(ctx)
	k.list(ctx, kindServices, "/services", nil)
	k.list(ctx, kindPolicies, "/escalation_policies", nil)
	k.schedules(ctx)
	k.list(ctx, "v3_schedules", "/v3/schedules", nil)
	k.users(ctx)
	for _, kind := range []string{kindTeams, kindPriorities, kindMaintenance} {
		k.list(ctx, kind, "/"+kind, nil)
	}
	k.list(ctx, kindChanges, "/change_events", month)
}

// answered is an endpoint's check and what it answered.
type answered struct {
	EndpointCheck
	body fields
}

// ask sends one request.
func (k *checker) ask(ctx context.Context, kind, path string, query url.Values, want answer) answered {
	a := answered{EndpointCheck: EndpointCheck{Kind: kind, State: EndpointNotTried}}
	switch {
	case ctx.Err() != nil:
		a.Detail = "interrupted"
		return a
	case k.usedUp:
		a.Detail = "the budget of requests is used up"
		return a
	}
	body, err := k.client.get(ctx, kind, path, query, want)
	k.learn()
	var auth *AuthError
	var api *APIError
	switch {
	case err == nil:
		a.State, a.Status, a.body = EndpointReadable, http.StatusOK, body
	case errors.As(err, &auth):
		a.State, a.Status = EndpointRefused, auth.Status
		k.out.Problem = err
	case errors.As(err, &api):
		a.Status, a.Code, a.State = api.Status, api.Code, EndpointFailed
		switch {
		case api.Status == http.StatusNotFound:
			a.State = EndpointMissing
		case notAllowed(err):
			a.State = EndpointRefused
		case api.IsRateLimit():
			k.usedUp = true
		}
	default:
		a.State, a.Detail = EndpointFailed, shorten(hideIn(err.Error(), k.opts.Token))
		if k.out.Problem == nil && len(k.out.Endpoints) == 0 {
			k.out.Problem = err
		}
	}
	return a
}

// learn takes over what the last answer's headers said; where nothing is left of the budget the checkup stops rather than
// wait.
func (k *checker) learn() {
	k.out.Budget = k.client.limiter.budget()
	if k.out.Budget.Left == 0 {
		k.usedUp = true
	}
}

// budget is what the last answer's headers said.
func (l *tokenLimiter) budget() Budget {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.told
}

// Hosts are the addresses that a sync with opts would talk to.
func Hosts(opts Options) ([]string, error) {
	base, err := baseURL(opts)
	if err != nil {
		return nil, fmt.Errorf("read the API's address: %w", err)
	}
	u, err := url.Parse(base)
	if err != nil {
		return nil, fmt.Errorf("read the API's address: %w", err)
	}
	return []string{u.Host}, nil
}
