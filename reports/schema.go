package reports

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/google/jsonschema-go/jsonschema"
)

// Documents lists the JSON documents that have a schema, by the command that prints them.
func Documents() []string { return []string{"report", "noisy", "audit"} }

// Describe says what a key means. Owner is the key of the object that holds it; at the top, the document's name.
type Describe func(owner, key string) string

// WriteSchema writes the JSON Schema (draft 2020-12) of a document. It is read off the Go types: null stands where the
// value may be unknown, a key without omitempty is required, and keys that are not named are allowed everywhere, since
// a minor version adds some. An unknown document is an error.
func WriteSchema(w io.Writer, document string, describe Describe) error {
	s, err := newSchema(document, describe)
	if err != nil {
		return err
	}
	head, err := json.Marshal(schemaHead{
		Schema: "https://json-schema.org/draft/2020-12/schema",
		ID:     "urn:crywolf:" + document + ":" + SchemaVersion,
		Title:  "crywolf " + document + " -f json, schema version " + SchemaVersion,
		Description: "null is unknown, never 0. Times are in UTC, periods half-open. Additions are minor versions: a reader ignores keys, " +
			"and bears words, that it does not know.",
	})
	if err != nil {
		return fmt.Errorf("write the head of a schema: %w", err)
	}
	body, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("write the schema of %s: %w", document, err)
	}
	var b strings.Builder
	err = WriteJSON(&b, json.RawMessage(slices.Concat(head[:len(head)-1], []byte(","), body[1:])))
	return finish(w, &b, JSON, err)
}

// schemaHead opens a schema; the library would write it beneath all the keys.
type schemaHead struct {
	Schema      string `json:"$schema"`
	ID          string `json:"$id"`
	Title       string `json:"title"`
	Description string `json:"description"`
}

func newSchema(document string, describe Describe) (*jsonschema.Schema, error) {
	types := map[string]reflect.Type{"report": reflect.TypeFor[Report](), "noisy": reflect.TypeFor[Noisy](), "audit": reflect.TypeFor[Audit]()}
	t, ok := types[document]
	if !ok {
		return nil, fmt.Errorf("document %q is not known", document)
	}
	s, err := jsonschema.ForType(t, &jsonschema.ForOptions{TypeSchemas: map[reflect.Type]*jsonschema.Schema{
		reflect.TypeFor[time.Time](): {Type: "string", Format: "date-time"},
		reflect.TypeFor[Status]():    {Type: "string", Enum: anyOf(statuses)},
		reflect.TypeFor[Numbers]():   numbersSchema(),
	}})
	if err != nil {
		return nil, fmt.Errorf("read the schema of %s off its type: %w", document, err)
	}
	describe.below(s, document)
	return s, nil
}

// below completes what the types tell of an object, a list or a map that stands under a key.
func (describe Describe) below(s *jsonschema.Schema, owner string) {
	switch {
	case s.Items != nil:
		if s.MinItems == nil { // a slice, which Normalize keeps from being null
			s.Type, s.Types = "array", nil
		}
		constrain(s.Items, "", owner)
		describe.below(s.Items, owner)
	case s.Properties != nil:
		s.AdditionalProperties = nil
		for key, p := range s.Properties {
			p.Description = describe(owner, key)
			constrain(p, owner, key)
			describe.below(p, key)
		}
	case s.AdditionalProperties != nil && s.PatternProperties == nil:
		constrain(s.AdditionalProperties, "", owner)
		if names := mapKeys[owner]; names != nil {
			s.PropertyNames = &jsonschema.Schema{Enum: anyOf(names)}
		}
	}
}

// constrain says which values a text or a number of this key can have.
func constrain(s *jsonschema.Schema, owner, key string) {
	switch {
	case is(s, "string") && s.Enum == nil && s.Format == "":
		s.Enum, s.Pattern = anyOf(wordsOf(owner, key)), patterns[key]
		if s.Enum != nil && slices.Contains(s.Types, "null") {
			s.Enum = append(s.Enum, nil)
		}
	case is(s, "integer"), is(s, "number"):
		s.Minimum, s.Maximum = bounds(key)
	}
}

func is(s *jsonschema.Schema, kind string) bool {
	return s.Type == kind || slices.Contains(s.Types, kind)
}

func anyOf(words []string) []any {
	var out []any
	for _, w := range words {
		out = append(out, w)
	}
	return out
}
