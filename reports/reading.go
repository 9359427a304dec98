package reports

import (
	"fmt"
	"strings"
)

// Mark is the reading of a number against its limit. It always prints as a shape and a word.
type Mark int

// The readings, mildest first. Only the 12-hour blocks have a limit that can be broken (Over); every
// other row is a matter of attention (Watch), so that ▲ and `--fail-on over_limit` mean the same.
const (
	None Mark = iota
	OK
	Watch
	Over
)

// String is the mark as printed.
func (m Mark) String() string {
	return [...]string{None: unknown, OK: "✓ ok", Watch: "● watch", Over: "▲ over"}[m]
}

// fewPages is the number of pages or incidents below which response and quality are printed but not
// judged, and with nothing to watch the rotation counts as quiet below twice of it.
const fewPages = 5

// OverLimit tells whether the rotation had a 12-hour block over the limit.
func (r *Rotation) OverLimit() bool { return r.Load.Blocks12hOverLimitCount > 0 }

// rowSpec is one row of the first screen: what it is called, how its cell reads, what judges it, what tests its change.
type rowSpec struct {
	label  string
	wide   bool // only with --wide
	cell   func(m *Measures, n counter) string
	limit  func(l Limits) string
	read   func(m *Measures, l Limits) Mark
	change func(c *Comparison) *Difference
}

// counter prints a count; in an incomplete period as "≥ n".
type counter func(int64) string

func counterFor(complete bool) counter {
	if complete {
		return Count
	}
	return func(n int64) string { return "≥ " + Count(n) }
}

var rowSpecs = []rowSpec{
	{label: "pages", cell: func(m *Measures, n counter) string { return n(m.Load.PageCount) }},
	{label: "  paging incidents", cell: func(m *Measures, n counter) string { return n(m.Load.PagingIncidentCount) }},
	{label: "  interruptions", wide: true, cell: func(m *Measures, n counter) string { return n(m.Load.InterruptionCount) }},
	{label: "  notifications", wide: true, cell: func(m *Measures, n counter) string { return n(m.Load.NotificationCount) }},
	{label: "pages per 12 h on call",
		cell:   func(m *Measures, _ counter) string { return Number(m.Load.PagesPer12h) },
		limit:  func(l Limits) string { return Number(&l.PagesPer12h) },
		read:   func(m *Measures, l Limits) Mark { return above(m.Load.PagesPer12h, l.PagesPer12h) },
		change: func(c *Comparison) *Difference { return c.PageRate }},
	{label: "  12 h blocks over the limit",
		cell: func(m *Measures, n counter) string {
			return n(m.Load.Blocks12hOverLimitCount) + "/" + Count(m.Load.Blocks12hCount)
		},
		limit: func(Limits) string { return "0" },
		read:  readBlocks},
	{label: "  blocks over 2 incidents", wide: true, cell: func(m *Measures, n counter) string {
		return n(m.Load.Blocks12hOver2IncidentsCount) + "/" + Count(m.Load.Blocks12hCount)
	}},
	{label: "  pages a shift p50/max (n)", cell: func(m *Measures, _ counter) string {
		p := m.Load.PagesPerShift
		return fmt.Sprintf("%s/%s (%s)", Number(p.P50), Number(p.Max), Count(m.Load.ShiftCount))
	}},
	{label: "  pages a shift, mean / p90", wide: true, cell: func(m *Measures, _ counter) string {
		return Number(m.Load.PagesPerShift.Mean) + " / " + Number(m.Load.PagesPerShift.P90)
	}},
	{label: "night pages (share/exposure)", cell: func(m *Measures, n counter) string {
		return n(m.Night.PageCount) + " (" + Ratio(m.Night.PageRatio) + "/" + Ratio(m.Night.ExposureRatio) + ")"
	}, change: func(c *Comparison) *Difference { return c.NightShare }},
	{label: "  share of pages, 95% range", wide: true, cell: func(m *Measures, _ counter) string {
		return span(m.Night.PageRatioLow, m.Night.PageRatioHigh)
	}},
	{label: "  interrupted nights",
		cell: func(m *Measures, n counter) string {
			return n(m.Night.InterruptedNightCount) + "/" + Count(m.Night.OnCallNightCount)
		},
		limit: func(l Limits) string { return Ratio(&l.InterruptedNightRatio) },
		read: func(m *Measures, l Limits) Mark {
			return above(share(m.Night.InterruptedNightCount, m.Night.OnCallNightCount), l.InterruptedNightRatio)
		}},
	{label: "business / off-hours pages", wide: true, cell: func(m *Measures, n counter) string {
		return n(m.Hours.BusinessPageCount) + " / " + n(m.Hours.OffHoursPageCount)
	}},
	{label: "time to acknowledge p50/p90",
		cell: func(m *Measures, _ counter) string {
			return pair(m.Response.TimeToAcknowledgeSeconds, m.Response.AcknowledgedCount)
		},
		limit: func(l Limits) string {
			return Seconds(&l.AcknowledgeP50Seconds) + "/" + Seconds(&l.AcknowledgeP90Seconds)
		},
		read:   readAcknowledge,
		change: func(c *Comparison) *Difference { return c.Acknowledge }},
	{label: "  range of the median, 95%", wide: true, cell: func(m *Measures, _ counter) string {
		return medianRange(m.Response.AcknowledgedCount, m.Waiting.AcknowledgeP50SecondsLow, m.Waiting.AcknowledgeP50SecondsHigh)
	}},
	{label: "  mean, p95", wide: true, cell: func(m *Measures, _ counter) string { return tail(m.Response.TimeToAcknowledgeSeconds) }},
	{label: "  acknowledged within 5 min", wide: true, cell: func(m *Measures, _ counter) string { return Ratio(m.Waiting.AcknowledgedIn5MinRatio) }},
	{label: "  cleared by itself first", wide: true, cell: func(m *Measures, _ counter) string { return Ratio(m.Waiting.ClearedUnacknowledgedRatio) }},
	{label: "  never acknowledged", wide: true, cell: func(m *Measures, n counter) string { return n(m.Response.NeverAcknowledgedCount) }},
	{label: "time to resolve p50/p90", cell: func(m *Measures, _ counter) string {
		return pair(m.Response.TimeToResolveSeconds, m.Response.ResolvedCount)
	}, change: func(c *Comparison) *Difference { return c.Resolve }},
	{label: "  median, open ones counted", wide: true, cell: func(m *Measures, _ counter) string {
		return medianWithOpen(m.Response.IncidentCount, m.Waiting.ResolveP50Seconds)
	}},
	{label: "  mean, p95", wide: true, cell: func(m *Measures, _ counter) string { return tail(m.Response.TimeToResolveSeconds) }},
	{label: "  auto-resolved", wide: true, cell: func(m *Measures, n counter) string { return n(m.Response.AutoResolvedCount) }},
	{label: "  open / merged away", wide: true, cell: func(m *Measures, n counter) string {
		return n(m.Response.OpenCount) + " / " + n(m.Response.MergedCount)
	}},
	{label: "non-actionable share (range)",
		cell: func(m *Measures, _ counter) string {
			q := m.Quality
			if q.NonActionableRatioLow == nil {
				return unknown
			}
			return Ratio(q.NonActionableRatio) + " (" + span(q.NonActionableRatioLow, q.NonActionableRatioHigh) + ")"
		},
		limit:  func(l Limits) string { return Ratio(&l.NonActionableRatio) },
		read:   readQuality,
		change: func(c *Comparison) *Difference { return c.NonActionable }},
	{label: "  actionable / not / unknown", wide: true, cell: func(m *Measures, n counter) string {
		v := m.Quality.VerdictCounts
		return n(v.Actionable) + "/" + n(v.NonActionable) + "/" + n(v.Unknown)
	}},
	{label: "  redundant / unattended", wide: true, cell: func(m *Measures, n counter) string {
		return n(m.Quality.VerdictCounts.Redundant) + " / " + n(m.Quality.VerdictCounts.Unattended)
	}},
	{label: "  flapping pages (keys)", cell: func(m *Measures, n counter) string {
		return n(m.Quality.FlappingPageCount) + " (" + Count(m.Quality.FlappingKeyCount) + ")"
	}},
	{label: "  excess pages of flap runs", wide: true, cell: func(m *Measures, n counter) string { return n(m.Quality.ExcessPageCount) }},
}

// MeasureWords are the words in the first column of the first screen's table, as words.md knows them.
func MeasureWords() []string {
	var out []string
	for _, s := range rowSpecs {
		if !s.wide {
			out = append(out, s.word())
		}
	}
	return out
}

// word is a row's label without what its cell holds: "pages a shift" of "pages a shift p50/max (n)".
func (s *rowSpec) word() string {
	word, _, _ := strings.Cut(s.label, " (")
	word, _, _ = strings.Cut(word, " p50")
	return strings.TrimSpace(word)
}

func share(part, whole int64) *float64 {
	if whole == 0 {
		return nil
	}
	s := float64(part) / float64(whole)
	return &s
}

func above(v *float64, limit float64) Mark {
	switch {
	case v == nil:
		return None
	case *v > limit:
		return Watch
	}
	return OK
}

func readBlocks(m *Measures, _ Limits) Mark {
	switch {
	case m.Load.Blocks12hOverLimitCount > 0:
		return Over
	case m.Load.Blocks12hCount == 0:
		return None
	}
	return OK
}

func readAcknowledge(m *Measures, l Limits) Mark {
	q := m.Response.TimeToAcknowledgeSeconds
	if m.Response.AcknowledgedCount < fewPages {
		return None
	}
	return max(above(q.P50, l.AcknowledgeP50Seconds), above(q.P90, l.AcknowledgeP90Seconds))
}

func readQuality(m *Measures, l Limits) Mark {
	if m.Load.PageCount < fewPages {
		return None
	}
	return above(m.Quality.NonActionableRatio, l.NonActionableRatio)
}

// span is a range of shares: 17–29%.
func span(low, high *float64) string {
	if low == nil || high == nil {
		return unknown
	}
	return strings.TrimSuffix(Ratio(low), "%") + "–" + Ratio(high)
}

func pair(q Quantiles, n int64) string {
	if n == 0 {
		return unknown
	}
	return fmt.Sprintf("%s/%s (%s)", Seconds(q.P50), Seconds(q.P90), Count(n))
}

func tail(q Quantiles) string {
	if q.Mean == nil {
		return unknown
	}
	return Seconds(q.Mean) + ", " + Seconds(q.P95)
}

// Row is one line of a rotation's table, as text.
type Row struct {
	Label, This, Before, Limit, Change string
	Reading                            Mark
}

func rows(r *Rotation, c *Context, complete, wide bool) []Row {
	var out []Row
	for _, s := range rowSpecs {
		if s.wide && !wide {
			continue
		}
		row := Row{Label: s.label, This: s.cell(&r.Measures, counterFor(complete)), Before: unknown, Limit: unknown}
		if r.Before != nil {
			row.Before = s.cell(r.Before, Count)
		}
		if s.limit != nil {
			row.Limit = s.limit(c.Limits)
		}
		if s.change != nil && r.Comparison != nil {
			row.Change = s.change(r.Comparison).String()
		}
		if s.read != nil {
			row.Reading = s.read(&r.Measures, c.Limits)
		}
		if row.Reading == OK && !complete { // at least so many is no sign that it was not more
			row.Reading = None
		}
		out = append(out, row)
	}
	return out
}
