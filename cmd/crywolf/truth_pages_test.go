package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// truthProgramPage is what the program thinks of one page.
type truthProgramPage struct {
	Incident   string  `json:"incident_id"`
	User       string  `json:"user_id"`
	Rotation   string  `json:"rotation_id"`
	Rule       string  `json:"rule_id"`
	Verdict    string  `json:"verdict"`
	Confidence string  `json:"confidence"`
	Evidence   string  `json:"evidence_ids"`
	Score      float64 `json:"score"`
}

func (p *truthProgram) query(t *testing.T, period truthPeriod, sql string, rows any) {
	t.Helper()
	var result struct {
		Rows json.RawMessage `json:"rows"`
	}
	got := p.run(t, "query", sql, "--json", "--since", period.since.Format(time.RFC3339), "--until", period.until.Format(time.RFC3339))
	if err := json.Unmarshal(got, &result); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(result.Rows, rows); err != nil {
		t.Fatal(err)
	}
}

func (p *truthProgram) pages(t *testing.T, period truthPeriod) []truthProgramPage {
	t.Helper()
	var pages []truthProgramPage
	p.query(t, period, "SELECT * FROM verdict_in($since, $until) ORDER BY incident_id, user_id", &pages)
	return pages
}

// checkPages compares verdict, confidence and evidence of every page of a period, which the report only counts.
func (p *truthProgram) checkPages(t *testing.T, period truthPeriod) []string {
	t.Helper()
	want := p.world.judged(period)
	var differences []string
	told := map[string]bool{}
	for _, page := range p.pages(t, period) {
		pair := truthPair{page.Incident, page.User}
		w, ok := want[pair]
		delete(want, pair)
		if w.confidence == "" { // it is that of a score which did not decide
			page.Confidence = ""
		}
		got := fmt.Sprintf("%s %s [%s]", page.Verdict, page.Confidence, page.Evidence)
		if wanted := fmt.Sprintf("%s %s [%s]", w.verdict, w.confidence, strings.Join(w.evidence, " ")); !ok || got != wanted {
			line := fmt.Sprintf("page of %s for %s: got %s, want %s", page.Incident, page.User, got, wanted)
			if !told[got+wanted] { // once for each kind of difference
				line += p.world.story(page.Incident)
			}
			told[got+wanted] = true
			differences = append(differences, line)
		}
	}
	for pair := range want {
		differences = append(differences, fmt.Sprintf("page of %s for %s: the program has none", pair.incident, pair.user))
	}
	return differences
}

// judged gives the verdict of every page of a period.
func (w *truthWorld) judged(period truthPeriod) map[truthPair]truthVerdict {
	byRotation := map[string][]truthPage{}
	for _, page := range w.pages() {
		if period.holds(page.at) {
			byRotation[page.found.rotation] = append(byRotation[page.found.rotation], page)
		}
	}
	judged := map[truthPair]truthVerdict{}
	for rotation, pages := range byRotation {
		for pair, verdict := range w.verdicts(pages, rotation) {
			judged[pair] = verdict
		}
	}
	return judged
}

// story tells an incident for a failing test.
func (w *truthWorld) story(id string) string {
	i := w.incidents[id]
	if i == nil {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n      %s, %s, %s, service %s, created %s, helped %v, linked %v, filled %v, merged %v, key %s", i.title, i.status, i.urgency, i.service,
		i.created.Format(time.RFC3339), i.helped, i.linked, i.filled, i.merged, w.alertKey(i))
	for _, e := range i.entries {
		if e.kind != "notify" {
			fmt.Fprintf(&b, "\n      %s %s by %s %s through %s to %v %q %q", e.at.Format("01-02 15:04:05.999"), e.kind, e.agentKind, e.agent, e.channel, e.assignees, e.note, e.summary)
		}
	}
	for _, a := range w.alertsOf(i) {
		fmt.Fprintf(&b, "\n      alert %s to %s %s", a.created.Format("01-02 15:04:05.999"), a.resolved.Format("01-02 15:04:05.999"), a.status)
	}
	return b.String()
}
