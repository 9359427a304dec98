package charts

import (
	"embed"
	"fmt"
	"html/template"
	"strings"
)

//go:embed *.tmpl
var templateFiles embed.FS

var templates = template.Must(template.ParseFS(templateFiles, "*.tmpl"))

// Figure is one chart, ready for a page or a terminal.
type Figure struct {
	// ID is unique in the page: the caller's prefix and the kind of chart.
	ID string
	// Kind is what sort of chart it is: "hour of week".
	Kind string
	// Finding is the chart's heading, made by rule from its numbers.
	Finding string
	// Desc is for those who cannot see the chart: what is drawn, how many, the extremes.
	Desc string
	// SVG is one <svg> element, with a title and a description.
	SVG template.HTML
	// Table has the numbers that are drawn.
	Table Table
	// Lines are the terminal's drawing: at most 79 columns, no colour, no heading.
	Lines []string
	// Wide is true for a chart that cannot shrink to 320 px: its SVG belongs into an element that scrolls.
	Wide bool
	// IsTall is true for a chart beside which two others have room.
	IsTall bool
}

// Table is a table of texts. The first Left columns are text, the rest numbers.
type Table struct {
	Caption string
	Head    []string
	Rows    [][]string
	Left    int
}

// IsText says if a column is text, which is aligned left.
func (t Table) IsText(column int) bool { return column < t.Left }

// HTML is the whole figure for a page: the finding as a heading of the level (2 to 4), the drawing, and the table in
// <details>, which print opens unless it is Long.
func (f *Figure) HTML(level int) template.HTML {
	return execute("figure.html.tmpl", struct {
		*Figure
		Level int
	}{f, level})
}

// Text is the whole figure for a terminal: kind and finding, and the drawing below them.
func (f *Figure) Text() []string {
	return append(wrap(strings.ToUpper(f.Kind)+": "+f.Finding, screen), f.Lines...)
}

// Long is true for a table that print leaves closed: it would take pages.
func (f *Figure) Long() bool { return len(f.Table.Rows) > 40 }

// frame is what every SVG template needs.
type frame struct {
	ID, Class, Finding, Desc string
	W, H                     string
}

func (f *Figure) frame(w, h float64) frame {
	class := "chart"
	if f.Wide {
		class += " wide"
	}
	return frame{f.ID, class, f.Finding, f.Desc, num(w), num(h)}
}

// newFigure starts a figure. What is no letter, digit or _ in the prefix becomes a dash: ids are listed in attributes,
// with spaces between them.
func newFigure(prefix, kind string) *Figure {
	id := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' {
			return r
		}
		return '-'
	}, prefix+"-"+kind)
	return &Figure{ID: id, Kind: kind}
}

// execute fills one of our own templates. They take plain structs, so an error is a mistake of this package.
func execute(name string, data any) template.HTML {
	var b strings.Builder
	if err := templates.ExecuteTemplate(&b, name, data); err != nil {
		panic(fmt.Sprintf("charts: %s: %v", name, err))
	}
	return template.HTML(strings.TrimSpace(b.String()))
}
