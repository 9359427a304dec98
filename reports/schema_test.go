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

// richReport is the sample with everything that is there only now and then.
func richReport() *Report {
	r := sample()
	r.Demo, r.Filter = DemoData, &Filter{Rotations: []string{"PSCHED1"}}
	r.BeforePeriod = &Period{day("2026-09-21T00:00:00Z"), day("2026-10-19T00:00:00Z")}
	r.Data.Gaps = []Gap{{Kind: "log_entries", Since: day("2026-10-19T00:00:00Z"), Until: day("2026-10-21T00:00:00Z"), Command: "crywolf sync"}}
	rot := &r.Rotations[0]
	rot.Weeks = []Week{{Start: day("2026-11-09T00:00:00Z"), End: day("2026-11-16T00:00:00Z"), OnCallSeconds: 604800, PageCount: 40, NightPageCount: 9,
		NonActionableRatio: num(0.5), PagesPer12h: num(2.86)}}
	rot.ResolveHistogram = []ResolveBin{{FromSeconds: 0, ToSeconds: num(60), ClearedAloneCount: 40, WorkedCount: 2, OtherCount: 1}, {FromSeconds: 60, OtherCount: 3}}
	rot.FlappingRules = []FlappingRule{{Rule: "a3f91c22", Title: oddTitles[1], Firings: []time.Time{day("2026-11-01T03:00:00Z"), day("2026-11-01T03:10:00Z")},
		Runs: []FlapRun{{Start: day("2026-11-01T03:00:00Z"), End: day("2026-11-01T04:00:00Z"), EpisodeCount: 4}}}}
	rot.FollowTheSun = FollowTheSun{Verdict: word("single region"), ZoneClusterCount: ptr(int64(1)), ExposureRatio: num(0.42), NightPageCount: 41, LeakedPageCount: 3,
		LeakedRatio: num(0.07), LeakedRatioLow: num(0.03), LeakedRatioHigh: num(0.2), HandOffCount: 27, HandOffGapCount: 1, HandOffGapSeconds: 1800}
	rot.Toil = Toil{EngagementCount: 170, EngagedLowSeconds: 90000, EngagedHighSeconds: 99000.5, WorkingSeconds: 80000, ToilRatioLow: num(1.125), ToilRatioHigh: num(1.2375)}
	rot.Spread = &Spread{PersonCount: 4, PageCounts: []int64{100, 50, 36, 0}, HeaviestToEqualRatio: num(2.15), GiniRatio: num(0.43), GiniByChanceHighRatio: num(0.1), MayBeChance: ptr(false)}
	rot.Alerts[0].Evidence = word("strong")
	return r
}

func ptr[T any](v T) *T { return &v }

// richNoisy is the sample with everything that is there only now and then.
func richNoisy() *Noisy {
	n := noisySample()
	n.Demo, n.Filter = DemoData, &Filter{Rotations: []string{"PSCHED1"}}
	n.Data = richReport().Data
	n.Plan.ThinEvidenceRuleCounts = map[string]int64{Delete: 1}
	return n
}

// richAudit has every block and every part that some of them have.
func richAudit() *Audit {
	r := richReport()
	card := Scorecard{ID: "PSCHED1", Name: "payments-primary", TimeZone: "Europe/Berlin"}
	for i, id := range AuditBlocks() {
		b := Block{ID: id, Title: id, Status: Status(statuses[i%len(statuses)]), Finding: "Found.", LimitSource: "ours"}
		b.Numbers.Set("page_count", num(float64(i)))
		b.Numbers.Set("swing_points", num(-3.5))
		b.Numbers.Set("page_ratio", nil)
		card.Blocks = append(card.Blocks, b)
	}
	card.Blocks[0].Verdict, card.Blocks[0].Weeks, card.Blocks[0].Sources = word("rising"), r.Rotations[0].Weeks, r.Rotations[0].Sources
	card.Blocks[0].Limit, card.Blocks[0].LimitKey = num(0.2), "page_ratio"
	card.Blocks[0].Checks = []Check{{ID: "nights", Block: BlockNoise, Status: StatusAlarm, Key: "page_ratio", Value: num(0.3), Low: num(0.2), High: num(0.4),
		N: ptr(int64(30)), Limit: num(0.2), LimitSource: "ours", Text: "30% of 30."}}
	card.Blocks[0].Questions = []Question{{ID: "deleted", Text: "Which alerts did you delete?", Good: "These three.", Poor: "None.", Why: "noise/page_ratio"}}
	return &Audit{SchemaVersion: SchemaVersion, Demo: DemoData, MadeWith: "crywolf 1.0", Period: r.Period, Filter: r.Filter, Data: r.Data,
		Rotations: []Scorecard{card}, Suppressed: []string{"A/help/never_acknowledged_count"}, Fingerprint: strings.Repeat("0f", 32)}
}

// documents are a rich document of each kind, as it is printed.
func documents(t *testing.T) map[string]string {
	t.Helper()
	report, noisy, audit := richReport(), richNoisy(), richAudit()
	report.Normalize()
	noisy.Normalize()
	out := map[string]string{}
	for name, document := range map[string]any{"report": report, "noisy": noisy, "audit": audit} {
		var b strings.Builder
		if err := writeJSON(&b, document); err != nil {
			t.Fatal(err)
		}
		out[name] = b.String()
	}
	return out
}

// TestDocumentsFollowTheirSchema: the rich documents and the golden ones, no key beyond the schema's.
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
	for name, document := range map[string]string{"demo.json": "report", "empty.json": "report", "noisy.json": "noisy"} {
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
