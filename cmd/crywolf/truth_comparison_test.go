package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// truthBusyWeek is a fixture with something to see under every heading of the report.
func truthBusyWeek() truthDocument {
	f := newTruthFixture()
	for n, at := range []string{"Mon 01:00", "Mon 01:10", "Mon 01:20", "Mon 10:00", "Wed 18:30", "Fri 12:00"} {
		user := "ADA"
		if at > "W" || at < "M" {
			user = "BOB"
		}
		f.page(fmt.Sprint("I", n), user, at)
	}
	f.incident("lost", "Mon 12:00", nil)
	f.notify("lost", "EVE", "Mon 12:00", "push")
	return f.world().report(truthWeek())
}

// The comparison must see every single key of the document: each is changed in turn, and then left out.
func TestTruthCompareSees(t *testing.T) {
	want := truthBusyWeek()
	if differences := truthCompare(truthEncode(want), want); len(differences) > 0 {
		t.Fatalf("a document differs from itself: %v", differences)
	}
	for n := 0; ; n++ {
		for _, change := range []string{"changed", "removed"} {
			var tree any
			if err := json.Unmarshal(truthEncode(want), &tree); err != nil {
				t.Fatal(err)
			}
			left, key := n, ""
			tree = truthSpoil(tree, "", &left, change == "removed", &key)
			if key == "" {
				if n < 50 {
					t.Fatalf("only %d keys in the document", n)
				}
				return
			}
			if strings.HasSuffix(key, ".user") || strings.HasSuffix(key, ".alerts") {
				continue // names are compared by their shifts; verdicts and alerts by truthListed
			}
			spoilt, err := json.Marshal(tree)
			if err != nil {
				t.Fatal(err)
			}
			if len(truthCompare(spoilt, want)) == 0 {
				t.Errorf("%s was %s, and the comparison saw nothing", key, change)
			}
		}
	}
}

// truthSpoil changes or removes the n-th leaf of a document and says which it was.
func truthSpoil(value any, path string, n *int, remove bool, key *string) any {
	switch value := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(truthMapKeys(value)) {
			spoilt := truthSpoil(value[name], path+"."+name, n, remove, key)
			value[name] = spoilt
			if *key == path+"."+name && remove {
				delete(value, name)
			}
			if *key != "" {
				break
			}
		}
		return value
	case []any:
		for i := range value {
			if value[i] = truthSpoil(value[i], fmt.Sprint(path, ".", i), n, remove, key); *key != "" {
				break
			}
		}
		return value
	}
	if *n--; *n >= 0 {
		return value
	}
	*key = path
	switch value := value.(type) {
	case float64:
		return value + 1
	case string:
		return value + "x"
	case bool:
		return !value
	}
	return 17.0
}
