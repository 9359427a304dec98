package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crywolf/analysis"
	"crywolf/reports"
)

// idKeys say which record a row is, what PagerDuty says of it, or when; they need no definition.
var idKeys = map[string]bool{"id": true, "name": true, "kind": true, "code": true, "text": true, "count": true, "command": true, "pattern": true,
	"at": true, "incident": true, "number": true, "urgency": true, "priority": true, "status": true, "type": true, "created_at": true,
	"acknowledged_at": true, "resolved_at": true, "cleared_by": true, "merged_into": true, "opened_by_person": true, "paged_at": true,
	"timeline": true, "page_hour_class": true, "rotation_name": true, "history": true, "first_seen_at": true, "last_seen_at": true,
	"examples": true, "reason": true, "cause": true}

// TestEveryKeyIsExplained walks the golden JSON documents, which have every key.
func TestEveryKeyIsExplained(t *testing.T) {
	for name, least := range map[string]int{"demo.json": 100, "noisy.json": 100, "incident.json": 50, "rule.json": 50,
		"audit.json": 200, "doctor.json": 80, "audit_two.json": 50, "audit_questions_noisy.json": 20} {
		t.Run(name, func(t *testing.T) { everyKeyIsExplained(t, name, least) })
	}
}

// everyKeyIsExplained looks at a document of at least so many keys.
func everyKeyIsExplained(t *testing.T, name string, least int) {
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "reports", name))
	if err != nil {
		t.Fatal(err)
	}
	keysAreExplained(t, text, least)
}

// keysAreExplained walks a JSON document of at least so many keys.
func keysAreExplained(t *testing.T, text []byte, least int) {
	t.Helper()
	var doc any
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, w := range loadWords() {
		for _, name := range w.names {
			known[key(name)] = true
			known[key(name[strings.LastIndex(name, ".")+1:])] = true // checks.value explains value
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
	if checked < least {
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
	_, table, _ := strings.Cut(string(text), "change reading\n")
	table, _, _ = strings.Cut(table, "\n\n")
	lines := strings.Split(table, "\n")
	if len(lines) < 10 {
		t.Fatalf("the first screen has %d rows", len(lines))
	}
	for _, line := range lines {
		label := strings.TrimSpace(string([]rune(line)[:28]))
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

// TestEveryEvidenceIsAWord: what weighs in a verdict has a text for cards and a definition for explain, and both tell
// the same weight.
func TestEveryEvidenceIsAWord(t *testing.T) {
	points := analysis.DefaultSettings().EvidencePoints
	if len(points) < 16 {
		t.Fatalf("only %d pieces of evidence", len(points))
	}
	for id, p := range points {
		if reports.EvidenceText(id) == "" {
			t.Errorf("a card has no text for %s", id)
		}
		w, ok := findWord(id)
		if !ok {
			t.Errorf("words.md does not explain %s", id)
			continue
		}
		weight := strings.ReplaceAll(fmt.Sprintf("%+g:", p), "-", "−")
		if !strings.Contains(w.text, ", "+weight) {
			t.Errorf("%s weighs %s and words.md says: %s", id, weight, w.text)
		}
	}
	for _, r := range reports.Recommendations() {
		if _, ok := findWord(r); !ok {
			t.Errorf("words.md does not explain %s", r)
		}
	}
}

// TestNumbersLeadToTheirQueries: every number of the first screen has a definition that names the metrics that make it,
// and every metric that a definition names exists.
func TestNumbersLeadToTheirQueries(t *testing.T) {
	metrics, err := analysis.Metrics()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, m := range metrics {
		known[m.Name] = true
	}
	for _, w := range loadWords() {
		for _, q := range w.queries {
			if !known[q] {
				t.Errorf("%s is said to be made by %s, which is no metric", w.names[0], q)
			}
		}
	}
	first := append(reports.MeasureWords(), "DO FIRST", "OTHERS", "saves/wk", "auto-res.", "non-act.", "account", "unattributed", "incidents", "change")
	if len(first) < 15 {
		t.Fatalf("only %d words", len(first))
	}
	for _, name := range first {
		if w, ok := findWord(name); !ok || len(w.queries) == 0 {
			t.Errorf("%q of the first screen leads to no query", name)
		}
	}
}
