package charts

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
)

// heatScale are the least counts of each step above 0: 1, then powers of two. It starts higher only where more than a
// sixth of the cells with pages would reach the last step, so that one storm does not whiten the rest.
func heatScale(cells [7][24]int64, shades int) []int64 {
	for unit := int64(1); ; unit *= 2 {
		scale := []int64{1}
		for k := 1; k < shades; k++ {
			scale = append(scale, unit<<k)
		}
		var some, last int
		for d := range cells {
			for _, n := range cells[d] {
				if n > 0 {
					some++
				}
				if n >= scale[shades-1] {
					last++
				}
			}
		}
		if last <= max(1, some/6) {
			return scale
		}
	}
}

// step is the index of a count on a scale, 0 for none.
func step(scale []int64, n int64) int {
	s := 0
	for s < len(scale) && n >= scale[s] {
		s++
	}
	return s
}

// reach says which counts a step stands for: "4–7", "16 or more".
func reach(scale []int64, k int) string {
	from := compact(scale[k-1])
	switch {
	case k == len(scale):
		return from + " or more"
	case scale[k] == scale[k-1]+1:
		return from
	}
	return from + "–" + compact(scale[k]-1)
}

const (
	heatWidth, heatLeft, heatTop = 660.0, 38.0, 24.0
	cellWidth, cellHeight        = 24.0, 22.0
	heatShades                   = 5
)

type heatView struct {
	frame
	Hours  []tick
	Seams  string
	Levels []heatLevel
	Sleep  string
	Rows   []heatRow
	Key    []key
}

type heatLevel struct {
	Step int
	Path string
}

type heatRow struct {
	Name, Total, Y string
	NameX, TotalX  string
	Cells          []heatCell
}

type heatCell struct{ X, Text, Class string }

func drawHeat(f *Figure, m heat) template.HTML {
	scale := heatScale(m.PageCounts, heatShades)
	bottom := heatTop + 7*cellHeight
	v := heatView{Seams: heatSeams(), Levels: heatLevels(m, scale), Sleep: heatFrame(m, bottom)}
	for h := 0; h < 24; h += 3 { // as the terminal does
		v.Hours = append(v.Hours, tick{X: num(cellMiddle(h)), Y: num(heatTop - 8), Text: fmt.Sprintf("%02d", h)})
	}
	for d := range m.PageCounts {
		v.Rows = append(v.Rows, heatCells(weekdays[d], m.PageCounts[d][:], m.days[d], heatTop+float64(d)*cellHeight, scale))
	}
	v.Rows = append(v.Rows, heatCells("all", m.hours[:], m.total, bottom+2, nil))
	v.Key = heatKey(m, scale, bottom+30)
	v.frame = f.frame(heatWidth, bottom+46)
	return execute("heat.svg.tmpl", v)
}

func cellMiddle(hour int) float64 { return heatLeft + (float64(hour)+0.5)*cellWidth }

// heatLevels are one path for each step, of all its cells; empty cells are one ground, cut by seams. The gaps between
// cells are what the dashed frame is drawn on.
func heatLevels(m heat, scale []int64) []heatLevel {
	var paths [heatShades + 1]path
	paths[0].rect(heatLeft+1, heatTop+1, 24*cellWidth-2, 7*cellHeight-2)
	for d := range m.PageCounts {
		for h, n := range m.PageCounts[d] {
			if n == 0 {
				continue
			}
			paths[step(scale, n)].rect(heatLeft+float64(h)*cellWidth+1, heatTop+float64(d)*cellHeight+1, cellWidth-2, cellHeight-2)
		}
	}
	var levels []heatLevel
	for k := range paths {
		if paths[k].Len() > 0 {
			levels = append(levels, heatLevel{k, paths[k].String()})
		}
	}
	return levels
}

// heatSeams are the lines between cells.
func heatSeams() string {
	var p path
	for h := 1; h < 24; h++ {
		p.add("M", heatLeft+float64(h)*cellWidth, heatTop)
		p.add("V", heatTop+7*cellHeight)
	}
	for d := 1; d < 7; d++ {
		p.add("M", heatLeft, heatTop+float64(d)*cellHeight)
		p.add("H", heatLeft+24*cellWidth)
	}
	return p.String()
}

// heatFrame goes around the sleep hours of all days. Where the window crosses midnight the frame is open there: the night
// goes on in the next row. An edge on the half hour leaves out the middle of its cells, where their numbers stand.
func heatFrame(m heat, bottom float64) string {
	var p path
	for _, part := range m.nights() {
		x1, x2 := heatLeft+float64(part[0])/60*cellWidth, heatLeft+float64(part[1])/60*cellWidth
		for _, y := range []float64{heatTop, bottom} {
			p.add("M", x1, y)
			p.add("H", x2)
		}
		for _, edge := range part {
			if midnight := edge%1440 == 0; midnight && m.SleepStartMinute%1440 != 0 && m.SleepEndMinute%1440 != 0 {
				continue
			}
			heatEdge(&p, edge, bottom)
		}
	}
	return p.String()
}

func heatEdge(p *path, minute int, bottom float64) {
	x := heatLeft + float64(minute)/60*cellWidth
	if minute%60 == 0 {
		p.add("M", x, heatTop)
		p.add("V", bottom)
		return
	}
	p.add("M", x, heatTop)
	p.add("v", 3)
	for y := heatTop + cellHeight; y < bottom; y += cellHeight {
		p.add("M", x, y-3)
		p.add("v", 6)
	}
	p.add("M", x, bottom-3)
	p.add("v", 3)
}

func heatCells(name string, cells []int64, total int64, y float64, scale []int64) heatRow {
	r := heatRow{Name: name, Total: compact(total), Y: num(y + 15), NameX: num(heatLeft - 6), TotalX: num(heatWidth - 2)}
	for h, n := range cells {
		c := heatCell{X: num(cellMiddle(h)), Text: compact(n)}
		switch {
		case n == 0:
			continue
		case scale == nil:
			c.Class = "m"
		case step(scale, n) >= 4:
			c.Class = "o"
		}
		r.Cells = append(r.Cells, c)
	}
	return r
}

func heatKey(m heat, scale []int64, y float64) []key {
	keys := []key{boxKey("key0", "", "0")}
	for k := 1; k <= len(scale); k++ {
		keys = append(keys, boxKey("h"+strconv.Itoa(k), "", reach(scale, k)))
	}
	x := heatLeft
	if m.hasSleep() {
		keys = append(keys, lineKey("sleep", fmt.Sprintf("sleep hours %s–%s", clock(m.SleepStartMinute), clock(m.SleepEndMinute))))
	}
	for i := range keys { // one row: the chart is wide
		k := &keys[i]
		var p path
		k.draw(&p, x, y+1)
		k.D, k.TextX, k.Y = p.String(), num(x+20), num(y+5)
		x += 38 + float64(width(k.Text))*6
	}
	return keys
}

// lines draws the map with two characters an hour, so that a sleep window on the half hour can be marked too.
func (m *heat) lines() []string {
	shades := [5]string{"· ", "░░", "▒▒", "▓▓", "██"}
	scale := heatScale(m.PageCounts, len(shades)-1)
	head, sums := "    ", "all "
	for h := 0; h < 24; h += 3 {
		head += left(fmt.Sprintf("%02d", h), 6)
		sums += left(compact(m.hours[h]+m.hours[h+1]+m.hours[h+2]), 6)
	}
	lines := []string{head + right("all", 7)}
	if m.hasSleep() {
		lines = append(lines, "    "+m.sleepLine()+"  sleep "+clock(m.SleepStartMinute)+"–"+clock(m.SleepEndMinute))
	}
	for d := range m.PageCounts {
		line := weekdays[d] + " "
		for h := range 24 {
			line += shades[step(scale, m.PageCounts[d][h])]
		}
		lines = append(lines, line+right(count(m.days[d]), 7))
	}
	legend := "   "
	for k := 1; k <= len(scale); k++ {
		legend += " " + string([]rune(shades[k])[0]) + " " + reach(scale, k) + " "
	}
	return trim(append(lines, sums+right(count(m.total), 7), legend))
}

// sleepLine marks sleep hours, half an hour a character; what covers only a part of one is marked too.
func (m *heat) sleepLine() string {
	var b strings.Builder
	for half := range 48 {
		mark := " "
		for _, part := range m.nights() {
			if part[0] < half*30+30 && half*30 < part[1] {
				mark = "┄"
			}
		}
		b.WriteString(mark)
	}
	return b.String()
}
