package reports

import (
	"embed"
	"html/template"
	"slices"
	"strings"

	"crywolf/reports/charts"
)

//go:embed *.html.tmpl
var htmlFiles embed.FS

// pages are the HTML documents: report, index, rotation_page, noisy, card and audit, and the parts they share. Each is one
// self-contained page: no script, nothing fetched.
var pages = template.Must(template.New("").Funcs(template.FuncMap{
	"css":    charts.CSS,
	"left":   func(g *grid, column int) bool { return column < g.Left },
	"trim":   strings.TrimSpace,
	"indent": func(s string) bool { return strings.HasPrefix(s, " ") },
	"class":  func(m Mark) string { return [...]string{"none", "ok", "watch", "over"}[m] },
	"link":   linkOf,
	"clean":  Clean, "sourceID": sourceID, "sourceOf": sourceOf,
}).ParseFS(htmlFiles, "page.html.tmpl", "report.html.tmpl", "site.html.tmpl", "noisy.html.tmpl", "card.html.tmpl", "audit.html.tmpl"))

func linkOf(g *grid, row int) string {
	if row < len(g.Links) {
		return g.Links[row]
	}
	return ""
}

// writeHTML writes one page of a report with every rotation.
func writeHTML(b *strings.Builder, r *Report) error {
	return pages.ExecuteTemplate(b, "report", newReportPage(r))
}

// newReportPage is a report with all its rotations on one page, whose weeks then stand side by side.
func newReportPage(r *Report) view {
	v := newHTMLView(r)
	if v.Weeks != nil && len(v.Rotations) <= charts.WeekPanels {
		for i := range v.Rotations {
			rot := &v.Rotations[i]
			rot.Figures = slices.DeleteFunc(rot.Figures, func(f *charts.Figure) bool { return f.Kind == v.Weeks.Kind })
		}
	}
	return v
}

// newHTMLView is a report as a page shows it: the first screen of every rotation, its figures, and all else folded. The
// shifts stand in the table of their chart.
func newHTMLView(r *Report) view {
	v := newView(r, Options{})
	all := newView(r, Options{Wide: true})
	v.Definitions = r.Context.Definitions
	if len(v.Rotations) > 1 {
		v.Weeks = weeksOfAll(r)
		v.Overview.Head[0] = "rotation"
		for _, rot := range v.Rotations {
			v.Overview.Links = append(v.Overview.Links, "#"+rot.ID)
		}
	}
	for i := range v.Rotations {
		v.Rotations[i].unfold(&all.Rotations[i])
	}
	return v
}

// unfold adds to a first screen what a page has room for; all is the same rotation in full.
func (v *rotationView) unfold(all *rotationView) {
	v.Figures, v.Besides = all.Figures, all.Besides
	for _, g := range []*grid{v.Actions, v.Alerts, all.Alerts, all.Changes, all.Sources} {
		if g != nil {
			g.Head[0] = columnNames[g.Head[0]]
		}
	}
	all.Measures.Caption = "Every measure"
	if all.Changes != nil {
		all.Changes.Caption += ": " + all.ChangesNote
	}
	for _, g := range []*grid{all.Measures, all.Alerts, all.Changes, all.Sources} {
		if g != nil && len(g.Rows) > 0 {
			v.Folded = append(v.Folded, g)
		}
	}
}

// columnNames are what the first columns are called where a heading stands above the table.
var columnNames = map[string]string{"DO FIRST": "rule", "OTHERS": "rule", "ALERT": "rule", "WHAT CHANGED": "rule",
	"SOURCE": "source"}
