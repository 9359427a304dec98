package charts

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// PagesPerShiftData are the shifts of one rotation in a period.
type PagesPerShiftData struct {
	// Since and Until bound the axis. Times are written in Since's location.
	Since, Until time.Time
	Shifts       []Shift
	// LimitPer12h is the number of pages in 12 hours on call above which a shift is over. Nil: no limit.
	LimitPer12h *float64
}

// Shift is one person's time on call.
type Shift struct {
	// Of says whose shift it is, for the table. Empty in all: the table does not say.
	Of             string
	Start, End     time.Time
	PageCount      int64
	NightPageCount int64
	OnCallSeconds  int64
}

// PagesPerShift draws a dot a shift over time: solid above the limit, hollow within it, with a stem up to its night
// pages. The limit is drawn for each shift as long as the shift is, at limit × hours / 12, so that shifts of all lengths are
// judged alike and equal ones make one line; a shift below 12 hours may have as many as one of 12, as the last block of a
// shift may. A shift without time on call has no limit and is never over. Nil without a shift.
func PagesPerShift(id string, d PagesPerShiftData) *Figure {
	if len(d.Shifts) == 0 {
		return nil
	}
	d.Shifts = slices.Clone(d.Shifts)
	slices.SortStableFunc(d.Shifts, func(a, b Shift) int {
		return cmp.Or(a.Start.Compare(b.Start), a.End.Compare(b.End), cmp.Compare(a.PageCount, b.PageCount))
	})
	f := newFigure(id, "pages per shift")
	f.Finding, f.Desc = d.finding(), d.desc()
	f.Table = d.table()
	f.SVG = drawShifts(f, d)
	f.Lines = d.lines()
	return f
}

// limit is how many pages a shift may have, nil where that is not known.
func (d *PagesPerShiftData) limit(s Shift) *float64 {
	if d.LimitPer12h == nil || s.OnCallSeconds <= 0 {
		return nil
	}
	v := *d.LimitPer12h * max(float64(s.OnCallSeconds)/43200, 1)
	return &v
}

func (d *PagesPerShiftData) over(s Shift) bool {
	limit := d.limit(s)
	return limit != nil && float64(s.PageCount) > *limit
}

type shiftSums struct{ over, judged, pages, worst, night int64 }

func (d *PagesPerShiftData) sums() shiftSums {
	var s shiftSums
	for _, shift := range d.Shifts {
		s.pages += shift.PageCount
		s.night += shift.NightPageCount
		s.worst = max(s.worst, shift.PageCount)
		if d.limit(shift) != nil {
			s.judged++
		}
		if d.over(shift) {
			s.over++
		}
	}
	return s
}

func (d *PagesPerShiftData) finding() string {
	s := d.sums()
	all := plural(int64(len(d.Shifts)), "shift")
	switch {
	case s.pages == 0:
		return "No page in " + all
	case s.judged == 0:
		return fmt.Sprintf("%s in %s; the worst had %s", plural(s.pages, "page"), all, count(s.worst))
	case s.over == 0:
		return fmt.Sprintf("None of %s above %s pages per 12 h; the worst had %s", all, decimal(*d.LimitPer12h), count(s.worst))
	}
	return fmt.Sprintf("%s of %s above %s pages per 12 h; the worst had %s", count(s.over), all, decimal(*d.LimitPer12h), count(s.worst))
}

func (d *PagesPerShiftData) desc() string {
	s := d.sums()
	text := fmt.Sprintf("Dots over time, one a shift: %s from %s to %s, %s, %s of them at night. The most in a shift: %s.",
		plural(int64(len(d.Shifts)), "shift"), instant(d.Since), instant(d.Until), plural(s.pages, "page"), count(s.night), count(s.worst))
	if s.judged > 0 {
		text += fmt.Sprintf(" Solid dots, %s of them, are above the limit of %s pages per 12 hours on call.", count(s.over), decimal(*d.LimitPer12h))
	}
	return text
}

func (d *PagesPerShiftData) table() Table {
	t := Table{Caption: "Pages of each shift", Head: []string{"from", "to", "hours", "pages", "night", "limit", ""}, Left: 2}
	named := slices.ContainsFunc(d.Shifts, func(s Shift) bool { return s.Of != "" })
	if named {
		t.Head, t.Left = slices.Insert(t.Head, 0, "shift of"), 3
	}
	for _, s := range d.Shifts {
		mark := ""
		if d.over(s) {
			mark = "▲ over"
		}
		t.Rows = append(t.Rows, []string{instant(s.Start.In(d.Since.Location())), instant(s.End.In(d.Since.Location())),
			decimal(float64(s.OnCallSeconds) / 3600), count(s.PageCount), count(s.NightPageCount), text(d.limit(s)), mark})
		if named {
			last := len(t.Rows) - 1
			t.Rows[last] = slices.Insert(t.Rows[last], 0, label(s.Of, 30))
		}
	}
	return t
}

// shiftsPerLine is how many shifts one line of the terminal holds.
const shiftsPerLine = 42

// lines prints a line a week, a character a shift; four weeks a line where shifts are long.
func (d *PagesPerShiftData) lines() []string {
	days := 7
	if weeks := d.Until.Sub(d.Since).Hours() / 168; float64(len(d.Shifts)) < 3*weeks {
		days = 28
	}
	worst := float64(d.sums().worst)
	var lines []string
	from := d.Since
	for rest := d.Shifts; len(rest) > 0; {
		next := from.AddDate(0, 0, days)
		n := 0
		for n < len(rest) && n < shiftsPerLine && (rest[n].Start.Before(next) || !next.Before(d.Until)) {
			n++
		}
		if n > 0 {
			lines = append(lines, d.line(from, rest[:n], worst))
		}
		if rest = rest[n:]; n < shiftsPerLine {
			from = next
		}
	}
	return append(lines, d.legend(worst)...)
}

func (d *PagesPerShiftData) line(from time.Time, shifts []Shift, worst float64) string {
	var values []*float64
	var most, over int64
	for _, s := range shifts {
		n := float64(s.PageCount)
		values = append(values, &n)
		most = max(most, s.PageCount)
		if d.over(s) {
			over++
		}
	}
	line := left(date(from), 7) + left(spark(values, worst), shiftsPerLine+1) + "worst" + right(compact(most), 5)
	if d.LimitPer12h != nil {
		line += fmt.Sprintf(", %d of %d over", over, len(shifts))
	}
	return line
}

func (d *PagesPerShiftData) legend(worst float64) []string {
	if worst == 0 {
		return nil
	}
	parts := []string{"one character a shift", "█ " + count(int64(worst)) + " pages"}
	if l := d.sameLimit(); l != nil && *l < worst {
		parts = append(parts, "┄ limit "+decimal(*l)+", at "+spark([]*float64{l}, worst))
	}
	return wrapIndented(strings.Join(parts, "; "))
}

// sameLimit is the limit that all shifts have, to the page.
func (d *PagesPerShiftData) sameLimit() *float64 {
	var first *float64
	for _, s := range d.Shifts {
		switch l := d.limit(s); {
		case l == nil:
		case first == nil:
			first = l
		case decimal(*l) != decimal(*first):
			return nil
		}
	}
	return first
}

func wrapIndented(s string) []string {
	return each(wrap(s, screen-7), func(line string) string { return strings.Repeat(" ", 7) + line })
}
