package reports

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

func renderAudit(t *testing.T, a *Audit, f Format, o Options) string {
	t.Helper()
	var b strings.Builder
	if err := RenderAudit(&b, a, f, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGoldenAudit(t *testing.T) {
	demo, partial, quiet, empty := auditSample(t), auditSample(t), auditSample(t), &Audit{Period: auditSample(t).Period, Data: Data{Complete: true}}
	demo.Demo, demo.Filter = DemoData, &Filter{Rotations: []string{"PSCHED1", "PSCHED2", "PSCHED3", "PSCHED4"}}
	partial.Rotations = partial.Rotations[:1]
	partial.Data.Complete = false
	partial.Data.Gaps = []Gap{{Kind: "schedules", Reason: "refused", Since: day("2026-08-17T00:00:00Z"), Until: day("2026-08-24T00:00:00Z"), Command: "crywolf sync --since 2026-08-17"}}
	partial.Rotations[0].block(BlockLabel).Numbers.Set("complete_ratio", num(0.923))
	partial.Judge(Limits{InterruptedNightRatio: 0.9, NonActionableRatio: 0.2})
	quiet.Rotations = quiet.Rotations[2:3]
	for _, c := range []struct {
		name   string
		audit  *Audit
		format Format
		o      Options
	}{
		{"audit.txt", demo, Table, Options{}},
		{"audit_colour.txt", demo, Table, Options{Colour: true}},
		{"audit_wide.txt", demo, Table, Options{Wide: true}},
		{"audit_partial.txt", partial, Table, Options{}},
		{"audit_quiet.txt", quiet, Table, Options{}},
		{"audit_empty.txt", empty, Table, Options{}},
		{"audit.md", demo, Markdown, Options{}},
		{"audit.html", demo, HTML, Options{}},
		{"audit.json", demo, JSON, Options{}},
		{"audit.csv", demo, CSV, Options{}},
	} {
		t.Run(c.name, func(t *testing.T) { golden(t, c.name, renderAudit(t, c.audit, c.format, c.o)) })
	}
}

func TestAuditFitsTheScreen(t *testing.T) {
	a := auditSample(t)
	a.Demo = DemoData
	for _, text := range []string{renderAudit(t, a, Table, Options{}), renderQuestions(t, a, Table), renderComparison(t, Table, a), renderComparison(t, Table, a, a)} {
		for _, line := range strings.Split(text, "\n") {
			if Width(line) > screen {
				t.Errorf("%d columns: %s", Width(line), line)
			}
		}
	}
}

// TestAuditIsTwoScreens: a rotation with every number, most of them weak.
func TestAuditIsTwoScreens(t *testing.T) {
	a := auditSample(t)
	a.Rotations = a.Rotations[:1]
	_, card, _ := strings.Cut(renderAudit(t, a, Table, Options{}), "payments-primary")
	card, _, _ = strings.Cut(card, "\n\n")
	if lines := strings.Count(card, "\n") + 1; lines > 68 || lines < 40 {
		t.Errorf("one rotation takes %d lines", lines)
	}
}

// TestAuditIsReadOffItsDocument: a document that was handed over as JSON shows what it showed where it was made.
func TestAuditIsReadOffItsDocument(t *testing.T) {
	a := auditSample(t)
	a.Context = Context{}
	var opened Audit
	if err := json.Unmarshal([]byte(renderAudit(t, a, JSON, Options{})), &opened); err != nil {
		t.Fatal(err)
	}
	for _, f := range Formats() {
		if diff := cmp.Diff(renderAudit(t, a, f, Options{Wide: true}), renderAudit(t, &opened, f, Options{Wide: true})); diff != "" {
			t.Errorf("%s: %s", f, diff)
		}
	}
}

func TestAuditTitlesCannotReachTheReader(t *testing.T) {
	a := hostileAudit(t)
	for _, f := range []Format{Table, Markdown, CSV, HTML} {
		text := renderAudit(t, a, f, Options{Wide: true})
		for _, r := range text {
			if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
				t.Errorf("%s has the control character %U", f, r)
			}
		}
		if f != CSV && f != Table && strings.Contains(text, "<script") {
			t.Errorf("a text reached %s as a script", f)
		}
		if f == CSV && (strings.Contains(text, ",=") || strings.Contains(text, ",\"=")) {
			t.Error("a text reached a spreadsheet as a formula")
		}
	}
	for _, text := range []string{renderQuestions(t, a, Table), renderQuestions(t, a, Markdown), renderComparison(t, Table, a), renderComparison(t, Markdown, a)} {
		for _, r := range text {
			if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
				t.Errorf("the control character %U", r)
			}
		}
	}
}

// hostileAudit is what a file that was handed over may hold: anything in every text, blocks twice, keys of no meaning.
func hostileAudit(t *testing.T) *Audit {
	a := auditSample(t)
	bad := oddTitles[6] + oddTitles[1] + "\n=1"
	formula := "=" + bad
	a.MadeWith, a.Fingerprint, a.SchemaVersion, a.Demo, a.Suppressed = formula, formula, formula, formula, []string{formula}
	a.Data.Gaps = []Gap{{Kind: formula, Command: formula}}
	a.Data.Excluded = []Excluded{{Kind: formula, Pattern: formula}}
	for i := range a.Rotations {
		card := &a.Rotations[i]
		card.ID, card.Name, card.TimeZone = formula, formula, formula
		card.Blocks = append(card.Blocks, card.Blocks...)
		for j := range card.Blocks {
			b := &card.Blocks[j]
			b.Title, b.Finding, b.LimitKey, b.LimitSource, b.Status = formula, formula, formula, formula, Status(formula)
			b.Numbers = append(Numbers{{Key: formula, Value: num(1e300)}}, b.Numbers...)
			for k := range b.Checks {
				b.Checks[k].ID, b.Checks[k].Text, b.Checks[k].LimitSource, b.Checks[k].Status = formula, formula, formula, Status(formula)
			}
			for k := range b.Questions {
				b.Questions[k] = Question{formula, formula, formula, formula, formula}
			}
		}
		card.Blocks[0].ID = formula
	}
	return a
}

func TestAuditColourSaysNothingNew(t *testing.T) {
	plain, coloured := renderAudit(t, auditSample(t), Table, Options{}), renderAudit(t, auditSample(t), Table, Options{Colour: true})
	if plain == coloured {
		t.Fatal("nothing was coloured")
	}
	if got := escapeSequence.ReplaceAllString(coloured, ""); got != plain {
		t.Error(cmp.Diff(plain, got))
	}
}

// TestAuditNumbersStandInTheCSV: each under its block and its own key; unknown is an empty cell.
func TestAuditNumbersStandInTheCSV(t *testing.T) {
	a := auditSample(t)
	text := renderAudit(t, a, CSV, Options{})
	seen := 0
	for _, card := range a.Rotations[:3] {
		for _, b := range card.Blocks {
			for _, n := range b.Numbers {
				value := ""
				if n.Value != nil {
					value = strconv.FormatFloat(*n.Value, 'g', -1, 64)
				}
				if line := "\nnumbers," + card.ID + "," + b.ID + "," + n.Key + "," + value + "\n"; !strings.Contains(text, line) {
					t.Errorf("the CSV lacks %s", line)
				}
				seen++
			}
		}
	}
	if seen < 150 {
		t.Errorf("only %d numbers were looked at", seen)
	}
}
