package reports

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// place is where the values of one key stand: the rotation, and the keys that lead there; all items of a list are one
// place, and its values are in their order.
type place struct{ rotation, path string }

// TestCSVAndJSONHoldTheSame compares the two documents for machines value by value.
func TestCSVAndJSONHoldTheSame(t *testing.T) {
	for name, makeOne := range reportsOfAllKinds() {
		sameValues(t, name+" report", "report", dress{JSON, true}.report(t, makeOne()), dress{CSV, true}.report(t, makeOne()))
	}
	for name, makeOne := range noisiesOfAllKinds() {
		sameValues(t, name+" list", "noisy", dress{JSON, true}.noisy(t, makeOne()), dress{CSV, true}.noisy(t, makeOne()))
	}
	for name, makeOne := range auditsOfAllKinds(t) {
		sameValues(t, name+" audit", "audit", dress{JSON, true}.audit(t, makeOne()), dress{CSV, true}.audit(t, makeOne()))
	}
}

func sameValues(t *testing.T, name, document, jsonText, csvText string) {
	t.Helper()
	inJSON, inCSV := valuesOfJSON(t, jsonText), valuesOfCSV(t, document, csvText)
	if len(inJSON) < 5 {
		t.Errorf("the %s: only %d places were looked at", name, len(inJSON))
	}
	for _, p := range slices.SortedFunc(maps.Keys(inJSON), byPlace) {
		if got, want := inCSV[p], inJSON[p]; !slices.EqualFunc(want, got, sameValue) {
			t.Errorf("the %s: %s %s is %q in JSON and %q in CSV", name, p.rotation, p.path, want, got)
		}
	}
	for _, p := range slices.SortedFunc(maps.Keys(inCSV), byPlace) {
		if inJSON[p] == nil {
			t.Errorf("the %s: %s %s is in CSV only: %q", name, p.rotation, p.path, inCSV[p])
		}
	}
}

func byPlace(x, y place) int { return strings.Compare(x.rotation+" "+x.path, y.rotation+" "+y.path) }

// sameValue compares a value of JSON with a cell; an unknown one is an empty cell.
func sameValue(inJSON any, cellText any) bool {
	text := cellText.(string)
	switch x := inJSON.(type) {
	case nil:
		return text == ""
	case json.Number:
		number, err := x.Float64()
		same, cellErr := strconv.ParseFloat(text, 64)
		return err == nil && cellErr == nil && number == same
	case bool:
		return text == fmt.Sprint(x)
	case string:
		return text == cell(x)
	}
	return false
}

func valuesOfJSON(t *testing.T, text string) map[place][]any {
	t.Helper()
	out := map[place][]any{}
	var walk func(p place, v any)
	walk = func(p place, v any) {
		switch x := v.(type) {
		case map[string]any:
			for key, below := range x {
				walk(place{p.rotation, strings.TrimPrefix(p.path+"."+key, ".")}, below)
			}
		case []any:
			for _, below := range x {
				if rotation, ok := below.(map[string]any); ok && p.path == "rotations" {
					id := rotation["id"].(string)
					delete(rotation, "id") // the column that every line has
					walk(place{cell(id), ""}, rotation)
				} else {
					walk(p, below)
				}
			}
		default:
			out[p] = append(out[p], v)
		}
	}
	walk(place{}, parsed(t, text))
	return out
}

// valuesOfCSV reads the tidy table. No two lines say the same of the same.
func valuesOfCSV(t *testing.T, document, text string) map[place][]any {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"section", "rotation", "item", "key", "value"}; !slices.Equal(lines[0], want) {
		t.Fatalf("the head is %v", lines[0])
	}
	seen := map[string]bool{}
	out := map[place][]any{}
	for _, line := range lines[1:] {
		if id := strings.Join(line[:4], "\x00"); seen[id] {
			t.Errorf("two lines are %q", line[:4])
		} else {
			seen[id] = true
		}
		section, key := line[0], line[3]
		p := place{line[1], section + "." + key}
		switch {
		case section == "numbers": // of a block, which is the item
			p.path = "blocks.numbers." + key
		case section == document, section == "rotation", key == section, strings.HasPrefix(key, section+"."):
			p.path = key
		case section == "actions" && key == "rule", section == "hour_of_week" && key == "page_count": // of lists of bare values
			p.path = section
		}
		out[p] = append(out[p], line[4])
	}
	return out
}
