package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"crywolf/reports"
)

func (a *app) schemaCommand() *cobra.Command {
	documents := reports.Documents()
	return &cobra.Command{
		Use:   "schema " + strings.Join(documents, "|"),
		Short: "JSON Schema of the document that -f json prints",
		Long: "Prints the JSON Schema (draft 2020-12) of a document: every key with its type, unit, bounds and meaning. null is\n" +
			"allowed where a value may be unknown. Keys that a later minor version adds pass, as they must in a reader.",
		Example:   "  crywolf schema report\n  crywolf schema noisy -o noisy.schema.json",
		Args:      a.args(cobra.ExactArgs(1)),
		ValidArgs: documents,
		RunE:      func(_ *cobra.Command, args []string) error { return a.schema(args[0]) },
	}
}

func (a *app) schema(document string) error {
	targets, err := a.targets("json")
	if err != nil {
		return err
	}
	documents := reports.Documents()
	if !slices.Contains(documents, document) {
		why := "There is one of " + strings.Join(documents, ", ") + "."
		if near := nearest(document, documents); len(near) > 0 {
			why = "Did you mean " + strings.Join(near, ", or ") + "?"
		}
		return misuse(fmt.Sprintf("no document %q has a schema", document), "crywolf schema report", why)
	}
	describe := describeKeys()
	return a.write(targets, func(w io.Writer, _ string, _ bool) error { return reports.WriteSchema(w, document, describe) })
}

// describeKeys takes the meaning of a key from words.md: of the key in its place ("gaps.kind") where that has a meaning
// of its own, else of the key.
func describeKeys() reports.Describe {
	texts := map[string]string{}
	for _, w := range loadWords() {
		for _, name := range w.names {
			texts[name] = w.text
		}
	}
	return func(owner, key string) string {
		if text := texts[owner+"."+key]; text != "" {
			return text
		}
		return texts[key]
	}
}
