package ingest

import (
	"context"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	// documentedRate is PagerDuty's limit for a key, in requests a minute, until the server tells another.
	documentedRate = 960
	// ourShare is the part of the limit that we take: the token's other users need some too.
	ourShare = 0.8
)

// tokenLimiter spaces requests so that a token's budget holds. The three headers of each answer feed it:
// ratelimit-limit sets the pace, and when ratelimit-remaining runs out it waits for ratelimit-reset.
type tokenLimiter struct {
	bucket *rate.Limiter
	most   int     // requests a minute, from the user; 0: none given
	factor float64 // multiplies the wait for a reset; 1 outside tests

	mu        sync.Mutex
	remaining int // as last told; -1: not told
	told      Budget
	pause     *time.Timer
	paused    chan struct{} // open while the budget is used up, nil otherwise
}

func newTokenLimiter(most int, factor float64) *tokenLimiter {
	l := &tokenLimiter{most: most, factor: factor, remaining: -1, told: Budget{-1, -1, -1}, bucket: rate.NewLimiter(0, 1)}
	l.setPace(documentedRate)
	return l
}

// perMinute is the pace in requests a minute.
func (l *tokenLimiter) perMinute() float64 { return float64(l.bucket.Limit()) * 60 }

func (l *tokenLimiter) setPace(limit int) {
	perMinute := float64(limit) * ourShare
	if l.most > 0 {
		perMinute = min(float64(l.most), float64(limit))
	}
	l.bucket.SetLimit(rate.Limit(perMinute / 60))
	// A burst of a few requests lets a small account be read at once; the minute's budget stands all the same.
	l.bucket.SetBurst(max(1, int(perMinute/40)))
}

// wait returns when the next request may be sent, or when ctx ends.
func (l *tokenLimiter) wait(ctx context.Context) error {
	for {
		l.mu.Lock()
		paused := l.paused
		l.mu.Unlock()
		if paused == nil {
			break
		}
		select {
		case <-paused:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return l.bucket.Wait(ctx)
}

// learn reads the three headers. Some endpoints have tighter limits, and their answers tell those: the pace
// follows the last answer, so it recovers with the next one from elsewhere.
func (l *tokenLimiter) learn(h http.Header) {
	l.mu.Lock()
	l.told = budgetOf(h)
	l.mu.Unlock()
	if limit, ok := headerInt(h, "ratelimit-limit"); ok && limit > 0 {
		l.setPace(limit)
	}
	remaining, ok := headerInt(h, "ratelimit-remaining")
	if !ok {
		return
	}
	reset, hasReset := headerInt(h, "ratelimit-reset")
	l.mu.Lock()
	defer l.mu.Unlock()
	l.remaining = remaining
	if remaining == 0 && hasReset && reset > 0 {
		l.pauseFor(time.Duration(l.factor * float64(min(reset, 300)) * float64(time.Second)))
	}
}

// budgetOf reads the three headers of one answer.
func budgetOf(h http.Header) Budget {
	b := Budget{-1, -1, -1}
	for name, into := range map[string]*int{"ratelimit-limit": &b.Limit, "ratelimit-remaining": &b.Left, "ratelimit-reset": &b.ResetSeconds} {
		if n, ok := headerInt(h, name); ok {
			*into = n
		}
	}
	return b
}

// pauseFor holds every request back for d. The caller has the lock.
func (l *tokenLimiter) pauseFor(d time.Duration) {
	if l.paused != nil {
		return
	}
	paused := make(chan struct{})
	l.paused = paused
	l.pause = time.AfterFunc(d, func() {
		l.mu.Lock()
		l.paused = nil
		l.mu.Unlock()
		close(paused)
	})
}

// left is what the server last said is left of the minute's budget; -1: it has not said.
func (l *tokenLimiter) left() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.remaining
}
