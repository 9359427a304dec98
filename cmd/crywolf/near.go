package main

import (
	"sort"
	"strings"
)

// nearest returns the candidates that a person may have meant by word, nearest first, three at most.
func nearest(word string, candidates []string) []string {
	type scored struct {
		text     string
		distance int
	}
	var found []scored
	word = strings.ToLower(word)
	for _, c := range candidates {
		lower := strings.ToLower(c)
		d := editDistance(word, lower)
		if strings.Contains(lower, word) || strings.Contains(word, lower) {
			d = min(d, 1)
		}
		if d <= max(2, len([]rune(word))/3) {
			found = append(found, scored{c, d})
		}
	}
	sort.SliceStable(found, func(i, j int) bool {
		if found[i].distance != found[j].distance {
			return found[i].distance < found[j].distance
		}
		return found[i].text < found[j].text
	})
	var out []string
	for i := 0; i < len(found) && i < 3; i++ {
		out = append(out, found[i].text)
	}
	return out
}

// editDistance is Levenshtein's: the least number of letters to insert, delete or replace.
func editDistance(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j := range y {
			cost := diagonal
			if x[i] != y[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(y)]
}
