package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"crywolf/ingest/pagerdutytest"
	"crywolf/reports"
)

// printedSchema is what `crywolf schema` prints.
func printedSchema(t *testing.T, document string) map[string]any {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := run(context.Background(), []string{"schema", document}, nil, strings.NewReader(""), &stdout, &stderr); code != exitOK {
		t.Fatalf("code %d: %s", code, stderr.String())
	}
	v, err := jsonschema.UnmarshalJSON(&stdout)
	if err != nil {
		t.Fatal(err)
	}
	return v.(map[string]any)
}

// eachObject calls f for every schema of an object with named keys; owner is the key that it stands under.
func eachObject(schema map[string]any, owner string, f func(owner string, schema map[string]any)) {
	properties, _ := schema["properties"].(map[string]any)
	if properties != nil {
		f(owner, schema)
	}
	for key, below := range properties {
		eachObject(below.(map[string]any), key, f)
	}
	for _, part := range []string{"items", "additionalProperties"} {
		if below, ok := schema[part].(map[string]any); ok {
			eachObject(below, owner, f)
		}
	}
}

// strictSchema allows no key that the schema does not name.
func strictSchema(t *testing.T, document string) *jsonschema.Schema {
	t.Helper()
	schema := printedSchema(t, document)
	eachObject(schema, document, func(_ string, s map[string]any) { s["additionalProperties"] = false })
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("urn:strict", schema); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("urn:strict")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestEveryKeyOfASchemaIsDescribed: from words.md, so that `crywolf explain` tells the same.
func TestEveryKeyOfASchemaIsDescribed(t *testing.T) {
	for _, document := range reports.Documents() {
		keys := 0
		eachObject(printedSchema(t, document), document, func(owner string, s map[string]any) {
			for key, below := range s["properties"].(map[string]any) {
				keys++
				if text, _ := below.(map[string]any)["description"].(string); len(text) < 30 {
					t.Errorf("%s: words.md has no meaning for %s.%s", document, owner, key)
				}
			}
		})
		if keys < 50 {
			t.Errorf("%s: only %d keys were looked at", document, keys)
		}
	}
}

// TestPlacesOfWordsAreInASchema: a word such as gaps.kind is one of a key in its place, so the place must be there.
func TestPlacesOfWordsAreInASchema(t *testing.T) {
	places := map[string]bool{}
	for _, document := range reports.Documents() {
		eachObject(printedSchema(t, document), document, func(owner string, s map[string]any) {
			for key := range s["properties"].(map[string]any) {
				places[owner+"."+key] = true
			}
		})
	}
	for _, w := range loadWords() {
		for _, name := range w.names {
			if strings.Contains(strings.TrimSuffix(name, "."), ".") && !strings.Contains(name, " ") && !places[name] {
				t.Errorf("words.md has a meaning for %s, which no document has", name)
			}
		}
	}
}

// TestOutputsFollowTheirSchema validates what the program prints: over the demo, over a part of a random account with
// gaps, people who left and odd records, and over an empty account.
func TestOutputsFollowTheirSchema(t *testing.T) {
	outputs := map[string][]string{
		"report": {"", "--compare prev", "--compare none", "--since 36h", "--names"},
		"noisy":  {"", "--top 0 --min-pages 0", "--top 2 --recommendation delete,wait"},
		"audit":  {""},
	}
	demo := demoProgram(t)
	programs := map[string]func(args []string) string{"demo": func(args []string) string { return demo(args...) }}
	empty := pagerdutytest.NewAccount("empty")
	for name, account := range map[string]*pagerdutytest.Account{"empty": empty, "random 3": pagerdutytest.Random(3)} {
		part := truthPeriod{account.Start.Add(account.End.Sub(account.Start) / 3), account.End}
		synced := truthServe(t, account, part, "auto")
		programs[name] = func(args []string) string { return string(synced.run(t, args...)) }
	}
	for _, document := range reports.Documents() {
		if c, _, err := (&app{}).root().Find([]string{document}); err != nil || c.Name() != document {
			t.Logf("there is no crywolf %s yet", document)
			continue
		}
		schema := strictSchema(t, document)
		for name, program := range programs {
			all := outputs[document]
			if name == "demo" {
				all = append(all, "payments-primary")
			} else {
				all = all[:repeats(1, len(all))]
			}
			for _, flags := range all {
				args := append([]string{document}, strings.Fields(flags)...)
				v, err := jsonschema.UnmarshalJSON(strings.NewReader(program(append(args, "--allow-partial", "-f", "json"))))
				if err != nil {
					t.Fatal(err)
				}
				if err := schema.Validate(v); err != nil {
					t.Errorf("%s: crywolf %s: %v", name, strings.Join(args, " "), err)
				}
			}
		}
	}
}
