package main

import (
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestChangeColumn works the column out by hand from what the program says of the two periods, of one rotation: the
// typical ratio of times over all pairs, the rate over pages and on-call time, the difference of shares.
func TestChangeColumn(t *testing.T) {
	program := demoProgram(t)
	now, before := []string{"--since", "2026-10-19", "--until", "2026-11-16"}, []string{"--since", "2026-09-21", "--until", "2026-10-19"}
	metric := func(name string, period []string) []map[string]string {
		text := program(append([]string{"query", name, "-f", "csv"}, period...)...)
		return ofRotation(t, text, "PAGLN2S")
	}
	first := func(name, column string, period []string) float64 { return numbers(metric(name, period), column)[0] }
	share := func(name, column, of string, period []string) float64 {
		return first(name, column, period) / (first(name, of, period))
	}
	decided := func(period []string) float64 {
		x := first("verdicts", "non_actionable_page_count", period)
		return x / (x + first("verdicts", "actionable_page_count", period))
	}
	rate := func(period []string) float64 { return share("load", "page_count", "on_call_seconds", period) }
	nights := func(period []string) float64 {
		return first("night", "page_count", period) / first("load", "page_count", period)
	}
	times := func(column string) float64 {
		return typicalRatio(numbers(metric("response_times", now), column), numbers(metric("response_times", before), column))
	}
	want := map[string]string{
		"pages per 12 h on call":       changedBy((rate(now)/rate(before)-1)*100, "%"),
		"night pages (share/exposure)": changedBy((nights(now)-nights(before))*100, "pt"),
		"time to acknowledge p50/p90":  changedBy((times("acknowledge_seconds")-1)*100, "%"),
		"time to resolve p50/p90":      changedBy((times("resolve_seconds")-1)*100, "%"),
		"non-actionable share (range)": changedBy((decided(now)-decided(before))*100, "pt"),
		"  interrupted nights":         "",
		"  12 h blocks over the limit": "",
		"pages":                        "",
	}
	found := 0
	for _, line := range strings.Split(program("report", "PAGLN2S", now[0], now[1], now[2], now[3]), "\n") {
		cells := []rune(line)
		if len(cells) < 72 {
			continue
		}
		label := strings.TrimRight(string(cells[:28]), " ")
		change, ok := want[label]
		if !ok {
			continue
		}
		found++
		if got := strings.Trim(string(cells[63:71]), " ~"); got != change {
			t.Errorf("%s changed by %q, want %q", label, got, change)
		}
	}
	if found != len(want) {
		t.Errorf("%d rows were looked at, of %d", found, len(want))
	}
}

// changedBy is a change in whole units, with its sign.
func changedBy(v float64, unit string) string {
	if math.Abs(v) < 0.5 {
		return "±0" + unit
	}
	return fmt.Sprintf("%+.0f", v) + unit
}

// ofRotation reads a metric's CSV and keeps the rows of one rotation.
func ofRotation(t *testing.T, text, id string) []map[string]string {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, column := range lines[0] {
			row[column] = line[i]
		}
		if row["rotation_id"] == id {
			out = append(out, row)
		}
	}
	if len(out) == 0 {
		t.Fatalf("rotation %s is not there", id)
	}
	return out
}

// numbers are a column's known values.
func numbers(rows []map[string]string, column string) []float64 {
	var out []float64
	for _, row := range rows {
		if v, err := strconv.ParseFloat(row[column], 64); err == nil {
			out = append(out, v)
		}
	}
	return out
}

// typicalRatio is the median of all ratios between two samples, times below a second taken as one.
func typicalRatio(now, before []float64) float64 {
	var ratios []float64
	for _, x := range now {
		for _, y := range before {
			ratios = append(ratios, math.Max(1, x)/math.Max(1, y))
		}
	}
	slices.Sort(ratios)
	return math.Sqrt(ratios[(len(ratios)-1)/2] * ratios[len(ratios)/2])
}
