package main

import (
	"bytes"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
	"golang.org/x/net/html"
)

// plainMarkdown checks that a Markdown document without links, pictures and HTML of its own has none of anybody else's.
func plainMarkdown(t *testing.T, what string, source []byte) {
	t.Helper()
	document := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
	err := ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		active := []ast.NodeKind{ast.KindLink, ast.KindAutoLink, ast.KindImage, ast.KindRawHTML, ast.KindHTMLBlock}
		if entering && slices.Contains(active, n.Kind()) {
			t.Errorf("%s as Markdown has a %s", what, n.Kind())
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// idleHTML checks that an HTML document runs nothing, loads nothing, and leads nowhere but to itself and its neighbours.
func idleHTML(t *testing.T, what string, source []byte) {
	t.Helper()
	z := html.NewTokenizer(bytes.NewReader(source))
	elements := 0
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		elements++
		token := z.Token()
		if slices.Contains([]string{"script", "iframe", "object", "embed", "base", "form", "img", "link"}, token.Data) {
			t.Errorf("%s as HTML has a %s", what, token)
		}
		for _, a := range token.Attr {
			target, err := url.Parse(a.Val)
			leads := slices.Contains([]string{"href", "src", "action", "formaction", "xlink:href"}, a.Key) && (err != nil || target.Scheme != "" || target.Host != "")
			if leads || strings.HasPrefix(a.Key, "on") || a.Key == "srcdoc" {
				t.Errorf("%s as HTML has %s", what, token)
			}
		}
	}
	if elements < 20 {
		t.Errorf("%s as HTML has %d elements: it was not read", what, elements)
	}
}
