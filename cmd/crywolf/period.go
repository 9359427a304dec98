package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"crywolf/analysis"
	"crywolf/reports"
)

// defaultWeeks is how many weeks before its end a period begins unless told; one week is too few to judge an alert.
const (
	defaultWeeks      = 4
	defaultNoisyWeeks = 8
)

type periodFlags struct {
	since, until, week string
	weeks              int // how many weeks before its end the period begins unless told; 0 is defaultWeeks
}

func (f periodFlags) defaultBack() time.Duration {
	weeks := f.weeks
	if weeks == 0 {
		weeks = defaultWeeks
	}
	return time.Duration(weeks) * 7 * 24 * time.Hour
}

func (f *periodFlags) addFlags(c *cobra.Command, withWeek bool) {
	weeks := int(f.defaultBack().Hours() / (7 * 24))
	c.Flags().StringVar(&f.since, "since", "", fmt.Sprintf("from `TIME` on: %s (default: %d weeks before the end)", timeForms, weeks))
	c.Flags().StringVar(&f.until, "until", "", "up to `TIME`, exclusive (default: the end of what was read whole)")
	if withWeek {
		c.Flags().StringVar(&f.week, "week", "", "the `WEEK` instead: last, 2026-W47, or -3 for three weeks ago")
	}
}

// chosen is the period that a command works on.
type chosen struct {
	analysis.Period
	name     string // 2026-W47, where it was asked for as a week
	location *time.Location
	fromData bool // its end is where the data ends, so it moves with each sync
}

// checkPeriod finds misuse of the flags before any database is opened: a date that nobody can read is wrong with or
// without one.
func (a *app) checkPeriod(f periodFlags) error {
	cfg, err := a.loadConfig()
	if err != nil {
		return err
	}
	location, err := a.location()
	if err != nil {
		return err
	}
	// Where the data ends is not known yet, and may lie after this machine's clock.
	_, err = f.read(moment{now: a.now, base: a.now, loc: location, week: cfg.week}, a.now.AddDate(100, 0, 0))
	return err
}

// openFor opens the database for questions about the period that the flags say; misuse of them is found first. The
// caller closes the reader.
func (a *app) openFor(ctx context.Context, f periodFlags) (*reader, chosen, error) {
	if err := a.checkPeriod(f); err != nil {
		return nil, chosen{}, err
	}
	r, err := a.openReader(ctx)
	if err != nil {
		return nil, chosen{}, err
	}
	c, err := a.period(ctx, f, r)
	if err != nil {
		r.close()
		return nil, chosen{}, err
	}
	return r, c, nil
}

// period reads the flags. In a demo's database the clock stands where its data ends.
func (a *app) period(ctx context.Context, f periodFlags, r *reader) (chosen, error) {
	c := chosen{}
	var err error
	if c.location, err = a.location(); err != nil {
		return c, err
	}
	synced, ok, err := r.session.SyncedUntil(ctx)
	if err != nil {
		return c, err
	}
	now := a.now
	if ok && r.isDemo() {
		now = synced
	}
	if !ok {
		synced = now
	}
	location := c.location
	c, err = f.read(moment{now: now, base: now, loc: location, week: r.config.week}, synced)
	c.location = location
	return c, err
}

// read works the flags out; synced is where the period ends unless told.
func (f periodFlags) read(m moment, synced time.Time) (chosen, error) {
	var c chosen
	var err error
	if f.week != "" {
		if f.since != "" || f.until != "" {
			return c, misuse("--week and --since or --until exclude each other", "one of the two")
		}
		c.Since, c.Until, c.name, err = m.weekOf(f.week)
		return c, err
	}
	if c.Until, err = m.optional("--until", f.until); err != nil {
		return c, err
	}
	if c.Until.IsZero() {
		c.Until, c.fromData = synced, true
	}
	m.base = c.Until
	if c.Since, err = m.optional("--since", f.since); err != nil {
		return c, err
	}
	if c.Since.IsZero() {
		c.Since = c.Until.Add(-f.defaultBack())
	}
	return c, ordered(c.Since, c.Until)
}

// staleAfter is how far the data may lie behind the clock without a word.
const staleAfter = 24 * time.Hour

// staleNote tells that the data ends long before now, where the period was taken from the data.
func (a *app) staleNote(c chosen, r *reader) []reports.Note {
	behind := a.now.Sub(c.Until)
	if !c.fromData || r.isDemo() || behind <= staleAfter {
		return nil
	}
	s := behind.Seconds()
	return []reports.Note{{Code: "stale", Text: fmt.Sprintf("the data ends %s before now; crywolf sync brings it up to date", reports.Seconds(&s))}}
}

// fillCommand is the command that reads what a gap lacks. A sync asks for nothing twice unless --full says so.
func (a *app) fillCommand(g analysis.Gap, demo bool, synced *time.Time) string {
	full := ""
	switch {
	case demo:
		return "crywolf demo --weeks N" + a.dbFlag()
	case g.Reason == analysis.GapTruncated:
		full = " --full"
	case synced == nil, !g.Since.Before(*synced), g.Until.After(a.now), g.Reason == analysis.GapUnfinished:
		return "crywolf sync" + a.dbFlag()
	}
	return fmt.Sprintf("crywolf sync%s%s --since %s --until %s", a.dbFlag(), full, g.Since.UTC().Format(time.RFC3339), g.Until.UTC().Format(time.RFC3339))
}

// gapFailure is returned where incidents or log entries were not read whole in the period; nil where they were.
func (a *app) gapFailure(cert analysis.Certificate, c chosen, r *reader) error {
	var kinds []string
	var all analysis.Gap
	for _, g := range cert.Gaps {
		if g.Kind != "incidents" && g.Kind != "log_entries" {
			continue
		}
		if len(kinds) == 0 || all.Reason == analysis.GapTruncated {
			all.Reason = g.Reason // one sync of all is enough, unless each was asked for in vain
		}
		kinds = append(kinds, fmt.Sprintf("%s %s – %s", kindName(g.Kind), reports.At(g.Since, c.location), reports.At(g.Until, c.location)))
		if all.Since.IsZero() || g.Since.Before(all.Since) {
			all.Since = g.Since
		}
		if g.Until.After(all.Until) {
			all.Until = g.Until
		}
	}
	if len(kinds) == 0 {
		return nil
	}
	missing := kinds[0]
	if len(kinds) > 1 {
		missing += fmt.Sprintf(", and %d more", len(kinds)-1)
	}
	return &failure{code: exitGap, what: fmt.Sprintf("the period %s – %s was not read whole", reports.At(c.Since, c.location), reports.At(c.Until, c.location)),
		why: []string{"Missing: " + missing, "Or count what there is, as at least so many:  --allow-partial"},
		try: a.fillCommand(all, r.isDemo(), cert.SyncedUntil)}
}
