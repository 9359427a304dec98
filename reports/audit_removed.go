package reports

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// The widths of the column that says where something was taken out: a few words, or a key.
const (
	shortWhere  = 14
	whereColumn = 49
)

// removedNames are what the parts of an audit are called in words.
var removedNames = map[string]string{"id": "rotation id", "name": "rotation name", "time_zone": "time zone"}

// RenderRemoved tells on a terminal what a shared document does not say, and what it does.
func RenderRemoved(w io.Writer, removed []Removed, shared *Audit) error {
	var b strings.Builder
	p := printer{b: &b}
	p.line("What is taken out:")
	for _, r := range removed {
		before, after := Clean(r.Before), Clean(r.After)
		if before == "" {
			continue // there was nothing
		}
		if after == "" {
			after = "nothing"
		}
		where := Clean(r.Where)
		if _, last, ok := strings.Cut(where, "/"); ok && removedNames[last] != "" {
			where = removedNames[last]
		}
		p.removed(where, before+" → "+after)
	}
	p.line("")
	p.wrapped("What remains: " + remains(shared))
	return finish(w, &b, Table, nil)
}

// removed prints one thing that was taken out, on a line of its own where it does not fit beside where it stood.
func (p printer) removed(where, text string) {
	column := shortWhere
	if Width(where) > shortWhere {
		column = whereColumn
	}
	if 2+column+2+Width(text) > screen {
		p.line("  " + Cut(where, screen-2))
		p.hanging("      ", text)
		return
	}
	p.line("  " + padRight(Cut(where, column), column) + "  " + text)
}

// remains says in a paragraph what a shared document holds.
func remains(a *Audit) string {
	weeks, tools := 0, []string{}
	for i := range a.Rotations {
		for _, b := range a.Rotations[i].Blocks {
			weeks = max(weeks, len(b.Weeks))
			for _, s := range b.Sources {
				tools = append(tools, Clean(s.Source))
			}
		}
	}
	slices.Sort(tools)
	tools = slices.Compact(tools)
	text := fmt.Sprintf("the period %s, %s as letters, and of each the counts, shares, times and limits of its scorecard with %s; that the data is ",
		periodText(a.Period, &Context{}), plural(int64(len(a.Rotations)), "rotation"), plural(int64(weeks), "week"))
	if a.Data.Complete {
		text += "complete"
	} else {
		text += "not complete"
	}
	if len(tools) > 0 {
		text += "; which tools page (" + strings.Join(tools, ", ") + ")"
	}
	return text + ". No name of a person, service, schedule or alert, no title, no text of yours. Who knows the team may still know it by its numbers."
}
