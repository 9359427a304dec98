package reports

import (
	"fmt"
	"strings"
)

var weekdays = [7]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}

// heat is the hour-of-week map: pages by weekday and hour of the local time of the person paged.
type heat struct {
	Title string
	Cells [7][24]int64
	Total int64
}

func newHeat(cells [7][24]int64) *heat {
	h := &heat{Cells: cells}
	var top int64
	day, hour := 0, 0
	for d := range cells {
		for t, n := range cells[d] {
			h.Total += n
			if n > top {
				top, day, hour = n, d, t
			}
		}
	}
	if h.Total == 0 {
		return nil
	}
	h.Title = fmt.Sprintf("HOUR OF WEEK, where people are: most pages %s %02d:00 (%s)", weekdays[day], hour, Count(top))
	return h
}

// Level is a cell's step on a power-of-two scale, 0 to 4, so that one storm does not whiten the rest.
func (h *heat) Level(day, hour int) int {
	switch n := h.Cells[day][hour]; {
	case n == 0:
		return 0
	case n == 1:
		return 1
	case n <= 3:
		return 2
	case n <= 7:
		return 3
	}
	return 4
}

// DayTotal is the number of pages of a weekday.
func (h *heat) DayTotal(day int) int64 {
	var sum int64
	for _, n := range h.Cells[day] {
		sum += n
	}
	return sum
}

// Lines draws the map with two characters an hour.
func (h *heat) Lines() []string {
	shades := [5]string{"· ", "░░", "▒▒", "▓▓", "██"}
	head := "    "
	for t := 0; t < 24; t += 3 {
		head += fmt.Sprintf("%-6s", fmt.Sprintf("%02d", t))
	}
	lines := []string{strings.TrimRight(head, " ")}
	for d := range h.Cells {
		line := weekdays[d] + " "
		for t := range h.Cells[d] {
			line += shades[h.Level(d, t)]
		}
		lines = append(lines, line+padLeft(Count(h.DayTotal(d)), 7))
	}
	return append(lines, "    ░ 1  ▒ 2–3  ▓ 4–7  █ 8 or more")
}
