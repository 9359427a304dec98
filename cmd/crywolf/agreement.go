package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"crywolf/analysis"
	"crywolf/reports"
)

// agreement compares labels with rules; without --since over all that is stored, since labels are few.
func (a *app) agreement(ctx context.Context, f periodFlags) error {
	targets, err := a.targets("table", "md", "json", "csv")
	if err != nil {
		return err
	}
	r, period, err := a.openFor(ctx, f)
	if err != nil {
		return err
	}
	defer r.close()
	if f.since == "" {
		if err := r.fromTheFirst(ctx, &period); err != nil {
			return err
		}
	}
	found, err := r.session.Agreement(ctx, period.Period)
	if err != nil {
		return err
	}
	doc := a.agreementOf(found, period, r)
	return a.write(targets, func(w io.Writer, format string, _ bool) error {
		return reports.RenderAgreement(w, doc, reports.Format(format))
	})
}

// fromTheFirst moves a period's beginning to the first stored incident.
func (r *reader) fromTheFirst(ctx context.Context, c *chosen) error {
	first, err := r.session.Ask(ctx, `SELECT min(created_at) FROM incident WHERE created_at < $until`, c.Period)
	if err != nil {
		return fmt.Errorf("find the first incident: %w", err)
	}
	if at, ok := first.Rows[0][0].(time.Time); ok {
		c.Since = at
	}
	return nil
}

// agreementOf lays the comparison into the document.
func (a *app) agreementOf(g analysis.Agreement, c chosen, r *reader) *reports.Agreement {
	x, doubts := g.Result, append([]string{}, g.Doubts()...)
	d := &reports.Agreement{SchemaVersion: reports.SchemaVersion, Period: reports.Period(c.Period), Location: c.location,
		Labels: reports.AgreementLabels{Labelled: g.Labelled, Compared: g.Compared, Undecided: g.Labelled - g.Compared,
			NotPaged: r.labelledIncidents() - g.ByFile},
		Agreement: reports.AgreementResult{Kappa: x.Kappa, RawRatio: x.Raw,
			JudgedNoiseRatio: share(g.JudgedNoise, g.Compared), LabelledNoiseRatio: share(g.SaidNoise, g.Compared),
			PrecisionRatio: x.Precision, PrecisionRatioLow: x.PrecisionLow, PrecisionRatioHigh: x.PrecisionHigh,
			RecallRatio: x.Recall, RecallRatioLow: x.RecallLow, RecallRatioHigh: x.RecallHigh, F1Ratio: x.F1,
			Trusted: len(doubts) == 0, Doubts: doubts},
		CalledNoise: []reports.CalledNoise{},
		Next:        []string{"crywolf explain agreement"}}
	if r.isDemo() {
		d.Demo = reports.DemoData
	}
	for _, cell := range g.Cells {
		d.Matrix = append(d.Matrix, reports.AgreementCell(cell))
	}
	for _, n := range g.CalledNoise {
		d.CalledNoise = append(d.CalledNoise, reports.CalledNoise{Incident: n.IncidentID, Rule: n.RuleID, Title: n.Title, PagedAt: n.PagedAt.UTC()})
	}
	if g.Compared < analysis.LeastCompared {
		d.Next = append(d.Next, fmt.Sprintf("crywolf label --sample %d -o sample.csv%s", analysis.LeastCompared-g.Compared, a.dbFlag()))
	}
	return d
}

// labelledIncidents is how many incidents the file of labels names.
func (r *reader) labelledIncidents() int64 {
	ids := map[string]bool{}
	for _, l := range r.config.settings.Labels {
		if l.IncidentID != "" {
			ids[l.IncidentID] = true
		}
	}
	return int64(len(ids))
}

func share(k, n int64) *float64 {
	if n == 0 {
		return nil
	}
	v := float64(k) / float64(n)
	return &v
}
