package reports

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// published is the schema of a document as it is printed.
func published(t *testing.T, document string) string {
	t.Helper()
	var b strings.Builder
	if err := WriteSchema(&b, document, func(owner, key string) string { return owner + "." + key }); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func parsed(t *testing.T, text string) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func compiled(t *testing.T, schema any) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource("schema.json", schema); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// strict forbids the keys that a schema does not name, so that one that nobody documented is found.
func strict(v any) any {
	switch x := v.(type) {
	case map[string]any:
		for _, below := range x {
			strict(below)
		}
		if _, object := x["properties"].(map[string]any); object && x["type"] != nil && x["additionalProperties"] == nil {
			x["additionalProperties"] = false
		}
	case []any:
		for _, below := range x {
			strict(below)
		}
	}
	return v
}

// documents are a filled document of each kind, as it is printed.
func documents(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for name, document := range map[string]any{"report": filledReport(), "noisy": filledNoisy(), "audit": filledAudit()} {
		var b strings.Builder
		if err := WriteJSON(&b, document); err != nil {
			t.Fatal(err)
		}
		out[name] = b.String()
	}
	return out
}

// TestDocumentsFollowTheirSchema: the filled documents and the golden ones, no key beyond the schema's.
func TestDocumentsFollowTheirSchema(t *testing.T) {
	if len(documents(t)) != len(Documents()) {
		t.Fatal("not every document is looked at")
	}
	for document, text := range documents(t) {
		schema := compiled(t, strict(parsed(t, published(t, document))))
		if err := schema.Validate(parsed(t, text)); err != nil {
			t.Errorf("%s: %v", document, err)
		}
	}
	for name, document := range map[string]string{"demo.json": "report", "empty.json": "report", "noisy.json": "noisy", "audit.json": "audit"} {
		text, err := os.ReadFile(filepath.Join("..", "testdata", "reports", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := compiled(t, strict(parsed(t, published(t, document)))).Validate(parsed(t, string(text))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSchemaSaysWhatItIs(t *testing.T) {
	for _, document := range Documents() {
		s := parsed(t, published(t, document)).(map[string]any)
		if s["$schema"] != "https://json-schema.org/draft/2020-12/schema" || s["$id"] != "urn:crywolf:"+document+":"+SchemaVersion || s["title"] == "" {
			t.Errorf("%s: %v %v %v", document, s["$schema"], s["$id"], s["title"])
		}
	}
	if err := WriteSchema(&strings.Builder{}, "rapport", nil); err == nil {
		t.Error("an unknown document has a schema")
	}
}

// TestSchemaFollowsTheTypes walks types and schema side by side: every field is a key, null stands where the field is a
// pointer and nowhere else, and a key is required unless it is left out where it is empty.
func TestSchemaFollowsTheTypes(t *testing.T) {
	for document, kind := range map[string]reflect.Type{"report": reflect.TypeFor[Report](), "noisy": reflect.TypeFor[Noisy](), "audit": reflect.TypeFor[Audit]()} {
		seen := 0
		followType(t, document, kind, parsed(t, published(t, document)).(map[string]any), &seen)
		if seen < 50 {
			t.Errorf("%s: only %d keys were looked at", document, seen)
		}
	}
}

func followType(t *testing.T, path string, kind reflect.Type, schema map[string]any, seen *int) {
	t.Helper()
	*seen++
	types, _ := schema["type"].([]any)
	if one, ok := schema["type"].(string); ok {
		types = []any{one}
	}
	null := false
	for _, name := range types {
		null = null || name == "null"
	}
	if pointer := kind.Kind() == reflect.Pointer; pointer != null {
		t.Errorf("%s: null is allowed: %v, and the type is %s", path, null, kind)
	} else if pointer {
		kind = kind.Elem()
	}
	switch {
	case kind == reflect.TypeFor[time.Time](), kind == reflect.TypeFor[Numbers]():
	case kind.Kind() == reflect.Struct:
		keys := 0
		for _, f := range reflect.VisibleFields(kind) {
			key, option, _ := strings.Cut(f.Tag.Get("json"), ",")
			if key == "-" || f.Anonymous {
				continue
			}
			keys++
			below, ok := schema["properties"].(map[string]any)[key].(map[string]any)
			if !ok {
				t.Errorf("%s.%s is no key of the schema", path, key)
				continue
			}
			if below["description"] != strings.TrimSuffix(path[strings.LastIndex(path, ".")+1:], "[]")+"."+key {
				t.Errorf("%s.%s is described as %v", path, key, below["description"])
			}
			if required := contains(schema["required"], key); required == (option == "omitempty") {
				t.Errorf("%s.%s is required: %v, and its tag says %q", path, key, required, option)
			}
			followType(t, path+"."+key, f.Type, below, seen)
		}
		if n := len(schema["properties"].(map[string]any)); n != keys {
			t.Errorf("%s has %d keys in the schema and %d fields", path, n, keys)
		}
	case kind.Kind() == reflect.Map:
		followType(t, path, kind.Elem(), schema["additionalProperties"].(map[string]any), seen)
	case kind.Kind() == reflect.Slice, kind.Kind() == reflect.Array:
		if n, _ := json.Marshal([]any{schema["minItems"], schema["maxItems"]}); kind.Kind() == reflect.Array && string(n) != string(mustJSON(t, []int{kind.Len(), kind.Len()})) {
			t.Errorf("%s has %s items and the type %s", path, n, kind)
		}
		followType(t, path+"[]", kind.Elem(), schema["items"].(map[string]any), seen)
	}
}

func contains(list any, key string) bool {
	keys, _ := list.([]any)
	for _, k := range keys {
		if k == key {
			return true
		}
	}
	return false
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
