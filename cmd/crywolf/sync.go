package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"crywolf/ingest"
)

type syncFlags struct {
	connection
	since, until, alerts string
	rate                 int
	estimate, full       bool
}

func (a *app) syncCommand() *cobra.Command {
	var f syncFlags
	c := &cobra.Command{
		Use:   "sync",
		Short: "Read the account's history from PagerDuty into the local database",
		Long: "Reads incidents, log entries, alerts, schedules and what they refer to. The first sync reads 13 weeks;\n" +
			"later ones read what is new, changed or still open. Only GET is ever sent. Ctrl-C is safe: what was\n" +
			"stored is kept, and the next sync goes on from there.",
		Example: "  crywolf sync\n  crywolf sync --estimate\n  crywolf sync --since 2026-01-01",
		Args:    a.args(cobra.NoArgs),
		RunE:    func(c *cobra.Command, _ []string) error { return a.sync(c.Context(), f) },
	}
	c.Flags().SortFlags = false
	c.Flags().StringVar(&f.since, "since", "", "read from `TIME` on (default: what is missing; at first 13 weeks)")
	c.Flags().StringVar(&f.until, "until", "", "read up to `TIME` (default: now, by PagerDuty's clock)")
	c.Flags().StringVar(&f.alerts, "alerts", "auto", "alerts of which incidents: auto (of two alerts or more), all or none")
	c.Flags().IntVar(&f.rate, "rate", 0, "at most `N` requests a minute (default: 80% of what PagerDuty allows)")
	c.Flags().BoolVar(&f.estimate, "estimate", false, "only say how many requests and minutes a sync will take")
	c.Flags().BoolVar(&f.full, "full", false, "read again what was read before")
	f.addFlags(c)
	return c
}

// sync is the command. The configuration and the flags are checked before anything is asked or made.
func (a *app) sync(ctx context.Context, f syncFlags) error {
	cfg, err := a.loadConfig()
	if err != nil {
		return err
	}
	opts, err := a.syncOptions(f, cfg)
	if err != nil {
		return err
	}
	path, err := a.databasePath()
	if err != nil {
		return err
	}
	if f.estimate {
		return a.estimate(ctx, opts)
	}
	if opts.PseudonymKey, err = a.pseudonymKey(true); err != nil {
		return err
	}
	store, err := a.openStore(ctx, path, ingest.ReadWrite)
	if err != nil {
		return err
	}
	err = a.syncFailure(ctx, a.syncInto(ctx, store, opts, cfg))
	return errors.Join(err, store.Close())
}

// syncFailure adds to trouble with PagerDuty what becomes of what was read until then.
func (a *app) syncFailure(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil {
		return err
	}
	f := a.pagerDutyFailure(err)
	if f == nil || f.code != exitFailed {
		return err
	}
	f.why = append(f.why, "What was read is stored, and the next sync goes on from there.")
	return f
}

func (a *app) syncOptions(f syncFlags, cfg config) (ingest.Options, error) {
	o := ingest.Options{Rate: f.rate, Full: f.full, Alerts: ingest.AlertsMode(f.alerts), MadeBy: "sync", UserAgent: userAgent()}
	if !slices.Contains([]string{"auto", "all", "none"}, f.alerts) {
		return o, misuse(fmt.Sprintf("--alerts %q is not known", f.alerts), "--alerts auto, --alerts all or --alerts none")
	}
	if f.rate < 0 {
		return o, misuse("--rate must not be negative", "--rate 480")
	}
	loc, err := a.location()
	if err != nil {
		return o, err
	}
	m := moment{now: a.now, base: a.now, loc: loc, week: cfg.week}
	if o.Until, err = m.optional("--until", f.until); err != nil {
		return o, err
	}
	if !o.Until.IsZero() {
		m.base = o.Until
	}
	if o.Since, err = m.optional("--since", f.since); err != nil {
		return o, err
	}
	if !o.Since.IsZero() && !o.Until.IsZero() {
		if err := ordered(o.Since, o.Until); err != nil {
			return o, err
		}
	}
	if !o.Since.IsZero() && o.Since.After(a.now) {
		return o, misuse(fmt.Sprintf("--since %s lies in the future", o.Since.Format(time.RFC3339)), "an earlier --since")
	}
	if err := f.resolve(a); err != nil {
		return o, err
	}
	o.BaseURL, o.Region = f.apiURL, f.region
	token, variable, err := a.token()
	if err != nil {
		return o, err
	}
	o.Token = token
	a.say("token from %s", variable)
	return o, nil
}

// optional reads a time; an empty text is the zero time.
func (m moment) optional(flag, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	return m.parse(flag, text)
}

func ordered(since, until time.Time) error {
	if since.Before(until) {
		return nil
	}
	return misuse(fmt.Sprintf("the period ends at %s, which is not after its start %s", until.Format(time.RFC3339), since.Format(time.RFC3339)),
		"an earlier --since, or a later --until")
}

// syncInto reads and derives. Deriving runs even where there is nothing new, and after a sync that failed half-way:
// an earlier run may have died between the two, and what was read is worth reporting on.
func (a *app) syncInto(ctx context.Context, store *ingest.Store, opts ingest.Options, cfg config) error {
	account, err := store.Account(ctx)
	if err != nil {
		return err
	}
	if account.MadeBy != "" && account.MadeBy != opts.MadeBy {
		return &ingest.MadeByError{Have: account.MadeBy, Want: opts.MadeBy}
	}
	if account.Subdomain != "" {
		if err := derive(ctx, store, cfg); err != nil {
			return err
		}
	}
	progress := a.newProgress()
	opts.Progress = progress.show
	summary, err := ingest.Sync(ctx, store, opts)
	progress.end()
	if err != nil && (ctx.Err() != nil || len(summary.Rows) == 0) {
		return err
	}
	if derr := derive(ctx, store, cfg); err == nil {
		err = derr
	}
	if err != nil {
		return err
	}
	a.tellSummary(summary)
	return a.refusedKinds(summary)
}

// refused are the kinds of record without which reports are poor, and what they lack then.
var refused = []struct{ kind, name, without string }{
	{"log_entries", "log entries", "Without log entries nobody knows who was notified or did what: pages are inferred from assignments."},
	{"schedules", "schedules", "Without schedules there are no shifts, and no page has a rotation."},
}

// refusedKinds ends a sync with code 4 where the token may not read log entries or schedules. All the rest is stored,
// and can be reported on as partial data.
func (a *app) refusedKinds(s ingest.Summary) error {
	var names, why []string
	for _, r := range refused {
		for _, n := range s.Notes {
			if n.Kind == r.kind && n.Code == "endpoint_skipped" {
				names, why = append(names, r.name), append(why, r.without)
			}
		}
	}
	if len(names) == 0 {
		return nil
	}
	return &failure{code: exitAuth, what: "the token may not read " + strings.Join(names, " and "),
		why: append(why, "The rest is stored:  crywolf report --allow-partial"+a.dbFlag()),
		try: readOnlyKey}
}

func (a *app) tellSummary(s ingest.Summary) {
	for _, n := range s.Notes {
		a.warn("note: %s", n.Detail)
	}
	var rows []string
	for _, kind := range slices.Sorted(maps.Keys(s.Rows)) {
		if n := s.Rows[kind]; n > 0 {
			rows = append(rows, fmt.Sprintf("%d %s", n, kindName(kind)))
		}
	}
	if len(rows) == 0 {
		rows = []string{"nothing new"}
	}
	a.say("synced %s to %s: %s", s.Since.UTC().Format("2006-01-02 15:04"), s.Until.UTC().Format("2006-01-02 15:04 UTC"), strings.Join(rows, ", "))
	retried := ""
	if s.RetryCount > 0 {
		retried = fmt.Sprintf(", %d of them retries", s.RetryCount)
	}
	if s.AgainCount > 0 {
		retried += fmt.Sprintf(", %d to read again what may have changed since without a log entry", s.AgainCount)
	}
	a.say("%d requests%s; the bound for this data is %d", s.RequestCount, retried, s.BudgetCount)
}
