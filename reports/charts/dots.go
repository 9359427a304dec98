package charts

import (
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// DotsData are pages per person, without the persons.
type DotsData struct {
	PageCounts []int64
	// MinGroup is the number of people below which nothing is drawn: it would name them in all but name.
	MinGroup int
	// MayBeChance is what a test said that knows the time on call. Nil: the chart asks what dealing pages out to all alike
	// would do.
	MayBeChance *bool
}

// Dots draws a dot a person over the number of pages, sorted and unlabelled, against the line of an equal share. People who
// were on call for longer have more pages: the chart does not know. Nil below MinGroup people, for one person, and without a
// page. Below 10 pages the finding says that they are too few; "may be chance" is added where pages dealt
// out at random would give somebody as many in 1 of 20 cases.
func Dots(id string, d DotsData) *Figure {
	s := newSpread(d)
	if len(s.counts) < max(2, d.MinGroup) || s.total == 0 {
		return nil
	}
	f := newFigure(id, "spread of load")
	f.Finding, f.Desc = s.finding(), s.desc()
	f.Table = s.table()
	f.SVG = drawDots(f, s)
	f.Lines = s.lines()
	return f
}

type spread struct {
	counts []int64 // least first
	total  int64
	told   *bool // what a test said
}

func newSpread(d DotsData) spread {
	s := spread{counts: slices.Sorted(slices.Values(d.PageCounts)), told: d.MayBeChance}
	for _, n := range s.counts {
		s.total += n
	}
	return s
}

func (s *spread) people() int64  { return int64(len(s.counts)) }
func (s *spread) most() int64    { return s.counts[len(s.counts)-1] }
func (s *spread) equal() float64 { return ratio(s.total, s.people()) }

func (s *spread) finding() string {
	among := fmt.Sprintf("%s among %s people", plural(s.total, "page"), count(s.people()))
	switch times := float64(s.most()) / s.equal(); {
	case s.total < fewPages:
		return "Too few pages to judge the spread: " + among
	case s.most() == s.counts[0]:
		return "All have the same: " + among
	case s.mayBeChance():
		return fmt.Sprintf("The most is %s times an equal share: may be chance (%s)", decimal(times), among)
	default:
		return fmt.Sprintf("The most is %s times an equal share (%s of %s)", decimal(times), count(s.most()), among)
	}
}

func (s *spread) mayBeChance() bool {
	if s.told != nil {
		return *s.told
	}
	return !standsOut(s.most(), s.total, float64(s.people()))
}

func (s *spread) desc() string {
	return fmt.Sprintf("Dots of pages per person, %s people, sorted and unlabelled: from %s to %s. A line marks an equal share, %s.%s",
		count(s.people()), count(s.counts[0]), count(s.most()), number(s.equal()), s.caveat())
}

// caveat says what the chart itself does not know.
func (s *spread) caveat() string {
	if s.told != nil {
		return ""
	}
	return " Time on call is not taken into account."
}

// table counts people by pages.
func (s *spread) table() Table {
	t := Table{Caption: "How many people had how many pages", Head: []string{"pages", "people"}}
	for i := 0; i < len(s.counts); {
		same := i
		for same < len(s.counts) && s.counts[same] == s.counts[i] {
			same++
		}
		t.Rows = append(t.Rows, []string{count(s.counts[i]), count(int64(same - i))})
		i = same
	}
	return t
}

type dotsView struct {
	frame
	Dots, Axis, Equal string
	Share             tick
	Ticks             []tick
	Key               []key
}

// stack puts values into columns: how many values fall into each.
func (s *spread) stack(x linear, size float64) map[int]int {
	columns := map[int]int{}
	for _, n := range s.counts {
		columns[int(x.at(float64(n))/size)]++
	}
	return columns
}

func drawDots(f *Figure, s spread) template.HTML {
	const size, most = 9.0, 12
	top := ceiling(float64(s.most()))
	x := linear{0, top, size / 2, chartWidth - 12}
	columns := s.stack(x, size)
	highest := 0
	for _, n := range columns {
		highest = max(highest, n)
	}
	rise := size * min(1, most/float64(highest)) // many people on one number stand closer
	bottom := 24 + rise*float64(highest) + 6
	var dots, axis, equal path
	for _, c := range slices.Sorted(maps.Keys(columns)) {
		for i := range columns[c] {
			dots.dot((float64(c)+0.5)*size, bottom-6-rise*float64(i))
		}
	}
	axis.add("M", 0, bottom)
	axis.add("H", chartWidth)
	equal.add("M", x.at(s.equal()), 20)
	equal.add("V", bottom)
	v := dotsView{Dots: dots.String(), Axis: axis.String(), Equal: equal.String(),
		Share: placed(x.at(s.equal()), 13, "equal share "+number(s.equal()))}
	for _, n := range steps(top) {
		v.Ticks = append(v.Ticks, placed(x.at(n), bottom+15, compact(int64(n))))
	}
	var height float64
	v.Key, height = legend(bottom+20, dotKey("within", "", "pages of one person"))
	v.frame = f.frame(chartWidth, bottom+20+height)
	return execute("dots.svg.tmpl", v)
}

// lines prints ● for one person and a digit for several on the same spot, over an axis with ┆ at the equal share.
func (s *spread) lines() []string {
	const cells = 60
	x := linear{0, float64(s.most()), 0, cells - 1}
	row := slices.Repeat([]string{" "}, cells)
	for c, n := range s.stack(x, 1) {
		switch {
		case n == 1:
			row[c] = "●"
		case n < 10:
			row[c] = strconv.Itoa(n)
		default:
			row[c] = "#"
		}
	}
	axis := slices.Repeat([]string{"─"}, cells)
	axis[int(x.at(s.equal()))] = "┆"
	return trim([]string{
		strings.Join(row, ""),
		strings.Join(axis, ""),
		"0" + right(count(s.most())+" pages", cells-1),
		"● one person, a digit that many, # ten or more; ┆ equal share " + number(s.equal()),
	})
}
