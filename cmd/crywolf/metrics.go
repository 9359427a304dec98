package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"crywolf/analysis"
	"crywolf/reports"
)

func (a *app) metricsCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "metrics",
		Short:   "What is measured, from the queries' own headers",
		Example: "  crywolf metrics\n  crywolf metrics -f md",
		Args:    a.args(cobra.NoArgs),
		RunE:    func(*cobra.Command, []string) error { return a.metrics() },
	}
}

// metrics prints every metric; it needs no database.
func (a *app) metrics() error {
	targets, err := a.targets("table", "md", "json")
	if err != nil {
		return err
	}
	all, err := analysis.Metrics()
	if err != nil {
		return err
	}
	return a.write(targets, func(w io.Writer, format string, _ bool) error { return writeMetrics(w, all, format) })
}

func writeMetrics(w io.Writer, all []analysis.Metric, format string) error {
	type described struct {
		Name    string `json:"name"`
		Title   string `json:"title"`
		Meaning string `json:"meaning"`
	}
	var b strings.Builder
	var rows [][]string
	docs := []described{}
	for _, m := range all {
		docs = append(docs, described{m.Name, m.Title, m.Description})
		rows = append(rows, []string{m.Name, m.Title, m.Description})
		if format == "table" {
			fmt.Fprintf(&b, "%s: %s\n", m.Name, m.Title)
			for _, line := range reports.Wrap(m.Description, 75) {
				fmt.Fprintf(&b, "    %s\n", line)
			}
		}
	}
	var err error
	switch format {
	case "json":
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		err = e.Encode(docs)
	case "md":
		err = reports.MarkdownTable(&b, []string{"metric", "title", "meaning"}, rows, 3)
	}
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, b.String())
	return err
}
