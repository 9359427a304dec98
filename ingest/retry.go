package ingest

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"syscall"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// How often and how long a request is tried again. The waits add up to about five minutes.
const (
	maxRetries       = 10
	maxBadBodies     = 5 // a proxy's log-in page or a bare {} does not get better for ever
	maxRefused       = 4 // nobody listens there
	firstRetryWait   = 500 * time.Millisecond
	longestRetryWait = 60 * time.Second
	// waitWithoutReset is how long a 429 without ratelimit-reset is waited for: the budget is one a minute.
	waitWithoutReset = 60 * time.Second
)

// newRetrying makes the retrying client under c; factor multiplies its waits.
func newRetrying(c *client, factor float64) *retryablehttp.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = alertReaders + 1
	return &retryablehttp.Client{
		HTTPClient: &http.Client{
			Transport: &throttled{client: c, next: transport},
			// A redirect would carry the token elsewhere; PagerDuty's API has none.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		RetryMax:     maxRetries,
		RetryWaitMin: firstRetryWait,
		RetryWaitMax: longestRetryWait,
		CheckRetry:   shouldRetry,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
		Backoff: func(first, longest time.Duration, attempt int, resp *http.Response) time.Duration {
			return time.Duration(factor * float64(retryWait(first, longest, attempt, resp)))
		},
	}
}

// retryWait is exponential with full jitter on its upper half; a 429 waits until the server's budget is fresh.
func retryWait(first, longest time.Duration, attempt int, resp *http.Response) time.Duration {
	jitter := func(d time.Duration) time.Duration { return d/2 + rand.N(d/2+1) }
	if resp != nil && resp.StatusCode == http.StatusTooManyRequests {
		wait := waitWithoutReset
		if seconds, ok := headerInt(resp.Header, "ratelimit-reset"); ok {
			wait = min(time.Duration(seconds)*time.Second, 5*time.Minute)
		}
		return wait + rand.N(time.Second)
	}
	wait := longest
	if attempt < 16 {
		wait = min(first<<attempt, longest)
	}
	return jitter(wait)
}

// shouldRetry decides after an attempt: statuses that pass, broken connections, cut and foreign bodies are tried
// again, the last ones not for long.
func shouldRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	ex, _ := ctx.Value(exchangeKey{}).(*exchange)
	if ex == nil || errors.Is(err, errMethod) {
		return false, err
	}
	var bad *badBody
	var cut *cutBody
	var dns *net.DNSError
	switch {
	case errors.As(err, &bad):
		ex.badBodies++
		return ex.badBodies < maxBadBodies, nil
	case errors.As(err, &cut):
		return true, nil
	case errors.As(err, &dns) && dns.IsNotFound:
		return false, nil
	case errors.Is(err, syscall.ECONNREFUSED):
		return ex.attempts < maxRefused, nil
	case err != nil:
		// A bad certificate, scheme or header does not pass; a reset or a time-out does.
		again, _ := retryablehttp.ErrorPropagatedRetryPolicy(ctx, resp, err)
		return again, nil
	}
	switch status := resp.StatusCode; {
	case status == http.StatusRequestTimeout, status == http.StatusTooManyRequests:
		return true, nil
	case status >= 500 && status != http.StatusNotImplemented:
		return true, nil
	}
	return false, nil
}

// throttled is the lowest layer: each attempt, retries included, asks the limiter first and reads the headers
// of its answer.
type throttled struct {
	client *client
	next   http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (t *throttled) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method != http.MethodGet {
		return nil, errMethod
	}
	if err := t.client.limiter.wait(req.Context()); err != nil {
		return nil, err
	}
	if ex, ok := req.Context().Value(exchangeKey{}).(*exchange); ok {
		t.client.note(ex)
	}
	resp, err := t.next.RoundTrip(req)
	if err == nil {
		t.client.learn(resp.Header)
	}
	return resp, err
}
