package charts

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"
)

// HistogramData are times to resolve, counted in bins.
type HistogramData struct {
	// Bins in rising order, touching or not. The first may start at 0, the last may have no end (+Inf).
	Bins []Bin
	// P50Seconds and P90Seconds are percentiles of the times themselves, not read off the bins. Nil: not marked.
	P50Seconds, P90Seconds *float64
}

// Bin counts incidents that took from FromSeconds to below ToSeconds.
type Bin struct {
	FromSeconds, ToSeconds float64
	ClearedAloneCount      int64 // by the monitor, before any human act
	WorkedCount            int64 // with a trace of work
	OtherCount             int64
}

func (b Bin) count() int64 { return b.ClearedAloneCount + b.WorkedCount + b.OtherCount }

// ResolveEdges are edges in seconds for 12 bins of about equal width on a log axis, with its ticks among them: the first
// bin starts at 0, the last has no end.
func ResolveEdges() []float64 {
	return []float64{0, 30, 60, 120, 300, 720, 1800, 3600, 7200, 18000, 43200, 86400, math.Inf(1)}
}

// Histogram draws times to resolve on a log axis, three fills stacked: cleared alone (pale), worked (solid), other
// (hatched), with p50 and p90 marked. Nil without an incident; below 10 the finding says that they are too few.
func Histogram(id string, d HistogramData) *Figure {
	h := newHistogram(d)
	if h.total == 0 {
		return nil
	}
	f := newFigure(id, "time to resolve")
	f.Finding, f.Desc = h.finding(), h.desc()
	f.Table = h.table()
	f.SVG = drawHistogram(f, h)
	f.Lines = h.lines()
	return f
}

type histogram struct {
	HistogramData
	alone, worked, other, total int64
	low, high                   float64 // the ends of the axis, in seconds
	fullest                     Bin
}

func newHistogram(d HistogramData) histogram {
	h := histogram{HistogramData: d, low: math.Inf(1)}
	for _, b := range d.Bins {
		h.alone += b.ClearedAloneCount
		h.worked += b.WorkedCount
		h.other += b.OtherCount
		if b.count() > h.fullest.count() {
			h.fullest = b
		}
		for _, edge := range []float64{b.FromSeconds, b.ToSeconds} {
			if edge > 0 && !math.IsInf(edge, 0) {
				h.low, h.high = min(h.low, edge), max(h.high, edge)
			}
		}
	}
	h.total = h.alone + h.worked + h.other
	if math.IsInf(h.low, 0) { // one bin of everything
		h.low, h.high = 60, 60
	}
	if slices.ContainsFunc(d.Bins, func(b Bin) bool { return b.FromSeconds <= 0 }) {
		h.low /= 2
	}
	if slices.ContainsFunc(d.Bins, func(b Bin) bool { return math.IsInf(b.ToSeconds, 1) }) {
		h.high *= 2
	}
	return h
}

func (h *histogram) finding() string {
	alone := percent(ratio(h.alone, h.total)) + " cleared alone"
	switch {
	case h.total < fewPages:
		return "Too few incidents to say how long: " + count(h.total)
	case h.P50Seconds == nil || h.P90Seconds == nil:
		return fmt.Sprintf("%s of %s", alone, plural(h.total, "incident"))
	}
	return fmt.Sprintf("Half are over within %s, nine in ten within %s; %s (n %s)",
		duration(*h.P50Seconds), duration(*h.P90Seconds), alone, count(h.total))
}

func (h *histogram) desc() string {
	return fmt.Sprintf("Histogram of the time to resolve of %s on a logarithmic axis: %s cleared alone, %s worked, %s other. Median %s, 90th percentile %s. The fullest bin is %s, with %s.",
		plural(h.total, "incident"), count(h.alone), count(h.worked), count(h.other),
		orUnknown(h.P50Seconds, duration), orUnknown(h.P90Seconds, duration), span(h.fullest), count(h.fullest.count()))
}

// span is a bin in words: "below 30 s", "2–5 min", "1 d or more".
func span(b Bin) string {
	switch {
	case math.IsInf(b.ToSeconds, 1) && b.FromSeconds <= 0:
		return "any time"
	case math.IsInf(b.ToSeconds, 1):
		return duration(b.FromSeconds) + " or more"
	case b.FromSeconds <= 0:
		return "below " + duration(b.ToSeconds)
	}
	from, to := duration(b.FromSeconds), duration(b.ToSeconds)
	if number, unit, _ := strings.Cut(from, " "); strings.HasSuffix(to, " "+unit) {
		from = number
	}
	return from + "–" + to
}

func (h *histogram) table() Table {
	t := Table{Caption: "Incidents by time to resolve", Head: []string{"time to resolve", "cleared alone", "worked", "other", "all"}, Left: 1}
	for _, b := range h.Bins {
		t.Rows = append(t.Rows, []string{span(b), count(b.ClearedAloneCount), count(b.WorkedCount), count(b.OtherCount), count(b.count())})
	}
	t.Rows = append(t.Rows, []string{"all", count(h.alone), count(h.worked), count(h.other), count(h.total)})
	return t
}

type histogramView struct {
	frame
	Hatch                string
	Alone, Worked, Other string
	Axis                 string
	Marks                []histogramMark
	Counts, Ticks        []tick
	Key                  []key
}

type histogramMark struct {
	tick
	D string
}

func drawHistogram(f *Figure, h histogram) template.HTML {
	const top, bottom = 50.0, 150.0
	x := h.axis(2, chartWidth-2)
	y := linear{0, float64(h.fullest.count()), 0, bottom - top}
	var alone, worked, other, axis path
	v := histogramView{Hatch: f.ID}
	for _, b := range h.Bins {
		from, to := x(b.FromSeconds)+0.8, x(b.ToSeconds)-0.8
		base := bottom
		for _, part := range []struct {
			p *path
			n int64
		}{{&worked, b.WorkedCount}, {&other, b.OtherCount}, {&alone, b.ClearedAloneCount}} {
			if part.n > 0 {
				height := y.at(float64(part.n))
				base -= height
				part.p.rect(from, base, max(to-from, 0.5), height)
			}
		}
		if b.count() > 0 {
			v.Counts = append(v.Counts, tick{X: num((from + to) / 2), Y: num(base - 3), Text: compact(b.count()), Anchor: "c"})
		}
	}
	axis.add("M", 0, bottom)
	axis.add("H", chartWidth)
	for _, seconds := range h.ticks() {
		axis.add("M", x(seconds), bottom)
		axis.add("v", 4)
		v.Ticks = append(v.Ticks, placed(x(seconds), bottom+16, duration(seconds)))
	}
	v.Marks = h.marks(x, bottom)
	v.Alone, v.Worked, v.Other, v.Axis = alone.String(), worked.String(), other.String(), axis.String()
	var height float64
	v.Key, height = legend(bottom+20, h.keys(f)...)
	v.frame = f.frame(chartWidth, bottom+20+height)
	return execute("histogram.svg.tmpl", v)
}

// axis maps seconds onto the log axis.
func (h *histogram) axis(start, end float64) func(float64) float64 {
	l := linear{math.Log(h.low), math.Log(h.high), start, end}
	return func(seconds float64) float64 {
		return l.at(math.Log(min(max(seconds, h.low), h.high)))
	}
}

func (h *histogram) ticks() []float64 {
	var out []float64
	for _, seconds := range []float64{60, 300, 1800, 7200, 43200} {
		if h.low <= seconds && seconds <= h.high {
			out = append(out, seconds)
		}
	}
	return out
}

// marks are the percentiles, each with its text in a row of its own, so that they cannot meet.
func (h *histogram) marks(x func(float64) float64, bottom float64) []histogramMark {
	var out []histogramMark
	for i, m := range []struct {
		name    string
		seconds *float64
	}{{"p50", h.P50Seconds}, {"p90", h.P90Seconds}} {
		if m.seconds == nil || isBad(*m.seconds) {
			continue
		}
		at, y := x(*m.seconds), 12+float64(i)*textHeight
		var p path
		p.add("M", at, y-10)
		p.add("V", bottom)
		mark := histogramMark{D: p.String(), tick: tick{X: num(at + 4), Y: num(y), Text: m.name + " " + duration(*m.seconds), Anchor: "s"}}
		if at > chartWidth*0.7 {
			mark.X, mark.Anchor = num(at-4), "e"
		}
		out = append(out, mark)
	}
	return out
}

func (h *histogram) keys(f *Figure) []key {
	var keys []key
	if h.alone > 0 {
		keys = append(keys, boxKey("pale", "", "cleared alone"))
	}
	if h.worked > 0 {
		keys = append(keys, boxKey("solid", "", "worked"))
	}
	if h.other > 0 {
		keys = append(keys, boxKey("hatched", "url(#"+f.ID+"-p)", "other"))
	}
	return keys
}

// lines prints a bar a bin, with characters for the three kinds: █ worked, ▒ other, ░ cleared alone.
func (h *histogram) lines() []string {
	const longest = 40
	var lines []string
	for _, b := range h.Bins {
		drawn := 0
		line := ""
		for _, part := range []struct {
			mark  string
			until int64
		}{{"█", b.WorkedCount}, {"▒", b.WorkedCount + b.OtherCount}, {"░", b.count()}} {
			end := int(math.Ceil(float64(part.until) / float64(h.fullest.count()) * longest))
			for ; drawn < end; drawn++ {
				line += part.mark
			}
		}
		lines = append(lines, left(span(b), 16)+left(line, longest+1)+right(count(b.count()), 9))
	}
	lines = append(lines, left("", 16)+"█ worked  ▒ other  ░ cleared alone")
	if h.P50Seconds != nil && h.P90Seconds != nil {
		lines = append(lines, left("", 16)+"p50 "+duration(*h.P50Seconds)+", p90 "+duration(*h.P90Seconds))
	}
	return trim(lines)
}
