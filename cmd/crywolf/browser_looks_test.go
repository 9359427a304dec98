package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// usualLimit is how large a document may be, in kB of 1000 bytes.
const usualLimit = 100

// manyComplaints are enough to see what is wrong: one fault of a template is in every table.
const manyComplaints = 5

// looksRight holds a document to all that is promised of it.
func looksRight(t *testing.T, browser context.Context, d htmlDocument, name, file string) {
	t.Helper()
	said := map[string]int{}
	for _, complaint := range inspect(t, browser, d, name, file) {
		about, _, _ := strings.Cut(complaint, ":")
		if said[about]++; said[about] <= manyComplaints {
			t.Error(complaint)
		}
	}
	for about, n := range said {
		if n > manyComplaints {
			t.Errorf("%s: and %d more", about, n-manyComplaints)
		}
	}
}

// inspect gives what is wrong with a document, and what it is about before a colon.
func inspect(t *testing.T, browser context.Context, d htmlDocument, name, file string) []string {
	t.Helper()
	var out []string
	complain := func(about string, complaints []string) {
		for _, complaint := range complaints {
			out = append(out, about+": "+complaint)
		}
	}
	complain("size", tooLarge(t, file, cmp.Or(d.limit, usualLimit)))
	b := openTab(t, browser, file, true)
	complain("structure", b.complaints(t, "structure"))
	complain("screen reader", b.unnamed(t))
	complain("script", b.needsScript(t, browser, file))
	if d.account == "hostile" {
		complain("hostile texts", b.hostile(t, d))
	}
	if d.site {
		complain("links", b.deadLinks(t, file))
	}
	b.pictures(t, name, lightView, darkView, narrowView, printView, forcedView)

	b.look(t, printView)
	complain("print", b.complaints(t, "print"))
	complain("print", b.paper(t, name))

	b.look(t, narrowView)
	complain("keyboard", b.keyboard(t))

	// What is in a <details> is looked at as well as the rest.
	evaluate[int](t, b, `document.querySelectorAll('details').forEach(e => e.open = true), 0`)
	for _, v := range []view{lightView, narrowView} {
		b.look(t, v)
		complain("layout, "+v.name, b.complaints(t, "layout"))
	}
	for _, v := range []view{lightView, darkView, forcedView} {
		b.look(t, v)
		complain("contrast, "+v.name, b.complaints(t, "contrast"))
	}
	complain("it does more than show itself", b.happened())
	return out
}

func tooLarge(t *testing.T, file string, limit int) []string {
	t.Helper()
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > int64(limit)*1000 {
		return []string{fmt.Sprintf("%d bytes are more than %d kB", info.Size(), limit)}
	}
	return nil
}

// needsScript compares the text with that which a browser shows that runs no script.
func (b *tab) needsScript(t *testing.T, browser context.Context, file string) []string {
	t.Helper()
	const text = `document.body.innerText`
	plain := openTab(t, browser, file, false)
	if want, got := evaluate[string](t, b, text), evaluate[string](t, plain, text); got != want {
		return []string{"its text is another where scripts do not run"}
	}
	return nil
}

// paper prints the document.
func (b *tab) paper(t *testing.T, name string) []string {
	t.Helper()
	pdf, err := chromedp.Run(b.ctx, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4)))
	b.must(t, err)
	savePicture(t, name+".pdf", pdf)
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) || len(pdf) < 5000 {
		return []string{"no PDF, or an empty one"}
	}
	return nil
}

// keyboard goes through the document with Tab, and opens and closes with Enter and Space what can be.
func (b *tab) keyboard(t *testing.T) []string {
	t.Helper()
	out := b.complaints(t, "stops")
	type stops struct{ Want, Got, Unseen []string }
	for range evaluate[int](t, b, `window.crywolfStops.want.length`) {
		b.must(t, chromedp.Do(b.ctx, chromedp.KeyEvent(kb.Tab)))
	}
	s := evaluate[stops](t, b, `window.crywolfStops`)
	for n, want := range s.Want {
		if n >= len(s.Got) || s.Got[n] != want {
			got := "nothing"
			if n < len(s.Got) {
				got = s.Got[n]
			}
			out = append(out, "Tab should reach "+want+" and reaches "+got)
			break // the rest is out of step
		}
	}
	for _, stop := range s.Unseen {
		out = append(out, "nothing shows that the focus is on "+stop)
	}
	for n := range evaluate[int](t, b, `document.querySelectorAll('details > summary:first-child').length`) {
		out = append(out, b.toggles(t, n)...)
	}
	return out
}

const manyDetails = 25 // all work alike; these are enough

// toggles tries the keys on the nth <details>. One that is closed within another cannot be reached.
func (b *tab) toggles(t *testing.T, n int) []string {
	t.Helper()
	if n >= manyDetails {
		return nil
	}
	state := `(() => { const e = document.querySelectorAll('details > summary:first-child')[` + strconv.Itoa(n) + `];
		if (!e.checkVisibility()) return 'out of reach'; e.focus(); return e.parentElement.open ? 'open' : 'closed'; })()`
	before := evaluate[string](t, b, state)
	if before == "out of reach" {
		return nil
	}
	for _, key := range []string{kb.Enter, " "} {
		b.must(t, chromedp.Do(b.ctx, chromedp.KeyEvent(key)))
		after := evaluate[string](t, b, state)
		if after == before {
			return []string{"a key does not open or close <details> number " + strconv.Itoa(n+1)}
		}
		before = after
	}
	return nil
}

// pictures leaves pictures of the whole document where they are asked for.
func (b *tab) pictures(t *testing.T, name string, views ...view) {
	t.Helper()
	if name == "" || os.Getenv("CRYWOLF_SCREENSHOTS") == "" {
		return
	}
	for _, v := range views {
		b.look(t, v)
		picture, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
		b.must(t, err)
		savePicture(t, name+"-"+v.name+".png", picture)
	}
}

// savePicture writes into the folder that CRYWOLF_SCREENSHOTS names, if any; a document without a name is a test's own.
func savePicture(t *testing.T, name string, content []byte) {
	t.Helper()
	folder := os.Getenv("CRYWOLF_SCREENSHOTS")
	if folder == "" || strings.HasPrefix(name, ".") {
		return
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
		t.Fatal(err)
	}
}
