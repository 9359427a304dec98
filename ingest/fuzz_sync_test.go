package ingest

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"crywolf/ingest/pagerdutytest"
)

// FuzzTime reads any text for a time of PagerDuty's; one that it takes is written so that it is read again.
func FuzzTime(f *testing.F) {
	for _, text := range []string{"2026-03-19T13:52:00Z", "2026-03-19T15:52:00.1234567+02:00", "2026-03-19 13:52:00 UTC", "2026-03-19", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59+14:00", "2026-02-30T24:60:60Z"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, ok := parseTime(text)
		if !ok {
			return
		}
		again, ok := parseTime(formatTime(at))
		if !ok || !again.Equal(at) || at.Location() != time.UTC || at.Year() < 2 || at.Year() > 9999 || at.Nanosecond()%1000 != 0 {
			t.Errorf("%q is %v, and written and read again %v", text, at, again)
		}
	})
}

// FuzzAnswer lets one answer of a sync be anything: the sync ends, with a result or an error, the database is whole, and the
// next sync reads what there is.
func FuzzAnswer(f *testing.F) {
	whole := pagerdutytest.Random(2)
	account := whole.At(whole.Start.Add(12 * time.Hour))
	// Few: each is two syncs, in every go test.
	f.Add(byte(9), uint16(0), []byte(`{"incidents":{},"log_entries":7,"users":"x","schedules":[[]],"services":[null]}`))
	f.Add(byte(11), uint16(0), []byte(`{"log_entries":[{"id":"R","created_at":"9999-12-31T23:59:59Z","incident":{"id":"Q","status":"triggered","created_at":"0002-01-01T00:00:00Z"}}],"more":"true"}`))
	f.Add(byte(7), uint16(0), []byte(`{"schedules":[{"id":"S1","final_schedule":{"rendered_schedule_entries":[{"start":"9998-01-01T00:00:00Z","end":"0002-01-01T00:00:00Z","user":{"id":"U"}}]}}]}`))
	f.Add(byte(3), uint16(200), []byte(`{"error":{"message":"x","code":2002,"errors":["Offset"]}}`))
	f.Add(byte(12), uint16(204), []byte(`{"error":[1,{}]}`))
	s := &oneBad{good: pagerdutytest.NewHandler(account, pagerdutytest.WithRate(fast))}
	srv := httptest.NewServer(s)
	f.Cleanup(srv.Close)
	s.arm(-1, 0, nil)
	undisturbed, _ := newStore(f)
	mustSync(f, undisturbed, Options{Token: "t0ps3cret", BaseURL: srv.URL, Since: account.Start, PseudonymKey: []byte("key"), Alerts: AlertsAll})
	const kept = "SELECT id FROM incidents UNION ALL SELECT id FROM log_entries UNION ALL SELECT id FROM alerts ORDER BY 1"
	want := column(f, undisturbed, kept)
	f.Fuzz(func(t *testing.T, nth byte, status uint16, body []byte) {
		path := filepath.Join(t.TempDir(), "x.duckdb")
		o := Options{Token: "t0ps3cret", BaseURL: srv.URL, Since: account.Start, PseudonymKey: []byte("key"), Alerts: AlertsAll, RetryWaitFactor: 1e-9}
		code := 200 + int(status)%400
		s.arm(int(nth)%24, code, body)
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		st := openStore(t, path)
		_, err := Sync(ctx, st, o)
		if errors.Is(err, ErrInterrupted) || errors.Is(err, ErrCorrupt) || err != nil && strings.Contains(err.Error(), "t0ps3cret") {
			t.Fatalf("the sync ends with %v", err)
		}
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
		s.arm(-1, 0, nil)
		st = openStore(t, path)
		var mismatch *AccountMismatchError
		if _, err := Sync(context.Background(), st, o); errors.As(err, &mismatch) {
			return // the bad answer named another account
		} else if err != nil {
			t.Fatalf("the sync after it ends with %v", err)
		}
		// A list that is one can leave out what it likes, and a refusal is taken at its word. Everything else loses nothing.
		isTaken := code < 300 && json.Valid(body) || code == 402 || code == 403 || code == 404
		if !isTaken {
			if missing := missingFrom(column(t, st, kept), want); len(missing) > 0 {
				t.Errorf("%d of %d records are missing, as %s", len(missing), len(want), missing[0])
			}
		}
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

// oneBad answers as the good one does, except for one request, and the tries of it that follow.
type oneBad struct {
	good http.Handler

	mu     sync.Mutex
	nth    int
	count  int
	bad    string // the address of the one
	status int
	body   []byte
}

func (s *oneBad) arm(nth, status int, body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nth, s.count, s.bad, s.status, s.body = nth, 0, "", status, body
}

func (s *oneBad) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	if s.count == s.nth {
		s.bad = r.URL.String()
	}
	s.count++
	isBad, status, body := s.bad != "" && s.bad == r.URL.String(), s.status, s.body
	s.mu.Unlock()
	if !isBad {
		s.good.ServeHTTP(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may have gone
}
