package charts

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// luminance is WCAG 2.2's relative luminance of #rrggbb.
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	if len(colour) != 7 || colour[0] != '#' {
		t.Fatalf("%q is no colour", colour)
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

func contrast(t *testing.T, a, b string) float64 {
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestContrast(t *testing.T) {
	if got := contrast(t, "#000000", "#ffffff"); math.Abs(got-21) > 1e-9 {
		t.Fatalf("black on white: %v", got)
	}
	if got := contrast(t, "#b35900", "#ffffff"); math.Abs(got-4.8) > 0.05 { // as measured for the design
		t.Fatalf("orange on white: %v", got)
	}
	need := map[PairKind]float64{Text: 4.5, Shape: 3}
	themes := map[Theme]int{}
	for _, pair := range Pairs() {
		themes[pair.Theme]++
		if got := contrast(t, pair.Foreground, pair.Background); got < need[pair.Kind] || need[pair.Kind] == 0 {
			t.Errorf("%s, %s: %s on %s is %.2f", pair.Theme, pair.Use, pair.Foreground, pair.Background, got)
		}
	}
	if themes[Light] != len(meetings) || themes[Dark] != len(meetings) {
		t.Errorf("pairs by theme: %v", themes)
	}
}

// TestPairsAreTheStylesheets reads the rules: each colour comes from a variable, and each variable stands in a pair as what it
// is used for.
func TestPairsAreTheStylesheets(t *testing.T) {
	css := string(CSS())
	if regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b|rgb|hsl|url\(|@import|javascript|expression`).MatchString(rules) {
		t.Error("the rules have a colour of their own, or fetch something")
	}
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`([a-z-]+):([^;{}]*)var\(--([a-z0-9]+)\)`).FindAllStringSubmatch(rules, -1) {
		used[m[3]] = true
		if m[3] == "line" {
			continue // said in meetings
		}
		as := func(match func(foreground, background string) bool, kinds ...PairKind) bool {
			for _, p := range meetings {
				if match(p.foreground, p.background) && slices.Contains(kinds, p.kind) {
					return true
				}
			}
			return false
		}
		front := func(f, _ string) bool { return f == m[3] }
		either := func(f, b string) bool { return f == m[3] || b == m[3] }
		switch m[1] {
		case "color":
			if !as(front, Text) {
				t.Errorf("%s is no text in any pair", m[0])
			}
		case "fill", "stroke", "background", "border", "border-left", "border-left-color", "border-bottom", "border-top", "outline":
			if !as(either, Text, Shape) {
				t.Errorf("%s is in no pair", m[0])
			}
		default:
			t.Errorf("what does %s colour?", m[0])
		}
	}
	for _, h := range hues {
		if !used[h.name] {
			t.Errorf("nothing uses --%s", h.name)
		}
		if strings.Count(css, "--"+h.name+":") != 2 {
			t.Errorf("--%s is not set once for each theme", h.name)
		}
		delete(used, h.name)
	}
	for name := range used {
		t.Errorf("--%s has no colour", name)
	}
}

func TestEveryClassHasARule(t *testing.T) {
	unstyled := []string{"s", "chart"} // s is the start of a text, the default
	for name, f := range samples() {
		all, _ := elements(t, string(f.HTML(3)))
		for _, e := range all {
			for _, class := range strings.Fields(e.attrs["class"]) {
				if !slices.Contains(unstyled, class) && !regexp.MustCompile(`\.`+class+`\b`).MatchString(rules) {
					t.Errorf("%s: no rule for %s", name, class)
				}
			}
			if e.name == "path" && e.attrs["class"] == "" {
				t.Errorf("%s: a path would be black", name)
			}
		}
	}
}

func TestDarkIsForScreensOnly(t *testing.T) {
	before, after, found := strings.Cut(string(CSS()), "@media screen and (prefers-color-scheme:dark)")
	if !found || !strings.Contains(before, hues[0].light) || strings.Contains(before, hues[0].dark) || !strings.Contains(after, hues[0].dark) {
		t.Error("print may get the dark colours")
	}
}

// TestTextIsLegibleOnASmallScreen: 320 px less 2 rem leave 288 for a chart; a wide one has a least width instead.
func TestTextIsLegibleOnASmallScreen(t *testing.T) {
	size := func(rule string) float64 {
		m := regexp.MustCompile(rule).FindStringSubmatch(rules)
		if m == nil {
			t.Fatalf("no rule %s", rule)
		}
		v, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if px := size(`\.chart text\{font:([0-9.]+)px`) * 288 / chartWidth; px < 10 {
		t.Errorf("text of %.1f px", px)
	}
	if px := size(`\.chart\.wide text\{font-size:([0-9.]+)px`) * size(`\.chart\.wide\{min-width:([0-9.]+)rem`) * 16 / heatWidth; px < 10 {
		t.Errorf("text of %.1f px in the heat map", px)
	}
	for name, f := range samples() {
		if !f.Wide && !strings.Contains(string(f.SVG), `viewBox="0 0 340 `) {
			t.Errorf("%s has another width", name)
		}
		if scrolls := strings.Contains(string(f.HTML(3)), `role="group" tabindex="0" aria-label="Chart: `); scrolls != f.Wide {
			t.Errorf("%s: scrolls %v, wide %v", name, scrolls, f.Wide)
		}
	}
}
