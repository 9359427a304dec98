package main

import (
	"context"
	"slices"
	"strings"

	"crywolf/analysis"
	"crywolf/reports"
)

// warnPartial tells on stderr that an answer without room for it is over a period that was not read whole.
func (a *app) warnPartial(ctx context.Context, r *reader, c chosen, result analysis.Result, question string) error {
	named := slices.Contains(result.Metric.Params, "since") || slices.Contains(result.Metric.Params, "until")
	if !named && !strings.Contains(question, "$since") && !strings.Contains(question, "$until") {
		return nil
	}
	whole, err := r.session.ReadWhole(ctx, c.Period)
	if err != nil || whole {
		return err
	}
	a.warn("the period %s – %s was not read whole: counts are at least so many; crywolf doctor%s says what is missing",
		reports.At(c.Since, c.location), reports.At(c.Until, c.location), a.dbFlag())
	return nil
}
