package charts

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
)

// BeforeAfterData are one quantity before and after a change, real or proposed.
type BeforeAfterData struct {
	// Unit is what the values count: "pages a week". It is our own text.
	Unit          string
	Before, After Bar
	// MayBeChance is true where a test could not tell the two apart.
	MayBeChance bool
}

// Bar is a value, at least 0, with its range. Nil Low or High: no range is drawn.
type Bar struct {
	Label     string
	Value     float64
	Low, High *float64
	N         int64 // what the value rests on
}

func (b Bar) hasRange() bool {
	return b.Low != nil && b.High != nil && !isBad(*b.Low) && !isBad(*b.High)
}

// BeforeAfter draws two bars from 0 on one axis, with whiskers for their ranges. The finding gives both values, and the
// difference only where it is not said to be chance. Nil if a value is negative or no number.
func BeforeAfter(id string, d BeforeAfterData) *Figure {
	for _, b := range []Bar{d.Before, d.After} {
		if isBad(b.Value) || b.Value < 0 {
			return nil
		}
	}
	f := newFigure(id, "before and after")
	f.Finding, f.Desc = d.finding(), d.desc()
	f.Table = d.table()
	f.SVG = drawChange(f, d)
	f.Lines = d.lines()
	return f
}

// number is a plain quantity: two decimals below 1, one above.
func number(v float64) string {
	if math.Abs(v) >= 1 {
		if s := decimal(v); len(s) <= 3 || strings.Contains(s, ".") {
			return s
		}
		return count(int64(math.Round(v)))
	}
	return strconv.FormatFloat(math.Round(v*100)/100+0, 'f', -1, 64)
}

func (d *BeforeAfterData) finding() string {
	text := fmt.Sprintf("%s → %s %s", number(d.Before.Value), number(d.After.Value), d.Unit)
	if d.MayBeChance {
		return text + ": may be chance (~)"
	}
	return text + d.difference()
}

func (d *BeforeAfterData) difference() string {
	if d.Before.Value == 0 || d.After.Value == d.Before.Value {
		return ""
	}
	r := d.After.Value / d.Before.Value
	switch {
	case r >= 2:
		return ": " + number(r) + " times as much"
	case r > 1:
		return ": " + percent(r-1) + " more"
	}
	return ": " + percent(1-r) + " less"
}

func (d *BeforeAfterData) desc() string {
	return fmt.Sprintf("Two bars in %s; %s; %s.", d.Unit, d.words(d.Before), d.words(d.After))
}

// words are a bar in words: "before: 12.3 (9.1–16), n 186".
func (d *BeforeAfterData) words(b Bar) string {
	text := label(b.Label, 20) + ": " + number(b.Value)
	if b.hasRange() {
		text += fmt.Sprintf(" (%s–%s)", number(*b.Low), number(*b.High))
	}
	return text + ", n " + count(b.N)
}

func (d *BeforeAfterData) table() Table {
	t := Table{Caption: "Before and after: " + d.Unit, Head: []string{"", "value", "low", "high", "n"}, Left: 1}
	for _, b := range []Bar{d.Before, d.After} {
		t.Rows = append(t.Rows, []string{label(b.Label, 40), number(b.Value), orUnknown(b.Low, number), orUnknown(b.High, number), count(b.N)})
	}
	return t
}

type changeView struct {
	frame
	Bars []changeBar
	Axis string
	Key  []key
}

type changeBar struct{ Y, Text, Bar, Whisker string }

func (d *BeforeAfterData) top() float64 {
	top := max(d.Before.Value, d.After.Value)
	for _, b := range []Bar{d.Before, d.After} {
		if b.hasRange() {
			top = max(top, *b.High)
		}
	}
	return top
}

func drawChange(f *Figure, d BeforeAfterData) template.HTML {
	const row = 40.0
	x := linear{0, d.top(), 1, chartWidth - 6}
	v := changeView{}
	var axis path
	for i, b := range []Bar{d.Before, d.After} {
		y := float64(i) * row
		var rect, whisker path
		rect.rect(1, y+18, x.at(b.Value)-1, 14)
		axis.add("M", 1, y+16)
		axis.add("v", 18)
		if b.hasRange() {
			from, to := x.at(max(*b.Low, 0)), x.at(*b.High)
			for _, end := range []float64{from, to} {
				whisker.add("M", end, y+20)
				whisker.add("v", 10)
			}
			whisker.add("M", from, y+25)
			whisker.add("H", to)
		}
		v.Bars = append(v.Bars, changeBar{Y: num(y + 13), Text: d.words(b), Bar: rect.String(), Whisker: whisker.String()})
	}
	v.Axis = axis.String()
	height := 0.0
	if d.Before.hasRange() || d.After.hasRange() {
		v.Key, height = legend(2*row, boxKey("area", "", d.Unit), key{Class: "whisker", Text: "range", draw: func(p *path, x, y float64) {
			p.add("M", x+1, y-4)
			p.add("v", 8)
			p.add("M", x+15, y-4)
			p.add("v", 8)
			p.add("M", x+1, y)
			p.add("h", 14)
		}})
	}
	v.frame = f.frame(chartWidth, 2*row+height)
	return execute("change.svg.tmpl", v)
}

// lines prints two rows: bar, and the range as ├──┤ below it.
func (d *BeforeAfterData) lines() []string {
	const cells = 48
	x := linear{0, d.top(), 0, cells}
	var lines []string
	for _, b := range []Bar{d.Before, d.After} {
		words := number(b.Value)
		lines = append(lines, left(label(b.Label, 12), 13)+left(bar(int(math.Round(x.at(b.Value)))), cells+2)+words)
		if b.hasRange() {
			from, to := int(x.at(max(*b.Low, 0))), int(x.at(*b.High))
			line := left("", from) + "├" + strings.Repeat("─", max(0, to-from-2)) + "┤"
			lines = append(lines, left("", 13)+line)
			lines = append(lines, left("", 13)+fmt.Sprintf("%s–%s, n %s", number(*b.Low), number(*b.High), count(b.N)))
		} else {
			lines = append(lines, left("", 13)+"n "+count(b.N))
		}
	}
	return lines
}
