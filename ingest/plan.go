package ingest

import (
	"sort"
	"time"
)

// span is a half-open stretch of time.
type span struct{ from, to time.Time }

func (s span) empty() bool           { return !s.from.Before(s.to) }
func (s span) touches(o span) bool   { return !s.from.After(o.to) && !o.from.After(s.to) }
func (s span) intersect(o span) span { return span{later(s.from, o.from), earlier(s.to, o.to)} }
func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// union merges spans that overlap or touch, in order of time.
func union(spans ...span) []span {
	sorted := append([]span(nil), spans...)
	sort.Slice(sorted, func(i, j int) bool { return sorted[i].from.Before(sorted[j].from) })
	var out []span
	for _, s := range sorted {
		if s.empty() {
			continue
		}
		if n := len(out); n > 0 && out[n-1].touches(s) {
			out[n-1].to = later(out[n-1].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

// subtract gives the parts of want that no span of have covers, in order of time.
func subtract(want span, have []span) []span {
	var out []span
	from := want.from
	for _, h := range union(have...) {
		if gap := (span{from, earlier(h.from, want.to)}); !gap.empty() {
			out = append(out, gap)
		}
		from = later(from, h.to)
	}
	if gap := (span{from, want.to}); !gap.empty() {
		out = append(out, gap)
	}
	return out
}

// split cuts a span into pieces of at most length.
func split(s span, length time.Duration) []span {
	var out []span
	for from := s.from; from.Before(s.to); from = from.Add(length) {
		out = append(out, span{from, earlier(from.Add(length), s.to)})
	}
	return out
}

// RereadDepth is how far back a sync reads again once a week, to catch what changed without a log entry.
const RereadDepth = 30 * 24 * time.Hour

// Constants of the plan.
const (
	// overlap is how far a sync goes back at least before the end of what was read: rows can appear late.
	overlap = time.Hour
	// slack is how far before its window the reading of log entries starts: a trigger entry can be a few
	// seconds older than its incident.
	slack = 10 * time.Second
	// longestWindow is below the six months that /incidents allows.
	longestWindow = 180 * 24 * time.Hour
	// firstSync is the history that a first sync reads unless told otherwise.
	firstSync = 13 * 7 * 24 * time.Hour
	// rereadEvery is how often the time of RereadDepth is read again.
	rereadEvery = 7 * 24 * time.Hour
	// farthestAhead is how far PagerDuty's clock may have been ahead unnoticed: further back a sync does not look
	// for the last row that was read.
	farthestAhead = 7 * 24 * time.Hour
	// scheduleLead is how far before the period schedules are read: whoever was assigned to an incident was
	// on call before it was paged.
	scheduleLead = 14 * 24 * time.Hour
	// scheduleChunk is the longest rendering asked for; others report refusals beyond a quarter.
	scheduleChunk = 30 * 24 * time.Hour
)

// missing plans what to ask for: the parts of want that are not read, in pieces of at most longest. One that follows
// what was read starts where again says, before the end of that.
func missing(want span, have []span, longest time.Duration, again func(read span) time.Time) []span {
	read := union(have...)
	var out []span
	for _, gap := range subtract(want, read) {
		for _, h := range read {
			if h.to.Equal(gap.from) {
				gap.from = later(earlier(again(h), gap.from), h.from)
			}
		}
		out = append(out, split(gap, longest)...)
	}
	return out
}
