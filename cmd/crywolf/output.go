package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"crywolf/reports"
)

// target is one place that a result goes to, and its format there.
type target struct {
	format string // or siteFormat
	path   string // "-" is stdout
}

// siteFormat is a folder of HTML pages: what -o makes of a name that ends in /.
const siteFormat = "site"

func isFolder(path string) bool { return path != "" && os.IsPathSeparator(path[len(path)-1]) }

// endings tells the format of a file's name.
var endings = map[string]string{
	".txt": "table", ".md": "md", ".markdown": "md", ".html": "html", ".htm": "html", ".json": "json", ".csv": "csv",
}

// targets reads -f and -o. allowed are the formats that the command has; the first is the default.
func (a *app) targets(allowed ...string) ([]target, error) {
	if f := a.flags.format; f == siteFormat || f != "" && !slices.Contains(allowed, f) {
		formats := slices.DeleteFunc(slices.Clone(allowed), func(f string) bool { return f == siteFormat })
		return nil, misuse(fmt.Sprintf("-f %q is not a format of this command", f), "-f "+strings.Join(formats, ", -f "))
	}
	if len(a.flags.outputs) == 0 {
		return []target{{a.formatOr(allowed[0]), "-"}}, nil
	}
	var out []target
	for _, path := range a.flags.outputs {
		t, err := a.target(path, allowed)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

func (a *app) formatOr(format string) string {
	if a.flags.format != "" {
		return a.flags.format
	}
	return format
}

func (a *app) target(path string, allowed []string) (target, error) {
	ending, known := endings[strings.ToLower(filepath.Ext(path))]
	switch {
	case path == "-":
		return target{a.formatOr(allowed[0]), path}, nil
	case slices.Contains([]string{"table", "md", "html", "json", "csv"}, path):
		return target{}, misuse(fmt.Sprintf("-o is the output file, and %q looks like a format", path), "-f "+path)
	case isFolder(path) && slices.Contains(allowed, siteFormat):
		return target{siteFormat, path}, nil
	case path == "" || isFolder(path):
		return target{}, misuse(fmt.Sprintf("-o %q is not a file", path), "-o report.html")
	case known && !slices.Contains(allowed, ending):
		return target{}, misuse(fmt.Sprintf("-o %s: this command has no %s", path, ending), "a name that ends in "+endingsOf(allowed))
	case known:
		return target{ending, path}, nil
	case a.flags.format != "":
		return target{a.flags.format, path}, nil
	}
	return target{}, misuse(fmt.Sprintf("-o %s: the name's ending says no format", path), "-f FORMAT, or a name that ends in "+endingsOf(allowed))
}

func endingsOf(formats []string) string {
	var out []string
	for _, f := range formats {
		switch f {
		case "table":
			f = ".txt"
		case siteFormat:
			f = "/"
		default:
			f = "." + f
		}
		out = append(out, f)
	}
	return strings.Join(out, ", ")
}

// renderer writes a result in one format.
type renderer func(w io.Writer, format string, colour bool) error

// siteMaker makes the pages of a static site.
type siteMaker func() ([]reports.Page, error)

// write renders for every target first and writes then, so that an error leaves nothing behind. A file appears
// whole or not at all.
func (a *app) write(targets []target, render renderer) error {
	return a.writeWithSite(targets, render, nil)
}

// writeWithSite is write for a command that can make a site.
func (a *app) writeWithSite(targets []target, render renderer, site siteMaker) error {
	rendered := make([][]reports.Page, len(targets))
	for i, t := range targets {
		if t.format == siteFormat {
			var err error
			if rendered[i], err = site(); err != nil {
				return err
			}
			continue
		}
		var b bytes.Buffer
		if err := render(&b, t.format, t.path == "-" && a.colour(a.stdout)); err != nil {
			return err
		}
		rendered[i] = []reports.Page{{Content: b.Bytes()}}
	}
	for i, t := range targets {
		if err := a.put(t, rendered[i]); err != nil {
			return err
		}
	}
	return nil
}

// put writes what was rendered for one target.
func (a *app) put(t target, rendered []reports.Page) error {
	switch {
	case t.format == siteFormat:
		return a.putSite(t.path, rendered)
	case t.path == "-":
		if _, err := a.stdout.Write(rendered[0].Content); err != nil {
			return fmt.Errorf("write the result: %w", err)
		}
		return nil
	}
	if err := writeFile(t.path, rendered[0].Content); err != nil {
		return err
	}
	a.say("wrote %s", t.path)
	return nil
}

// putSite writes the pages, the index last: it never leads to a page that is not there yet.
func (a *app) putSite(dir string, pages []reports.Page) error {
	if err := makeFolder(dir); err != nil {
		return fmt.Errorf("make the folder %s: %w", dir, err)
	}
	for _, isIndex := range []bool{false, true} {
		for _, p := range pages {
			if (p.Path == reports.IndexPage) != isIndex {
				continue
			}
			if err := writeFile(filepath.Join(dir, p.Path), p.Content); err != nil {
				return err
			}
		}
	}
	a.say("wrote %s: %d pages, begin with %s", dir, len(pages), filepath.Join(dir, reports.IndexPage))
	return nil
}

// makeFolder makes a folder that others may read, as writeFile does files: while a database is open, what is made is
// private unless one says otherwise.
func makeFolder(dir string) error {
	var missing []string
	for at := filepath.Clean(dir); !exists(at); at = filepath.Dir(at) {
		missing = append(missing, at)
	}
	err := os.MkdirAll(dir, 0o755)
	for _, made := range missing {
		if err == nil {
			err = os.Chmod(made, 0o755)
		}
	}
	return err
}

// writeFile puts a file in place whole, through a temporary neighbour.
func writeFile(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".crywolf-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer os.Remove(f.Name()) // there is nothing to remove once it is renamed
	_, err = f.Write(content)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
