package charts

import (
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// strokes are the straight lines of a path in absolute coordinates: x1, y1, x2, y2.
func strokes(t *testing.T, d string) [][4]float64 {
	t.Helper()
	var out [][4]float64
	var x, y, startX, startY float64
	for _, m := range regexp.MustCompile(`([MmHhVvz])([-0-9. ]*)`).FindAllStringSubmatch(d, -1) {
		var n []float64
		for _, s := range regexp.MustCompile(`-?[0-9.]+`).FindAllString(m[2], -1) {
			v, err := strconv.ParseFloat(s, 64)
			if err != nil {
				t.Fatal(err)
			}
			n = append(n, v)
		}
		fromX, fromY := x, y
		switch m[1] {
		case "M":
			x, y = n[0], n[1]
			startX, startY = x, y
			continue
		case "H":
			x = n[0]
		case "h":
			x += n[0]
		case "V":
			y = n[0]
		case "v":
			y += n[0]
		case "z":
			x, y = startX, startY
		}
		out = append(out, [4]float64{fromX, fromY, x, y})
	}
	return out
}

func TestSleepFrameIsOnTheRightCells(t *testing.T) {
	const bottom = heatTop + 7*cellHeight
	column := func(hour float64) float64 { return heatLeft + hour*cellWidth }
	for _, c := range []struct {
		start, end int
		spans      [][2]float64 // hours that are framed
		edges      []float64    // hours with an upright line
		line       string       // from 00:00, half an hour a character
	}{
		{1320, 480, [][2]float64{{0, 8}, {22, 24}}, []float64{8, 22}, "1111111111111111000000000000000000000000000011110"},
		{1350, 450, [][2]float64{{0, 7.5}, {22.5, 24}}, []float64{7.5, 22.5}, "1111111111111110000000000000000000000000000001110"},
		{60, 420, [][2]float64{{1, 7}}, []float64{1, 7}, "0011111111111100"},
		{0, 360, [][2]float64{{0, 6}}, []float64{0, 6}, "1111111111110"},
		{1320, 0, [][2]float64{{22, 24}}, []float64{22, 24}, ""},
		{1320, 1440, [][2]float64{{22, 24}}, []float64{22, 24}, ""},
		{480, 480, nil, nil, ""},
	} {
		m := measureHeat(HourOfWeekData{SleepStartMinute: c.start, SleepEndMinute: c.end})
		top, uprights := map[[2]float64]bool{}, map[float64]bool{}
		for _, s := range strokes(t, heatFrame(m, bottom)) {
			if s[1] == s[3] && s[1] == heatTop {
				top[[2]float64{s[0], s[2]}] = true
			}
			if s[0] == s[2] {
				uprights[s[0]] = true
			}
		}
		if len(top) != len(c.spans) || len(uprights) != len(c.edges) {
			t.Errorf("%d–%d: %v, %v", c.start, c.end, top, uprights)
		}
		for _, span := range c.spans {
			if !top[[2]float64{column(span[0]), column(span[1])}] {
				t.Errorf("%d–%d: nothing over %v: %v", c.start, c.end, span, top)
			}
		}
		for _, hour := range c.edges {
			if !uprights[column(hour)] {
				t.Errorf("%d–%d: no edge at %v: %v", c.start, c.end, hour, uprights)
			}
		}
		for i, mark := range []rune(m.sleepLine()) {
			if i < len(c.line) && (mark != ' ') != (c.line[i] == '1') {
				t.Errorf("%d–%d: half hour %d is marked %q", c.start, c.end, i, mark)
			}
		}
	}
}

func TestHeatStepsByPowersOfTwo(t *testing.T) {
	storm := HourOfWeekData{}
	for h := range 24 {
		storm.PageCounts[1][h] = int64(1 + h%3)
	}
	storm.PageCounts[3][4] = 80
	m := measureHeat(storm)
	for n, want := range map[int64]int{0: 0, 1: 1, 2: 2, 3: 2, 4: 3, 7: 3, 8: 4, 15: 4, 16: 5, 80: 5} {
		if got := step(heatScale(m.PageCounts, heatShades), n); got != want {
			t.Errorf("with one storm, %d is step %d, want %d", n, got, want)
		}
	}
	busy := spreadOut(100)
	if scale := heatScale(busy.PageCounts, heatShades); step(scale, 100) == heatShades || step(scale, 100) < 3 || step(scale, 1) != 1 {
		t.Errorf("where all hours are busy, the scale is %v", scale)
	}
}

func TestEqualWeeksAreEqualHeights(t *testing.T) {
	d := WeeksData{WeekStarts: []time.Time{since, since.AddDate(0, 0, 7), since.AddDate(0, 0, 14)}, Series: []WeekSeries{
		{Label: "a", PageCounts: []*int64{p(int64(5)), nil, p(int64(20))}}, {Label: "b", PageCounts: []*int64{p(int64(5)), p(int64(0)), p(int64(5))}}}}
	w := newWeeks(d)
	heights := func(i int) (out []float64) {
		panel := w.panel(w.Series[i], 0, 100)
		for _, s := range strokes(t, panel.Area) {
			if s[1] == s[3] {
				out = append(out, 100-s[1])
			}
		}
		return out
	}
	// Each outline ends with a line back along the floor.
	if a, b := heights(0), heights(1); !slices.Equal(a, []float64{25, 0, 100, 0}) || !slices.Equal(b, []float64{25, 0, 25, 0}) {
		t.Errorf("heights %v and %v", a, b)
	}
	unknown := w.panel(w.Series[0], 0, 100)
	if strings.Count(unknown.Area, "z") != 2 || unknown.Gap == "" || w.panel(w.Series[1], 0, 100).Gap != "" {
		t.Errorf("the unknown week is no gap: %+v", unknown)
	}
}

func TestBarsAreAsLongAsTheirPages(t *testing.T) {
	f := Pareto("x", ParetoData{Rules: []Rule{{ID: "a", PageCount: 40, NightPageCount: 20}, {ID: "b", PageCount: 20}, {ID: "c", PageCount: 10}}})
	all, _ := elements(t, string(f.SVG))
	var lengths []float64
	for _, e := range all {
		if class := e.attrs["class"]; e.name == "path" && (class == "full" || class == "pale" || class == "ink") {
			s := strokes(t, e.attrs["d"])[0]
			lengths = append(lengths, s[2]-s[0])
		}
	}
	for i, part := range []float64{1, 0.5, 0.5, 0.25} { // the bar of 40, its nights, the bars of 20 and 10
		if lengths[0] < 100 || math.Abs(lengths[i]-part*lengths[0]) > 0.2 {
			t.Errorf("bar %d of %v", i, lengths)
		}
	}
}

func TestFiringsStaySmall(t *testing.T) {
	r := StripRow{}
	for i := range 5000 {
		r.Firings = append(r.Firings, since.Add(time.Duration(i*i%131040)*time.Minute))
	}
	d := StripData{Since: since, Until: until, Rows: []StripRow{r}}
	f := Strip("x", d)
	if len(f.SVG) > 5<<10 {
		t.Errorf("5,000 firings take %d bytes", len(f.SVG))
	}
	few := Strip("x", StripData{Since: since, Until: until, Rows: []StripRow{{Firings: []time.Time{since, since.AddDate(0, 0, 30), since.AddDate(0, 0, 60)}}}})
	if got := strings.Count(attribute(string(few.SVG), `class="ink" d="`), "M"); got != 4 { // and one in the key
		t.Errorf("3 firings are %d ticks", got)
	}
}

func TestHistogramStandsOnALogAxis(t *testing.T) {
	h := newHistogram(sampleHistogram())
	x := h.axis(0, 340)
	if d1, d2 := x(120)-x(60), x(7200)-x(3600); d1 <= 0 || d1-d2 > 1e-9 || d2-d1 > 1e-9 {
		t.Errorf("doubling is %v here and %v there", d1, d2)
	}
	var ticks []string
	for _, s := range h.ticks() {
		ticks = append(ticks, duration(s))
	}
	if got := strings.Join(ticks, ", "); got != "1 min, 5 min, 30 min, 2 h, 12 h" {
		t.Errorf("ticks %s", got)
	}
}

func TestTimeTicks(t *testing.T) {
	for _, c := range []struct {
		hours int
		want  string
	}{
		{3, "17 Aug, 01:00, 02:00"}, {36, "17 Aug, 12:00, 18 Aug"}, {7 * 24, "17 Aug, 19 Aug, 21 Aug, 23 Aug"}, {28 * 24, "17 Aug, 24 Aug, 31 Aug, 7 Sep"},
		{13 * 7 * 24, "17 Aug, 14 Sep, 12 Oct, 9 Nov"}, {53 * 7 * 24, "Aug 2026, Nov 2026, Feb 2027, May 2027, Aug 2027"},
	} {
		var got []string
		for _, tick := range (timeline{since, since.Add(time.Duration(c.hours) * time.Hour), 0, 340}).ticks(0) {
			got = append(got, tick.Text)
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%d h: %s, want %s", c.hours, strings.Join(got, ", "), c.want)
		}
	}
}

// TestNoClock: the same input gives the same bytes only without one.
func TestNoClock(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 10 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "time" && regexp.MustCompile(`^(Now|Since|Until|Local|After|NewTimer|NewTicker|Tick|Sleep)$`).MatchString(s.Sel.Name) {
					t.Errorf("%s asks for time.%s", name, s.Sel.Name)
				}
			}
			return true
		})
	}
}
