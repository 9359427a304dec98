package ingest

import (
	"context"
	"errors"
	"testing"

	"crywolf/ingest/pagerdutytest"
)

func TestAnInterruptedSyncKeepsWhatItRead(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 2})
	srv := serve(t, a)
	st, _ := newStore(t)
	ctx, cancel := context.WithCancel(context.Background())
	o := options(srv, a)
	o.Progress = func(p Progress) {
		if p.Kind == kindLogEntries && p.Rows >= 300 {
			cancel()
		}
	}
	_, err := Sync(ctx, st, o)
	if !errors.Is(err, ErrInterrupted) || !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v", err)
	}
	if got := one(t, st, "SELECT count(*) >= 300 FROM log_entries"); got != "true" {
		t.Error("what was read is not kept")
	}
	if got := one(t, st, "SELECT count(*) FROM ledger WHERE state = 'reading' AND kind = 'log_entries'"); got != "1" {
		t.Errorf("%s windows are to be finished", got)
	}
	o.Progress = nil
	mustSync(t, st, o)
	fresh, _ := newStore(t)
	mustSync(t, fresh, o)
	sameFacts(t, facts(t, st), facts(t, fresh))
}

func TestProgressTellsKindWindowRowsAndBudget(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 2})
	srv := serve(t, a)
	st, _ := newStore(t)
	var seen []Progress
	o := options(srv, a)
	o.Progress = func(p Progress) { seen = append(seen, p) }
	sum := mustSync(t, st, o)
	rows := map[string]int64{}
	for _, p := range seen {
		if p.Rows < rows[p.Kind] || p.Requests > sum.RequestCount || p.RequestsLeft < 0 {
			t.Fatalf("%+v", p)
		}
		rows[p.Kind] = p.Rows
		if p.Kind == kindLogEntries && (p.Since.IsZero() || !p.Until.Equal(a.End) || p.SecondsLeft < 0) {
			t.Errorf("%+v", p)
		}
	}
	if rows[kindLogEntries] != sum.Rows[kindLogEntries] || rows[kindIncidents] == 0 {
		t.Errorf("rows told %v, read %v", rows, sum.Rows)
	}
}

func TestTheServersClockSetsTheEnd(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 2})
	st, _ := newStore(t)
	o := options(serve(t, a), a)
	o.Until = a.End.AddDate(5, 0, 0)
	sum := mustSync(t, st, o)
	if !sum.Until.Equal(a.End) {
		t.Errorf("until %s, the server's time is %s", sum.Until, a.End)
	}
	o.Since, o.Until = a.End, a.End.AddDate(0, 0, -1)
	if _, err := Sync(context.Background(), st, o); err == nil {
		t.Error("a period that ends before it starts was taken")
	}
}
