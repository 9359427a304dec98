package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"crywolf/reports"
)

// wordsText holds every word that a report shows and every key of its JSON document: "## word, other spellings",
// then its one definition, worded as in definitions.md, and after "Query: " the metrics that make its number.
//
//go:embed words.md
var wordsText string

// word is one entry of words.md.
type word struct {
	names   []string
	text    string
	queries []string // names of metrics; none where the word is no number of one
}

func loadWords() []word {
	var out []word
	for _, part := range strings.Split("\n"+wordsText, "\n## ")[1:] {
		head, text, _ := strings.Cut(part, "\n")
		text, queries, _ := strings.Cut(text, "\nQuery: ")
		w := word{text: strings.TrimSpace(text)}
		if queries != "" {
			w.queries = strings.Split(strings.TrimSpace(queries), ", ")
		}
		for _, name := range strings.Split(head, ",") {
			w.names = append(w.names, strings.TrimSpace(name))
		}
		out = append(out, w)
	}
	return out
}

// key makes spellings equal: "Pages per 12 h" and pages_per_12h.
func key(s string) string {
	return strings.NewReplacer("_", "", "-", "", " ", "", ".", "").Replace(strings.ToLower(s))
}

// explainFlags are for incidents and rules; a word has no period.
type explainFlags struct {
	periodFlags
	zoneGiven bool // --tz was given
}

func (a *app) explainCommand() *cobra.Command {
	f := explainFlags{periodFlags: periodFlags{weeks: defaultNoisyWeeks}}
	c := &cobra.Command{
		Use:   "explain INCIDENT | RULE | WORD",
		Short: "Tell all of one incident or alert rule, or define a word",
		Long: "INCIDENT is an id or a number: what happened, in the rotation's local time, and how its verdict came about. RULE\n" +
			"is the 8 hexadecimal digits that reports show: what it did, whom it paged, what to do about it and why. WORD is\n" +
			"a word of a report, a key of a JSON document, or the name of a piece of evidence such as N3; it needs no database.",
		Example: "  crywolf explain page\n  crywolf explain non-actionable share\n  crywolf explain N3\n  crywolf explain 6d6ef74c\n  crywolf explain '#1234'",
		Args:    a.args(cobra.MinimumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			f.zoneGiven = c.Flags().Changed("tz")
			return a.explain(c.Context(), f, args)
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var names []string
			for _, w := range loadWords() {
				names = append(names, w.names[0])
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
	}
	c.Flags().SortFlags = false
	f.periodFlags.addFlags(c, false)
	return c
}

var (
	ruleID     = regexp.MustCompile(`^[0-9a-f]{8}$`)
	incidentID = regexp.MustCompile(`^(#?[0-9]+|[A-Z0-9]{4,})$`)
)

// explain finds out what is meant: a known rule, a known incident, else a word. A word that cannot be an id needs no
// database.
func (a *app) explain(ctx context.Context, f explainFlags, args []string) error {
	asked := strings.Join(args, " ")
	if lower := strings.ToLower(asked); ruleID.MatchString(lower) && strings.ContainsAny(lower, "0123456789") {
		asked = lower
	}
	w, isWord := findWord(asked)
	if isWord && !ruleID.MatchString(asked) {
		return a.printWord(w)
	}
	if ruleID.MatchString(asked) || incidentID.MatchString(asked) {
		found, err := a.explainRecord(ctx, f, asked)
		if found || err != nil && strings.ContainsAny(asked, "0123456789") {
			return err // without a digit it is rather a misspelt MTTA than an id
		}
	}
	if isWord {
		return a.printWord(w)
	}
	return a.noWord(ctx, asked)
}

// explainRecord explains a rule or an incident of the database; found is false where it holds neither.
func (a *app) explainRecord(ctx context.Context, f explainFlags, asked string) (found bool, err error) {
	if err := a.checkPeriod(f.periodFlags); err != nil {
		return false, err
	}
	r, err := a.openReader(ctx)
	if err != nil {
		return false, err
	}
	defer r.close()
	if ruleID.MatchString(asked) {
		if known, err := r.session.KnowsRule(ctx, asked); known || err != nil {
			if err == nil {
				err = a.explainRule(ctx, r, f, asked)
			}
			return true, err
		}
	}
	id, createdAt, found, err := r.session.FindIncident(ctx, asked)
	if !found || err != nil {
		return false, err
	}
	return true, a.explainIncident(ctx, r, f, id, createdAt)
}

func findWord(asked string) (word, bool) {
	want := key(asked)
	for _, w := range loadWords() {
		for _, name := range w.names {
			if key(name) == want || key(name)+"s" == want {
				return w, true
			}
		}
	}
	return word{}, false
}

// definitions are those of the words; every one has one (a test).
func definitions(words []string) []reports.Definition {
	var out []reports.Definition
	for _, asked := range words {
		if w, ok := findWord(asked); ok {
			out = append(out, reports.Definition{Word: asked, Text: w.text, Queries: w.queries})
		}
	}
	return out
}

// noWord refuses what is neither word nor record, and offers what comes near.
func (a *app) noWord(ctx context.Context, asked string) error {
	var names []string
	for _, w := range loadWords() {
		names = append(names, w.names...)
	}
	what, try := fmt.Sprintf("no word %q stands in a report", asked), "crywolf explain page"
	if ruleID.MatchString(asked) || incidentID.MatchString(asked) {
		what, try = fmt.Sprintf("%q is no alert rule, no incident and no word", asked), "crywolf noisy"+a.dbFlag()+"   (lists the rules)"
		if ids, err := a.knownIDs(ctx); err == nil { // without a database there are words only
			names = append(names, ids...)
		}
	}
	slices.Sort(names)
	why := []string{"It explains words: page, night, exposure, flapping …"}
	if near := nearest(asked, names); len(near) > 0 {
		why = []string{"Did you mean " + strings.Join(near, ", or ") + "?"}
	}
	return misuse(what, try, why...)
}

func (a *app) printWord(w word) error {
	targets, err := a.targets("table", "json")
	if err != nil {
		return err
	}
	return a.write(targets, func(out io.Writer, format string, _ bool) error {
		if format == "json" {
			return json.NewEncoder(out).Encode(map[string]any{"words": w.names, "definition": w.text, "queries": slices.Concat([]string{}, w.queries)})
		}
		var b strings.Builder
		b.WriteString(w.names[0])
		if len(w.names) > 1 {
			b.WriteString("  (" + strings.Join(w.names[1:], ", ") + ")")
		}
		b.WriteString("\n")
		for _, line := range reports.Wrap(w.text, 77) {
			b.WriteString("  " + line + "\n")
		}
		for _, q := range w.queries {
			fmt.Fprintf(&b, "made by  crywolf query %s%s\n", q, a.dbFlag())
		}
		_, err := io.WriteString(out, b.String())
		return err
	})
}
