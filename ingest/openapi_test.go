package ingest

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// openAPIVariable names PagerDuty's OpenAPI file. It states no licence, so it is not in this repository.
const openAPIVariable = "PAGERDUTY_OPENAPI"

// readOpenAPI reads PagerDuty's own description of its API, or skips the test.
func readOpenAPI(t testing.TB) map[string]any {
	t.Helper()
	path := os.Getenv(openAPIVariable)
	if path == "" {
		t.Skip(openAPIVariable + " is unset: nothing is held against PagerDuty's schema (reference/REST/openapiv3.json of PagerDuty/api-schema)")
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var whole map[string]any
	if err := json.Unmarshal(raw, &whole); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return whole
}

// slice is the part of the description that is the GETs of some paths, and what they refer to. The whole of it can't be
// loaded: a response elsewhere refers to a request body.
type slice struct {
	whole      map[string]any
	doc        map[string]any
	components map[string]any    // kind → name → component
	moved      map[string]string // where what stood inside another path or component now stands
}

// sliced gives the description of the GETs of paths.
func sliced(whole map[string]any, paths []string) (slice, error) {
	kept, components := map[string]any{}, map[string]any{}
	s := slice{whole: whole, components: components, moved: map[string]string{}, doc: map[string]any{"openapi": whole["openapi"],
		"info": map[string]any{"title": "slice", "version": "0"}, "paths": kept, "components": components}}
	for _, path := range paths {
		item, _ := whole["paths"].(map[string]any)[path].(map[string]any)
		if item["get"] == nil {
			return s, fmt.Errorf("the schema knows no GET %s", path)
		}
		get, err := s.copied(item["get"], "")
		if err != nil {
			return s, err
		}
		kept[path] = map[string]any{"get": get}
	}
	return s, nil
}

// schema gives a named schema of the slice.
func (s slice) schema(name string) map[string]any {
	return s.components["schemas"].(map[string]any)[name].(map[string]any)
}

// require takes a named schema into the slice.
func (s slice) require(name string) {
	if _, err := s.take("#/components/schemas/" + name); err != nil {
		panic(err)
	}
}

// copied copies a node and takes along what it refers to. Examples stay behind: they break rules of the file itself. under
// is the key that the node stands at; below "properties" a key is a name, and means nothing.
func (s slice) copied(node any, under string) (any, error) {
	switch node := node.(type) {
	case []any:
		out := make([]any, len(node))
		for i, v := range node {
			var err error
			if out[i], err = s.copied(v, ""); err != nil {
				return nil, err
			}
		}
		return out, nil
	case map[string]any:
		if to, ok := node["$ref"].(string); ok && under != "properties" {
			to, err := s.take(to)
			return map[string]any{"$ref": to}, err
		}
		out := map[string]any{}
		for key, v := range node {
			if under != "properties" && (key == "example" || key == "examples" || key == "security") {
				continue
			}
			below := key
			if under == "properties" {
				below = ""
			}
			var err error
			if out[key], err = s.copied(v, below); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return node, nil
}

// take copies what a reference points at into the components, once, and gives the reference to the copy.
func (s slice) take(pointer string) (string, error) {
	if to, ok := s.moved[pointer]; ok {
		return to, nil
	}
	parts := strings.Split(strings.TrimPrefix(pointer, "#/"), "/")
	kind, name := "schemas", fmt.Sprint("moved_", len(s.moved))
	if len(parts) == 3 && parts[0] == "components" {
		kind, name = parts[1], parts[2]
	}
	s.moved[pointer] = "#/components/" + kind + "/" + name
	var node any = s.whole
	for _, part := range parts {
		part = strings.NewReplacer("~1", "/", "~0", "~", "%7B", "{", "%7D", "}").Replace(part)
		switch at := node.(type) {
		case map[string]any:
			node = at[part]
		case []any:
			var i int
			if _, err := fmt.Sscan(part, &i); err != nil || i < 0 || i >= len(at) {
				return "", fmt.Errorf("%s leads nowhere", pointer)
			}
			node = at[i]
		}
	}
	if node == nil {
		return "", fmt.Errorf("%s leads nowhere", pointer)
	}
	copied, err := s.copied(node, "")
	list, _ := s.components[kind].(map[string]any)
	if list == nil {
		list = map[string]any{}
		s.components[kind] = list
	}
	list[name] = copied
	return s.moved[pointer], err
}

// contract is what PagerDuty's description says of some GETs, ready to hold answers against.
type contract struct{ doc *openapi3.T }

// loadContract slices the description, mends it, and loads it.
func loadContract(t testing.TB, whole map[string]any, mends []deviation) contract {
	t.Helper()
	s, err := sliced(whole, contractPaths)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range mends {
		m.mend(s)
	}
	everyNode(s.doc, quickestFirst)
	raw, err := json.Marshal(s.doc)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		t.Fatalf("load the slice: %v", err)
	}
	return contract{doc}
}

// quickestFirst lets a kind of log entry be told by its type before all that every kind has is looked at: an order of
// parts means nothing, and one of fifteen kinds has to be found for each entry.
func quickestFirst(node map[string]any) {
	list, _ := node["allOf"].([]any)
	slices.SortStableFunc(list, func(a, b any) int {
		_, isA := a.(map[string]any)["$ref"]
		_, isB := b.(map[string]any)["$ref"]
		switch {
		case isA == isB:
			return 0
		case isB:
			return -1
		}
		return 1
	})
}

// everyNode visits every object of a JSON value, those inside another first.
func everyNode(node any, visit func(map[string]any)) {
	switch node := node.(type) {
	case []any:
		for _, v := range node {
			everyNode(v, visit)
		}
	case map[string]any:
		for _, v := range node {
			everyNode(v, visit)
		}
		visit(node)
	}
}
