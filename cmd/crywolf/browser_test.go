package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// htmlDocument is one HTML document, or one folder of them, that crywolf writes.
type htmlDocument struct {
	name    string   // of the test and of its screenshots
	account string   // whose data: see htmlAccounts
	args    []string // the command; -o is added to it
	site    bool     // -o names a folder, of which some pages of each kind are looked at
	limit   int      // in kB; 0 stands for the usual 100
	titles  int      // of the hostile account: how many of hostileTexts it shows at least
	hides   bool     // of the hostile account: it shows none of them, as a document that leaves the house
	like    string   // a document of the same templates: only that one is looked at in every run, this one thoroughly

	make func(t *testing.T, program *truthProgram, file string) // where one command with -o does not do; args is unused
}

// htmlDocuments are the documents that a browser looks at: a line for each kind, and for each account that makes it
// look different. A new document needs a line; whatever inspect checks then holds for it.
var htmlDocuments = []htmlDocument{
	{name: "report", like: "report-hostile-wide", account: "demo", args: []string{"report"}, limit: 140},
	{name: "report-wide", like: "report-hostile-wide", account: "demo", args: []string{"report", "--wide"}, limit: 140},
	{name: "report-names", like: "report-hostile-wide", account: "demo", args: []string{"report", "payments-primary", "--names"}},
	{name: "report-hostile", like: "report-hostile-wide", account: "hostile", args: []string{"report"}, titles: 4, limit: 140},
	{name: "report-hostile-wide", account: "hostile", args: []string{"report", "--wide", "--names"}, titles: len(hostileTexts), limit: 140},
	{name: "report-partial", like: "report-hostile-wide", account: "part", args: []string{"report", "--wide", "--allow-partial"}, limit: 140},
	{name: "report-week", like: "report-hostile-wide", account: "demo", args: []string{"report", "--week", "last"}},
	{name: "noisy", like: "report-hostile-wide", account: "demo", args: []string{"noisy"}},
	{name: "noisy-hostile", like: "report-hostile-wide", account: "hostile", args: []string{"noisy", "--min-pages", "0", "--top", "0"}, titles: 4},
	{name: "rule", like: "site-hostile", account: "demo", args: []string{"explain", "6d6ef74c"}},
	{name: "site", like: "site-hostile", account: "demo", args: []string{"report"}, site: true},
	{name: "site-hostile", account: "hostile", args: []string{"report"}, site: true},
	{name: "audit", like: "audit-hostile", account: "demo", args: []string{"audit", "payments-primary"}},
	{name: "audit-hostile", account: "hostile", args: []string{"audit", "--since", "8w"}, titles: 1, limit: 160},
	{name: "audit-share", account: "hostile", hides: true, limit: 200, make: shareAudit},
	{name: "report-empty", like: "report-hostile-wide", account: "empty", args: []string{"report", "--wide"}},
}

// TestBrowser opens what crywolf writes in a real browser, one for all tests. With CRYWOLF_SCREENSHOTS it leaves
// pictures in that folder, of all of them with CRYWOLF_THOROUGH.
func TestBrowser(t *testing.T) {
	browser := startBrowser(t)
	t.Run("checks", func(t *testing.T) { testBrowserChecks(t, browser) })
	accounts := &htmlAccounts{t: t, programs: map[string]*truthProgram{}}
	for _, d := range htmlDocuments {
		if d.like != "" && repeats(0, 1) == 0 {
			continue
		}
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			for _, file := range d.write(t, accounts) {
				if !d.site {
					looksRight(t, browser, d, d.name, file)
					continue
				}
				page := filepath.Base(filepath.Dir(file)) + "-" + strings.TrimSuffix(filepath.Base(file), ".html")
				t.Run(page, func(t *testing.T) {
					t.Parallel()
					looksRight(t, browser, d, d.name+"-"+page, file)
				})
			}
		})
	}
}

// write makes the document and names its files.
func (d htmlDocument) write(t *testing.T, accounts *htmlAccounts) []string {
	t.Helper()
	program := accounts.program(d.account)
	output := filepath.Join(t.TempDir(), d.name+".html")
	if d.site {
		output = filepath.Join(t.TempDir(), d.name) + string(os.PathSeparator)
	}
	if d.make != nil {
		d.make(t, program, output)
	} else {
		program.run(t, append(slices.Clone(d.args), "--quiet", "-o", output)...)
	}
	if d.site {
		return sitePages(t, output)
	}
	return []string{output}
}

// shareAudit hands an audit over, as a file that names nobody and nothing.
func shareAudit(t *testing.T, program *truthProgram, file string) {
	program.run(t, "audit", "--since", "8w", "--share", file, "--yes", "--quiet")
}
