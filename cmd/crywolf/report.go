package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"crywolf/ingest"
	"crywolf/reports"
)

type reportFlags struct {
	periodFlags
	compare, failOn           string
	wide, names, allowPartial bool
}

func (a *app) reportCommand() *cobra.Command {
	var f reportFlags
	c := &cobra.Command{
		Use:   "report [ROTATION]...",
		Short: "How heavy was each rotation, and which pages were worth it?",
		Long: "Prints a screen a rotation: load, nights, response and quality, each with the period before, a limit and a\n" +
			"reading. ROTATION is a schedule's id or exact name. ▲ over means that a 12-hour block held more pages than\n" +
			"limits.pages_per_12h allows; --fail-on over_limit ends with code 3 exactly then. ● watch is a matter of\n" +
			"attention, – has no limit or too few numbers. Every word is explained by crywolf explain WORD.",
		Example: "  crywolf report\n  crywolf report payments-primary --week last\n  crywolf report -o week.html -o week.json\n  crywolf report -o site/",
		RunE:    func(c *cobra.Command, args []string) error { return a.report(c.Context(), f, args) },
		ValidArgsFunction: func(c *cobra.Command, _ []string, prefix string) ([]string, cobra.ShellCompDirective) {
			return a.completeRotations(c.Context(), prefix), cobra.ShellCompDirectiveNoFileComp
		},
	}
	c.Flags().SortFlags = false
	f.periodFlags.addFlags(c, true)
	c.Flags().StringVar(&f.compare, "compare", "4w", "change against: 4w (28 days and the 28 before), prev (the period before) or none")
	c.Flags().BoolVar(&f.wide, "wide", false, "add shifts, hours, the hour-of-week map, sources and every alert")
	c.Flags().BoolVar(&f.names, "names", false, "show people by name instead of as R1…Rn")
	c.Flags().BoolVar(&f.allowPartial, "allow-partial", false, "report on a period that was not read whole; counts are then at least so many")
	c.Flags().StringVar(&f.failOn, "fail-on", "", "over_limit: end with code 3 if a 12-hour block is over the limit")
	return c
}

func (a *app) report(ctx context.Context, f reportFlags, args []string) error {
	if !slices.Contains([]string{"4w", "prev", "none"}, f.compare) {
		return misuse(fmt.Sprintf("--compare %q is not known", f.compare), "--compare 4w, --compare prev or --compare none")
	}
	if f.failOn != "" && f.failOn != "over_limit" {
		return misuse(fmt.Sprintf("--fail-on %q is not known", f.failOn), "--fail-on over_limit")
	}
	targets, err := a.targets("table", "md", "html", "json", "csv", siteFormat)
	if err != nil {
		return err
	}
	r, period, err := a.openFor(ctx, f.periodFlags)
	if err != nil {
		return err
	}
	defer r.close()
	if f.names && r.config.namesNever {
		return misuse("the configuration forbids names (privacy.names: never)", "the same command without --names")
	}
	if f.names && !ingest.IsFile(r.path) {
		if known, err := userNames(ctx, r); err == nil && len(known) == 0 {
			return misuse(a.shown(r.path)+" holds no names", "the same command without --names, or crywolf export --names")
		}
	}
	report, err := a.buildReport(ctx, r, period, f, args)
	if err != nil {
		return err
	}
	site := func() ([]reports.Page, error) { return a.reportSite(ctx, r, period, &report) }
	if err := a.writeReport(targets, &report, f.wide, site); err != nil {
		return err
	}
	if f.failOn == "over_limit" && slices.ContainsFunc(report.Rotations, func(r reports.Rotation) bool { return r.OverLimit() }) {
		return errOverLimit
	}
	return nil
}

func (a *app) writeReport(targets []target, report *reports.Report, wide bool, site siteMaker) error {
	return a.writeWithSite(targets, func(w io.Writer, format string, colour bool) error {
		return reports.Render(w, report, reports.Format(format), reports.Options{Wide: wide, Colour: colour})
	}, site)
}
