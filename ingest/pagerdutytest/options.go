package pagerdutytest

import (
	"net/http"
	"strings"
	"time"
)

// Option changes how a handler answers.
type Option func(*handler)

// WithToken makes the handler accept this token only. Without it any token
// that is not empty will do.
func WithToken(token string) Option { return func(h *handler) { h.token = token } }

// WithUser makes the token one of a user, so that /users/me answers. Without
// it the token is the account's and /users/me is refused, as by the real API.
func WithUser(id string) Option { return func(h *handler) { h.me = id } }

// WithRate limits requests to so many a minute and answers 429 beyond it.
// Without it the headers speak of 960 a minute, of which nothing is used up.
func WithRate(perMinute int) Option {
	return func(h *handler) { h.rate = &rateWindow{limit: perMinute, enforced: true} }
}

// WithNow sets the server's clock, told by the Date header and used where a
// request leaves its bounds out. Without it the clock stands at Account.End.
func WithNow(t time.Time) Option { return func(h *handler) { h.now = t } }

// WithDenied answers status (402, 403 or 404) for every path that starts with
// one of the prefixes.
func WithDenied(status int, pathPrefixes ...string) Option {
	return func(h *handler) {
		h.denied = append(h.denied, func(r *http.Request) *apiError {
			for _, p := range pathPrefixes {
				if strings.HasPrefix(r.URL.Path, p) {
					return errorOf(status)
				}
			}
			return nil
		})
	}
}

// WithFaults makes requests fail at random.
func WithFaults(f Faults) Option { return func(h *handler) { h.faults = newFaulter(f) } }

// WithHostile makes records odd: see hostile.go.
func WithHostile() Option { return func(h *handler) { h.hostile = true } }

// WithSixMonthsEmpty answers a window over six months with an empty list
// instead of 400; both have been reported of the real API.
func WithSixMonthsEmpty() Option { return func(h *handler) { h.sixMonthsEmpty = true } }

// WithCap sets the greatest offset+limit, 10,000 by default.
func WithCap(n int) Option { return func(h *handler) { h.cap = n } }

// WithPlainIncludes ignores include[]=incidents: references are given.
func WithPlainIncludes() Option { return func(h *handler) { h.plainIncludes = true } }

// WithScheduleRange refuses schedules rendered over a longer time with 400.
// The real maximum is not documented; about three months has been reported.
func WithScheduleRange(d time.Duration) Option { return func(h *handler) { h.scheduleRange = d } }
