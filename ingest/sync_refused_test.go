package ingest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"crywolf/ingest/pagerdutytest"
)

func TestATokenThatIsRefused(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 1})
	st, _ := newStore(t)
	srv := serve(t, a, pagerdutytest.WithToken("another"))
	var auth *AuthError
	if _, err := Sync(context.Background(), st, options(srv, a)); !errors.As(err, &auth) || auth.Status != 401 || auth.What != "" {
		t.Errorf("wrong token: %v", err)
	}
	if _, err := Sync(context.Background(), st, Options{BaseURL: srv.URL}); !errors.As(err, &auth) || auth.Status != 0 {
		t.Errorf("no token: %v", err)
	}
	denied := serve(t, a, pagerdutytest.WithDenied(403, "/incidents"))
	if _, err := Sync(context.Background(), st, options(denied, a)); !errors.As(err, &auth) || auth.Status != 403 || auth.What != "incidents" {
		t.Errorf("incidents: %v", err)
	}
	if _, err := EstimateSync(context.Background(), options(denied, a)); !errors.As(err, &auth) || auth.What != "incidents" {
		t.Errorf("estimate, incidents: %v", err)
	}
}

// TestDoingWithout denies each endpoint that a report can do without: the sync goes on and says so.
func TestDoingWithout(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 1})
	for _, kind := range []string{kindAbilities, kindUsers, kindTeams, kindPriorities, kindServices, kindPolicies, kindMaintenance, kindChanges} {
		for _, status := range []int{402, 403, 404} {
			if status != 403 && kind != kindChanges {
				continue
			}
			t.Run(fmt.Sprint(kind, " ", status), func(t *testing.T) {
				t.Parallel()
				srv := serve(t, a, pagerdutytest.WithDenied(status, "/"+kind))
				st, _ := newStore(t)
				sum := mustSync(t, st, options(srv, a))
				if kind == kindAbilities {
					return
				}
				if len(sum.Notes) != 1 || sum.Notes[0].Code != "endpoint_skipped" || sum.Notes[0].Kind != kind {
					t.Errorf("notes %v", sum.Notes)
				}
				if got := one(t, st, "SELECT code || ' ' || kind FROM sync_notes"); got != "endpoint_skipped "+kind {
					t.Errorf("stored note %s", got)
				}
				if got := one(t, st, "SELECT count(*) FROM ledger WHERE state = 'skipped' AND kind = '"+kind+"'"); got != "1" {
					t.Errorf("%s ledger rows are skipped", got)
				}
				if kind == kindUsers && one(t, st, "SELECT count(*) FROM users WHERE is_deleted") != "0" {
					t.Error("users count as deleted though they were not listed")
				}
			})
		}
	}
}

func TestSchedulesThatMayNotBeRead(t *testing.T) {
	t.Parallel()
	a := pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 2})
	srv := serve(t, a, pagerdutytest.WithDenied(403, "/schedules"))
	st, _ := newStore(t)
	mustSync(t, st, options(srv, a))
	targeted := one(t, st, "SELECT count(DISTINCT target_id) FROM escalation_targets WHERE target_kind = 'schedule'")
	if got := one(t, st, "SELECT count(*) FROM schedules WHERE NOT is_readable"); got != targeted || got == "0" {
		t.Errorf("%s schedules are unreadable, %s are targeted", got, targeted)
	}
	if got := one(t, st, "SELECT count(*) FROM ledger WHERE kind = 'schedules' AND state = 'whole'"); got != "0" {
		t.Errorf("%s windows of schedules count as whole", got)
	}
	// Once it may be read it is.
	mustSync(t, st, options(serve(t, a), a))
	fresh, _ := newStore(t)
	mustSync(t, fresh, options(serve(t, a), a))
	sameFacts(t, facts(t, st), facts(t, fresh))
	if got := one(t, st, "SELECT count(*) FROM ledger WHERE state = 'skipped'"); got != "0" {
		t.Errorf("%s ledger rows are still skipped", got)
	}
}
