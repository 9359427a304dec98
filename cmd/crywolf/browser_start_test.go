package main

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// browserNames are where a browser is looked for; .ci/run looks in the same places.
var browserNames = []string{
	"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome-headless-shell",
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	"/Applications/Chromium.app/Contents/MacOS/Chromium",
}

// findBrowser is CRYWOLF_BROWSER or CHROME_PATH where one is set, else the first browser that is installed, else "".
func findBrowser() string {
	for _, variable := range []string{"CRYWOLF_BROWSER", "CHROME_PATH"} {
		if path := os.Getenv(variable); path != "" {
			return path
		}
	}
	for _, name := range browserNames {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// startBrowser starts a browser without a window that makes no request of its own. Where none is installed the test
// is skipped, unless CRYWOLF_REQUIRE_BROWSER is 1.
func startBrowser(t *testing.T) context.Context {
	t.Helper()
	path := findBrowser()
	switch {
	case path != "":
	case os.Getenv("CRYWOLF_REQUIRE_BROWSER") == "1":
		t.Fatal("CRYWOLF_REQUIRE_BROWSER is 1, and no Chromium or Chrome was found; CRYWOLF_BROWSER can name one")
	default:
		t.Skip("no Chromium or Chrome was found: the HTML documents are not looked at (CRYWOLF_BROWSER can name one)")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], // headless, without background networking and first-run pages
		chromedp.ExecPath(path),
		chromedp.NoSandbox, // it needs none for files that this test wrote, and as root, or in a container, has none
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND"), // what asks for a host fails at once
	)
	allocator, stop := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), options...)
	t.Cleanup(stop)
	browser, closeIt := chromedp.NewContext(allocator)
	t.Cleanup(closeIt)
	started := make(chan error, 1)
	go func() { started <- chromedp.Do(browser) }()
	select {
	case err := <-started:
		if err != nil {
			t.Fatalf("start %s: %v", path, err)
		}
	case <-time.After(time.Minute):
		t.Fatalf("%s did not start within a minute", path)
	}
	return browser
}
