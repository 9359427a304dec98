package charts

import (
	_ "embed"
	"html/template"
	"strings"
)

// Theme is one of the two sets of colours. Print takes the light one.
type Theme string

const (
	Light Theme = "light"
	Dark  Theme = "dark"
)

// PairKind says what a pair of colours is used for, and so how far they must stand apart (WCAG 2.2, 1.4.3 and 1.4.11):
// 4.5 for text, 3 for the shapes that carry a chart's meaning.
type PairKind string

const (
	Text  PairKind = "text"
	Shape PairKind = "shape"
)

// Pair is a foreground on a background, as the stylesheet uses them.
type Pair struct {
	Use                    string // where they meet
	Foreground, Background string // #rrggbb
	Kind                   PairKind
	Theme                  Theme
}

// hue is a colour of the stylesheet: a CSS variable with a value for each theme.
type hue struct{ name, light, dark string }

// hues are all colours there are. h0 to h5 are one blue by lightness.
var hues = []hue{
	{"text", "#1b1f24", "#e6edf3"},
	{"back", "#ffffff", "#0f1419"},
	{"muted", "#57606a", "#9da7b1"},
	{"line", "#c9d1d9", "#3a434d"},
	{"series", "#2b6ca8", "#7bb8e0"},
	{"accent", "#b35900", "#ffb454"},
	{"h0", "#f3f5f7", "#1a2027"},
	{"h1", "#cfe0ee", "#123a5c"},
	{"h2", "#94bfdb", "#1c5b8c"},
	{"h3", "#5a98c6", "#2a6ea3"},
	{"h4", "#2b6ca8", "#7bb8e0"},
	{"h5", "#08427c", "#d3ebfb"},
}

// meetings are the pairs of variables that the stylesheet puts on each other. "line" is in none: it rules tables and
// grids, which say nothing that is not said without it.
var meetings = []struct {
	use, foreground, background string
	kind                        PairKind
}{
	{"text", "text", "back", Text},
	{"table heads, code and cells of heat 0", "text", "h0", Text},
	{"number in a cell of heat 1", "text", "h1", Text},
	{"number in a cell of heat 2", "text", "h2", Text},
	{"number in a cell of heat 3", "text", "h3", Text},
	{"number in a cell of heat 4", "back", "h4", Text},
	{"number in a cell of heat 5", "back", "h5", Text},
	{"axis text, captions and small print", "muted", "back", Text},
	{"links", "series", "back", Text},
	{"a limit that is broken, in words", "accent", "back", Text},
	{"axis lines, unknown weeks", "muted", "back", Shape},
	{"sleep frame, night stems, ticks, brackets", "text", "back", Shape},
	{"bars, hollow dots, outlines, hatches", "series", "back", Shape},
	{"limits, filled dots and bars above them, focus rings, boxes", "accent", "back", Shape},
	{"whiskers on a bar", "text", "h2", Shape},
	{"nights on the area of all pages", "h5", "h2", Shape},
	{"nights where all pages were at night", "h5", "back", Shape},
	{"a limit across the area of all pages is drawn on a band of back", "accent", "back", Shape},
}

func (h hue) of(t Theme) string {
	if t == Dark {
		return h.dark
	}
	return h.light
}

// Pairs are the pairs of colours in use, for a test of their contrast. They come from the constants that CSS is made of.
func Pairs() []Pair {
	byName := map[string]hue{}
	for _, h := range hues {
		byName[h.name] = h
	}
	var out []Pair
	for _, t := range []Theme{Light, Dark} {
		for _, m := range meetings {
			out = append(out, Pair{m.use, byName[m.foreground].of(t), byName[m.background].of(t), m.kind, t})
		}
	}
	return out
}

//go:embed charts.css
var rules string

// CSS is the stylesheet of charts and pages: the colours as variables for light, dark and print, then the rules. It fetches
// nothing.
func CSS() template.CSS {
	var b strings.Builder
	b.WriteString(":root{color-scheme:light")
	variables(&b, Light)
	b.WriteString("}\n@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark")
	variables(&b, Dark)
	b.WriteString("}}\n")
	b.WriteString(rules)
	return template.CSS(b.String())
}

func variables(b *strings.Builder, t Theme) {
	for _, h := range hues {
		b.WriteString(";--" + h.name + ":" + h.of(t))
	}
}
