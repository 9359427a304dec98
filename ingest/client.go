package ingest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	pagerduty "github.com/PagerDuty/go-pagerduty"
	"github.com/hashicorp/go-retryablehttp"
)

// requestTimeout bounds one attempt of one request, body included, unless Options say otherwise.
const requestTimeout = 90 * time.Second

// maxBody bounds what one answer may take of memory; the largest real pages are a few megabytes.
const maxBody = 256 << 20

// errMethod says that something other than GET was about to be sent.
var errMethod = errors.New("crywolf only reads: a request other than GET was refused")

// client reads PagerDuty's API. go-pagerduty does authentication and headers; retrying, throttling and the
// reading of bodies are ours, since its decoding loses pages and its errors lose headers.
type client struct {
	base    string
	token   string
	api     *pagerduty.Client
	retry   *retryablehttp.Client
	limiter *tokenLimiter

	mu       sync.Mutex
	date     time.Time      // latest Date header
	requests map[string]int // by kind, retries included
	sent     int
	retries  int
}

// exchange is one request's share of state with the layers below go-pagerduty, which keeps no room for it. It
// travels in the request's context.
type exchange struct {
	kind      string // for the count of requests
	want      answer
	attempts  int
	badBodies int
	body      []byte
	fields    fields
}

type exchangeKey struct{}

// answer is what a good body has: a key, and under it a value that begins so; of one object, its id.
type answer struct {
	key   string
	first byte
	id    string
}

// anyObject is for those who look at what PagerDuty answers, whatever it is.
var anyObject = answer{}

func listOf(key string) answer       { return answer{key, '[', ""} }
func objectOf(key, id string) answer { return answer{key, '{', id} }

// isAnother tells that an object has an id that was not asked for. One whose id can't be read is dealt with later.
func (a answer) isAnother(raw json.RawMessage) bool {
	if a.id == "" {
		return false
	}
	v, _ := decodeValue(raw)
	r, _ := v.(map[string]any)
	id, ok := record(r).id("id").(string)
	return ok && id != a.id
}

// newClient makes a client of the API that opts names.
func newClient(opts Options) (*client, error) {
	base, err := baseURL(opts)
	if err != nil {
		return nil, err
	}
	c := &client{
		base: base, token: opts.Token, requests: map[string]int{},
		limiter: newTokenLimiter(opts.Rate, waitFactor(opts)),
	}
	c.retry = newRetrying(c, waitFactor(opts))
	c.retry.HTTPClient.Timeout = requestTimeout
	if opts.RequestTimeout > 0 {
		c.retry.HTTPClient.Timeout = opts.RequestTimeout
	}
	c.api = pagerduty.NewClient(opts.Token, pagerduty.WithAPIEndpoint(base))
	c.api.HTTPClient = &getOnly{client: c, userAgent: userAgent(opts)}
	return c, nil
}

func baseURL(opts Options) (string, error) {
	if opts.BaseURL == "" {
		if strings.EqualFold(opts.Region, "eu") {
			return "https://api.eu.pagerduty.com", nil
		}
		return "https://api.pagerduty.com", nil
	}
	u, err := url.Parse(opts.BaseURL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || u.User != nil {
		return "", ErrAddress
	}
	return strings.TrimRight(opts.BaseURL, "/"), nil
}

func userAgent(opts Options) string {
	if opts.UserAgent != "" {
		return opts.UserAgent
	}
	return "crywolf"
}

func waitFactor(opts Options) float64 {
	if opts.RetryWaitFactor > 0 {
		return opts.RetryWaitFactor
	}
	return 1
}

// getOnly stands between go-pagerduty and the retrying client. It refuses every method but GET: the token may be
// able to write, this program must not.
type getOnly struct {
	client    *client
	userAgent string
}

// Do implements pagerduty.HTTPClient.
func (g *getOnly) Do(req *http.Request) (*http.Response, error) {
	if req.Method != http.MethodGet {
		return nil, errMethod
	}
	req.Header.Set("User-Agent", g.userAgent)
	r, err := retryablehttp.FromRequest(req)
	if err != nil {
		return nil, err
	}
	r.SetResponseHandler(readBody)
	return g.client.retry.Do(r)
}

// readBody takes the body inside the retry loop, so that a cut or foreign one can be asked for again.
func readBody(resp *http.Response) error {
	ex, _ := resp.Request.Context().Value(exchangeKey{}).(*exchange)
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if ex == nil {
		return errors.New("the answer to a request that this package did not make")
	}
	ex.body, ex.fields = body, nil
	switch {
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		return nil // its status speaks; a cut error body is as good as none
	case err != nil:
		return &cutBody{err}
	}
	if err := json.Unmarshal(body, &ex.fields); err != nil {
		return &badBody{fmt.Sprintf("is not a JSON object (content type %q)", resp.Header.Get("Content-Type"))}
	}
	switch value, ok := ex.fields[ex.want.key]; {
	case ex.want == anyObject:
	case !ok:
		return &badBody{fmt.Sprintf("has no %q", ex.want.key)}
	case value[0] != ex.want.first: // null in the place of a list is not the same as none
		return &badBody{fmt.Sprintf("has something else than it should under %q", ex.want.key)}
	case ex.want.isAnother(value):
		return &badBody{fmt.Sprintf("has another %s than was asked for", ex.want.key)}
	}
	return nil
}

// cutBody says that the connection ended before the body did.
type cutBody struct{ err error }

func (e *cutBody) Error() string { return "the answer was cut: " + e.err.Error() }
func (e *cutBody) Unwrap() error { return e.err }

// badBody says that a 200 had a body that is not PagerDuty's.
type badBody struct{ why string }

func (e *badBody) Error() string { return "the answer " + e.why }

// get reads path with query. want is what the answer must have; kind is what the request is counted as.
// Errors: *APIError, *AuthError for 401, the context's, or the last transport error.
func (c *client) get(ctx context.Context, kind, path string, query url.Values, want answer) (fields, error) {
	target := c.base + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	ex := &exchange{kind: kind, want: want}
	req, err := http.NewRequestWithContext(context.WithValue(ctx, exchangeKey{}, ex), http.MethodGet, target, nil)
	if err != nil {
		return nil, err
	}
	resp, err := c.api.Do(req, true)
	if ctx.Err() != nil { // the library's wrapping hides it
		return nil, ctx.Err()
	}
	if resp == nil {
		return nil, c.explained(err)
	}
	if resp.StatusCode >= 200 && resp.StatusCode <= 299 {
		if err != nil {
			return nil, c.explained(err)
		}
		c.learnDate(resp.Header, true)
		return ex.fields, nil
	}
	c.learnDate(resp.Header, false)
	body := ex.body
	if body == nil { // given up on a status worth retrying: the loop has not read its body
		body, _ = io.ReadAll(io.LimitReader(resp.Body, 1<<20))
		resp.Body.Close()
	}
	apiErr := parseAPIError(resp.StatusCode, body, c.token)
	if resp.StatusCode == http.StatusUnauthorized {
		return nil, &AuthError{Status: resp.StatusCode, Err: apiErr}
	}
	return nil, apiErr
}

// explained says in words why there is no answer. It drops the method and address that net/http puts before an error:
// our callers say themselves what was being read.
func (c *client) explained(err error) error {
	var bad *badBody
	var slow net.Error
	var u *url.Error
	out := &TransportError{Foreign: errors.As(err, &bad), Err: err}
	switch {
	case errors.Is(err, errMethod):
		return err
	case errors.As(err, &slow) && slow.Timeout():
		out.Err = hidden{error: err, text: fmt.Sprintf("PagerDuty did not answer within %s", c.retry.HTTPClient.Timeout)}
	case errors.As(err, &u):
		out.Err = fmt.Errorf("no answer from PagerDuty: %w", u.Err)
	}
	return out
}

// now is the server's time as last told; zero before the first answer.
func (c *client) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.date
}

// note counts an attempt.
func (c *client) note(ex *exchange) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent++
	c.requests[ex.kind]++
	ex.attempts++
	if ex.attempts > 1 {
		c.retries++
	}
}

// learnDate takes the time from an answer. That of a refusal counts only while there is no other: it may come from a
// proxy, whose clock is its own.
func (c *client) learnDate(h http.Header, good bool) {
	date, err := http.ParseTime(h.Get("Date"))
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil && (good || c.date.IsZero()) {
		c.date = date.UTC()
	}
}

func headerInt(h http.Header, name string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(h.Get(name)))
	return n, err == nil && n >= 0
}
