package reports

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// spot is one place of a document: how to read it, and how to put another value there. Remove is nil in a list.
type spot struct {
	path   string
	value  any
	put    func(any)
	remove func() (restore func())
}

// spots are the places of a document, one of each path and kind of value; the items of a list are one path.
func spots(document any) []spot {
	var out []spot
	seen := map[string]bool{}
	var walk func(path string, v any)
	add := func(s spot) {
		if id := fmt.Sprintf("%s %T", s.path, s.value); !seen[id] {
			seen[id] = true
			out = append(out, s)
		}
		walk(s.path, s.value)
	}
	walk = func(path string, v any) {
		switch x := v.(type) {
		case map[string]any:
			for _, key := range slices.Sorted(maps.Keys(x)) {
				add(spot{path + "." + key, x[key], func(v any) { x[key] = v }, func() func() {
					old := x[key]
					delete(x, key)
					return func() { x[key] = old }
				}})
			}
		case []any:
			for i := range x {
				add(spot{path + "[]", x[i], func(v any) { x[i] = v }, nil})
			}
		}
	}
	walk("", document)
	return out
}

// free are the keys of maps, and what is left out where it is empty.
var free = regexp.MustCompile(`\.(reasons|rule_counts|thin_evidence_rule_counts|numbers)\.\w+$|^\.(demo|filter)$|\.excluded$|\.thin_evidence_rule_counts$|\.blocks\[\]\.(verdict|weeks|sources|checks|questions)$`)

// TestWrongDocumentsFail changes filled documents in one place each: another type, a key that is missing, one that nobody
// documented, an amount below nothing, a share above all, a time that is none, a word that is not among the words.
func TestWrongDocumentsFail(t *testing.T) {
	for document, text := range documents(t) {
		open, closed := parsed(t, published(t, document)), strict(parsed(t, published(t, document)))
		forReaders, forUs := compiled(t, open), compiled(t, closed)
		v := parsed(t, text)
		fails := func(path, what string) {
			t.Helper()
			if forReaders.Validate(v) == nil {
				t.Errorf("%s passes with %s at %s", document, what, path)
			}
		}
		looked := 0
		for _, s := range spots(v) {
			looked++
			for _, wrong := range wrongTypes(s.value) {
				s.put(wrong)
				fails(s.path, string(mustJSON(t, wrong)))
			}
			for _, wrong := range wrongValues(s.path, s.value) {
				s.put(wrong)
				fails(s.path, string(mustJSON(t, wrong)))
			}
			s.put(s.value)
			if s.remove != nil && !free.MatchString(s.path) {
				restore := s.remove()
				fails(s.path, "nothing")
				restore()
			}
			if object, ok := s.value.(map[string]any); ok && !free.MatchString(s.path+".x") {
				object["nobody_documented_this"] = json.Number("1")
				if forUs.Validate(v) == nil {
					t.Errorf("%s passes with an unknown key in %s", document, s.path)
				}
				if err := forReaders.Validate(v); err != nil {
					t.Errorf("%s: a key that a later version adds in %s fails: %v", document, s.path, err)
				}
				delete(object, "nobody_documented_this")
			}
		}
		if err := forUs.Validate(v); err != nil {
			t.Errorf("%s was not put back: %v", document, err)
		}
		if looked < 80 {
			t.Errorf("%s: only %d places were looked at", document, looked)
		}
	}
}

func wrongTypes(v any) []any {
	switch v.(type) {
	case json.Number:
		return []any{"1", true, []any{}}
	case string:
		return []any{json.Number("1"), false, map[string]any{}}
	case bool:
		return []any{"true", json.Number("1")}
	case map[string]any, []any:
		return []any{"", json.Number("1")}
	}
	return nil // null has lost its type
}

// mayExceedOne are the ratios of what is no part to what is no whole.
var mayExceedOne = regexp.MustCompile(`^(page_rate|toil|heaviest_to_equal)_ratio`)

// wrongValues have the right type. A whole number is wanted where a value counts.
func wrongValues(path string, v any) []any {
	key := path[strings.LastIndex(path, ".")+1:]
	switch x := v.(type) {
	case json.Number:
		switch {
		case slices.Contains([]string{"value", "low", "high", "limit"}, key), strings.Contains(path, ".numbers.") && !strings.HasSuffix(key, "_count"):
			return nil
		case key == "difference_ratio":
			return []any{json.Number("-1.01"), json.Number("1.01")}
		case strings.Contains(key, "_ratio") && !mayExceedOne.MatchString(key):
			return []any{json.Number("-0.01"), json.Number("1.01")}
		case strings.HasSuffix(key, "_count") && !strings.Contains(path, ".numbers."):
			return []any{json.Number("-1"), json.Number("1.5")}
		}
		return []any{json.Number("-1")}
	case string:
		var out []any
		if strings.Contains(x, "T00:00:00Z") || regexp.MustCompile(`^\d{4}-\d\d-\d\dT`).MatchString(x) {
			out = append(out, "yesterday", "2026-11-16")
		}
		if _, err := strconv.ParseUint(x, 16, 32); err == nil && len(x) == 8 {
			out = append(out, strings.ToUpper(x)+"!", "")
		}
		if slices.Contains([]string{"recommendation", "evidence", "status", "demo", "block", "verdict", "schema_version"}, key) ||
			strings.HasSuffix(path, "gaps[].kind") || strings.HasSuffix(path, "excluded[].kind") {
			out = append(out, "nonsense")
		}
		return out
	case []any:
		if key == "hour_of_week" || strings.HasSuffix(path, "hour_of_week[]") {
			return []any{x[1:], append(slices.Clone(x), x[0])}
		}
	case map[string]any:
		switch key {
		case "reasons", "rule_counts", "thin_evidence_rule_counts":
			return []any{map[string]any{"nonsense": json.Number("1")}, map[string]any{"delete": json.Number("-1")}, map[string]any{"off_shift": "many"}}
		}
	}
	return nil
}
