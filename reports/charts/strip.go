package charts

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// StripData are the firings of alert rules in a period.
type StripData struct {
	// Since and Until bound the axis. Times are written in Since's location.
	Since, Until time.Time
	// Rows are drawn in the order given.
	Rows []StripRow
}

// StripRow is one rule: when it fired, and its flap runs. The label is other people's text.
type StripRow struct {
	ID, Label string
	Firings   []time.Time
	Runs      []Run
}

// Run is one flap run.
type Run struct {
	Start, End  time.Time
	FiringCount int64
}

const (
	stripRows  = 10
	tickHeight = 13.0
)

// Strip draws a row a rule, at most 10, with a tick a firing and a bracket over each flap run, all on one time axis. Ticks
// that fall on one unit of the drawing are drawn once. Firings outside the period are left out. Nil without a firing.
func Strip(id string, d StripData) *Figure {
	s := newStrip(d)
	if s.firings == 0 {
		return nil
	}
	f := newFigure(id, "firings over time")
	f.Finding, f.Desc = s.finding(), s.desc()
	f.Table = s.table()
	f.SVG = drawStrip(f, s)
	f.Lines = s.lines()
	return f
}

type strip struct {
	StripData
	firings, inRuns, runs, flapping int64
}

func newStrip(d StripData) strip {
	s := strip{StripData: d}
	s.Rows = nil
	for _, r := range d.Rows {
		r.Firings = slices.DeleteFunc(slices.Clone(r.Firings), func(t time.Time) bool { return t.Before(d.Since) || !t.Before(d.Until) })
		if len(r.Firings) == 0 {
			continue
		}
		r.Runs = slices.DeleteFunc(slices.Clone(r.Runs), func(run Run) bool { return run.End.Before(d.Since) || !run.Start.Before(d.Until) })
		slices.SortFunc(r.Firings, time.Time.Compare)
		slices.SortFunc(r.Runs, func(a, b Run) int { return cmp.Or(a.Start.Compare(b.Start), a.End.Compare(b.End)) })
		s.Rows = append(s.Rows, r)
		s.firings += int64(len(r.Firings))
		s.inRuns += r.inRuns()
		s.runs += int64(len(r.Runs))
		if len(r.Runs) > 0 {
			s.flapping++
		}
	}
	return s
}

// inRuns is how many firings of the period lie inside a run. Runs and firings are in order.
func (r *StripRow) inRuns() int64 {
	var n int64
	var end time.Time // the furthest end of the runs that have begun
	begun := 0
	for _, t := range r.Firings {
		for ; begun < len(r.Runs) && !r.Runs[begun].Start.After(t); begun++ {
			if r.Runs[begun].End.After(end) {
				end = r.Runs[begun].End
			}
		}
		if begun > 0 && !t.After(end) {
			n++
		}
	}
	return n
}

func (s *strip) shown() []StripRow { return s.Rows[:min(len(s.Rows), stripRows)] }

func (s *strip) finding() string {
	rules := plural(int64(len(s.Rows)), "rule")
	if s.runs == 0 {
		return fmt.Sprintf("No flapping: %s of %s in no run", plural(s.firings, "firing"), rules)
	}
	if int(s.flapping) < len(s.Rows) {
		rules = count(s.flapping) + " of " + rules
	}
	return fmt.Sprintf("%s flapped: %s of %s in %s", rules, count(s.inRuns), plural(s.firings, "firing"), plural(s.runs, "run"))
}

func (s *strip) desc() string {
	text := fmt.Sprintf("One row a rule, %s, with a tick for each of %s from %s to %s",
		plural(int64(len(s.shown())), "row"), plural(s.firings, "firing"), instant(s.Since), instant(s.Until))
	if s.runs > 0 {
		text += fmt.Sprintf(", and a bracket over each of %s", plural(s.runs, "flap run"))
	}
	text += ". Where firings are dense, a tick stands for several."
	if hidden := len(s.Rows) - len(s.shown()); hidden > 0 {
		text += " Only in the table: " + plural(int64(hidden), "more rule") + "."
	}
	return text
}

func (s *strip) table() Table {
	t := Table{Caption: "Firings by alert rule", Left: 2,
		Head: []string{"rule", "title", "firings", "in runs", "runs", "longest run", "first", "last"}}
	for _, r := range s.Rows {
		longest := unknown
		if len(r.Runs) > 0 {
			longest = count(slices.MaxFunc(r.Runs, func(a, b Run) int { return int(a.FiringCount - b.FiringCount) }).FiringCount)
		}
		at := func(t time.Time) string { return instant(t.In(s.Since.Location())) }
		t.Rows = append(t.Rows, []string{label(r.ID, 12), label(r.Label, 80), count(int64(len(r.Firings))), count(r.inRuns()),
			count(int64(len(r.Runs))), longest, at(r.Firings[0]), at(r.Firings[len(r.Firings)-1])})
	}
	return t
}

// lines prints a row of braille a rule: two columns of dots a character, 1 to 4 dots high for 1, 2, 4 and 8 firings.
func (s *strip) lines() []string {
	const cells = 42
	lines := []string{left("", 28) + left(date(s.Since), cells-6) + right(date(s.Until), 6)}
	for _, r := range s.shown() {
		x := timeline{s.Since, s.Until, 0, 2 * cells}
		var columns [2 * cells]int64
		for _, t := range r.Firings {
			columns[min(int(x.at(t)), 2*cells-1)]++
		}
		row := make([]rune, cells)
		for i := range row {
			row[i] = braille(columns[2*i], columns[2*i+1])
		}
		lines = append(lines, left(label(r.ID, 8), 9)+left(label(r.Label, 18), 19)+string(row)+right(compact(int64(len(r.Firings))), 6))
	}
	lines = append(lines, left("", 28)+"dots up: 1, 2, 4, 8 firings or more")
	if hidden := len(s.Rows) - len(s.shown()); hidden > 0 {
		lines = append(lines, left("", 28)+"and "+plural(int64(hidden), "more rule"))
	}
	return lines
}

// braille is a character with two bars of 0 to 4 dots from below.
func braille(a, b int64) rune {
	bars := [2][5]rune{{0, 0x40, 0x44, 0x46, 0x47}, {0, 0x80, 0xa0, 0xb0, 0xb8}}
	scale := []int64{1, 2, 4, 8}
	return '\u2800' + bars[0][step(scale, a)] + bars[1][step(scale, b)]
}
