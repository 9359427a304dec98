package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"crywolf/analysis"
	"crywolf/reports"
)

// labelBack is where the period of a sample begins unless told, before its end.
const labelBack = "8w"

// sample prints incidents to be labelled, in the columns that --from reads and a few for the eye. Neither the verdict nor
// the stratum shows, not even by the order.
func (a *app) sample(ctx context.Context, f labelFlags) error {
	targets, err := a.targets("csv", "table", "json")
	if err != nil {
		return err
	}
	if f.sample < 1 {
		return misuse(fmt.Sprintf("--sample %d: at least 1", f.sample), "--sample 100")
	}
	if f.since == "" {
		f.since = labelBack
	}
	r, period, err := a.openFor(ctx, f.periodFlags)
	if err != nil {
		return err
	}
	defer r.close()
	drawn, err := drawSample(ctx, r, period.Period, f.sample)
	if err != nil {
		return err
	}
	if n := len(drawn.Rows); n < f.sample {
		a.say("%d of %d: no other incident that nobody has labelled paged in the period", n, f.sample)
	}
	a.say("drawn from %s to %s: fill in the column label, then  crywolf label --from FILE%s",
		reports.At(period.Since, period.location), reports.At(period.Until, period.location), a.dbFlag())
	return a.write(targets, func(w io.Writer, format string, _ bool) error {
		if format == "table" {
			return writeResult(w, narrow(drawn), format, r.isDemo())
		}
		return writeResult(w, drawn, format, r.isDemo())
	})
}

// drawSample takes the first n of label_sample_in and puts them in the order of their draw.
func drawSample(ctx context.Context, r *reader, p analysis.Period, n int) (analysis.Result, error) {
	found, err := r.session.Ask(ctx, `
		SELECT d.draw, d.incident_id, d.title, coalesce(s.name, d.service_id), d.created_at, d.duration_seconds
		FROM label_sample_in($since, $until) AS d LEFT JOIN services AS s ON s.id = d.service_id
		ORDER BY d.sample_position`, p)
	if err != nil {
		return found, fmt.Errorf("draw a sample: %w", err)
	}
	rows := found.Rows[:min(n, len(found.Rows))]
	slices.SortFunc(rows, func(x, y []any) int { return strings.Compare(fmt.Sprint(x[0]), fmt.Sprint(y[0])) })
	var out analysis.Result
	for _, name := range append(slices.Clone(labelColumns), "title", "service_name", "created_at", "duration_seconds") {
		unit := analysis.UnitOf(name)
		if slices.Contains(labelColumns, name) {
			unit = analysis.Dimension
		}
		out.Columns = append(out.Columns, analysis.Column{Name: name, Unit: unit})
	}
	out.Rows = [][]any{}
	for _, row := range rows {
		values := make([]any, len(labelColumns))
		id, _ := row[1].(string)
		values[slices.Index(labelColumns, "incident")] = exactCell(id)
		out.Rows = append(out.Rows, append(values, row[2:]...))
	}
	return out, nil
}

// narrow leaves out the columns that are there to be filled in.
func narrow(r analysis.Result) analysis.Result {
	keep := func(name string) bool { return name == "incident" || !slices.Contains(labelColumns, name) }
	var out analysis.Result
	out.Rows = make([][]any, len(r.Rows))
	for i, c := range r.Columns {
		if !keep(c.Name) {
			continue
		}
		out.Columns = append(out.Columns, c)
		for j, row := range r.Rows {
			out.Rows[j] = append(out.Rows[j], row[i])
		}
	}
	return out
}
