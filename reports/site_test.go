package reports

import (
	"path"
	"regexp"
	"strings"
	"testing"
)

var (
	hrefs = regexp.MustCompile(`href="([^"#]*)(#[^"]*)?"`)
	ids   = regexp.MustCompile(` id="([^"]*)"`)
)

// TestSite: the index leads to every page, every link of every page to a page and a place that is there.
func TestSite(t *testing.T) {
	n := noisySample()
	cards := []*RuleCard{ruleSample()}
	cards[0].Rule = n.Alerts[0].Rule
	r := sample()
	r.Rotations[1].ID = "../../etc/passwd" // an id is other people's text too
	pages, err := Site(r, n, cards)
	if err != nil {
		t.Fatal(err)
	}
	checkSite(t, pages, 5)
	pages, err = NoisySite(n, cards)
	if err != nil {
		t.Fatal(err)
	}
	checkSite(t, pages, 2)
}

func checkSite(t *testing.T, pages []Page, want int) {
	t.Helper()
	if len(pages) != want {
		t.Errorf("%d pages, want %d", len(pages), want)
	}
	anchors, linked := map[string]map[string]bool{}, map[string]bool{}
	for _, p := range pages {
		if p.Path != path.Base(p.Path) || strings.HasPrefix(p.Path, ".") {
			t.Errorf("%q is no plain file name", p.Path)
		}
		anchors[p.Path] = map[string]bool{}
		for _, m := range ids.FindAllStringSubmatch(string(p.Content), -1) {
			if anchors[p.Path][m[1]] {
				t.Errorf("%s: the id %s occurs twice", p.Path, m[1])
			}
			anchors[p.Path][m[1]] = true
		}
	}
	for _, p := range pages {
		for _, m := range hrefs.FindAllStringSubmatch(string(p.Content), -1) {
			to, place := m[1], strings.TrimPrefix(m[2], "#")
			if to == "" {
				to = p.Path
			}
			if anchors[to] == nil || place != "" && !anchors[to][place] {
				t.Errorf("%s leads to %s%s, which is not there", p.Path, m[1], m[2])
			}
			if to != p.Path {
				linked[to] = true
			}
		}
	}
	for _, p := range pages {
		if p.Path != IndexPage && !linked[p.Path] {
			t.Errorf("nothing leads to %s", p.Path)
		}
	}
}
