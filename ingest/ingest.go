// Package ingest reads what PagerDuty knows and keeps it: users, services, schedules, incidents, log entries
// and alerts go over HTTP into one DuckDB file, redacted, with a ledger of what was asked and how far it was read.
//
// It knows PagerDuty's API and the fact tables of schema.sql. It must not know what the facts mean: a page, a
// shift, a night or a flapping alert is the business of package analysis. It reads neither flags, environment
// nor clock: time is what the server's Date header says.
package ingest

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// AlertsMode says for which incidents alerts are read: PagerDuty has no account-wide list of them, so each
// incident costs a request.
type AlertsMode string

// The modes of reading alerts.
const (
	AlertsAuto AlertsMode = "auto" // incidents with two alerts or more; the zero value means this too
	AlertsAll  AlertsMode = "all"  // every incident that has an alert
	AlertsNone AlertsMode = "none"
)

// Options say whose data to read, which part of it, and how fast.
type Options struct {
	Token   string // REST API key; sent in one header, never stored nor printed
	BaseURL string // the API's address; empty: PagerDuty's own of the region
	Region  string // "us" or "eu"; empty: us, unless BaseURL or the data say otherwise

	Since  time.Time // zero: what is stored already, or 13 weeks before Until at the first sync
	Until  time.Time // zero: the server's present time; a later time than that is cut down to it
	Full   bool      // read again what was read whole before
	Alerts AlertsMode
	Rate   int // most requests a minute; 0: 80% of what the server allows

	PseudonymKey []byte // key of the HMAC by which people are numbered; kept outside the database
	MadeBy       string // "sync" (also when empty) or "demo": the two never share a database
	UserAgent    string // empty: "crywolf"

	Progress func(Progress) // told after each page, from one goroutine; may be nil

	// RetryWaitFactor multiplies every wait before a retry; 0 means 1. Tests against a server that fails on
	// purpose set it small.
	RetryWaitFactor float64
	// RequestTimeout bounds one attempt of one request, body included; 0 means 90 s.
	RequestTimeout time.Duration
}

// Progress tells how far a sync is.
type Progress struct {
	Kind         string    // the kind of record: incidents, log_entries …
	Since, Until time.Time // the window being read; zero for kinds without one
	Rows         int64     // rows of this kind received in this sync
	Requests     int       // requests sent so far, retries included
	RequestsLeft int       // what the server says is left of this minute; -1: it has not said
	SecondsLeft  int       // estimate for the rest of this kind; -1: unknown
	Again        bool      // the window was read before: once a week the last month, or with Full everything
}

// Note is something that the reader of the data must know: an endpoint skipped, rows lost.
type Note struct {
	// Code is stable: endpoint_skipped, schedule_not_readable, rows_lost, unreadable_records, alerts_skipped or
	// incident_skipped.
	Code   string
	Kind   string // the kind of record it is about
	Detail string // one sentence without values of records
}

// Summary is what a sync did.
type Summary struct {
	Since, Until time.Time        // the period that was asked for
	Rows         map[string]int64 // rows received, by kind, doubles included
	Requests     map[string]int   // requests sent, by kind, retries included
	RequestCount int
	RetryCount   int
	// BudgetCount is the bound that a sync without retries keeps: 1.15 × (⌈N/100⌉ + ⌈L/100⌉ + A + R), with N
	// incidents and L log entries received, A incidents whose alerts were read, and R reads of anything else.
	BudgetCount int
	Notes       []Note
}

// Sync brings the store up to date with PagerDuty. It first finishes what an interrupted sync left, then reads
// what is missing. Whatever it returns, each page that was stored stays stored, and the next Sync goes on from
// there. Errors: *AuthError, *AccountMismatchError, *MadeByError, *APIError, ErrInterrupted when ctx ends,
// ErrDiskFull.
func Sync(ctx context.Context, store *Store, opts Options) (Summary, error) {
	s, err := newSyncer(ctx, store, opts)
	if err != nil {
		return Summary{}, err
	}
	defer s.close()
	err = s.run(ctx)
	sum := s.summary()
	switch {
	case err == nil:
		return sum, nil
	case ctx.Err() != nil:
		return sum, fmt.Errorf("%w: %w", ErrInterrupted, ctx.Err())
	}
	return sum, hideToken(classify(err), opts.Token)
}

// ErrInterrupted says that the context ended before the sync did.
var ErrInterrupted = errors.New("the sync was interrupted; what was read is kept")
