package reports

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"crywolf/reports/charts"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"golang.org/x/net/html"
)

// TestFormatsShowTheSameCells: what the view says stands in the terminal, in Markdown and in HTML, cell by cell and chart
// by chart, and no table is there that the view does not know. The view is walked by reflection, so a new block is looked
// at by itself.
func TestFormatsShowTheSameCells(t *testing.T) {
	for name, makeOne := range reportsOfAllKinds() {
		for _, wide := range []bool{false, true} {
			r := makeOne()
			r.Normalize()
			what := fmt.Sprintf("%s report, wide %v", name, wide)
			v := partsOf(newView(r, Options{Wide: wide}), false)

			markdown := asHTML(t, dress{Markdown, wide}.report(t, makeOne()))
			sameTables(t, what+", md", v.grids, tablesOf(t, markdown))
			sameTexts(t, what+", md", v.texts, textOf(parseHTML(t, markdown)))
			sameLinesOfFigures(t, what+", md", v.figures, textOf(parseHTML(t, markdown)))

			terminal := dress{Table, wide}.report(t, makeOne())
			sameLines(t, what, v.grids, terminal)
			sameTexts(t, what+", terminal", v.texts, terminal)
			sameLinesOfFigures(t, what+", terminal", v.figures, terminal)

			page := dress{HTML, wide}.report(t, makeOne())
			v = partsOf(newReportPage(r), true)
			sameTables(t, what+", html", v.grids, tablesOf(t, page))
			sameTexts(t, what+", html", v.texts, textOf(parseHTML(t, page)))
		}
	}
}

// viewText is a text of the view and the field that it is of.
type viewText struct{ field, text string }

// viewParts are all tables, texts and charts of a view, in their order.
type viewParts struct {
	grids   []grid
	texts   []viewText
	figures []*charts.Figure
}

// partsOf walks a view. Of a quiet rotation a terminal and Markdown print its texts only, a page all but its first screen.
func partsOf(v view, page bool) viewParts {
	var p viewParts
	var walk func(field string, v reflect.Value)
	walk = func(field string, v reflect.Value) {
		switch x := v.Interface().(type) {
		case grid:
			p.grids = append(p.grids, x)
			return
		case *charts.Figure:
			if x != nil {
				p.figures = append(p.figures, x)
				p.texts = append(p.texts, viewText{field, x.Finding})
				if page {
					p.grids = append(p.grids, grid{Head: x.Table.Head, Rows: x.Table.Rows, Left: x.Table.Left})
				}
			}
			return
		case *grid:
			if page && x != nil && x.Caption == besidesCaption { // a list there
				for _, row := range x.Rows {
					p.texts = append(p.texts, viewText{row[0], row[0]}, viewText{row[0], row[2]})
				}
				return
			}
		case rotationView:
			if x.Quiet {
				said := rotationView{Name: x.Name, Facts: x.Facts, Verdict: x.Verdict}
				if page {
					said.Trend, said.Figures, said.Besides, said.Folded = x.Trend, x.Figures, x.Besides, x.Folded
				}
				v = reflect.ValueOf(said)
			}
		}
		switch v.Kind() {
		case reflect.String:
			if v.String() != "" {
				p.texts = append(p.texts, viewText{field, v.String()})
			}
		case reflect.Struct:
			for i := range v.NumField() {
				walk(v.Type().Field(i).Name, v.Field(i))
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(field, v.Index(i))
			}
		case reflect.Pointer:
			if !v.IsNil() {
				walk(field, v.Elem())
			}
		}
	}
	walk("", reflect.ValueOf(v))
	return p
}

// sameLinesOfFigures: a chart stands whole and unchanged.
func sameLinesOfFigures(t *testing.T, what string, figures []*charts.Figure, document string) {
	t.Helper()
	for _, f := range figures {
		if len(f.Lines) == 0 || !strings.Contains(document, strings.Join(f.Lines, "\n")) {
			t.Errorf("the %s has another %s", what, f.Kind)
		}
	}
}

func (g grid) trimmed() [][]string {
	var out [][]string
	for _, row := range append([][]string{g.Head}, g.Rows...) {
		cells := make([]string, len(row))
		for i, c := range row {
			cells[i] = strings.TrimSpace(c)
		}
		out = append(out, cells)
	}
	return out
}

func sameTables(t *testing.T, what string, grids []grid, tables [][][]string) {
	t.Helper()
	var want [][][]string
	for _, g := range grids {
		want = append(want, g.trimmed())
	}
	same := func(x, y [][]string) bool { return slices.EqualFunc(x, y, slices.Equal) }
	for _, w := range want {
		if !slices.ContainsFunc(tables, func(got [][]string) bool { return same(w, got) }) {
			t.Errorf("the %s: no table is\n%q", what, w)
		}
	}
	for _, got := range tables {
		if !slices.ContainsFunc(want, func(w [][]string) bool { return same(w, got) }) {
			t.Errorf("the %s: a table stands there that the view does not know:\n%q", what, got)
		}
	}
}

// notPrinted are the texts of a view that a format leaves out: the terminal its title, and files the commands to try and
// the ids, which are anchors there.
func notPrinted(what, field string) bool {
	if strings.HasSuffix(what, "terminal") {
		return field == "Title"
	}
	return field == "Next"
}

func sameTexts(t *testing.T, what string, texts []viewText, document string) {
	t.Helper()
	document = strings.Join(strings.Fields(document), " ")
	for _, x := range texts {
		text := strings.Join(strings.Fields(x.text), " ")
		cut := strings.HasSuffix(what, "terminal") && (x.field == "Name" || x.field == "Facts") && cutIn(document, text)
		if !notPrinted(what, x.field) && !strings.Contains(document, text) && !cut {
			t.Errorf("the %s does not say %s: %q", what, x.field, x.text)
		}
	}
}

// cutIn tells whether a document has at least three characters of the text and then ….
func cutIn(document, text string) bool {
	letters := []rune(text)
	for n := len(letters); n >= 3; n-- {
		if strings.Contains(document, string(letters[:n])+"…") {
			return true
		}
	}
	return false
}

// asHTML lets a Markdown library read what was written.
func asHTML(t *testing.T, markdown string) string {
	t.Helper()
	var b strings.Builder
	if err := goldmark.New(goldmark.WithExtensions(extension.GFM)).Convert([]byte(markdown), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func parseHTML(t *testing.T, page string) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		switch {
		case c.Type == html.TextNode && c.Parent.Data != "style" && c.Parent.Data != "script":
			b.WriteString(c.Data)
		case c.Type == html.ElementNode && slices.Contains([]string{"p", "li", "td", "th", "h1", "h2", "h3", "pre", "br"}, c.Data):
			b.WriteString("\n")
		}
	}
	return b.String()
}

// tablesOf are the tables of a page but the drawn ones.
func tablesOf(t *testing.T, page string) [][][]string {
	return tablesWhere(parseHTML(t, page), func(table *html.Node) bool { return !hasClass(table, "heat") })
}

func hasClass(n *html.Node, class string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "class" && slices.Contains(strings.Fields(a.Val), class) })
}

func tablesWhere(root *html.Node, holds func(*html.Node) bool) (tables [][][]string) {
	for table := range root.Descendants() {
		if table.Type != html.ElementNode || table.Data != "table" || !holds(table) {
			continue
		}
		var rows [][]string
		for tr := range table.Descendants() {
			if tr.Type != html.ElementNode || tr.Data != "tr" {
				continue
			}
			var cells []string
			for c := range tr.ChildNodes() {
				if c.Type == html.ElementNode {
					cells = append(cells, strings.TrimSpace(textOf(c)))
				}
			}
			rows = append(rows, cells)
		}
		tables = append(tables, rows)
	}
	return tables
}
