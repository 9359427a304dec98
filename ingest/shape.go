package ingest

import (
	_ "embed"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

//go:embed shape_words.txt
var shapeWordsText string

// shapeWords are what a shape may print: parts of keys, keys under a payload, and words of the protocol.
var shapeWords = parseShapeWords(shapeWordsText)

func parseShapeWords(text string) map[string]map[string]bool {
	out := map[string]map[string]bool{}
	section := ""
	for _, line := range strings.Split(text, "\n") {
		switch {
		case strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			section = strings.Trim(line, "[] ")
			out[section] = map[string]bool{}
		default:
			for _, word := range strings.Fields(line) {
				out[section][word] = true
			}
		}
	}
	return out
}

// wordKeys say what kind a thing is: where the value is a word of the protocol it is printed.
var wordKeys = map[string]bool{"type": true, "status": true, "urgency": true, "severity": true, "assigned_via": true,
	"escalation_rule_assignment_strategy": true, "alert_creation": true}

// maskedKey stands for keys that may be somebody's words.
const maskedKey = "(other keys)"

// shape is what values have in common that stood in one place: the types they were of, and those of what was in them. It
// holds no value.
type shape struct {
	types   map[string]bool // of scalars: null, boolean, number, string, empty string, times, and "=word" of the protocol
	objects int             // how many of the values were objects
	fields  map[string]*shape
	seen    map[string]int // in how many of the objects each key was
	arrays  bool
	element *shape
}

func newShape() *shape {
	return &shape{types: map[string]bool{}, fields: map[string]*shape{}, seen: map[string]int{}}
}

// add takes in one more value, which stands under key; payload tells that a customer's tool sent it, or that somebody
// typed it. It gives the number of keys that it masked.
func (s *shape) add(key string, v any, payload bool) (masked int) {
	switch v := v.(type) {
	case map[string]any:
		s.objects++
		met := map[string]bool{}
		for k, x := range v {
			name := shownKey(k, payload)
			if name == maskedKey {
				masked++
			}
			if s.fields[name] == nil {
				s.fields[name] = newShape()
			}
			met[name] = true
			masked += s.fields[name].add(name, x, payload || payloadKeys[k] || k == "value")
		}
		for name := range met {
			s.seen[name]++
		}
	case []any:
		s.arrays = true
		for _, x := range v {
			if s.element == nil {
				s.element = newShape()
			}
			masked += s.element.add(key, x, payload)
		}
	case string:
		s.types[textType(key, v)] = true
	case json.Number:
		s.types["number"] = true
	case bool:
		s.types["boolean"] = true
	default:
		s.types["null"] = true
	}
	return masked
}

// shownKey is a key's name where all of it is made of words that anybody may know.
func shownKey(key string, payload bool) string {
	if payload {
		if shapeWords["payload"][key] {
			return key
		}
		return maskedKey
	}
	if key == "" || len(key) > 60 {
		return maskedKey
	}
	for _, part := range keyParts(key) {
		if !shapeWords["keys"][part] {
			return maskedKey
		}
	}
	return key
}

// keyParts are a key's words in lower case; one "" where it has other characters than words are made of.
func keyParts(key string) []string {
	var parts []string
	word := ""
	flush := func() {
		parts, word = append(parts, word), ""
	}
	for i, r := range key {
		switch {
		case r == '_' || r == '-':
			flush()
		case unicode.IsUpper(r) && r < unicode.MaxASCII:
			if i > 0 && word != "" {
				flush()
			}
			word += string(unicode.ToLower(r))
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			word += string(r)
		default:
			return []string{""}
		}
	}
	flush()
	return parts
}

var timeText = regexp.MustCompile(`^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?$`)

// textType tells of a text no more than its type, but for words of the protocol and how a time is written.
func textType(key, text string) string {
	switch {
	case text == "":
		return "empty string"
	case wordKeys[key] && shapeWords["values"][text]:
		return "=" + text
	case wordKeys[key]:
		return "string (no word of the list)"
	}
	m := timeText.FindStringSubmatch(text)
	if m == nil {
		return "string"
	}
	kind := "time with offset"
	switch m[2] {
	case "":
		kind = "time without zone"
	case "Z":
		kind = "time in UTC"
	}
	if m[1] != "" {
		kind += ", with a fraction"
	}
	return kind
}

// MarshalJSON writes a scalar as its types, an array as its elements' shape, an object as its keys; a key that was not in
// every object has a question mark behind it.
func (s *shape) MarshalJSON() ([]byte, error) { return []byte(encode(s.plain())), nil }

func (s *shape) plain() any {
	var forms []any
	if types := s.typeNames(); len(types) > 0 {
		forms = append(forms, strings.Join(types, " | "))
	}
	if s.objects > 0 {
		out := map[string]any{}
		for name, f := range s.fields {
			if s.seen[name] < s.objects {
				name += "?"
			}
			out[name] = f.plain()
		}
		forms = append(forms, out)
	}
	if s.arrays {
		list := []any{}
		if s.element != nil {
			list = append(list, s.element.plain())
		}
		forms = append(forms, list)
	}
	switch len(forms) {
	case 0:
		return "nothing"
	case 1:
		return forms[0]
	}
	return map[string]any{"(one of)": forms}
}

func (s *shape) typeNames() []string {
	return slices.Sorted(maps.Keys(s.types))
}

// at gives the shape under a path of keys, through arrays; nil where there is none.
func (s *shape) at(path ...string) *shape {
	for _, key := range path {
		for s != nil && s.objects == 0 && s.arrays {
			s = s.element
		}
		if s == nil {
			return nil
		}
		s = s.fields[key]
	}
	return s
}

// words are the protocol's words that stood in a place, without the mark; others tells that there were more.
func (s *shape) words() (words []string, others bool) {
	if s == nil {
		return nil, false
	}
	for _, t := range s.typeNames() {
		if word, ok := strings.CutPrefix(t, "="); ok {
			words = append(words, word)
		} else if strings.HasPrefix(t, "string") {
			others = true
		}
	}
	return words, others
}
