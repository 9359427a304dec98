package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// idKeys say which record a row is; they need no definition.
var idKeys = map[string]bool{"id": true, "name": true, "kind": true, "code": true, "text": true, "count": true, "command": true, "pattern": true, "incident": true}

// TestEveryKeyIsExplained walks the golden JSON document, which has every key.
func TestEveryKeyIsExplained(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "reports", "demo.json"))
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, w := range loadWords() {
		for _, name := range w.names {
			known[key(name)] = true
		}
	}
	checked := 0
	var walk func(any)
	walk = func(v any) {
		switch x := v.(type) {
		case map[string]any:
			for k, below := range x {
				checked++
				if !known[key(k)] && !idKeys[k] {
					t.Errorf("words.md does not explain %s", k)
				}
				walk(below)
			}
		case []any:
			for _, below := range x {
				walk(below)
			}
		}
	}
	walk(doc)
	if checked < 100 {
		t.Errorf("only %d keys were looked at", checked)
	}
}

// TestFirstScreenIsExplained takes the labels of the golden first screen.
func TestFirstScreenIsExplained(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "reports", "busy.txt"))
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, w := range loadWords() {
		for _, name := range w.names {
			known[key(name)] = true
		}
	}
	_, table, _ := strings.Cut(string(text), "limit  reading\n")
	table, _, _ = strings.Cut(table, "\n\n")
	lines := strings.Split(table, "\n")
	if len(lines) < 10 {
		t.Fatalf("the first screen has %d rows", len(lines))
	}
	for _, line := range lines {
		label := strings.TrimSpace(string([]rune(line)[:31]))
		label, _, _ = strings.Cut(label, " (")
		label, _, _ = strings.Cut(label, " p50")
		if !known[key(label)] {
			t.Errorf("words.md does not explain %q", label)
		}
	}
}

func TestWordsAreWhole(t *testing.T) {
	seen := map[string]string{} // spelling → the word whose it is
	for _, w := range loadWords() {
		if len(w.text) < 30 {
			t.Errorf("%s has hardly a definition: %q", w.names[0], w.text)
		}
		for _, name := range w.names {
			if by := seen[key(name)]; by != "" && by != w.names[0] {
				t.Errorf("%s is defined by %s and by %s", name, by, w.names[0])
			}
			seen[key(name)] = w.names[0]
		}
	}
}
