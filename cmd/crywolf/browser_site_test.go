package main

import (
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// sitePages are the pages of a site to look at: its index.html, and the largest one of each kind, thoroughly three. Those of a
// kind lie in one folder, with the same word before a hyphen in their names, if there is one.
func sitePages(t *testing.T, folder string) []string {
	t.Helper()
	pagesOfAKind := repeats(1, 3)
	if _, err := os.Stat(filepath.Join(folder, "index.html")); err != nil {
		t.Fatal(err)
	}
	sizes, kinds := map[string]int64{}, map[string][]string{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".html" {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		kind := filepath.Dir(path)
		if word, _, hyphen := strings.Cut(entry.Name(), "-"); hyphen {
			kind = filepath.Join(kind, word)
		}
		sizes[path] = info.Size()
		kinds[kind] = append(kinds[kind], path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, pages := range kinds {
		slices.SortFunc(pages, func(a, b string) int {
			if sizes[a] != sizes[b] {
				return int(sizes[b] - sizes[a])
			}
			return strings.Compare(a, b)
		})
		out = append(out, pages[:min(len(pages), pagesOfAKind)]...)
	}
	if index := filepath.Join(folder, "index.html"); !slices.Contains(out, index) {
		out = append(out, index)
	}
	slices.Sort(out)
	return out
}

// deadLinks are the links of a site's page that lead to no file, or to no place in it.
func (b *tab) deadLinks(t *testing.T, file string) []string {
	t.Helper()
	var out []string
	for _, href := range evaluate[[]string](t, b, `[...document.querySelectorAll('a[href]')].map(e => e.getAttribute('href'))`) {
		link, err := url.Parse(href)
		switch {
		case err != nil:
			out = append(out, "a link that is none: "+href)
			continue
		case link.Scheme != "" || link.Path == "": // elsewhere, or within the page
			continue
		case filepath.IsAbs(link.Path):
			out = append(out, "a link that works only where the site lies at the root: "+href)
			continue
		}
		content, err := os.ReadFile(filepath.Join(filepath.Dir(file), filepath.FromSlash(link.Path)))
		if err != nil {
			out = append(out, "a link to "+href+", which is not there")
		} else if link.Fragment != "" && !strings.Contains(string(content), `id="`+link.Fragment+`"`) {
			out = append(out, "a link to "+href+", where that place is not")
		}
	}
	return out
}
