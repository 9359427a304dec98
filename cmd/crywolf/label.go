package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"crywolf/analysis"
	"crywolf/reports"
)

type labelFlags struct {
	periodFlags                 // of the sample and of the agreement; until is also where a rule's label ends
	cause, reason, author, from string
	sample                      int
}

func (a *app) labelCommand() *cobra.Command {
	var f labelFlags
	c := &cobra.Command{
		Use:   "label [INCIDENT|RULE actionable|non-actionable|unknown]",
		Short: "Say which pages were worth it, and see how far the rules can be trusted",
		Long: "Appends to " + labelsName + ", beside the crywolf.yaml in use, else in the working directory: keep it under\n" +
			"version control. A label outranks the evidence, an incident's outranks its rule's, the last one counts.\n" +
			"INCIDENT is an id or a number, RULE an id of crywolf query alerts. The author stands in that file only.\n" +
			"--sample draws incidents to label, their verdict hidden; --from reads it, filled in, or any other file.\n" +
			"Without arguments it compares what people said of incidents with what the rules say without them.",
		Example: "  crywolf label PT4KHLK non-actionable --cause threshold --reason 'cleared by itself, as ever'\n" +
			"  crywolf label 0880df78 actionable --reason 'customers call' --until 2027-01-01\n" +
			"  crywolf label --sample 100 -o sample.csv && $EDITOR sample.csv && crywolf label --from sample.csv && crywolf label",
		Args: a.args(cobra.MaximumNArgs(2)),
		RunE: func(c *cobra.Command, args []string) error { return a.label(c, f, args) },
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) != 1 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return []string{"actionable", "non-actionable", "unknown"}, cobra.ShellCompDirectiveNoFileComp
		},
	}
	c.Flags().SortFlags = false
	c.Flags().StringVar(&f.reason, "reason", "", "`TEXT` that says why (with --from: where a row gives none)")
	c.Flags().StringVar(&f.cause, "cause", "", "`CAUSE` of an alert that was for nothing: "+strings.Join(labelCauses, ", "))
	c.Flags().StringVar(&f.author, "author", "", "`TEXT` that says who (default: $USER); it stands in the file only")
	c.Flags().StringVar(&f.from, "from", "", "append the labels of `FILE`, a CSV with the same columns; - is standard input")
	c.Flags().IntVar(&f.sample, "sample", 0, "draw `N` incidents to label, as CSV; the same ones each time")
	c.Flags().StringVar(&f.since, "since", "", "of the sample and the agreement: from `TIME` on (default: 8 weeks before the end; the agreement: all)")
	c.Flags().StringVar(&f.until, "until", "", "up to `TIME`, exclusive; of a rule's label: it holds for incidents created before")
	return c
}

// label finds out which of the four things is asked for. A flag of another one is misuse, not ignored.
func (a *app) label(c *cobra.Command, f labelFlags, args []string) error {
	way, flags := "the agreement", []string{"since", "until"}
	switch {
	case len(args) > 0:
		way, flags = "a label", []string{"reason", "cause", "author", "until"}
	case c.Flags().Changed("from"):
		way, flags = "--from", []string{"from", "reason", "author"}
	case c.Flags().Changed("sample"):
		way, flags = "--sample", []string{"sample", "since", "until"}
	}
	for _, name := range []string{"from", "sample", "reason", "cause", "author", "since", "until"} {
		if c.Flags().Changed(name) && !slices.Contains(flags, name) {
			return misuse(fmt.Sprintf("--%s has no place with %s", name, way), c.CommandPath()+" --help")
		}
	}
	if slices.Contains(flags, "author") && (a.flags.format != "" || len(a.flags.outputs) > 0) {
		return misuse("labelling has no result to write out", "the same command without -f, --json and -o")
	}
	switch {
	case len(args) > 0:
		return a.labelOne(c.Context(), f, args)
	case way == "--from":
		return a.labelFrom(c.Context(), f)
	case way == "--sample":
		return a.sample(c.Context(), f)
	}
	return a.agreement(c.Context(), f.periodFlags)
}

// labelOne labels one incident or rule.
func (a *app) labelOne(ctx context.Context, f labelFlags, args []string) error {
	row, err := a.labelOf(f, args)
	if err != nil {
		return err
	}
	r, err := a.openReader(ctx)
	if err != nil {
		return err
	}
	defer r.close()
	thing, err := a.chooseThing(ctx, r, args[0])
	if err != nil {
		return err
	}
	row.IncidentID, row.RuleID, row.service, row.source, row.rule = thing.incident, thing.ruleID, thing.service, thing.source, thing.rule
	if row.IncidentID != "" && f.until != "" {
		return misuse("an incident is over: its label holds for good", "the same command without --until", "--until ends the label of a rule.")
	}
	r.close() // while a database is open, files are made private: this one is to be shared
	added, err := a.keepLabels(r.config, []labelRow{row})
	if err == nil && added > 0 {
		ends := ""
		if !row.Until.IsZero() {
			ends = ", for incidents before " + row.Until.Format(time.RFC3339)
		}
		a.say("%s (%s) is %s%s", thing.kind(), reports.Cut(reports.Clean(thing.title), 60), row.Label.Label, ends)
	}
	return err
}

// labelOf reads what is said, before any database is opened.
func (a *app) labelOf(f labelFlags, args []string) (row labelRow, err error) {
	const form = "crywolf label INCIDENT|RULE actionable|non-actionable|unknown --reason TEXT"
	if len(args) < 2 {
		return row, misuse("a label is missing", form, "Without arguments, crywolf label compares labels with the rules.")
	}
	word, ok := labelWord(args[1])
	switch {
	case !ok:
		var why []string
		if near := nearest(args[1], []string{"actionable", "non-actionable", "unknown"}); len(near) > 0 {
			why = []string{"Did you mean " + near[0] + "?"}
		}
		return row, misuse(fmt.Sprintf("%q is no label", args[1]), "actionable, non-actionable or unknown", why...)
	case f.cause != "" && !slices.Contains(labelCauses, f.cause):
		return row, misuse(fmt.Sprintf("--cause %q is not known", f.cause), "--cause "+strings.Join(labelCauses, ", --cause "))
	case reports.Clean(f.reason) == "":
		return row, misuse("a label needs a reason: it outranks all evidence", "the same command with --reason TEXT")
	}
	row.Label = analysis.Label{Label: word, Cause: f.cause, Author: a.labelAuthor(f), At: a.now.Truncate(time.Second), Reason: reports.Clean(f.reason)}
	if f.until != "" {
		row.Until, err = a.labelEnd(f.until)
	}
	return row, err
}

// labelEnd reads until when a rule's label holds: an instant or a date. A length such as 4w would count back.
func (a *app) labelEnd(text string) (time.Time, error) {
	location, err := a.location()
	if err != nil {
		return time.Time{}, err
	}
	text = strings.TrimSpace(text)
	if t, ok := (moment{loc: location}).absolute(text); ok && isWithinReach(t) {
		return t, nil
	} else if ok {
		return time.Time{}, outOfReach("--until", text)
	}
	if x := ambiguousPattern.FindStringSubmatch(text); x != nil {
		return time.Time{}, ambiguous(text, x[1], x[2], x[3])
	}
	return time.Time{}, misuse(fmt.Sprintf("--until %q is no date on which a label can end", text), "--until 2027-01-31")
}

// labelAuthor is --author, or the operating system's name for the user. It goes into the file and nowhere else.
func (a *app) labelAuthor(f labelFlags) string {
	for _, name := range []string{f.author, a.env["USER"], a.env["USERNAME"]} { // the last is Windows's
		if name = reports.Clean(name); name != "" {
			return name
		}
	}
	return ""
}

// keepLabels appends rows to the file of labels and says so.
func (a *app) keepLabels(cfg config, rows []labelRow) (added int, err error) {
	path := a.labelsPath(cfg)
	if added, err = appendLabels(path, a.shown(path), rows); err != nil {
		return 0, err
	}
	if whole, err := filepath.Abs(path); err == nil {
		path = whole
	}
	again := ""
	if n := len(rows) - added; n > 0 {
		again = fmt.Sprintf("; %d said nothing new", n)
	}
	a.say("wrote %s to %s%s", labelsText(added), a.shown(path), again)
	return added, nil
}

func labelsText(n int) string {
	if n == 1 {
		return "1 label"
	}
	return reports.Count(int64(n)) + " labels"
}

// labelFrom appends a file of labels, or nothing of it where a line of it is wrong.
func (a *app) labelFrom(ctx context.Context, f labelFlags) error {
	cfg, err := a.loadConfig()
	if err != nil {
		return err
	}
	text, name, err := a.labelInput(f.from)
	if err != nil {
		return err
	}
	defaults := &labelDefaults{author: a.labelAuthor(f), at: a.now.Truncate(time.Second), reason: reports.Clean(f.reason)}
	if defaults.reason == "" {
		defaults.reason = "from " + reports.Clean(filepath.Base(name))
	}
	file, err := parseLabels(name, text, defaults)
	if err != nil {
		return err
	}
	if file.columns == nil {
		return misuse(reports.Clean(name)+" is empty", "crywolf label --sample 100 -o sample.csv")
	}
	if file.blank > 0 {
		a.say("skipped %s without a label", plural(file.blank, "row"))
	}
	if len(file.rows) == 0 {
		a.say("there is nothing to write")
		return nil
	}
	if _, err = a.keepLabels(cfg, file.rows); err != nil {
		return err
	}
	a.tellUnknown(ctx, file.rows)
	return nil
}

func (a *app) labelInput(from string) (text []byte, name string, err error) {
	if from == "-" {
		text, err = io.ReadAll(a.stdin)
		if err != nil {
			return nil, "", fmt.Errorf("read labels from standard input: %w", err)
		}
		return text, "standard input", nil
	}
	text, err = os.ReadFile(from)
	if err != nil {
		return nil, "", misuse(fmt.Sprintf("the labels %s can't be read: %v", reports.Clean(from), errors.Unwrap(err)), "--from FILE")
	}
	return text, from, nil
}
