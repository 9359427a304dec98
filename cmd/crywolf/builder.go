package main

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"crywolf/analysis"
	"crywolf/reports"
)

// builder asks metrics and lays their rows into documents; it keeps the first error.
type builder struct {
	ctx      context.Context
	session  *analysis.Session
	people   people
	asked    map[string][]row        // what metrics have answered already, by name, period and rotations
	whole    map[reports.Period]bool // whether the data of periods is complete, as far as that was asked
	minGroup int                     // people, below which nothing is told by person
	err      error
}

// rows asks a metric and returns its rows, addressable by column name.
func (b *builder) rows(metric string, p reports.Period) []row { return b.rowsFor(metric, p, nil) }

// rowsFor asks it for the rotations with these ids, where the metric looks at them; nil is the whole account.
func (b *builder) rowsFor(metric string, p reports.Period, rotations []string) []row {
	if b.err != nil {
		return nil
	}
	question := fmt.Sprint(metric, p.Since.UnixNano(), p.Until.UnixNano(), rotations == nil, rotations)
	if known, ok := b.asked[question]; ok {
		return known
	}
	result, err := b.session.RunFor(b.ctx, metric, analysis.Period(p), rotations)
	if err != nil {
		b.err = err
		return nil
	}
	columns := map[string]int{}
	for i, c := range result.Columns {
		columns[c.Name] = i
	}
	out := make([]row, len(result.Rows))
	for i, values := range result.Rows {
		out[i] = row{b, metric, columns, values}
	}
	if b.asked == nil {
		b.asked = map[string][]row{}
	}
	b.asked[question] = out
	return out
}

// row is one row of a metric. Asking for a column that the metric lacks is an error of the builder.
type row struct {
	b       *builder
	metric  string
	columns map[string]int
	values  []any
}

func (r row) value(column string) any {
	i, ok := r.columns[column]
	if !ok {
		if r.b.err == nil {
			r.b.err = fmt.Errorf("metric %s has no column %s", r.metric, column)
		}
		return nil
	}
	return r.values[i]
}

// count reads a whole number; sums come as floats where the database widened them.
func (r row) count(column string) int64 {
	switch v := r.value(column).(type) {
	case int64:
		return v
	case float64:
		return int64(math.Round(v))
	}
	return 0
}

// known reads a whole number that may be unknown.
func (r row) known(column string) *int64 {
	if r.number(column) == nil {
		return nil
	}
	n := r.count(column)
	return &n
}

func (r row) number(column string) *float64 {
	switch v := r.value(column).(type) {
	case float64:
		return &v
	case int64:
		f := float64(v)
		return &f
	}
	return nil
}

func (r row) text(column string) string {
	s, _ := r.value(column).(string)
	return s
}

// word is a text that may be unknown.
func (r row) word(column string) *string {
	if s, ok := r.value(column).(string); ok {
		return &s
	}
	return nil
}

func (r row) truth(column string) bool {
	v, _ := r.value(column).(bool)
	return v
}

func (r row) at(column string) time.Time {
	t, _ := r.value(column).(time.Time)
	return t.UTC()
}

// instant is a time that may be unknown.
func (r row) instant(column string) *time.Time {
	if t, ok := r.value(column).(time.Time); ok {
		t = t.UTC()
		return &t
	}
	return nil
}

// account fills in what is the account's, whatever rotations were asked for.
func (b *builder) account(report *reports.Report) {
	for _, r := range b.rows("totals", report.Period) {
		report.Totals = reports.Totals{IncidentCount: r.count("incident_count"), PageCount: r.count("page_count"),
			InterruptionCount: r.count("interruption_count"), NotificationCount: r.count("notification_count")}
	}
	report.Unattributed.Reasons = map[string]int64{}
	for _, r := range b.rows("unattributed", report.Period) {
		n := r.count("page_count")
		report.Unattributed.PageCount += n
		report.Unattributed.Reasons[r.text("reason")] += n
	}
}

// rotations are those with a shift or a page in the period, by id; with ids, only these.
func (b *builder) rotations(p reports.Period, ids []string) []reports.Rotation {
	measures := b.measures(p)
	var out []reports.Rotation
	index := map[string]int{}
	for _, r := range b.rows("rotations", p) {
		id := r.text("rotation_id")
		if ids != nil && !slices.Contains(ids, id) {
			continue
		}
		index[id] = len(out)
		out = append(out, reports.Rotation{ID: id, Name: r.text("rotation_name"), TimeZone: r.text("time_zone"), Measures: measures[id]})
	}
	b.shifts(out, index, p)
	for _, r := range b.rows("alerts", p) {
		if i, ok := index[r.text("rotation_id")]; ok {
			out[i].Alerts = append(out[i].Alerts, alertOf(r))
		}
	}
	for i := range out {
		out[i].Actions = reports.ChooseActions(out[i].Alerts)
	}
	b.beside(out, index, p)
	return out
}

func (b *builder) shifts(rotations []reports.Rotation, index map[string]int, p reports.Period) {
	all := map[int][]shift{}
	for _, r := range b.rows("shifts", p) {
		i, ok := index[r.text("rotation_id")]
		if !ok {
			continue
		}
		id := r.text("user_id")
		all[i] = append(all[i], shift{userID: id, Shift: reports.Shift{User: b.people.show(id), Start: r.at("shift_start_at"), End: r.at("shift_end_at"),
			OnCallSeconds: r.count("on_call_seconds"), PageCount: r.count("page_count"), NightPageCount: r.count("night_page_count")}})
	}
	for i, shifts := range all {
		b.people.sortShifts(shifts)
		for _, s := range shifts {
			rotations[i].Shifts = append(rotations[i].Shifts, s.Shift)
		}
	}
}

func alertOf(r row) reports.Alert {
	return reports.Alert{Rule: r.text("rule_id"), Service: r.text("service_name"), Title: r.text("title"), Source: r.text("source"),
		PageCount: r.count("page_count"), NightPageCount: r.count("night_page_count"),
		AutoResolvedRatio: r.number("auto_resolved_ratio"), NonActionableRatio: r.number("non_actionable_ratio"), Flapping: r.truth("is_flapping"),
		Evidence: r.word("evidence"), Recommendation: r.word("recommendation"), WaitSeconds: r.number("wait_seconds"), GroupWith: r.word("group_rule_id"),
		SavesPagesPerWeek: r.number("saved_pages_per_week"), SavesNightPagesPerWeek: r.number("saved_night_pages_per_week")}
}

// measures asks the blocks of numbers of every rotation of a period, by rotation id.
func (b *builder) measures(p reports.Period) map[string]reports.Measures {
	out := map[string]reports.Measures{}
	for _, part := range []struct {
		metric string
		fill   func(*reports.Measures, row)
	}{
		{"load", fillLoad}, {"pages_per_shift", fillPagesPerShift}, {"blocks_12h", fillBlocks}, {"night", fillNight}, {"hours", fillHours},
		{"time_to_acknowledge", fillAcknowledge}, {"time_to_resolve", fillResolve}, {"verdicts", fillVerdicts}, {"flapping", fillFlapping},
	} {
		for _, r := range b.rows(part.metric, p) {
			id := r.text("rotation_id")
			m := out[id]
			part.fill(&m, r)
			out[id] = m
		}
	}
	for id, times := range b.responseTimes(p) {
		m := out[id]
		m.Waiting = times.waiting()
		out[id] = m
	}
	return out
}

func fillLoad(m *reports.Measures, r row) {
	m.Load.PageCount, m.Load.InterruptionCount = r.count("page_count"), r.count("interruption_count")
	m.Load.NotificationCount, m.Load.PagingIncidentCount = r.count("notification_count"), r.count("paging_incident_count")
	m.Load.ShiftCount, m.Load.OnCallSeconds, m.Load.PagesPer12h = r.count("shift_count"), r.count("on_call_seconds"), r.number("pages_per_12h")
}

func fillPagesPerShift(m *reports.Measures, r row) {
	m.Load.PagesPerShift = reports.PagesPerShift{Mean: r.number("page_mean_count"), P50: r.number("page_p50_count"),
		P90: r.number("page_p90_count"), Max: r.number("page_max_count")}
}

func fillBlocks(m *reports.Measures, r row) {
	m.Load.Blocks12hCount, m.Load.Blocks12hOverLimitCount = r.count("blocks_12h_count"), r.count("blocks_12h_over_limit_count")
	m.Load.Blocks12hOver2IncidentsCount = r.count("blocks_12h_over_2_incidents_count")
}

func fillNight(m *reports.Measures, r row) {
	m.Night = reports.Night{PageCount: r.count("page_count"), PageRatio: r.number("page_ratio"), PageRatioLow: r.number("page_low_ratio"),
		PageRatioHigh: r.number("page_high_ratio"), ExposureRatio: r.number("exposure_ratio"),
		InterruptedNightCount: r.count("interrupted_night_count"), OnCallNightCount: r.count("on_call_night_count")}
}

func fillHours(m *reports.Measures, r row) {
	m.Hours = reports.Hours{BusinessPageCount: r.count("business_page_count"), OffHoursPageCount: r.count("off_hours_page_count"),
		SleepPageCount: r.count("sleep_page_count")}
}

func fillAcknowledge(m *reports.Measures, r row) {
	m.Response.IncidentCount, m.Response.AcknowledgedCount = r.count("incident_count"), r.count("acknowledged_count")
	m.Response.NeverAcknowledgedCount = r.count("never_acknowledged_count")
	m.Response.TimeToAcknowledgeSeconds = quantiles(r, "acknowledge")
}

func fillResolve(m *reports.Measures, r row) {
	m.Response.ResolvedCount, m.Response.OpenCount = r.count("resolved_count"), r.count("open_count")
	m.Response.MergedCount, m.Response.AutoResolvedCount = r.count("merged_count"), r.count("auto_resolved_count")
	m.Response.TimeToResolveSeconds = quantiles(r, "resolve")
}

func quantiles(r row, what string) reports.Quantiles {
	return reports.Quantiles{Mean: r.number(what + "_mean_seconds"), P50: r.number(what + "_p50_seconds"),
		P90: r.number(what + "_p90_seconds"), P95: r.number(what + "_p95_seconds")}
}

func fillVerdicts(m *reports.Measures, r row) {
	m.Quality.VerdictCounts = reports.VerdictCounts{Actionable: r.count("actionable_page_count"), NonActionable: r.count("non_actionable_page_count"),
		Redundant: r.count("redundant_page_count"), Unattended: r.count("unattended_page_count"), Unknown: r.count("unknown_page_count")}
	m.Quality.NonActionableRatio = r.number("non_actionable_ratio")
	m.Quality.NonActionableRatioLow, m.Quality.NonActionableRatioHigh = r.number("non_actionable_low_ratio"), r.number("non_actionable_high_ratio")
}

func fillFlapping(m *reports.Measures, r row) {
	m.Quality.FlappingKeyCount, m.Quality.FlappingPageCount = r.count("flapping_key_count"), r.count("flapping_page_count")
	m.Quality.ExcessPageCount = r.count("excess_page_count")
}
