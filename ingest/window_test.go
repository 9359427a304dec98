package ingest

import (
	"fmt"
	"sort"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var t0 = time.Date(2026, 8, 3, 0, 0, 0, 0, time.UTC)

func at(seconds int) time.Time { return t0.Add(time.Duration(seconds) * time.Second) }

func reading(kind string, from, to int) window {
	win := newWindow(kind, "", span{at(from), at(to)})
	return win
}

func TestAdvance(t *testing.T) {
	cases := []struct {
		name        string
		win         func() window
		arrival     arrival
		newestFirst bool
		state       string
		offset      int
		nextSince   time.Time
		nextUntil   time.Time
		split       int
		lost        string // why the first window split off is truncated
	}{
		{name: "steps by the rows received, not by the rows asked for",
			win: func() window { return reading(kindIncidents, 0, 1000) }, arrival: arrival{rows: 37, more: true, last: at(10)},
			state: stateReading, offset: 37, nextSince: at(0), nextUntil: at(1000)},
		{name: "ends where there is no more", win: func() window { return reading(kindIncidents, 0, 1000) },
			arrival: arrival{rows: 100, last: at(10)}, state: stateWhole, nextSince: at(0), nextUntil: at(1000)},
		{name: "an empty window is whole", win: func() window { return reading(kindIncidents, 0, 1000) },
			arrival: arrival{}, state: stateWhole, nextSince: at(0), nextUntil: at(1000)},
		{name: "an empty list with more is not asked for ever", win: func() window { return reading(kindIncidents, 0, 1000) },
			arrival: arrival{more: true}, state: stateTruncated, nextSince: at(0), nextUntil: at(1000)},
		{name: "goes on at the last row's time at the cap, oldest first",
			win:     func() window { w := reading(kindIncidents, 0, 1000); w.offset = 9900; return w },
			arrival: arrival{rows: 100, more: true, last: at(500)}, state: stateReading, nextSince: at(499), nextUntil: at(1000)},
		{name: "goes on at the last row's time at the cap, newest first", newestFirst: true,
			win:     func() window { w := reading(kindChanges, 0, 1000); w.offset = 9900; return w },
			arrival: arrival{rows: 100, more: true, last: at(500)}, state: stateReading, nextSince: at(0), nextUntil: at(501)},
		{name: "an earlier cap than documented is taken as it comes",
			win:     func() window { w := reading(kindIncidents, 0, 1000); w.offset = 4900; return w },
			arrival: arrival{more: true, capped: true, last: at(300)}, state: stateReading, nextSince: at(299), nextUntil: at(1000)},
		{name: "halves where rows were out of order",
			win:     func() window { w := reading(kindIncidents, 0, 1000); w.offset = 9900; return w },
			arrival: arrival{rows: 100, more: true, last: at(500), unordered: true},
			state:   stateReading, nextSince: at(0), nextUntil: at(500), split: 1},
		{name: "gives up a second that is fuller than a list, and only that", lost: reasonCrowded,
			win:     func() window { w := reading(kindIncidents, 500, 1000); w.offset = 9900; return w },
			arrival: arrival{rows: 100, more: true, last: at(500)}, state: stateReading, nextSince: at(501), nextUntil: at(1000), split: 1},
		{name: "gives up a second in which the list breaks off, for now", lost: reasonBrokeOff,
			win:     func() window { w := reading(kindIncidents, 500, 1000); w.offset = 100; return w },
			arrival: arrival{more: true, last: at(500)}, state: stateReading, nextSince: at(501), nextUntil: at(1000), split: 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			win := c.win()
			split := win.advance(c.arrival, c.newestFirst)
			if win.state != c.state || win.offset != c.offset || !win.nextSince.Equal(c.nextSince) || !win.nextUntil.Equal(c.nextUntil) || len(split) != c.split {
				t.Fatalf("got %s, offset %d, %s to %s, %d split off", win.state, win.offset, win.nextSince, win.nextUntil, len(split))
			}
			if c.lost != "" && (split[0].state != stateTruncated || split[0].reason != c.lost) {
				t.Errorf("the second is %s: %s", split[0].state, split[0].reason)
			}
		})
	}
}

// simulated is a list as PagerDuty serves it, with a smaller cap.
type simulated struct {
	times       []time.Time // oldest first
	newestFirst bool
	shuffled    bool // the order of rows is not kept
}

// TestEveryRowIsReadOrItsSecondNamed walks random lists, crowded and with a small cap, and expects each row to be
// received, or to lie in a window that the ledger calls truncated.
func TestEveryRowIsReadOrItsSecondNamed(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		list := simulated{newestFirst: rapid.Bool().Draw(rt, "newest first"), shuffled: rapid.IntRange(0, 4).Draw(rt, "shuffled") == 0}
		n := rapid.OneOf(rapid.IntRange(0, 300), rapid.IntRange(9_800, 40_000)).Draw(rt, "rows")
		length := rapid.SampledFrom([]int{1, 3, 60, 5_000, 500_000}).Draw(rt, "seconds")
		seed := rapid.Uint64().Draw(rt, "seed")
		for i := range n {
			seed = seed*6364136223846793005 + 1442695040888963407
			second := int(seed>>33) % length
			if i%3 == 0 && length > 2 {
				second /= 2 // some crowding
			}
			list.times = append(list.times, at(second))
		}
		sort.Slice(list.times, func(i, j int) bool { return list.times[i].Before(list.times[j]) })
		checkWalk(rt, list, length)
	})
}

func checkWalk(t *rapid.T, list simulated, length int) {
	kind := kindIncidents
	if list.newestFirst {
		kind = kindChanges
	}
	queue, done := []window{reading(kind, 0, length)}, []window{}
	got := map[int]bool{}
	for pages := 0; len(queue) > 0; {
		win := queue[0]
		queue = queue[1:]
		for win.state == stateReading {
			if pages++; pages > 20_000 {
				t.Fatalf("still reading after %d pages: %s to %s", pages, win.nextSince, win.nextUntil)
			}
			rows, more := list.page(win.nextSince, win.nextUntil, win.offset)
			a := arrival{rows: len(rows), more: more}
			for i, r := range rows {
				got[r] = true
				if i > 0 && (list.newestFirst && list.times[r].After(a.last) || !list.newestFirst && list.times[r].Before(a.last)) {
					a.unordered = true
				}
				a.last = list.times[r]
			}
			for _, part := range win.advance(a, list.newestFirst) {
				if part.state == stateReading {
					queue = append(queue, part)
				} else {
					done = append(done, part)
				}
			}
		}
		done = append(done, win)
	}
	lost := map[int64]bool{}
	for _, win := range done {
		if win.state == stateTruncated {
			if !list.shuffled && win.until.Sub(win.since) > time.Second {
				t.Fatalf("%s to %s is truncated", win.since, win.until)
			}
			lost[win.since.Unix()] = true
		}
	}
	for i, at := range list.times {
		if !got[i] && !lost[at.Unix()] {
			t.Fatalf("row %d of %d at %s was neither read nor named", i, len(list.times), at)
		}
	}
}

// page serves rows whose time lies in the closed window, as PagerDuty seems to.
func (s simulated) page(since, until time.Time, offset int) (rows []int, more bool) {
	lo := sort.Search(len(s.times), func(i int) bool { return !s.times[i].Before(since) })
	hi := sort.Search(len(s.times), func(i int) bool { return s.times[i].After(until) })
	n := hi - lo
	for k := offset; k < min(offset+pageSize, n); k++ {
		i := lo + k
		if s.newestFirst {
			i = hi - 1 - k
		}
		if s.shuffled { // a fixed mixture: neighbours change places
			if k%2 == 0 && k+1 < n {
				i = mirror(i, s.newestFirst, 1)
			} else if k%2 == 1 {
				i = mirror(i, s.newestFirst, -1)
			}
		}
		rows = append(rows, i)
	}
	return rows, offset+pageSize < n
}

func mirror(i int, newestFirst bool, step int) int {
	if newestFirst {
		return i - step
	}
	return i + step
}

func TestMissing(t *testing.T) {
	h := func(n int) time.Time { return t0.Add(time.Duration(n) * time.Hour) }
	cases := []struct {
		name string
		want span
		have []span
		out  []span
	}{
		{"nothing was read", span{h(0), h(10)}, nil, []span{{h(0), h(10)}}},
		{"goes on an hour before the end of what was read", span{h(0), h(20)}, []span{{h(0), h(10)}}, []span{{h(9), h(20)}}},
		{"fills a hole", span{h(0), h(20)}, []span{{h(0), h(5)}, {h(8), h(20)}}, []span{{h(4), h(8)}}},
		{"reads an older part without an overlap", span{h(0), h(20)}, []span{{h(10), h(20)}}, []span{{h(0), h(10)}}},
		{"has nothing to do", span{h(3), h(7)}, []span{{h(0), h(10)}}, nil},
		{"an overlap stays inside what was read", span{h(0), h(2)}, []span{{t0.Add(50 * time.Minute), h(1)}},
			[]span{{h(0), t0.Add(50 * time.Minute)}, {t0.Add(50 * time.Minute), h(2)}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(show(c.out), show(missing(c.want, c.have, longestWindow, hourBefore))); diff != "" {
				t.Error(diff)
			}
		})
	}
	long := missing(span{h(0), h(0).AddDate(2, 0, 0)}, nil, longestWindow, hourBefore)
	if len(long) != 5 {
		t.Errorf("two years are %d windows", len(long))
	}
	for _, w := range long {
		if w.to.After(w.from.AddDate(0, 6, 0)) {
			t.Errorf("%v is over six months", w)
		}
	}
}

func hourBefore(read span) time.Time { return read.to.Add(-overlap) }

func show(spans []span) []string {
	var out []string
	for _, s := range spans {
		out = append(out, fmt.Sprint(s.from.Format(time.RFC3339), " ", s.to.Format(time.RFC3339)))
	}
	return out
}

// TestEntriesDoNotDependOnTheWindows renders a schedule whole and in pieces, in any order and some twice.
func TestEntriesDoNotDependOnTheWindows(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var true_ []duty
		for range rapid.IntRange(0, 12).Draw(rt, "entries") {
			from := rapid.IntRange(-5, 100).Draw(rt, "from")
			length := rapid.IntRange(0, 30).Draw(rt, "length")
			user := rapid.SampledFrom([]string{"", "PA", "PB"}).Draw(rt, "user")
			true_ = append(true_, duty{user, at(from), at(from + length)})
		}
		all := span{at(0), at(100)}
		want := replaceDuties(nil, true_, all)
		var stored []duty
		cuts := append(rapid.SliceOfN(rapid.IntRange(1, 99), 0, 6).Draw(rt, "cuts"), 0, 100)
		sort.Ints(cuts)
		var windows []span
		for i := 1; i < len(cuts); i++ {
			windows = append(windows, span{at(cuts[i-1]), at(cuts[i])})
		}
		windows = append(windows, rapid.SliceOfN(rapid.SampledFrom(append(windows, all)), 0, 3).Draw(rt, "again")...)
		for _, w := range rapid.Permutation(windows).Draw(rt, "order") {
			if !w.empty() {
				stored = replaceDuties(stored, rendered(true_, w), w)
			}
		}
		stored = withoutBoundaryPoints(stored, cuts)
		if diff := cmp.Diff(dutyTexts(withoutBoundaryPoints(want, cuts)), dutyTexts(stored)); diff != "" {
			rt.Fatalf("(-whole +pieces):\n%s", diff)
		}
	})
}

// rendered cuts entries at the window, as the API does.
func rendered(list []duty, w span) []duty {
	var out []duty
	for _, d := range list {
		part := span{d.from, d.to}.intersect(w)
		if d.from.Equal(d.to) && !d.from.Before(w.from) && !d.from.After(w.to) || !part.empty() {
			out = append(out, duty{d.userID, part.from, part.to})
		}
	}
	return out
}

// withoutBoundaryPoints leaves out entries without length at a cut: they can't be told from the rest of a cut entry.
func withoutBoundaryPoints(list []duty, cuts []int) []duty {
	var out []duty
	for _, d := range list {
		point := false
		for _, c := range cuts {
			point = point || d.from.Equal(d.to) && d.from.Equal(at(c))
		}
		if !point {
			out = append(out, d)
		}
	}
	return out
}

func dutyTexts(list []duty) []string {
	var out []string
	for _, d := range list {
		out = append(out, fmt.Sprintf("%s %s %s", d.userID, d.from.Format(time.RFC3339), d.to.Format(time.RFC3339)))
	}
	sort.Strings(out)
	return out
}
