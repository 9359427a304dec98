package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// tab is one document in the browser, and what happened there beside showing it.
type tab struct {
	ctx context.Context
	url string

	mu     sync.Mutex
	events []string
}

// openTab opens a file in a tab of its own, which is closed with the test. All that is done there may take two minutes.
func openTab(t *testing.T, browser context.Context, file string, script bool) *tab {
	t.Helper()
	b := &tab{url: "file://" + filepath.ToSlash(file)}
	var ctx context.Context
	ctx, closeTab := chromedp.NewContext(browser, chromedp.WithListener(func(event any) { b.note(ctx, event) }))
	t.Cleanup(closeTab)
	if err := chromedp.Do(ctx); err != nil { // the tab lives as long as the context of its first action
		t.Fatal(err)
	}
	limited, cancel := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	b.ctx = limited
	_, err := chromedp.Call(b.ctx, network.Enable, network.EnableParams{})
	b.must(t, err)
	_, err = chromedp.Call(b.ctx, audits.Enable, cdp.Empty{})
	b.must(t, err)
	_, err = chromedp.Call(b.ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	b.must(t, err)
	_, err = chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !script})
	b.must(t, err)
	b.must(t, chromedp.Do(b.ctx, chromedp.Navigate(b.url)))
	return b
}

func (b *tab) must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", b.url, err)
	}
}

// note keeps what a document that only shows itself would not cause.
func (b *tab) note(ctx context.Context, event any) {
	text := ""
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if e.Request.URL != b.url {
			text = "a request for " + e.Request.URL
		}
	case *runtime.EventConsoleAPICalled:
		text = fmt.Sprintf("console.%s was called", e.Type)
	case *runtime.EventExceptionThrown:
		text = "an exception: " + e.ExceptionDetails.Text
	case *log.EventEntryAdded:
		text = fmt.Sprintf("the browser's log says: %s: %s", e.Entry.Level, e.Entry.Text)
	case *audits.EventIssueAdded:
		text = fmt.Sprintf("the browser found an issue: %s", e.Issue.Code)
	case *page.EventJavascriptDialogOpening:
		text = fmt.Sprintf("a dialog (%s): %s", e.Type, e.Message)
		go func() { // without an answer the document stands still; the test fails of the event, not of this
			_, _ = chromedp.Call(ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: false})
		}()
	}
	if text != "" {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.events = append(b.events, text)
	}
}

// happened gives what was noted so far, each thing once.
func (b *tab) happened() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Compact(slices.Sorted(slices.Values(b.events)))
}

// view is a way to look at a document.
type view struct {
	name          string
	width         int64
	media         string
	colours, mode string // prefers-color-scheme, forced-colors
}

var (
	lightView  = view{"light", 79 * 16, "screen", "light", "none"}
	darkView   = view{"dark", 79 * 16, "screen", "dark", "none"}
	narrowView = view{"320", 320, "screen", "light", "none"}
	printView  = view{"print", 718, "print", "light", "none"} // A4 between margins of 1 cm
	forcedView = view{"forced", 79 * 16, "screen", "dark", "active"}
)

// look sets how the document is looked at.
func (b *tab) look(t *testing.T, v view) {
	t.Helper()
	b.must(t, chromedp.Do(b.ctx, chromedp.EmulateViewport(v.width, 900)))
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: v.media,
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: v.colours}, {Name: "forced-colors", Value: v.mode}}})
	b.must(t, err)
}

// complaints runs a check of testdata/browser.
func (b *tab) complaints(t *testing.T, check string) []string {
	t.Helper()
	source := "(() => {\n" + browserScript(t, "common") + browserScript(t, check) + "\n})()"
	return evaluate[[]string](t, b, source)
}

func browserScript(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "browser", name+".js"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text) + "\n"
}

func evaluate[T any](t *testing.T, b *tab, expression string) T {
	t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	b.must(t, err)
	return value
}

// unnamed gives the things that a screen reader announces and has no name for.
func (b *tab) unnamed(t *testing.T) []string {
	t.Helper()
	tree, err := chromedp.Call(b.ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	b.must(t, err)
	var out []string
	for _, node := range tree.Nodes {
		if node.Ignored || node.Role == nil {
			continue
		}
		role, name := string(node.Role.Value), ""
		if node.Name != nil {
			name = string(node.Name.Value)
		}
		if slices.Contains([]string{`"image"`, `"link"`, `"region"`, `"table"`, `"heading"`, `"DisclosureTriangle"`, `"columnheader"`, `"rowheader"`}, role) &&
			(name == "" || name == `""`) {
			out = append(out, fmt.Sprintf("a screen reader has no name for a %s", role))
		}
	}
	return slices.Compact(out)
}
