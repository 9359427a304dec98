package reports

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

var noisyNarrow, noisyWide, noisyTasks, noisyHTML = dress{Table, false}, dress{Table, true}, dress{Markdown, false}, dress{HTML, false}

// notInNoisy are the fields of a row that a format of the list leaves out; the task list says most of them in reasons.
var notInNoisy = map[dress][]string{
	noisyNarrow: {"Service", "Source", "Incidents", "AutoResolved", "WorkedRange", "Runs", "Excess", "OpenP50", "LastWorked", "GroupWith", "Evidence", "Where"},
	noisyWide:   {"Where"},
	noisyHTML:   {"Incidents", "AutoResolved", "WorkedRange", "Runs", "Excess", "OpenP50", "LastWorked", "GroupWith"},
	noisyTasks: {"Incidents", "Alone", "AutoResolved", "Worked", "WorkedRange", "Runs", "Excess", "OpenP50", "LastWorked", "GroupWith", "Evidence",
		"Mark", "Risk"},
}

// TestNoisyFormatsShowTheSame: what the view says of an alert stands beside its id in every format, field by field.
func TestNoisyFormatsShowTheSame(t *testing.T) {
	for name, makeOne := range noisiesOfAllKinds() {
		n := makeOne()
		n.Normalize()
		v := newNoisyView(n)
		for _, d := range []dress{noisyNarrow, noisyWide, noisyTasks, noisyHTML} {
			what, printed := name+" list, "+d.String(), d.noisy(t, makeOne())
			if d == noisyTasks {
				printed = asHTML(t, printed)
			}
			for i := range v.Rows {
				sameNoisyRow(t, what, d, printed, &v.Rows[i])
			}
			if d == noisyTasks || d == noisyHTML {
				printed = textOf(parseHTML(t, printed))
			}
			for _, text := range slices.Concat(v.Plan, v.Stop, v.Gaps, v.Excluded, v.Notes, []string{v.Demo, v.Period, v.State, v.Empty}) {
				if !strings.Contains(folded(printed), folded(text)) {
					t.Errorf("the %s, does not say %q", what, text)
				}
			}
		}
	}
}

func folded(s string) string { return strings.Join(strings.Fields(s), " ") }

func sameNoisyRow(t *testing.T, what string, d dress, printed string, r *noisyRow) {
	t.Helper()
	about := folded(saidOf(t, d, printed, r.Rule))
	said := func(field, text string) {
		t.Helper()
		if !strings.Contains(about, folded(text)) && !(d.format == Table && (cutIn(about, text) || cutIn(about, withoutTag(text)))) {
			t.Errorf("the %s: %s of %s is %q, and it says %q", what, field, r.Rule, text, about)
		}
	}
	for i, v := 0, reflect.ValueOf(*r); i < v.NumField(); i++ {
		field, text := v.Type().Field(i).Name, v.Field(i)
		left := slices.Contains(notInNoisy[d], field) || field == "Where" && r.alert.Recommendation == Keep // nothing to do
		if text.Kind() == reflect.String && !left && text.String() != unknown {
			said(field, strings.TrimPrefix(text.String(), "≥ "))
		}
	}
	if d != noisyNarrow {
		for _, text := range r.Reasons {
			said("a reason", text)
		}
	}
}

// saidOf is what a document says of a rule: its line of the table and the reasons beneath, its task, or its row and section.
func saidOf(t *testing.T, d dress, printed, rule string) string {
	t.Helper()
	if d.format == Table {
		lines, out := strings.Split(printed, "\n"), ""
		for i, line := range lines {
			if !strings.HasPrefix(line, rule) {
				continue
			}
			out += line + "\n"
			for _, below := range lines[i+1:] {
				if !strings.HasPrefix(below, "  ") {
					break
				}
				out += below + "\n"
			}
		}
		return out
	}
	out := ""
	for n := range parseHTML(t, printed).Descendants() {
		switch {
		case n.Type != html.ElementNode:
		case d == noisyTasks && n.Data == "li" && strings.Contains(textOf(n), rule):
			return textOf(n)
		case d == noisyHTML && (n.Data == "article" || n.Data == "tr") && strings.HasPrefix(strings.TrimSpace(ruleFirst(n)), rule):
			out += textOf(n)
		}
	}
	return out
}

// ruleFirst is the text of a row, or the id of a section.
func ruleFirst(n *html.Node) string {
	for _, a := range n.Attr {
		if a.Key == "id" {
			return a.Val
		}
	}
	return textOf(n)
}
