package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// licences are those that what is built into crywolf, or tests it, may have, and words that only they have. crywolf is
// under Apache-2.0; MPL-2.0 asks for the source of its own files only. Of two that fit, the first is meant.
var licences = []struct {
	name  string
	words []string
}{
	{"MPL-2.0", []string{"mozilla public license", "2.0"}},
	{"Apache-2.0", []string{"apache license", "version 2.0"}},
	{"MIT", []string{"permission is hereby granted, free of charge", "without restriction"}},
	{"ISC", []string{"permission to use, copy, modify, and/or distribute this software for any purpose with or without fee"}},
	{"Unlicense", []string{"this is free and unencumbered software released into the public domain"}},
	{"BSD-3-Clause", []string{"redistribution and use in source and binary forms", "endorse or promote products"}},
	{"BSD-2-Clause", []string{"redistribution and use in source and binary forms", "list of conditions and the following disclaimer"}},
}

// TestLicences looks at the licence of every module that the program or its tests are built from, in the module cache.
func TestLicences(t *testing.T) {
	modules := map[string]string{}
	cmd := exec.Command("go", "list", "-deps", "-test", "-json=Module", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct{ Module *struct{ Path, Dir string } }
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if p.Module != nil && p.Module.Path != "crywolf" {
			modules[p.Module.Path] = p.Module.Dir
		}
	}
	counts := map[string]int{}
	for module, dir := range modules {
		name := licenceOf(t, dir)
		counts[name]++
		if name == "" {
			t.Errorf("%s has none of the licences that it may have", module)
		}
	}
	t.Logf("%d modules: %v", len(modules), counts)
	if len(modules) < 20 {
		t.Errorf("only %d modules were found", len(modules))
	}
}

// licenceOf names the licence of a module, "" for one that is not allowed, or for none.
func licenceOf(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := strings.ToLower(e.Name())
		if e.IsDir() || !strings.Contains(name, "licen") && !strings.HasPrefix(name, "copying") || strings.HasSuffix(name, ".go") {
			continue
		}
		raw, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ToLower(strings.Join(strings.Fields(string(raw)), " "))
		for _, l := range licences {
			if !slices.ContainsFunc(l.words, func(words string) bool { return !strings.Contains(text, words) }) {
				return l.name
			}
		}
	}
	return ""
}
