package reports

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shareable is the sample with all that may name somebody or something.
func shareable(t testing.TB) *Audit {
	a := auditSample(t)
	a.Rotations[0].Name, a.Rotations[1].TimeZone = "payments-of-Zaphod", "Pacific/Chatham"
	a.Rotations[0].block(BlockTools).Sources = append(a.Rotations[0].block(BlockTools).Sources, AuditSource{"AcmeWatch", whole(0), num(0)})
	a.Filter = &Filter{Rotations: []string{"PSCHED1", "PSCHED2"}}
	a.Data.Gaps = []Gap{{Kind: "schedules", Since: a.Period.Since, Until: a.Period.Since.AddDate(0, 0, 1), Command: "crywolf sync --db /home/zaphod/acme.duckdb"}}
	a.Data.Excluded = []Excluded{{Kind: "service", Pattern: "acme-*", IncidentCount: 40, PageCount: 3}}
	a.Data.Notes = append(a.Data.Notes, Note{Code: "endpoint_skipped", Text: "schedules were not read: Zaphod may not"},
		Note{Code: "configured", Text: "as configured: sleep hours are 23:00 to 07:00"}, Note{Code: "configured", Text: "as configured: acme"},
		Note{Code: "of Zaphod", Text: "of Zaphod"})
	a.Judge(a.Context.Limits)
	return a
}

var sampleTools = []string{"datadog", "prometheus"}

// shared is the sample as it is handed over.
func shared(t testing.TB) *Audit {
	t.Helper()
	a, _ := shareable(t).Anonymise(sampleTools)
	a.Judge(usualLimits)
	if err := a.Seal(); err != nil {
		t.Fatal(err)
	}
	return &a
}

func sharedPage(t testing.TB) []byte {
	t.Helper()
	return pageFor(t, shared(t))
}

func pageFor(t testing.TB, a *Audit) []byte {
	t.Helper()
	file, err := a.ShareFile()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestSharedFileIsReadBack(t *testing.T) {
	want := shared(t)
	got, err := OpenAudit(sharedPage(t), want.MadeWith)
	if err != nil {
		t.Fatal(err)
	}
	want.Context = Context{}
	if diff := cmp.Diff(marshal(t, want), marshal(t, got)); diff != "" {
		t.Error(diff)
	}
	if !bytes.Equal(sharedPage(t), sharedPage(t)) {
		t.Error("the same data gives other bytes")
	}
	if again := got.JudgeAgain(usualLimits); len(again) > 0 {
		t.Errorf("the same limits are told to be others: %q", again)
	}
	if diff := cmp.Diff(marshal(t, want), marshal(t, got)); diff != "" {
		t.Errorf("judged again by the same limits it says something else: %s", diff)
	}
}

func marshal(t testing.TB, a *Audit) string {
	t.Helper()
	text, err := json.MarshalIndent(a, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestDocumentAloneIsReadBack: what -f json printed can be opened, too, and an altered digit in it is found.
func TestDocumentAloneIsReadBack(t *testing.T) {
	t.Parallel()
	a := auditSample(t)
	a.Rotations = a.Rotations[:1]
	if err := a.Seal(); err != nil {
		t.Fatal(err)
	}
	text := []byte(renderAudit(t, a, JSON, Options{}))
	if _, err := OpenAudit(text, ""); err != nil {
		t.Fatal(err)
	}
	for i := range text {
		if other, ok := otherDigit(text, i); ok {
			if _, err := OpenAudit(other, ""); err == nil {
				t.Fatalf("nobody saw the digit at %d change: %s", i, text[max(0, i-40):i+10])
			}
		}
	}
}

// TestSharedNamesNobody looks for every text of the account in the page and in the document inside.
func TestSharedNamesNobody(t *testing.T) {
	page := strings.ToLower(string(sharedPage(t)))
	for _, name := range []string{"zaphod", "acme", "payments", "psched", "batch", "edge\"", "europe", "berlin", "chatham", "pacific", "cmd()",
		"alert(1)", ".duckdb", "crywolf sync"} {
		if at := strings.Index(page, strings.ToLower(name)); at >= 0 {
			t.Errorf("%q is in the shared file: …%s", name, page[max(0, at-60):min(len(page), at+60)])
		}
	}
	for _, kept := range []string{"sleep hours are 23:00 to 07:00", "rotation A", "prometheus", "leaves out a pattern of kind service: 40 incidents, fewer than 5 pages"} {
		if !strings.Contains(string(sharedPage(t)), kept) {
			t.Errorf("%q is not in the shared file", kept)
		}
	}
}

// TestAnonymiseLeavesTheOriginal: what is printed next to the shared file must not have lost anything.
func TestAnonymiseLeavesTheOriginal(t *testing.T) {
	a := shareable(t)
	before := marshal(t, a)
	out, removed := a.Anonymise(sampleTools)
	out.Judge(usualLimits)
	if diff := cmp.Diff(before, marshal(t, a)); diff != "" {
		t.Error(diff)
	}
	told := map[string]bool{}
	for _, r := range removed {
		told[r.Where] = true
	}
	for _, where := range append([]string{"filter", "A/id", "A/name", "A/time_zone", "A/tools/sources", "data/gaps/command", "data/excluded/pattern"}, out.Suppressed...) {
		if !told[where] && !strings.HasPrefix(where, "data/notes/") {
			t.Errorf("nobody is told that %s is taken out", where)
		}
	}
	if len(out.Suppressed) < 10 {
		t.Errorf("only %d small numbers of the sample are left out", len(out.Suppressed))
	}
}

func TestRemovedIsTold(t *testing.T) {
	out, removed := shareable(t).Anonymise(sampleTools)
	var b strings.Builder
	if err := RenderRemoved(&b, removed, &out); err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(b.String(), "\n") {
		if Width(line) > screen {
			t.Errorf("%d columns: %s", Width(line), line)
		}
	}
	for _, want := range []string{"rotation name   payments-of-Zaphod → rotation A", "AcmeWatch → other", "What remains: the period 2026-08-17"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing in\n%s", want, b.String())
		}
	}
}

// TestFairnessNeedsFivePeople in a shared document, where four are enough at home.
func TestFairnessNeedsFivePeople(t *testing.T) {
	for people, want := range map[float64]bool{3: false, 4: false, 5: true, 6: true} {
		a := auditSample(t)
		a.Rotations = a.Rotations[:1]
		a.Rotations[0].block(BlockFairness).Numbers.Set("person_count", num(people))
		out, _ := a.Anonymise(sampleTools)
		fairness := out.Rotations[0].block(BlockFairness).Numbers
		for _, key := range []string{"heaviest_to_equal_ratio", "gini_ratio", "gini_by_chance_high_ratio", "override_count", "override_ratio"} {
			if got := fairness.Get(key) != nil; got != want {
				t.Errorf("of %v people %s is shown: %v", people, key, got)
			}
		}
		if fairness.Get("person_count") == nil {
			t.Errorf("that it is %v people is not told", people)
		}
	}
}

func TestWorstRotationFirst(t *testing.T) {
	a := auditSample(t)
	a.Rotations[0], a.Rotations[2] = a.Rotations[2], a.Rotations[0]
	text := renderAudit(t, a, Table, Options{})
	if worst, fine := strings.Index(text, "payments-primary"), strings.Index(text, "edge"); worst < 0 || fine < worst {
		t.Errorf("the noisy rotation stands at %d, the quiet one at %d", worst, fine)
	}
	if a.Rotations[0].ID != "PSCHED3" {
		t.Error("printing changed the order of the document")
	}
}
