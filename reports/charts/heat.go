package charts

import (
	"fmt"

	"gonum.org/v1/gonum/stat/distuv"
)

// HourOfWeekData are pages by weekday and hour of the local time of the person paged.
type HourOfWeekData struct {
	// PageCounts is [weekday][hour], Monday first.
	PageCounts [7][24]int64
	// SleepStartMinute and SleepEndMinute bound the sleep window [start, end) in minutes of the local day; it may cross
	// midnight. Equal: no window is drawn.
	SleepStartMinute, SleepEndMinute int
	// SleepPageCount is how many pages fell into the window. Nil: counted from the cells, if the window is of full hours.
	SleepPageCount *int64
}

// fewPages is the number of pages below which a finding about them is no more than "too few".
const fewPages = 10

var weekdays = [7]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}

// HourOfWeek is the heat map of pages by weekday and hour. Nil without a page. Below 10 pages the finding says that they are
// too few. A busiest hour is named only where chance alone, over 168 cells (or 24 hours of the day), would make
// one as busy in less than 1 of 20 such maps; the test takes pages as independent, and says nothing of next week.
func HourOfWeek(id string, c HourOfWeekData) *Figure {
	m := measureHeat(c)
	if m.total == 0 {
		return nil
	}
	f := newFigure(id, "hour of week")
	f.Wide = true
	f.Finding = m.finding()
	f.Desc = m.desc()
	f.Table = m.table()
	f.SVG = drawHeat(f, m)
	f.Lines = m.lines()
	return f
}

// heat is what is read off the counts before anything is drawn.
type heat struct {
	HourOfWeekData
	total   int64
	days    [7]int64
	hours   [24]int64
	top     int64
	topDay  int
	topHour int
	busiest int    // the busiest hour of the day
	sleep   *int64 // pages in the sleep window, where known
}

func measureHeat(c HourOfWeekData) heat {
	m := heat{HourOfWeekData: c, sleep: c.SleepPageCount}
	var inside int64
	for d := range c.PageCounts {
		for h, n := range c.PageCounts[d] {
			m.total += n
			m.days[d] += n
			m.hours[h] += n
			if n > m.top {
				m.top, m.topDay, m.topHour = n, d, h
			}
			if m.sleepMinutes(h) == 60 {
				inside += n
			}
		}
	}
	for h, n := range m.hours {
		if n > m.hours[m.busiest] {
			m.busiest = h
		}
	}
	if m.sleep == nil && m.SleepStartMinute%60 == 0 && m.SleepEndMinute%60 == 0 && m.hasSleep() {
		m.sleep = &inside
	}
	return m
}

func (m *heat) hasSleep() bool { return m.SleepStartMinute != m.SleepEndMinute }

// nights are the parts of one local day inside the sleep window, in minutes: two where it crosses midnight.
func (m *heat) nights() [][2]int {
	switch {
	case !m.hasSleep():
		return nil
	case m.SleepStartMinute < m.SleepEndMinute:
		return [][2]int{{m.SleepStartMinute, m.SleepEndMinute}}
	}
	var parts [][2]int
	for _, part := range [][2]int{{0, m.SleepEndMinute}, {m.SleepStartMinute, 1440}} {
		if part[0] < part[1] {
			parts = append(parts, part)
		}
	}
	return parts
}

// sleepMinutes is how much of an hour of the day lies inside the sleep window.
func (m *heat) sleepMinutes(hour int) int {
	sum := 0
	for _, part := range m.nights() {
		sum += max(0, min(part[1], hour*60+60)-max(part[0], hour*60))
	}
	return sum
}

func (m *heat) inSleep(hour int) string {
	switch minutes := m.sleepMinutes(hour); {
	case !m.hasSleep():
		return ""
	case minutes == 60:
		return ", inside sleep hours"
	case minutes > 0:
		return ", partly inside sleep hours"
	}
	return ", outside sleep hours"
}

func (m *heat) finding() string {
	at := fmt.Sprintf("%02d:00", m.topHour)
	of := func(n int64) string { return fmt.Sprintf("%s of %s pages", count(n), count(m.total)) }
	switch busy := m.hours[m.busiest]; {
	case m.total < fewPages:
		return "Too few pages to say when: " + count(m.total)
	case 2*m.top > m.total:
		return fmt.Sprintf("Most pages land %s %s (%s)%s", weekdays[m.topDay], at, of(m.top), m.inSleep(m.topHour))
	case 2*busy > m.total && standsOut(busy, m.total, 24):
		return fmt.Sprintf("Most pages land at %02d:00 (%s)%s", m.busiest, of(busy), m.inSleep(m.busiest))
	case standsOut(m.top, m.total, 168) && 2*m.top > m.hours[m.topHour]:
		return fmt.Sprintf("Busiest hour: %s %s (%s)%s", weekdays[m.topDay], at, of(m.top), m.inSleep(m.topHour))
	case standsOut(busy, m.total, 24):
		return fmt.Sprintf("Busiest hour of the day: %02d:00 (%s)%s", m.busiest, of(busy), m.inSleep(m.busiest))
	}
	if m.sleep == nil {
		return "No hour stands out among " + plural(m.total, "page")
	}
	return fmt.Sprintf("No hour stands out; %s of %s are in sleep hours, which are %s of the week",
		percent(ratio(*m.sleep, m.total)), plural(m.total, "page"), percent(float64(m.windowMinutes())/1440))
}

func (m *heat) windowMinutes() int { return (m.SleepEndMinute - m.SleepStartMinute + 1440) % 1440 }

// standsOut says if the largest of some equally likely cells holds more than chance would put into it in 1 of 20 cases
// (binomial tail, Bonferroni over the cells).
func standsOut(top, total int64, cells float64) bool {
	chance := distuv.Binomial{N: float64(total), P: 1 / cells}
	return cells*chance.Survival(float64(top)-1) < 0.05
}

func (m *heat) desc() string {
	s := fmt.Sprintf("Heat map of %s by weekday and hour of the local time of the person paged. The most in one hour: %s, %s %02d:00.",
		plural(m.total, "page"), count(m.top), weekdays[m.topDay], m.topHour)
	if m.hasSleep() {
		s += fmt.Sprintf(" A dashed line frames the sleep hours, %s to %s", clock(m.SleepStartMinute), clock(m.SleepEndMinute))
		if m.sleep != nil {
			s += fmt.Sprintf(", which hold %s", plural(*m.sleep, "page"))
		}
		s += "."
	}
	return s
}

func (m *heat) table() Table {
	t := Table{Caption: "Pages by weekday and hour of the local time of the person paged", Head: []string{""}, Left: 1}
	for h := range 24 {
		t.Head = append(t.Head, fmt.Sprintf("%02d", h))
	}
	t.Head = append(t.Head, "all")
	row := func(name string, cells []int64, all int64) {
		t.Rows = append(t.Rows, append(append([]string{name}, each(cells, count)...), count(all)))
	}
	for d := range m.PageCounts {
		row(weekdays[d], m.PageCounts[d][:], m.days[d])
	}
	row("all", m.hours[:], m.total)
	return t
}
