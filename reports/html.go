package reports

import (
	_ "embed"
	"html/template"
	"strings"
)

//go:embed report.html.tmpl
var htmlSource string

var htmlTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"weekday": func(d int) string { return weekdays[d] },
	"left":    func(g grid, column int) bool { return column < g.Left },
	"trim":    strings.TrimSpace,
	"indent":  func(s string) bool { return strings.HasPrefix(s, " ") },
	"class":   func(m Mark) string { return [...]string{"none", "ok", "watch", "over"}[m] },
	"deref":   func(g *grid) grid { return *g },
	"named":   func(g grid, name string) namedGrid { return namedGrid{g, name} },
}).Parse(htmlSource))

// namedGrid is a table, and what a screen reader calls it.
type namedGrid struct {
	Grid grid
	Name string
}

// writeHTML writes one self-contained page: no script, nothing fetched.
func writeHTML(b *strings.Builder, v view) error { return htmlTemplate.Execute(b, v) }
