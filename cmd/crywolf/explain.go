package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"crywolf/reports"
)

// wordsText holds every word that a report shows and every key of its JSON document: "## word, other spellings",
// then its one definition, worded as in definitions.md.
//
//go:embed words.md
var wordsText string

// word is one entry of words.md.
type word struct {
	names []string
	text  string
}

func loadWords() []word {
	var out []word
	for _, part := range strings.Split("\n"+wordsText, "\n## ")[1:] {
		head, text, _ := strings.Cut(part, "\n")
		w := word{text: strings.TrimSpace(text)}
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

func (a *app) explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "explain WORD",
		Short:   "Define a word of the report or a key of its JSON document",
		Example: "  crywolf explain page\n  crywolf explain exposure_ratio\n  crywolf explain non-actionable share",
		Args:    a.args(cobra.MinimumNArgs(1)),
		RunE:    func(_ *cobra.Command, args []string) error { return a.explain(strings.Join(args, " ")) },
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var names []string
			for _, w := range loadWords() {
				names = append(names, w.names[0])
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
	}
}

func (a *app) explain(asked string) error {
	words := loadWords()
	want := key(asked)
	var names []string
	for _, w := range words {
		for _, name := range w.names {
			if key(name) == want || key(name)+"s" == want {
				return a.printWord(w)
			}
		}
		names = append(names, w.names...)
	}
	slices.Sort(names)
	why := []string{"It explains words: page, night, exposure, flapping …"}
	if near := nearest(asked, names); len(near) > 0 {
		why = []string{"Did you mean " + strings.Join(near, ", or ") + "?"}
	}
	return misuse(fmt.Sprintf("no word %q stands in a report", asked), "crywolf explain page", why...)
}

func (a *app) printWord(w word) error {
	targets, err := a.targets("table", "json")
	if err != nil {
		return err
	}
	return a.write(targets, func(out io.Writer, format string, _ bool) error {
		if format == "json" {
			return json.NewEncoder(out).Encode(map[string]any{"words": w.names, "definition": w.text})
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
		_, err := io.WriteString(out, b.String())
		return err
	})
}
