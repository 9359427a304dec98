package main

import (
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"crywolf/ingest"
	"crywolf/reports"
)

// manyRows are the kinds whose windows are worth a line each; of the others the end is told.
var manyRows = map[string]bool{"incidents": true, "log_entries": true}

// progress shows how far a sync is: one moving line on a terminal, else a line each time a window or kind is done.
type progress struct {
	app   *app
	bars  *mpb.Progress // nil where stderr is no terminal
	bar   *mpb.Bar
	text  atomic.Value // of the moving line
	last  ingest.Progress
	begun bool
}

func (a *app) newProgress() *progress {
	p := &progress{app: a}
	p.text.Store("asking PagerDuty")
	if a.flags.quiet || !isTerminal(a.stderr) || a.env["TERM"] == "dumb" {
		return p
	}
	p.bars = mpb.New(mpb.WithOutput(a.stderr), mpb.WithRefreshRate(150*time.Millisecond))
	p.bar = p.bars.New(0, mpb.SpinnerStyle().PositionLeft(), mpb.BarRemoveOnComplete(), mpb.BarWidth(2), mpb.AppendDecorators(
		decor.Any(func(decor.Statistics) string { return p.text.Load().(string) })))
	return p
}

func (p *progress) show(at ingest.Progress) {
	if p.bars != nil {
		p.text.Store(progressText(at))
		return
	}
	if p.begun && (at.Kind != p.last.Kind || manyRows[at.Kind] && !at.Until.Equal(p.last.Until)) {
		p.app.say("%s", progressText(p.last))
	}
	p.last, p.begun = at, true
}

func (p *progress) end() {
	switch {
	case p.bars != nil:
		p.bar.Abort(true)
		p.bars.Wait()
	case p.begun:
		p.app.say("%s", progressText(p.last))
	}
}

// worthSaying is the number of requests left above which nobody has to mind them: a demo's double has no limit.
const worthSaying = 10_000

// day is a bound of a window: its date, and its time where that is not midnight.
func day(t time.Time) string {
	return strings.TrimSuffix(t.UTC().Format("2006-01-02 15:04"), " 00:00")
}

func progressText(at ingest.Progress) string {
	var b strings.Builder
	b.WriteString(kindName(at.Kind))
	if !at.Since.IsZero() {
		fmt.Fprintf(&b, " %s – %s", day(at.Since), day(at.Until))
	}
	if at.Again {
		b.WriteString(", read again")
	}
	fmt.Fprintf(&b, ": %s rows, %s requests", reports.Count(at.Rows), reports.Count(int64(at.Requests)))
	if at.RequestsLeft >= 0 && at.RequestsLeft < worthSaying {
		fmt.Fprintf(&b, ", %d left this minute", at.RequestsLeft)
	}
	if at.SecondsLeft > 0 {
		s := float64(at.SecondsLeft)
		fmt.Fprintf(&b, ", about %s to go", reports.Seconds(&s))
	}
	return b.String()
}
