package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"crywolf/analysis"
	"crywolf/reports"
)

func (a *app) queryCommand() *cobra.Command {
	var f periodFlags
	var list, sql bool
	c := &cobra.Command{
		Use:   "query [NAME | SQL | -]",
		Short: "Ask one metric by name, or any read-only SQL",
		Long: "NAME is a metric (crywolf query --list). SQL is one SELECT over the facts, the derived tables and the views;\n" +
			"it may use the parameters $since and $until. - reads the SQL from standard input. Nothing is ever written.",
		Example: "  crywolf query night\n  crywolf query alerts --since 8w --json\n" +
			"  crywolf query 'SELECT urgency, count(*) AS incident_count FROM incidents GROUP BY urgency ORDER BY urgency'",
		Args: a.args(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			if list || len(args) == 0 {
				return a.metrics()
			}
			if sql {
				return a.printSQL(args[0])
			}
			return a.query(c.Context(), f, args[0])
		},
	}
	c.Flags().SortFlags = false
	f.addFlags(c, true)
	c.Flags().BoolVar(&list, "list", false, "list the metrics")
	c.Flags().BoolVar(&sql, "sql", false, "print the metric's SQL instead of asking it; needs no database")
	return c
}

// printSQL prints the file that a metric is.
func (a *app) printSQL(name string) error {
	all, err := analysis.Metrics()
	if err != nil {
		return err
	}
	var names []string
	for _, m := range all {
		if m.Name == name {
			_, err := io.WriteString(a.stdout, m.SQL)
			return err
		}
		names = append(names, m.Name)
	}
	return unknownMetric(name, names)
}

func unknownMetric(name string, known []string) error {
	var why []string
	if near := nearest(name, known); len(near) > 0 {
		why = []string{"Did you mean " + strings.Join(near, ", or ") + "?"}
	}
	return misuse(fmt.Sprintf("no metric is called %q", name), "crywolf query --list", why...)
}

// metricName is what tells a metric's name from SQL.
var metricName = regexp.MustCompile(`^[a-zA-Z0-9_-]+$`)

func (a *app) query(ctx context.Context, f periodFlags, question string) error {
	targets, err := a.targets("table", "md", "json", "csv")
	if err != nil {
		return err
	}
	if question == "-" {
		text, err := io.ReadAll(a.stdin)
		if err != nil {
			return fmt.Errorf("read the query from standard input: %w", err)
		}
		question = string(text)
	}
	r, period, err := a.openFor(ctx, f)
	if err != nil {
		return err
	}
	defer r.close()
	question = strings.TrimSpace(question)
	result, err := a.ask(ctx, r, question, period.Period)
	if err != nil {
		return err
	}
	if err := a.warnPartial(ctx, r, period, result, question); err != nil {
		return err
	}
	return a.write(targets, func(w io.Writer, format string, _ bool) error { return writeResult(w, result, format, r.isDemo()) })
}

func (a *app) ask(ctx context.Context, r *reader, question string, p analysis.Period) (analysis.Result, error) {
	if !metricName.MatchString(question) {
		return a.askSQL(ctx, r, question, p)
	}
	result, err := r.session.Run(ctx, question, p)
	var unknown *analysis.UnknownMetricError
	if errors.As(err, &unknown) {
		var names []string
		for _, m := range r.session.Metrics() {
			names = append(names, m.Name)
		}
		return result, unknownMetric(question, names)
	}
	if err != nil {
		return result, err
	}
	return a.pseudonymous(ctx, r, result)
}

// pseudonymous shows the people of a metric as the report does.
func (a *app) pseudonymous(ctx context.Context, r *reader, result analysis.Result) (analysis.Result, error) {
	for i, c := range result.Columns {
		if c.Name != "user_id" {
			continue
		}
		people, err := a.people(ctx, r, false)
		if err != nil {
			return result, err
		}
		result.Columns[i].Name = "user"
		for _, row := range result.Rows {
			if id, ok := row[i].(string); ok {
				row[i] = people.show(id)
			}
		}
	}
	return result, nil
}

func writeResult(w io.Writer, result analysis.Result, format string, demo bool) error {
	switch format {
	case "json":
		return resultJSON(w, result, demo)
	case "csv":
		return resultCSV(w, result, demo)
	}
	var head []string
	for _, c := range result.Columns {
		head = append(head, reports.Clean(c.Name))
	}
	left, rows := 0, make([][]string, 0, len(result.Rows))
	for left < len(result.Columns) && result.Columns[left].Unit == analysis.Dimension {
		left++
	}
	for _, values := range result.Rows {
		var cells []string
		for i, v := range values {
			cells = append(cells, shownValue(v, result.Columns[i].Unit))
		}
		rows = append(rows, cells)
	}
	var b strings.Builder
	if demo {
		b.WriteString(reports.DemoData + "\n\n")
	}
	table := reports.TextTable
	if format == "md" {
		table = reports.MarkdownTable
	}
	if err := table(&b, head, rows, left); err != nil {
		return err
	}
	if format == "table" {
		fmt.Fprintf(&b, "%s\n", plural(len(rows), "row"))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// shownValue is a value for people, in its unit.
func shownValue(v any, unit analysis.Unit) string {
	number := func(f float64) string {
		switch unit {
		case analysis.Seconds:
			return reports.Seconds(&f)
		case analysis.Ratio:
			return reports.Ratio(&f)
		}
		return reports.Number(&f)
	}
	switch x := v.(type) {
	case nil:
		return "–"
	case int64:
		if unit == analysis.Seconds || unit == analysis.Ratio {
			return number(float64(x))
		}
		if unit == analysis.Dimension {
			return strconv.FormatInt(x, 10) // an hour or a number in a name, not a quantity
		}
		return reports.Count(x)
	case float64:
		return number(x)
	case time.Time:
		return x.UTC().Format(time.RFC3339)
	case string:
		return reports.Clean(x)
	}
	return reports.Clean(fmt.Sprint(v))
}

func resultJSON(w io.Writer, result analysis.Result, demo bool) error {
	doc := struct {
		Demo    string           `json:"demo,omitempty"`
		Metric  string           `json:"metric,omitempty"`
		Columns []string         `json:"columns"`
		Rows    []map[string]any `json:"rows"`
	}{Metric: result.Metric.Name, Columns: []string{}, Rows: []map[string]any{}}
	if demo {
		doc.Demo = reports.DemoData
	}
	for _, c := range result.Columns {
		doc.Columns = append(doc.Columns, c.Name)
	}
	for _, values := range result.Rows {
		row := map[string]any{}
		for i, v := range values {
			row[result.Columns[i].Name] = v
		}
		doc.Rows = append(doc.Rows, row)
	}
	return reports.WriteJSON(w, doc)
}

// resultCSV has raw numbers, as JSON has; a demo's rows say so in a last column.
func resultCSV(w io.Writer, result analysis.Result, demo bool) error {
	out := csv.NewWriter(w)
	var head []string
	for _, c := range result.Columns {
		head = append(head, rawValue(c.Name))
	}
	if demo {
		head = append(head, "demo")
	}
	if err := out.Write(head); err != nil {
		return err
	}
	for _, values := range result.Rows {
		var cells []string
		for _, v := range values {
			cells = append(cells, rawValue(v))
		}
		if demo {
			cells = append(cells, reports.DemoData)
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func rawValue(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(x, 'g', -1, 64)
	case time.Time:
		return x.UTC().Format(time.RFC3339Nano)
	case string:
		return reports.CSVText(reports.Clean(x))
	}
	return reports.CSVText(reports.Clean(fmt.Sprint(v)))
}
