package ingest

import (
	"time"
)

// Limits of PagerDuty's classic paging.
const (
	pageSize = 100
	// listCap is the most rows that one list can be stepped through by offset.
	listCap = 10_000
)

// reasonUnordered marks a window whose rows did not come in the documented order: it can't be continued by key.
const reasonUnordered = "rows out of order"

// Why windows are truncated. What broke off is asked for again by the next sync, also if it had been read whole before; a
// crowded second never gets better.
const (
	reasonCrowded  = "one second holds more rows than PagerDuty lists"
	reasonBrokeOff = "PagerDuty said that there is more and gave nothing"
	reasonTooLong  = "the list is longer than PagerDuty gives"
)

// arrival is what one page tells about how to go on.
type arrival struct {
	rows      int
	more      bool
	last      time.Time // clock of the last row that has one; zero: none has
	unordered bool      // rows stood against the order of the list
	capped    bool      // the server refused the offset
}

// advance moves win past a page. Within a segment it steps by the rows received. Where the list's cap is reached
// it starts a new segment at the last row's time, a second wider than needed since the API does not say whether
// its bounds belong to the window. Where that cannot work it halves the window, and what can't be reached at all
// becomes a truncated window of its own, so that the ledger names the very second. It gives the windows that
// are split off, and tells by win.state when win is done.
func (win *window) advance(a arrival, newestFirst bool) []window {
	win.requests++
	win.rows += int64(a.rows)
	if a.unordered {
		win.reason = reasonUnordered
	}
	atCap := a.capped || win.offset+a.rows+pageSize > listCap
	switch {
	case a.rows == 0 && a.more && win.offset == 0:
		return win.giveUpRest(reasonBrokeOff, newestFirst)
	case !a.more && !a.capped:
		win.state, win.offset = stateWhole, 0
		if win.reason == reasonUnordered {
			win.reason = ""
		}
		return nil
	case !atCap && a.rows > 0:
		win.offset += a.rows
		return nil
	case a.last.IsZero() && win.offset > 0:
		win.offset = 0 // a resumed segment whose last row is not known any more: read it again
		return nil
	case win.reason == reasonUnordered || a.last.IsZero():
		return win.halve(newestFirst)
	}
	why := reasonCrowded
	if !atCap { // there is no row though the list could go on
		why = reasonBrokeOff
	}
	return win.continueAt(a.last.Truncate(time.Second), why, newestFirst)
}

// continueAt starts a new segment at second t, the last one seen. Where the present one started there already, the second
// is lost, and why says for what reason.
func (win *window) continueAt(t time.Time, why string, newestFirst bool) []window {
	win.offset = 0
	if newestFirst {
		if next := t.Add(time.Second); next.Before(win.nextUntil) {
			win.nextUntil = next
			return nil
		}
		return win.loseSecond(t, why, newestFirst)
	}
	for _, next := range []time.Time{t.Add(-time.Second), t} {
		if next.After(win.nextSince) {
			win.nextSince = next
			return nil
		}
	}
	return win.loseSecond(t, why, newestFirst)
}

// loseSecond gives second t up: it alone fills a whole list, or the list breaks off in it, and there is no way to the rest.
func (win *window) loseSecond(t time.Time, why string, newestFirst bool) []window {
	lost := win.part(span{t, t.Add(time.Second)}, stateTruncated, why)
	before, after := span{win.since, t}, span{t.Add(time.Second), win.until}
	read, rest := before, after
	if newestFirst {
		read, rest = after, before
	}
	out := []window{lost}
	if !read.empty() {
		out = append(out, win.part(read, stateWhole, ""))
	}
	win.since, win.until = rest.from, rest.to
	win.nextSince, win.nextUntil, win.offset = rest.from, rest.to, 0
	if newestFirst {
		// Half a second below: the second itself would come again if until belongs to the window.
		win.nextSince, win.nextUntil = rest.from.Add(-slack), rest.to.Add(-time.Second/2)
	}
	if rest.empty() {
		win.since, win.until, win.state = lost.since, lost.until, stateTruncated
		win.reason = why
		return out[1:]
	}
	return out
}

// giveUpRest ends the window where the list broke off.
func (win *window) giveUpRest(reason string, newestFirst bool) []window {
	rest, read := span{win.nextSince, win.until}, span{win.since, win.nextSince}
	if newestFirst {
		rest, read = span{win.since, win.nextUntil}, span{win.nextUntil, win.until}
	}
	var out []window
	if !read.empty() {
		out = append(out, win.part(read, stateWhole, ""))
	}
	win.since, win.until = later(rest.from, win.since), earlier(rest.to, win.until)
	win.state, win.reason, win.offset = stateTruncated, reason, 0
	return out
}

// halve replaces what is left of the window by two halves, which are read from their starts.
func (win *window) halve(newestFirst bool) []window {
	rest := span{later(win.nextSince, win.since), earlier(win.nextUntil, win.until)}
	half := (rest.to.Sub(rest.from) / 2).Truncate(time.Second)
	if half < time.Second {
		return win.giveUpRest(reasonCrowded, newestFirst)
	}
	mid := rest.from.Add(half)
	second := win.part(span{mid, rest.to}, stateReading, "")
	first := win.part(span{rest.from, mid}, stateReading, "")
	var out []window
	for _, read := range []span{{win.since, rest.from}, {rest.to, win.until}} {
		if !read.empty() {
			out = append(out, win.part(read, stateWhole, ""))
		}
	}
	win.since, win.until, win.reason = first.since, first.until, ""
	win.nextSince, win.nextUntil, win.offset = first.nextSince, first.nextUntil, 0
	return append(out, second)
}

// part makes a window of the same kind for a piece of win.
func (win *window) part(s span, state, reason string) window {
	p := newWindow(win.kind, win.scope, s)
	p.state, p.reason = state, reason
	return p
}

// newWindow makes a window that is about to be read.
func newWindow(kind, scope string, s span) window {
	win := window{kind: kind, scope: scope, since: s.from, until: s.to, nextSince: s.from, nextUntil: s.to, state: stateReading}
	if kind == kindLogEntries {
		win.nextSince = s.from.Add(-slack)
	}
	return win
}
