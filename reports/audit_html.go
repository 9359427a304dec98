package reports

import (
	_ "embed"
	"html/template"
	"strings"
)

//go:embed audit.html.tmpl
var auditSource string

var auditTemplate = template.Must(template.New("audit").Funcs(template.FuncMap{
	"shape":   statusShape,
	"word":    statusWord,
	"clean":   Clean,
	"checks":  checksGrid,
	"left":    func(g *grid, column int) bool { return column < g.Left },
	"caption": func(g *grid, text string) captioned { return captioned{g, text} },
	"plus":    func(i int) int { return i + 1 },
	"anchor":  func(card, block string) string { return card + "-" + block },
}).Parse(auditSource))

// captioned is a table with what it is called.
type captioned struct {
	Grid    *grid
	Caption string
}

// writeAuditHTML writes one self-contained page: no script, nothing fetched.
func writeAuditHTML(b *strings.Builder, v auditView) error { return auditTemplate.Execute(b, v) }
