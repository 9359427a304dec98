package main

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
)

// truthCompare lists every way in which the program's document differs from the truth's, one line each,
// by rotation and key. Counts must be equal, other numbers to 1e-6. Every key of the truth must be there.
func truthCompare(program []byte, want truthDocument) []string {
	var got truthDocument
	if err := json.Unmarshal(program, &got); err != nil {
		return []string{fmt.Sprintf("the program's document: %v", err)}
	}
	gotKeys, wantKeys := truthKeys(program), truthKeys(truthEncode(want))
	var absent []string // a rotation that is not there is told once, by truthCompareRotations
	for _, id := range truthIDs(want) {
		if !slices.Contains(truthIDs(got), id) {
			absent = append(absent, "rotation "+id+": ")
		}
	}
	var differences []string
	for _, key := range slices.Sorted(truthMapKeys(gotKeys)) {
		if note, _ := gotKeys[key].(string); strings.HasPrefix(note, "not there") {
			differences = append(differences, key+": "+note)
		}
	}
	for _, key := range slices.Sorted(truthMapKeys(wantKeys)) {
		value, ok := gotKeys[key]
		switch {
		case strings.Contains(key, ".reasons."): // a reason may be listed with 0
		case slices.ContainsFunc(absent, func(id string) bool { return strings.HasPrefix(key, id) }):
		case !ok:
			differences = append(differences, fmt.Sprintf("%s: missing, want %v", key, wantKeys[key]))
		case !truthSame(key, value, wantKeys[key]):
			differences = append(differences, fmt.Sprintf("%s: got %v, want %v", key, value, wantKeys[key]))
		}
	}
	for _, reason := range slices.Sorted(truthMapKeys(truthUnion(got.Unattributed.Reasons, want.Unattributed.Reasons))) {
		if g, w := got.Unattributed.Reasons[reason], want.Unattributed.Reasons[reason]; g != w {
			differences = append(differences, fmt.Sprintf("unattributed.reasons.%s: got %d, want %d", reason, g, w))
		}
	}
	differences = append(differences, truthCompareRotations(got, want)...)
	if len(differences) > 0 {
		return differences // people are told apart by their shifts, so these must agree first
	}
	return truthComparePeople(got, want)
}

func truthEncode(document truthDocument) []byte {
	encoded, err := json.Marshal(document)
	if err != nil {
		panic(err)
	}
	return encoded
}

func truthMapKeys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for key := range m {
			if !yield(key) {
				return
			}
		}
	}
}

func truthUnion(a, b map[string]int) map[string]int {
	union := map[string]int{}
	for _, m := range []map[string]int{a, b} {
		for key := range m {
			union[key] = 0
		}
	}
	return union
}

func truthSame(key string, got, want any) bool {
	g, gotNumber := got.(float64)
	w, wantNumber := want.(float64)
	if !gotNumber || !wantNumber {
		return got == want
	}
	if strings.HasSuffix(key, "_count") {
		return g == w
	}
	return math.Abs(g-w) <= 1e-6*max(1, math.Abs(w))
}

// truthKeys flattens a document to "rotation ID: load.page_count" and the like, without the lists
// that are compared apart.
func truthKeys(encoded []byte) map[string]any {
	var document map[string]any
	if err := json.Unmarshal(encoded, &document); err != nil {
		panic(err)
	}
	keys := map[string]any{}
	rotations, _ := document["rotations"].([]any)
	delete(document, "rotations")
	truthFlatten(keys, "", document)
	for _, value := range rotations {
		rotation, _ := value.(map[string]any)
		shifts, _ := rotation["shifts"].([]any)
		for n, shift := range shifts {
			row, _ := shift.(map[string]any)
			// The values are compared apart, out of order; here only that each is there.
			for _, name := range []string{"user", "start", "end", "on_call_seconds", "page_count", "night_page_count"} {
				if _, ok := row[name]; !ok {
					keys[fmt.Sprintf("rotation %v: shifts.%s", rotation["id"], name)] = fmt.Sprint("not there in shift ", n)
				}
			}
		}
		for _, list := range []string{"shifts", "alerts"} {
			delete(rotation, list)
		}
		truthFlatten(keys, fmt.Sprintf("rotation %v: ", rotation["id"]), rotation)
	}
	return keys
}

func truthFlatten(keys map[string]any, path string, value any) {
	object, ok := value.(map[string]any)
	if !ok {
		keys[strings.TrimSuffix(path, ".")] = value
		return
	}
	for name, inner := range object {
		truthFlatten(keys, path+name+".", inner)
	}
}

// truthCompareRotations compares what is a list: the rotations themselves, in order, and their shifts.
func truthCompareRotations(got, want truthDocument) []string {
	var differences []string
	if g, w := truthIDs(got), truthIDs(want); !slices.Equal(g, w) {
		differences = append(differences, fmt.Sprintf("rotations: got %v, want %v", g, w))
	}
	for _, w := range want.Rotations {
		for _, g := range got.Rotations {
			if g.ID == w.ID {
				differences = append(differences, truthCompareShifts(g, w)...)
			}
		}
	}
	return differences
}

func truthIDs(document truthDocument) []string {
	var ids []string
	for _, rotation := range document.Rotations {
		ids = append(ids, rotation.ID)
	}
	return ids
}

// truthShiftLine is a shift without its holder.
func truthShiftLine(s truthShiftRow) string {
	return fmt.Sprintf("%s to %s, %v s, %d pages, %d at night", s.Start, s.End, s.Seconds, s.Pages, s.NightPages)
}

// truthCompareShifts compares two rotations' shifts as multisets, whoever held them.
func truthCompareShifts(got, want truthRotation) []string {
	count := map[string]int{}
	for _, shift := range want.Shifts {
		count[truthShiftLine(shift)]++
	}
	for _, shift := range got.Shifts {
		count[truthShiftLine(shift)]--
	}
	var differences []string
	for _, line := range slices.Sorted(truthMapKeys(count)) {
		switch n := count[line]; {
		case n > 0:
			differences = append(differences, fmt.Sprintf("rotation %s: shift missing: %s", want.ID, line))
		case n < 0:
			differences = append(differences, fmt.Sprintf("rotation %s: shift too many: %s", want.ID, line))
		}
	}
	return differences
}

// truthComparePeople checks that the R names stand for the users one to one: everybody's shifts over all
// rotations must be some one name's.
func truthComparePeople(got, want truthDocument) []string {
	count := map[string]int{}
	for _, shifts := range truthPeople(want) {
		count[shifts]++
	}
	for _, shifts := range truthPeople(got) {
		count[shifts]--
	}
	for _, shifts := range slices.Sorted(truthMapKeys(count)) {
		if count[shifts] != 0 {
			return []string{fmt.Sprintf("the shifts of one person are not those of one name; the first:\n%s", shifts)}
		}
	}
	return nil
}

// truthPeople gives each person's shifts over all rotations, as one text.
func truthPeople(document truthDocument) map[string]string {
	lines := map[string][]string{}
	for _, rotation := range document.Rotations {
		for _, shift := range rotation.Shifts {
			lines[shift.User] = append(lines[shift.User], rotation.ID+": "+truthShiftLine(shift))
		}
	}
	people := map[string]string{}
	for user, own := range lines {
		sort.Strings(own)
		people[user] = strings.Join(own, "\n")
	}
	return people
}
