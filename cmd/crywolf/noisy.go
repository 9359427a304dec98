package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"crywolf/reports"
)

type noisyFlags struct {
	periodFlags
	top             int
	minPages        int64
	recommendations []string
	wide            bool
	allowPartial    bool
}

func (a *app) noisyCommand() *cobra.Command {
	f := noisyFlags{periodFlags: periodFlags{weeks: defaultNoisyWeeks}}
	c := &cobra.Command{
		Use:   "noisy [ROTATION]...",
		Short: "Which alerts page for nothing, and what would deleting one lose?",
		Long: "Lists the alert rules that paged, those first that would save most pages at night, each with what to do\n" +
			"about it (delete, wait, demote, group, fix_cause, keep, unclear), why, what that saves a week and what it\n" +
			"would have hidden. ROTATION is a schedule's id or exact name. -f md is a task list for a wiki or an issue.\n" +
			"crywolf explain RULE shows all that is known of one rule.",
		Example: "  crywolf noisy\n  crywolf noisy payments-primary --recommendation delete,wait\n  crywolf noisy -o tasks.md -o noisy.json",
		RunE:    func(c *cobra.Command, args []string) error { return a.noisy(c.Context(), f, args) },
		ValidArgsFunction: func(c *cobra.Command, _ []string, prefix string) ([]string, cobra.ShellCompDirective) {
			return a.completeRotations(c.Context(), prefix), cobra.ShellCompDirectiveNoFileComp
		},
	}
	c.Flags().SortFlags = false
	f.periodFlags.addFlags(c, false)
	c.Flags().IntVar(&f.top, "top", 20, "list at most `N` rules; 0 is all")
	c.Flags().StringSliceVar(&f.recommendations, "recommendation", nil, "list only rules with these `RECOMMENDATIONS`, such as delete,wait")
	c.Flags().Int64Var(&f.minPages, "min-pages", 3, "list only rules with at least `N` pages")
	c.Flags().BoolVar(&f.wide, "wide", false, "every column and every reason, in as many columns as it takes")
	c.Flags().BoolVar(&f.allowPartial, "allow-partial", false, "judge a period that was not read whole; counts are then at least so many")
	return c
}

// selection reads the flags that cut the list.
func (f noisyFlags) selection() (reports.Selection, error) {
	s := reports.Selection{MinPages: f.minPages, Top: f.top}
	if f.top < 0 {
		return s, misuse(fmt.Sprintf("--top %d is no number of rules", f.top), "--top 20, or --top 0 for all")
	}
	if f.minPages < 0 {
		return s, misuse(fmt.Sprintf("--min-pages %d is no number of pages", f.minPages), "--min-pages 3")
	}
	known := reports.Recommendations()
	for _, asked := range f.recommendations {
		word := strings.NewReplacer("-", "_", " ", "_").Replace(strings.ToLower(strings.TrimSpace(asked)))
		if !slices.Contains(known, word) {
			why := "They are " + strings.Join(known, ", ") + "."
			if near := nearest(word, known); len(near) > 0 {
				why = "Did you mean " + strings.Join(near, ", or ") + "?"
			}
			return s, misuse(fmt.Sprintf("--recommendation %q is not known", asked), "--recommendation delete,wait", why)
		}
		s.Recommendations = append(s.Recommendations, word)
	}
	return s, nil
}

func (a *app) noisy(ctx context.Context, f noisyFlags, args []string) error {
	targets, err := a.targets("table", "md", "html", "json", "csv", siteFormat)
	if err != nil {
		return err
	}
	selection, err := f.selection()
	if err != nil {
		return err
	}
	r, period, err := a.openFor(ctx, f.periodFlags)
	if err != nil {
		return err
	}
	defer r.close()
	noisy, err := a.buildNoisy(ctx, r, period, f, args)
	if err != nil {
		return err
	}
	noisy.Select(selection)
	noisy.Context.Next = a.afterNoisy(&noisy)
	return a.writeWithSite(targets, func(w io.Writer, format string, colour bool) error {
		return reports.RenderNoisy(w, &noisy, reports.Format(format), reports.Options{Wide: f.wide, Colour: colour})
	}, func() ([]reports.Page, error) {
		cards, err := a.ruleCards(ctx, r, period, &noisy)
		if err != nil {
			return nil, err
		}
		return reports.NoisySite(&noisy, cards)
	})
}

// buildNoisy asks for every alert rule of the period and lays the answer into the document.
func (a *app) buildNoisy(ctx context.Context, r *reader, c chosen, f noisyFlags, asked []string) (reports.Noisy, error) {
	noisy := reports.Noisy{SchemaVersion: reports.SchemaVersion, Period: reports.Period(c.Period), Context: noisyContext(c, r)}
	if r.isDemo() {
		noisy.Demo = reports.DemoData
	}
	ids, err := a.chooseRotations(ctx, r, asked)
	if err != nil {
		return noisy, err
	}
	if ids != nil {
		noisy.Filter = &reports.Filter{Rotations: ids}
	}
	if noisy.Data, err = a.examine(ctx, r, c, ids, f.allowPartial); err != nil {
		return noisy, err
	}
	b := &builder{ctx: ctx, session: r.session}
	noisy.Alerts = b.noisyAlerts(noisy.Period, ids)
	return noisy, b.err
}

func noisyContext(c chosen, r *reader) reports.Context {
	return reports.Context{Location: c.location, MinGroup: r.config.minGroup, Definitions: definitions(reports.NoisyWords())}
}

// noisyAlerts are all alert rules that paged in the period, in the order of the list.
func (b *builder) noisyAlerts(p reports.Period, rotations []string) []reports.NoisyAlert {
	var out []reports.NoisyAlert
	for _, r := range b.rowsFor("noisy", p, rotations) {
		out = append(out, reports.NoisyAlert{
			Rule: r.text("rule_id"), Service: r.text("service_name"), Title: r.text("title"), Source: r.text("source"),
			PageCount: r.count("page_count"), NightPageCount: r.count("night_page_count"), IncidentCount: r.count("incident_count"),
			AutoResolvedRatio: r.number("auto_resolved_ratio"), ClearedAloneRatio: r.number("cleared_alone_ratio"),
			WorkedCount: r.count("worked_count"), WorkedRatio: r.number("worked_ratio"), WorkedRatioLow: r.number("worked_low_ratio"),
			WorkedRatioHigh: r.number("worked_high_ratio"), WorkedRatioBound: r.number("worked_bound_ratio"),
			FlappingRunCount: r.count("flapping_run_count"), ExcessPageCount: r.count("excess_page_count"), Flapping: r.truth("is_flapping"),
			UnattendedPageCount: r.count("unattended_page_count"), TopPriorityCount: r.count("top_priority_count"),
			SilentIncidentCount: r.count("silent_incident_count"), SoleDetectorCount: r.count("sole_detector_count"), OutsideBusinessPageCount: r.count("outside_business_page_count"),
			OpenP50Seconds: r.number("open_p50_seconds"), LastWorkedAt: r.instant("last_worked_at"),
			Evidence: r.text("evidence"), Recommendation: r.text("recommendation"), WaitSeconds: r.number("wait_seconds"),
			GroupWith: r.word("group_rule_id"), GroupRatio: r.number("group_ratio"),
			SavesPagesPerWeek: r.number("saved_pages_per_week"), SavesNightPagesPerWeek: r.number("saved_night_pages_per_week"),
			WorkedIncidents: strings.Fields(r.text("worked_incident_ids")),
		})
	}
	return out
}

// afterNoisy offers the first rule's card, and to label the first on which the evidence is not enough.
func (a *app) afterNoisy(n *reports.Noisy) []string {
	if len(n.Alerts) == 0 {
		return nil
	}
	first := n.Alerts[0].Rule
	doubtful := first
	for _, alert := range n.Alerts {
		if alert.Recommendation == reports.Unclear || alert.Evidence == "thin" {
			doubtful = alert.Rule
			break
		}
	}
	return []string{"crywolf explain " + first + a.dbFlag(), "crywolf noisy -o tasks.md" + a.dbFlag(),
		"crywolf label " + doubtful + " non-actionable --reason TEXT" + a.dbFlag()}
}
