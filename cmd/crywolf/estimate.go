package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"time"

	"crywolf/ingest"
	"crywolf/reports"
)

// estimate says what a sync of the period would cost, and stores nothing. It does not look at what is stored
// already: a later sync reads less.
func (a *app) estimate(ctx context.Context, opts ingest.Options) error {
	targets, err := a.targets("table", "json")
	if err != nil {
		return err
	}
	e, err := ingest.EstimateSync(ctx, opts)
	if err != nil {
		return err
	}
	return a.write(targets, func(w io.Writer, format string, _ bool) error {
		if format == "json" {
			return estimateJSON(w, e)
		}
		_, err := fmt.Fprintf(w, "%s – %s UTC: %s incidents, %s log entries\n%s requests, %s minutes at %d a minute (%d requests spent to say so)\n",
			reports.At(e.Since, nil), reports.At(e.Until, nil), rangeText(e.Incidents), rangeText(e.LogEntries), rangeText(e.Requests),
			rangeText(ingest.Range{Low: int(math.Ceil(e.MinutesLow)), High: int(math.Ceil(e.MinutesHigh))}), e.RequestsPerMinute, e.RequestsSpent)
		return err
	})
}

func rangeText(r ingest.Range) string {
	if r.Low == r.High {
		return reports.Count(int64(r.Low))
	}
	return reports.Count(int64(r.Low)) + "–" + reports.Count(int64(r.High))
}

func estimateJSON(w io.Writer, e ingest.Estimate) error {
	type span struct {
		Low  int `json:"low_count"`
		High int `json:"high_count"`
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(struct {
		Since       time.Time `json:"since"`
		Until       time.Time `json:"until"`
		Incidents   span      `json:"incidents"`
		LogEntries  span      `json:"log_entries"`
		AlertReads  span      `json:"alert_reads"`
		Requests    span      `json:"requests"`
		SecondsLow  float64   `json:"low_seconds"`
		SecondsHigh float64   `json:"high_seconds"`
		Spent       int       `json:"spent_request_count"`
	}{e.Since.UTC(), e.Until.UTC(), span(e.Incidents), span(e.LogEntries), span(e.AlertReads), span(e.Requests),
		60 * e.MinutesLow, 60 * e.MinutesHigh, e.RequestsSpent})
}
