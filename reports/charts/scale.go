package charts

import (
	"math"
	"strconv"
	"strings"
	"time"
)

const (
	chartWidth = 340.0 // units; see the package comment
	textHeight = 16.0
)

// num is a coordinate with at most one decimal.
func num(v float64) string {
	s := strconv.FormatFloat(math.Round(v*10)/10+0, 'f', 1, 64)
	return strings.TrimSuffix(s, ".0")
}

// path collects the d attribute of one <path>, which is what keeps a chart of thousands of marks small.
type path struct{ strings.Builder }

func (p *path) add(command string, coordinates ...float64) {
	p.WriteString(command)
	for i, c := range coordinates {
		s := num(c)
		if i > 0 && s[0] != '-' {
			p.WriteByte(' ')
		}
		p.WriteString(s)
	}
}

func (p *path) rect(x, y, w, h float64) {
	p.add("M", x, y)
	p.add("h", w)
	p.add("v", h)
	p.add("h", -w)
	p.add("z")
}

// dot is a line of no length: a round line cap makes it a disc.
func (p *path) dot(x, y float64) {
	p.add("M", x, y)
	p.add("h", 0)
}

// linear maps from..to onto start..end.
type linear struct{ from, to, start, end float64 }

func (l linear) at(v float64) float64 {
	if l.to == l.from {
		return l.start
	}
	return l.start + (v-l.from)/(l.to-l.from)*(l.end-l.start)
}

// ceiling is a whole round number that is at least v, for the end of an axis that starts at 0.
func ceiling(v float64) float64 {
	if v <= 1 {
		return 1
	}
	unit := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10} {
		if v <= m*unit && m*unit == math.Floor(m*unit) {
			return m * unit
		}
	}
	return 10 * unit
}

// steps are the axis marks from 0 to a ceiling: the ends, and the middle where it is a whole number.
func steps(top float64) []float64 {
	if half := top / 2; half == math.Floor(half) {
		return []float64{0, half, top}
	}
	return []float64{0, top}
}

// tick is a mark on an axis. Anchor is the class that says on which side of X its text stands.
type tick struct{ X, Y, Text, Anchor string }

// timeline maps times onto an axis. Times are read in the location of since.
type timeline struct {
	since, until time.Time
	start, end   float64
}

func (l timeline) at(t time.Time) float64 {
	return linear{0, l.until.Sub(l.since).Seconds(), l.start, l.end}.at(t.Sub(l.since).Seconds())
}

// ticks are at most six round times, written at y: midnights, Mondays, or hours where the axis is short.
func (l timeline) ticks(y float64) []tick {
	var out []tick
	for _, t := range l.times(6) {
		x := l.at(t)
		form := "2 Jan"
		switch {
		case l.until.Sub(l.since) > 330*24*time.Hour:
			form = "Jan 2006"
		case t.Hour() != 0 || t.Minute() != 0:
			form = "15:04"
		}
		out = append(out, placed(x, y, t.Format(form)))
	}
	return out
}

// placed puts a text under x, and keeps it inside the chart.
func placed(x, y float64, s string) tick {
	half := textWidth(s) / 2
	switch {
	case x-half < 0:
		return tick{X: num(x), Y: num(y), Text: s, Anchor: "s"}
	case x+half > chartWidth:
		return tick{X: num(x), Y: num(y), Text: s, Anchor: "e"}
	}
	return tick{X: num(x), Y: num(y), Text: s, Anchor: "c"}
}

func (l timeline) times(most int) []time.Time {
	day := time.Date(l.since.Year(), l.since.Month(), l.since.Day(), 0, 0, 0, 0, l.since.Location())
	for _, hours := range []int{1, 3, 6, 12} {
		step := time.Duration(hours) * time.Hour
		if l.until.Sub(l.since) <= time.Duration(most-1)*step {
			return l.walk(day, func(t time.Time) time.Time { return t.Add(step) })
		}
	}
	for _, days := range []int{1, 2, 7, 14, 28, 91, 364} {
		if l.until.Sub(l.since) > time.Duration((most-1)*days*24)*time.Hour && days < 364 {
			continue
		}
		if days >= 7 {
			day = day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
		}
		return l.walk(day, func(t time.Time) time.Time { return t.AddDate(0, 0, days) })
	}
	return nil
}

func (l timeline) walk(t time.Time, next func(time.Time) time.Time) []time.Time {
	var out []time.Time
	for ; t.Before(l.until) && len(out) < 12; t = next(t) {
		if !t.Before(l.since) {
			out = append(out, t)
		}
	}
	return out
}
