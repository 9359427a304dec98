package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"crywolf/analysis"
)

const labelHead = "incident,service,source,rule,label,cause,author,at,reason,until\n"

// labelledAt is when the labels of these tests are given.
var labelledAt = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

func incidentLabel(id, word string) labelRow {
	return labelRow{Label: analysis.Label{IncidentID: id, Label: word, Author: "erika", At: labelledAt, Reason: "because"}}
}

func mustParse(t *testing.T, text string, defaults *labelDefaults) labelFile {
	t.Helper()
	file, err := parseLabels("x.csv", []byte(text), defaults)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// TestBrokenLabelsAreNamedByLine: file and line, exit 2, and never what a cell says, which may be a name.
func TestBrokenLabelsAreNamedByLine(t *testing.T) {
	good := "P1,,,,actionable,,erika,2026-11-20T09:00:00Z,x,\n"
	for name, c := range map[string]struct {
		text string
		line int
		says string
	}{
		"a column is missing":   {"incident,label\nP1,actionable\n", 1, "no column service"},
		"a column twice":        {"label," + labelHead, 1, "column label twice"},
		"too few cells":         {labelHead + good + "P2,,,\n", 3, "number of fields"},
		"an open quote":         {labelHead + good + "\"P2,,,\n", 3, "quote"},
		"no such label":         {labelHead + "P1,,,,erika,,,2026-11-20T09:00:00Z,x,\n", 2, "label: none of"},
		"no label":              {labelHead + "\n\n" + "P1,,,,,,,2026-11-20T09:00:00Z,x,\n", 4, "label: none of"},
		"no such cause":         {labelHead + "P1,,,,actionable,erika,,2026-11-20T09:00:00Z,x,\n", 2, "cause: none of"},
		"no time":               {labelHead + "P1,,,,actionable,,,erika,x,\n", 2, "at: no instant"},
		"no time at all":        {labelHead + "P1,,,,actionable,,erika,,x,\n", 2, "at: no instant"},
		"no end":                {labelHead + ",V1,nagios,r,actionable,,,2026-11-20T09:00:00Z,x,erika\n", 2, "until: no instant"},
		"an incident that ends": {labelHead + "P1,,,,actionable,,,2026-11-20T09:00:00Z,x,2026-12-01\n", 2, "only a rule's label"},
		"incident and rule":     {labelHead + "P1,V1,nagios,erika,actionable,,,2026-11-20T09:00:00Z,x,\n", 2, "an incident and a rule"},
		"neither":               {labelHead + ",V1,,erika,actionable,,,2026-11-20T09:00:00Z,x,\n", 2, "neither"},
		"after a long reason":   {labelHead + strings.Replace(good, "x", "\"one\ntwo\"", 1) + "P2,,,,erika,,,,,\n", 4, "label: none of"},
	} {
		_, err := parseLabels("dir/x.csv", []byte(c.text), nil)
		var f *failure
		if !errors.As(err, &f) || f.code != exitMisuse {
			t.Errorf("%s: got %v", name, err)
			continue
		}
		said := strings.Join(append([]string{f.what}, f.why...), " ")
		if !strings.HasPrefix(f.what, fmt.Sprintf("dir/x.csv:%d: ", c.line)) || !strings.Contains(f.what, c.says) || strings.Contains(said, "erika") {
			t.Errorf("%s: %q", name, said)
		}
	}
}

// TestLabelsComeBackAsTheyWere: whatever an account calls its rules, the file keeps the name exactly, on one line, and
// nothing that a spreadsheet or a terminal would obey.
func TestLabelsComeBackAsTheyWere(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.StringMatching(`['"=+\-@\\;, ]{0,4}[a-z\x1b\t\n]{0,3}`))
	rapid.Check(t, func(t *rapid.T) {
		row := labelRow{service: text.Draw(t, "service"), source: "s" + text.Draw(t, "source"), rule: text.Draw(t, "rule"),
			Label: analysis.Label{Label: "actionable", Author: text.Draw(t, "author"), At: labelledAt, Reason: text.Draw(t, "reason"), Until: labelledAt}}
		written, err := labelFile{}.encode([]labelRow{row})
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(written), "\n"); n != 2 || strings.ContainsAny(string(written), "\x1b\t\r") {
			t.Fatalf("%d lines: %q", n, written)
		}
		file, err := parseLabels("x.csv", written, nil)
		if err != nil || len(file.rows) != 1 {
			t.Fatalf("%q: %v", written, err)
		}
		got := file.rows[0]
		if got.service != row.service || got.source != row.source || got.rule != row.rule ||
			got.RuleID != analysis.RuleID(row.service, row.source, row.rule) || !got.Until.Equal(row.Until) {
			t.Fatalf("%q came back as %q", []string{row.service, row.source, row.rule}, []string{got.service, got.source, got.rule})
		}
	})
}

func TestFormulasAreGuarded(t *testing.T) {
	for cell, want := range map[string]string{"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@x": "'@x", "'=1": "''=1", "'x": "'x", "x=1": "x=1", "": ""} {
		if got := guarded(cell); got != want || unguarded(got) != cell {
			t.Errorf("%q is written as %q and read as %q", cell, got, unguarded(got))
		}
	}
}

// TestTwoWritersLoseNothing: each opens the file for itself, as two programs do.
func TestTwoWritersLoseNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), labelsName)
	const writers, each = 8, 5
	var group sync.WaitGroup
	errs := make([]error, writers)
	for w := range writers {
		group.Go(func() {
			for i := range each {
				row := incidentLabel(fmt.Sprintf("P%d-%d", w, i), "actionable")
				row.Reason = strings.Repeat("a long reason ", 400)
				_, err := appendLabels(path, labelsName, []labelRow{row})
				errs[w] = errors.Join(errs[w], err)
			}
		})
	}
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if file := mustParse(t, string(text), nil); len(file.rows) != writers*each || strings.Count(string(text), "incident,") != 1 {
		t.Errorf("%d labels of %d are there", len(file.rows), writers*each)
	}
}

// TestAppendKeepsTheFile: its lines, its columns' order, one header, and a last line that an editor left open.
func TestAppendKeepsTheFile(t *testing.T) {
	for name, before := range map[string]string{
		"none":             "",
		"an open line":     labelHead + "P1,,,,unknown,,erika,2026-11-19T09:00:00Z,x,",
		"another order":    "until,reason,at,author,ticket,cause,label,rule,source,service,incident\n,x,2026-11-19T09:00:00Z,,T-1,,unknown,,,,P1\n",
		"of a spreadsheet": "\ufeff" + strings.ReplaceAll(labelHead, ",", ";") + "P1;;;;unknown;;;2026-11-19;x;\r\n;;;;;;;;;\r\n",
	} {
		path := filepath.Join(t.TempDir(), labelsName)
		if before != "" {
			if err := os.WriteFile(path, []byte(before), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for _, row := range []labelRow{incidentLabel("P1", "actionable"), incidentLabel("P2", "non_actionable")} {
			if added, err := appendLabels(path, labelsName, []labelRow{row}); err != nil || added != 1 {
				t.Fatalf("%s: %d added, %v", name, added, err)
			}
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, row := range mustParse(t, string(text), nil).rows {
			got = append(got, row.IncidentID+" "+row.Label.Label)
		}
		want := []string{"P1 unknown", "P1 actionable", "P2 non_actionable"}
		if before == "" {
			want = want[1:]
		}
		if !strings.HasPrefix(string(text), before) || !slices.Equal(got, want) {
			t.Errorf("%s: %q in\n%s", name, got, text)
		}
	}
}

// TestNothingIsWrittenToABrokenFile: what is in it may be half a merge.
func TestNothingIsWrittenToABrokenFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), labelsName)
	broken := labelHead + "<<<<<<< HEAD\n"
	if err := os.WriteFile(path, []byte(broken), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := appendLabels(path, labelsName, []labelRow{incidentLabel("P1", "actionable")}); err == nil {
		t.Error("a label was written")
	}
	if text, _ := os.ReadFile(path); string(text) != broken {
		t.Errorf("the file is now %q", text)
	}
}

// TestNewsOnly: what is the last word already is not said again, and a file that was read in adds nothing when it is
// read in again; a changed mind, and a change back, are news.
func TestNewsOnly(t *testing.T) {
	at := func(row labelRow, day int) labelRow { row.At = labelledAt.AddDate(0, 0, day); return row }
	yes, no := incidentLabel("P1", "actionable"), incidentLabel("P1", "non_actionable")
	otherReason, otherAuthor := yes, yes
	otherReason.Reason, otherAuthor.Author = "another", "max"
	for name, c := range map[string]struct {
		before, rows []labelRow
		want         int
	}{
		"first":              {nil, []labelRow{yes}, 1},
		"the same later":     {[]labelRow{yes}, []labelRow{at(yes, 1)}, 0},
		"by another author":  {[]labelRow{yes}, []labelRow{at(otherAuthor, 1)}, 0},
		"for another reason": {[]labelRow{yes}, []labelRow{at(otherReason, 1)}, 1},
		"twice in one file":  {nil, []labelRow{yes, yes}, 1},
		"a changed mind":     {[]labelRow{yes}, []labelRow{at(no, 1), at(yes, 2)}, 2},
		"read in again":      {[]labelRow{yes, at(no, 1)}, []labelRow{yes, at(no, 1)}, 0},
		"of another thing":   {[]labelRow{yes}, []labelRow{incidentLabel("P2", "actionable")}, 1},
		"older, other word":  {[]labelRow{at(yes, 1)}, []labelRow{no}, 1},
		"the file unsorted":  {[]labelRow{at(yes, 1), no}, []labelRow{at(yes, 2)}, 0},
	} {
		if got := (labelFile{rows: c.before}).news(c.rows); len(got) != c.want {
			t.Errorf("%s: %d rows are news, want %d", name, len(got), c.want)
		}
	}
}

// TestFilledInSample: what --from takes beyond the file of labels.
func TestFilledInSample(t *testing.T) {
	defaults := &labelDefaults{author: "erika", reason: "from x.csv", at: labelledAt}
	file := mustParse(t, "Incident,Label,title\nP1,Non-Actionable,a\nP2,,b\nP3, ACTIONABLE ,c\nP4,non actionable,d\n", defaults)
	if file.blank != 1 || len(file.rows) != 3 {
		t.Fatalf("%d blank, %d labels", file.blank, len(file.rows))
	}
	for i, want := range []labelRow{incidentLabel("P1", "non_actionable"), incidentLabel("P3", "actionable"), incidentLabel("P4", "non_actionable")} {
		want.Reason = "from x.csv"
		if file.rows[i] != want {
			t.Errorf("got %+v, want %+v", file.rows[i], want)
		}
	}
	given := mustParse(t, "incident,label,author,at,reason\nP1,unknown,max,2026-11-01,mine\n", defaults).rows[0]
	if given.Author != "max" || given.Reason != "mine" || !given.At.Equal(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("what a row gives was replaced: %+v", given)
	}
}
