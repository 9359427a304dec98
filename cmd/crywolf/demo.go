package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"crywolf/ingest"
	"crywolf/ingest/pagerdutytest"
	"crywolf/reports"
)

type demoFlags struct {
	scenario string
	seed     uint64
	weeks    int
	answers  bool
}

func (a *app) demoCommand() *cobra.Command {
	var f demoFlags
	c := &cobra.Command{
		Use:   "demo",
		Short: "Try crywolf on a generated account: no token, no network",
		Long: "Starts a PagerDuty double on this machine with a generated account, runs the real sync against it, and\n" +
			"prints the first screen of its worst rotation. The same seed prints the same bytes. The other commands\n" +
			"work on the demo's database too, given with --db; all they print from it says DEMO DATA.",
		Example: "  crywolf demo\n  crywolf demo --answers\n  crywolf demo --scenario overloaded --seed 7 -o demo.html",
		Args:    a.args(cobra.NoArgs),
		RunE:    func(c *cobra.Command, _ []string) error { return a.demo(c.Context(), f) },
	}
	c.Flags().SortFlags = false
	c.Flags().StringVar(&f.scenario, "scenario", "all", "healthy, noisy, overloaded, or all three as rotations of one account")
	c.Flags().Uint64Var(&f.seed, "seed", 1, "seed of the generated account")
	c.Flags().IntVar(&f.weeks, "weeks", 13, "weeks of history, up to 2026-11-16")
	c.Flags().BoolVar(&f.answers, "answers", false, "also list what is planted in the data, and where to see it")
	return c
}

func (f demoFlags) check() error {
	if !slices.Contains([]string{"healthy", "noisy", "overloaded", "all"}, f.scenario) {
		return misuse(fmt.Sprintf("--scenario %q is not known", f.scenario), "--scenario healthy, noisy, overloaded or all")
	}
	if f.weeks < 1 || f.weeks > 104 {
		return misuse(fmt.Sprintf("--weeks %d: from 1 to 104", f.weeks), "--weeks 13")
	}
	return nil
}

func (a *app) demo(ctx context.Context, f demoFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	targets, err := a.targets("table", "md", "html", "json", "csv")
	if err != nil {
		return err
	}
	if a.flags.db == "" {
		if a.flags.db, err = a.dataPath("crywolf-demo.duckdb"); err != nil {
			return err
		}
	}
	if err := a.clearDemo(ctx); err != nil {
		return err
	}
	account := pagerdutytest.Generate(pagerdutytest.Config{Seed: f.seed, Scenario: f.scenario, Weeks: f.weeks})
	if err := a.fillDemo(ctx, account); err != nil {
		return err
	}
	r, err := a.openReader(ctx)
	if err != nil {
		return err
	}
	defer r.close()
	report, err := a.demoReport(ctx, r)
	if err != nil {
		return err
	}
	if err := a.writeReport(targets, &report, false, nil); err != nil {
		return err
	}
	if f.answers {
		return a.printAnswers(account)
	}
	return nil
}

// clearDemo removes an earlier demo, and refuses any database that a demo did not make.
func (a *app) clearDemo(ctx context.Context) error {
	path := a.flags.db
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	notOurs := misuse("crywolf demo did not make the database "+a.shown(path), "crywolf demo --db FILE with another file", "Nothing was changed.")
	store, err := a.openStore(ctx, path, ingest.ReadOnly)
	switch {
	case errors.Is(err, ingest.ErrNoDatabase): // no table in it: an earlier demo that was cut off at once
	case errors.Is(err, ingest.ErrCorrupt), errors.Is(err, ingest.ErrNotOurs):
		return notOurs
	case err != nil:
		return err
	default:
		account, err := store.Account(ctx)
		if err := errors.Join(err, store.Close()); err != nil {
			return err
		}
		if account.MadeBy != "demo" && account != (ingest.Account{}) {
			return notOurs
		}
	}
	for _, file := range []string{path, path + ".wal"} {
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove the earlier demo: %w", err)
		}
	}
	return nil
}

// demoRate is in effect no limit, in requests a minute: the double is ours alone.
const demoRate = 1_000_000

// fillDemo syncs the generated account over HTTP, as any other account.
func (a *app) fillDemo(ctx context.Context, account *pagerdutytest.Account) error {
	cfg, err := a.loadConfig()
	if err != nil {
		return err
	}
	server, err := pagerdutytest.Listen(account, pagerdutytest.WithRate(demoRate))
	if err != nil {
		return fmt.Errorf("start the PagerDuty double: %w", err)
	}
	defer server.Close()
	store, err := a.openStore(ctx, a.flags.db, ingest.ReadWrite)
	if err != nil {
		return err
	}
	a.say("made an account of %d incidents; syncing it from %s", len(account.Incidents), server.URL)
	err = a.syncInto(ctx, store, ingest.Options{Token: "demo-token", BaseURL: server.URL, Since: account.Start, Until: account.End,
		PseudonymKey: demoPseudonymKey, MadeBy: "demo", UserAgent: userAgent()}, cfg)
	return errors.Join(err, store.Close())
}

// demoReport is the report of the worst rotation over the last four weeks.
func (a *app) demoReport(ctx context.Context, r *reader) (reports.Report, error) {
	period, err := a.period(ctx, periodFlags{}, r)
	if err != nil {
		return reports.Report{}, err
	}
	f := reportFlags{compare: "4w", allowPartial: true} // fewer than four weeks are a demo too
	report, err := a.buildReport(ctx, r, period, f, nil)
	if err != nil || len(report.Rotations) == 0 {
		return report, err
	}
	worst := *reports.WorstFirst(report.Rotations)[0]
	report.Rotations = []reports.Rotation{worst}
	report.Filter = &reports.Filter{Rotations: []string{worst.ID}}
	report.Context.Next = a.demoNext()
	return report, nil
}

func (a *app) demoNext() []string {
	db := a.dbFlag()
	return []string{
		"crywolf demo --answers",
		"crywolf explain page",
		"crywolf noisy" + db,
		"crywolf audit" + db,
		"crywolf report -o site/" + db,
	}
}

// printAnswers lists what is planted and where to look for it, so that anyone can grade the report.
func (a *app) printAnswers(account *pagerdutytest.Account) error {
	names := map[string]string{}
	for _, s := range account.Schedules {
		names[s.ID] = s.Name
	}
	for _, s := range account.V3Schedules {
		names[s.ID] = s.Name
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s: what is planted\n", reports.DemoData)
	for _, p := range account.Answers() {
		fmt.Fprintf(&b, "\n%s", p.Name)
		if name := names[p.RotationID]; name != "" {
			fmt.Fprintf(&b, "  in %s", name)
		}
		b.WriteString("\n")
		for _, text := range []string{p.Sentence, "see: " + p.Expect} {
			for _, line := range reports.Wrap(text, 76) {
				fmt.Fprintf(&b, "  %s\n", line)
			}
		}
	}
	fmt.Fprintf(&b, "\nlook  crywolf report --wide%s\n", a.dbFlag())
	_, err := a.stdout.Write([]byte(b.String()))
	return err
}
