package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// browserFault is something wrong that is put into testdata/browser/good.html, and the complaint it has to cause.
type browserFault struct{ old, new, complaint string }

// browserFaults are faults a check has to find, in a document for each group. Those of one group do not hide each other.
var browserFaults = map[string][]browserFault{
	"structure": {
		{`<html lang="en">`, `<html>`, "no language"},
		{`<title>A document with nothing wrong</title>`, ``, "no title"},
		{`style-src 'unsafe-inline'`, `style-src 'unsafe-inline'; script-src 'self'`, "makes exceptions"},
		{`<h2>`, `<h1>again</h1><h3>deep</h3><h2>`, "2 headings of level 1"},
		{`</h2>`, `</h2><h4></h4>`, "an empty heading"},
		{`<p id="text">`, `<p id="text" onclick="f()"><a href="javascript:alert(1)">click</a><a href="#nowhere">there</a><a href="data:text/html,x"></a>`, "an event handler onclick"},
		{`another place`, `another place</a><iframe></iframe><a>`, "an element that has no business here"},
		{`<caption>Pages a day</caption>`, ``, "a table without caption or label"},
		{`<th scope="col">pages</th>`, `<th>pages</th>`, "a header cell without scope"},
		{`<th scope="col">at night</th>`, `<th scope="col"></th>`, "an empty header cell"},
		{`<desc id="d">Monday 2, Tuesday 9</desc>`, `<desc></desc>`, "a chart without <desc>"},
		{`<summary>The numbers</summary>`, `<summary></summary>`, "details without a summary"},
		{`<section id="chart">`, `<section id="chart"><p id="text">a <a href="http://example.com">link</a></p>`, "the id text stands twice"},
		{`</section>`, `<svg role="img"><title>x</title><desc>y</desc></svg><svg></svg></section>`, "neither role=img nor aria-hidden"},
	},
	"structure again": { // what the same faults cause besides
		{`<h2>`, `<h3>deep</h3><h2>`, "a heading of level 3 after one of level 1"},
		{`default-src 'none'`, `default-src 'self'`, "lets things in"},
		{`<p id="text">`, `<p id="text"><a href=" java&#10;script:alert(1)">click</a>`, "a link to  java"},
		{`</p>`, `<a href="#nowhere">there</a></p>`, "a link to #nowhere, which is not there"},
		{`aria-labelledby="t d"`, `aria-labelledby="t e"`, "names e, which is not there"},
		{`<!DOCTYPE html>`, ``, "no doctype"},
		{`role="region" aria-label="Table of pages a day"`, `role="region"`, "a name (aria-label, aria-labelledby)"},
		{`<title id="t">Pages a day</title><desc id="d">Monday 2, Tuesday 9</desc>`, ``, "a screen reader has no name for a \"image\""},
		{`h1>A document`, `h1 style="animation: a 9s infinite">A document`, "something moves"},
		{`.bar {`, `@keyframes a { to { opacity: .99 } } .bar {`, "something moves"},
	},
	"events": {
		{`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`, ``, `content security policy ""`},
		{`</p>`, `</p><img src="gone.png"><link rel="stylesheet" href="https://example.com/a.css">`, "a request for https://example.com/a.css"},
		{`<script type="application/json" id="data">`, `<script>alert(7); console.log(1); document.body.append("written"); nothing();</script><script type="application/json">`, "a dialog (alert): 7"},
		{`<h1>`, `<h1>&shy;`, "console.log was called"},
		{`</h1>`, `&shy;</h1>`, "an exception: Uncaught"},
		{`<h2>`, `<h2>&shy;`, "its text is another where scripts do not run"},
		{`</h2>`, `&shy;</h2>`, `a script of type ""`},
		{`</body>`, `&shy;</body>`, "/gone.png"},
	},
	"policy": {
		{`</p>`, `</p><p style="background: url(https://example.com/x.png)">pictured</p><img src="gone.png">`, "the browser's log says"},
	},
	"looks": {
		{`<p id="text">`, `<p id="text"><span style="white-space: nowrap">a line that is much longer than any window may be, and goes on and on, in order to be wider than the page is; ` +
			`it needs at least one thousand two hundred and sixty-four points</span> `, "px outside"},
		{`class="scroll" tabindex="0" role="region" aria-label="Table of pages a day"`, `class="scroll"`, "it scrolls, and lacks a tabindex of 0"},
		{`font-size: 12px`, `font-size: 9px`, "its letters are 9.0 px high"},
		{`--text: #1b1f24; --back: #fff`, `--text: #777; --back: #fff`, "contrast, light: "},
		{`@media print`, `@media (forced-colors: active) { svg text { fill: #333; } } @media print`, "contrast, forced: <text>"},
		{`--bar: #1c5b8c`, `--bar: #bbbbbb`, "contrast, dark: <text>"},
		{`.scroll { overflow: visible; } details::details-content { content-visibility: visible; block-size: auto; }`, ``, "closed on paper"},
		{`</h2>`, `</h2><p style="width: 4em; overflow: hidden; white-space: nowrap">words that are cut off</p>`, "px of it are cut off"},
		{`<text x="5" y="47">Tuesday 9</text>`, `<text x="280" y="47">Tuesday 9</text>`, "it reaches out of its chart"},
		{`a { color: inherit; }`, `a { color: inherit; } a:focus { outline: none; }`, "nothing shows that the focus is on <a>"},
		{`<a href="#chart">`, `<a href="#chart" tabindex="1">`, "a tabindex of 1 upsets the order"},
		{`<summary>`, `<summary onkeydown="return false" onkeyup="return false">`, "a key does not open or close"},
		{`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`, ``, "an event handler onkeydown"},
	},
	"links": { // of a site
		{`</p>`, `<a href="cards/gone.html">x</a> <a href="document.html#nowhere">y</a> <a href="document.html#chart">z</a></p>`, "a link to cards/gone.html, which is not there"},
		{`<h2>`, `<h2>&shy;`, "a link to document.html#nowhere, where that place is not"},
		{`</h2>`, ` <a href="/document.html">root</a></h2>`, "a link that works only where the site lies at the root: /document.html"},
	},
	"order": {
		{`<a href="https://example.com/">`, `<a href="https://example.com/" tabindex="1">`, `Tab should reach <a> "the chart" in #text and reaches <a> "another place"`},
		{`style-src 'unsafe-inline'">`, `style-src 'unsafe-inline'"><!-- ` + strings.Repeat("as large as no usual document is ", 4000) + ` -->`, "bytes are more than 100 kB"},
	},
}

// testBrowserChecks shows that the checks find what they are for, and find nothing where nothing is wrong.
func testBrowserChecks(t *testing.T, browser context.Context) {
	content, err := os.ReadFile(filepath.Join("..", "..", "testdata", "browser", "good.html"))
	if err != nil {
		t.Fatal(err)
	}
	inspected := func(t *testing.T, d htmlDocument, text string) []string {
		t.Helper()
		file := filepath.Join(t.TempDir(), "document.html")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return inspect(t, browser, d, "", file)
	}
	if complaints := inspected(t, htmlDocument{site: true}, string(content)); len(complaints) > 0 {
		t.Fatalf("good.html is not good: %s", strings.Join(complaints, "\n"))
	}
	t.Run("hostile texts", func(t *testing.T) {
		t.Parallel()
		text := strings.Replace(string(content), "</p>", "javascript:alert(3) \u202eback</p>", 1)
		complaints := strings.Join(inspected(t, htmlDocument{account: "hostile", titles: 2}, text), "\n")
		if !strings.Contains(complaints, "it shows 1 of the texts, not 2") || !strings.Contains(complaints, "marks that turn the direction") {
			t.Errorf("complaints: %s", complaints)
		}
		complaints = strings.Join(inspected(t, htmlDocument{account: "hostile", hides: true}, text), "\n")
		if !strings.Contains(complaints, `it has to hide: ["javascript:alert(3)"]`) {
			t.Errorf("complaints: %s", complaints)
		}
	})
	for group, faults := range browserFaults {
		t.Run(group, func(t *testing.T) {
			t.Parallel()
			text := string(content)
			for _, fault := range faults {
				if !strings.Contains(text, fault.old) {
					t.Fatalf("good.html has no %s", fault.old)
				}
				text = strings.Replace(text, fault.old, fault.new, 1)
			}
			complaints := inspected(t, htmlDocument{site: group == "links"}, text)
			for _, fault := range faults {
				if !slices.ContainsFunc(complaints, func(c string) bool { return strings.Contains(c, fault.complaint) }) {
					t.Errorf("nobody complains %q", fault.complaint)
				}
			}
			if t.Failed() {
				t.Logf("complaints:\n%s", strings.Join(complaints, "\n"))
			}
		})
	}
}
