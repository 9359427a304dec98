package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"crywolf/reports"
)

// defaultAuditWeeks is a quarter: less is too thin to judge a rotation by.
const defaultAuditWeeks = 13

type auditFlags struct {
	periodFlags
	share                        string
	open                         []string
	questions, allowPartial, yes bool
	wide                         bool
}

func (a *app) auditCommand() *cobra.Command {
	f := auditFlags{periodFlags: periodFlags{weeks: defaultAuditWeeks}}
	c := &cobra.Command{
		Use:   "audit [ROTATION] | --open FILE... | --questions",
		Short: "What would it be like to carry this rotation's pager?",
		Long: "Prints a scorecard a rotation: what a week on call brings, how often one is on call, whether it is noise, whether\n" +
			"help comes, whether it gets better, and what to ask about the rest; each number beside a limit and whose it is.\n" +
			"ROTATION is a schedule's id or exact name.\n\n" +
			"A team hands the scorecard over with --share FILE: one page without names, titles and services, small numbers\n" +
			"left out, sealed so that an altered digit is found. Whoever gets such files reads them with --open FILE..., without a\n" +
			"database and a network: it says whether they are as crywolf wrote them, and sets them side by side.\n" +
			"--questions lists what to ask a team: in general, or with a rotation or --open what its numbers lead to.",
		Example: "  crywolf audit payments-primary\n  crywolf audit --share audit.html\n  crywolf audit --open theirs.html ours.html\n" +
			"  crywolf audit --questions",
		RunE: func(c *cobra.Command, args []string) error { return a.audit(c, f, args) },
		ValidArgsFunction: func(c *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
			if len(f.open) > 0 || len(args) > 0 {
				return nil, cobra.ShellCompDirectiveDefault
			}
			return a.completeRotations(c.Context(), prefix), cobra.ShellCompDirectiveNoFileComp
		},
	}
	c.Flags().SortFlags = false
	f.periodFlags.addFlags(c, false)
	c.Flags().StringVar(&f.share, "share", "", "write the scorecard to `FILE`, an HTML page to hand over")
	c.Flags().StringArrayVar(&f.open, "open", nil, "read shared `FILE`s instead of a database; further arguments are files, too")
	c.Flags().BoolVar(&f.questions, "questions", false, "list what to ask the team")
	c.Flags().BoolVar(&f.wide, "wide", false, "every number and every question in full")
	c.Flags().BoolVar(&f.allowPartial, "allow-partial", false, "judge a period that was not read whole; counts are then at least so many")
	c.Flags().BoolVar(&f.yes, "yes", false, "with --share: write without asking")
	return c
}

// audit finds out which of the command's three forms is meant.
func (a *app) audit(c *cobra.Command, f auditFlags, args []string) error {
	if err := f.check(c, args); err != nil {
		return err
	}
	switch {
	case len(f.open) > 0:
		return a.auditFiles(append(f.open, args...), f.questions)
	case f.questions && len(args) == 0 && !a.asksDatabase(c):
		return a.auditQuestions(nil)
	}
	return a.auditDatabase(c.Context(), f, args)
}

// check finds flags that exclude each other.
func (f auditFlags) check(c *cobra.Command, args []string) error {
	opens := len(f.open) > 0
	switch {
	case c.Flags().Changed("share") && f.share == "":
		return misuse("--share needs the name of a file", "--share audit.html")
	case opens && f.share != "":
		return misuse("--open and --share exclude each other", "one of the two")
	case opens && (f.since != "" || f.until != "" || f.allowPartial):
		return misuse("--open reads files, whose period is what it is", "crywolf audit --open FILE...")
	case f.questions && f.share != "":
		return misuse("--questions and --share exclude each other", "one of the two; a shared file holds its questions")
	case f.yes && f.share == "":
		return misuse("--yes is for --share", "crywolf audit --share FILE --yes")
	case !opens && len(args) > 1:
		return misuse("audit takes one rotation, or none for all", "crywolf audit "+quoted(args[0]), "Files to read go behind --open.")
	}
	return nil
}

// asksDatabase tells whether flags say which database or which part of it is meant.
func (a *app) asksDatabase(c *cobra.Command) bool {
	for _, name := range []string{"db", "since", "until", "allow-partial"} {
		if c.Flags().Changed(name) {
			return true
		}
	}
	return false
}

// auditDatabase audits what was synced.
func (a *app) auditDatabase(ctx context.Context, f auditFlags, args []string) error {
	write, err := a.auditWriter(f)
	if err != nil {
		return err
	}
	r, period, err := a.openFor(ctx, f.periodFlags)
	if err != nil {
		return err
	}
	defer r.close()
	audit, err := a.buildAudit(ctx, r, period, f, args)
	if err != nil {
		return err
	}
	return write(&audit)
}

// auditWriter is what is done with an audit; misuse of the flags for that is found before any database is opened.
func (a *app) auditWriter(f auditFlags) (func(*reports.Audit) error, error) {
	if f.share != "" {
		return a.sharer(f)
	}
	if f.questions {
		return a.auditQuestions, nil
	}
	targets, err := a.targets("table", "md", "html", "json", "csv")
	return func(audit *reports.Audit) error {
		return a.write(targets, func(w io.Writer, format string, colour bool) error {
			return reports.RenderAudit(w, audit, reports.Format(format), reports.Options{Wide: f.wide, Colour: colour})
		})
	}, err
}

// auditQuestions prints what to ask the teams of an audit; of none, what to ask in general.
func (a *app) auditQuestions(audit *reports.Audit) error {
	targets, err := a.targets("table", "md", "json")
	if err != nil {
		return err
	}
	interview := reports.NewInterview(audit)
	return a.write(targets, func(w io.Writer, format string, colour bool) error {
		return reports.RenderQuestions(w, interview, reports.Format(format), reports.Options{Colour: colour})
	})
}
