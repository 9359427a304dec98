package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"
	"unicode"
)

// record is one JSON object of PagerDuty's. Its getters are lenient: any field may be missing, null or of another
// type than documented, and then it is unknown (nil), not an error: an odd field must not lose its record.
// A getter takes the path to the field. Values are nil or what the database's column takes.
type record map[string]any

// decodeValue reads one JSON value, keeping numbers as they are written.
func decodeValue(raw []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one JSON value")
	}
	return v, nil
}

// at gives the value at path, nil where the path ends early.
func (r record) at(path ...string) any {
	var v any = map[string]any(r)
	for _, key := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[key]
	}
	return v
}

// text gives a string, "" where there is none. Numbers become their text: ids have been seen as numbers.
func (r record) text(path ...string) string {
	switch v := r.at(path...).(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// str gives a string column: nil where there is no string.
func (r record) str(path ...string) any {
	switch r.at(path...).(type) {
	case string, json.Number:
		return r.text(path...)
	}
	return nil
}

// id gives an id column: nil where there is none, it is blank, or it has white space, a character that can't be seen, or
// an @. Ids stand in addresses, file names and on screens; one with a space would be two, and mail addresses aren't kept.
func (r record) id(path ...string) any {
	id := strings.TrimSpace(r.text(path...))
	if id == "" || strings.ContainsFunc(id, func(c rune) bool { return !unicode.IsGraphic(c) || unicode.IsSpace(c) || c == '@' }) {
		return nil
	}
	return id
}

// idText is id where a string is wanted.
func (r record) idText(path ...string) string {
	id, _ := r.id(path...).(string)
	return id
}

// time gives a UTC time column, nil where there is none.
func (r record) time(path ...string) any {
	if t, ok := parseTime(r.text(path...)); ok {
		return t
	}
	return nil
}

// integer gives an int64 column, nil where there is none.
func (r record) integer(path ...string) any {
	text := strings.TrimSpace(r.text(path...))
	n := json.Number(text)
	if i, err := n.Int64(); err == nil {
		return i
	}
	if f, err := n.Float64(); err == nil && f == float64(int64(f)) {
		return int64(f)
	}
	return nil
}

// count gives an int32 column, nil where there is none or it does not fit.
func (r record) count(path ...string) any {
	if n, ok := r.integer(path...).(int64); ok && n >= 0 && n <= 1<<31-1 {
		return int32(n)
	}
	return nil
}

// flag gives a boolean column, nil where there is none.
func (r record) flag(path ...string) any {
	switch v := r.at(path...).(type) {
	case bool:
		return v
	case string:
		switch strings.ToLower(v) {
		case "true":
			return true
		case "false":
			return false
		}
	}
	return nil
}

// object gives a nested object, nil where there is none.
func (r record) object(path ...string) record {
	m, _ := r.at(path...).(map[string]any)
	return m
}

// objects gives the objects of a list; what is not an object is left out.
func (r record) objects(path ...string) []record {
	list, _ := r.at(path...).([]any)
	var out []record
	for _, v := range list {
		if m, ok := v.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// timeLayouts are the forms in which PagerDuty's times have been seen. A time without a zone is taken as UTC:
// every request asks for UTC where it can.
var timeLayouts = []string{
	time.RFC3339Nano,
	"2006-01-02T15:04:05.999999999",
	"2006-01-02T15:04:05.999999999Z0700",
	"2006-01-02 15:04:05.999999999Z07:00",
	"2006-01-02 15:04:05.999999999 MST",
	"2006-01-02 15:04:05.999999999",
	"2006-01-02",
}

// parseTime reads a time to the microsecond. The year 1 is how some of PagerDuty's clients write "none".
func parseTime(text string) (time.Time, bool) {
	text = strings.TrimSpace(text)
	if len(text) < len("2006-01-02") || len(text) > 40 {
		return time.Time{}, false
	}
	for _, layout := range timeLayouts {
		t, err := time.Parse(layout, text)
		if err != nil {
			continue
		}
		t = t.UTC().Truncate(time.Microsecond)
		return t, t.Year() > 1 && t.Year() < 10000
	}
	return time.Time{}, false
}

// formatTime writes a time as a query's parameter, always with its zone.
func formatTime(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// shapeOf tells a value's type, and an object's key names with their types: what may be kept of a record that
// can't be read.
func shapeOf(v any) string {
	typeOf := func(v any) string {
		switch v.(type) {
		case nil:
			return "null"
		case string:
			return "string"
		case json.Number:
			return "number"
		case bool:
			return "boolean"
		case []any:
			return "array"
		}
		return "object"
	}
	m, ok := v.(map[string]any)
	if !ok {
		return `"` + typeOf(v) + `"`
	}
	shape := map[string]string{}
	for k, v := range m {
		shape[maskEmails(k)] = typeOf(v)
	}
	return encode(shape)
}

// encode writes a value as JSON with sorted keys and without HTML escapes.
func encode(v any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err) // only decoded JSON and maps of strings come here
	}
	return strings.TrimRight(b.String(), "\n")
}
