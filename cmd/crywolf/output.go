package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// target is one place that a result goes to, and its format there.
type target struct {
	format string
	path   string // "-" is stdout
}

// endings tells the format of a file's name.
var endings = map[string]string{
	".txt": "table", ".md": "md", ".markdown": "md", ".html": "html", ".htm": "html", ".json": "json", ".csv": "csv",
}

// targets reads -f and -o. allowed are the formats that the command has; the first is the default.
func (a *app) targets(allowed ...string) ([]target, error) {
	if f := a.flags.format; f != "" && !slices.Contains(allowed, f) {
		return nil, misuse(fmt.Sprintf("-f %q is not a format of this command", f), "-f "+strings.Join(allowed, ", -f "))
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
	case path == "" || os.IsPathSeparator(path[len(path)-1]):
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
		if f == "table" {
			f = "txt"
		}
		out = append(out, "."+f)
	}
	return strings.Join(out, ", ")
}

// renderer writes a result in one format.
type renderer func(w io.Writer, format string, colour bool) error

// write renders for every target first and writes then, so that an error leaves nothing behind. A file appears
// whole or not at all.
func (a *app) write(targets []target, render renderer) error {
	rendered := make([]bytes.Buffer, len(targets))
	for i, t := range targets {
		if err := render(&rendered[i], t.format, t.path == "-" && a.colour(a.stdout)); err != nil {
			return err
		}
	}
	for i, t := range targets {
		if t.path == "-" {
			if _, err := a.stdout.Write(rendered[i].Bytes()); err != nil {
				return fmt.Errorf("write the result: %w", err)
			}
			continue
		}
		if err := writeFile(t.path, rendered[i].Bytes()); err != nil {
			return err
		}
		a.say("wrote %s", t.path)
	}
	return nil
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
