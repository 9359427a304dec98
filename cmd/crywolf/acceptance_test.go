package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"crywolf/ingest/pagerdutytest"
)

// demoFound is what the program makes of one demo account.
type demoFound struct {
	account *pagerdutytest.Account
	noisy   truthNoisyDocument // all rules of the default period, in the program's order
	pages   []truthProgramPage // of the same 8 weeks
}

// findInDemo syncs a demo account over loopback, as `crywolf demo` does, and asks for nothing but what is checked.
func findInDemo(t *testing.T, seed uint64) demoFound {
	t.Helper()
	account := pagerdutytest.Generate(pagerdutytest.Config{Seed: seed})
	p := truthServe(t, account, truthPeriod{account.Start, account.End}, "auto")
	found := demoFound{account: account}
	if err := json.Unmarshal(p.run(t, "noisy", "-f", "json", "--min-pages", "0", "--top", "0"), &found.noisy); err != nil {
		t.Fatal(err)
	}
	found.pages = p.pages(t, truthPeriod{account.End.AddDate(0, 0, -8*7), account.End})
	return found
}

// The four planted pests lead the list with the right thing to do, what is rare and real is never proposed for
// deletion, and what nobody answered is never called noise: in every demo account, not only in the one shown.
func TestAcceptanceDemo(t *testing.T) {
	first, last := uint64(repeats(2, 1)), uint64(repeats(2, 20)) // in the second account something stays unanswered
	matrix := &confusion{pages: map[[2]string]int{}}
	t.Run("seeds", func(t *testing.T) {
		for seed := first; seed <= last; seed++ {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				found := findInDemo(t, seed)
				found.checkPests(t)
				found.checkRareReal(t)
				matrix.add(found, found.checkUnattended(t))
			})
		}
	})
	if matrix.unanswered == 0 {
		t.Error("every page was answered: nothing was checked of those that were not")
	}
	t.Logf("pages of %d accounts, by what the program thinks and what is planted:\n%s", last-first+1, matrix)
}

// rule is the program's rule of the incidents of an answer that paged in the period.
func (d demoFound) rule(t *testing.T, answer string) string {
	t.Helper()
	rules := map[string]bool{}
	for _, x := range d.account.Answers() {
		for _, page := range d.pages {
			if x.Name == answer && slices.Contains(x.IncidentIDs, page.Incident) {
				rules[page.Rule] = true
			}
		}
	}
	if len(rules) != 1 {
		t.Fatalf("the pages of %s have %d rules, want 1", answer, len(rules))
	}
	for rule := range rules {
		return rule
	}
	return ""
}

func (d demoFound) checkPests(t *testing.T) {
	t.Helper()
	for answer, right := range map[string][]string{
		"flapper": {"wait", "delete"}, "self_clearing": {"wait", "delete"}, "job_0200": {"delete", "demote"}, "twin": {"group"},
	} {
		rule := d.rule(t, answer)
		at := slices.IndexFunc(d.noisy.Alerts, func(row map[string]any) bool { return row["rule"] == rule })
		if at < 0 || at >= 5 {
			t.Errorf("%s is number %d of the list, not among the first five:\n%s", answer, at+1, d.top(at+1))
			continue
		}
		if got, _ := d.noisy.Alerts[at]["recommendation"].(string); !slices.Contains(right, got) {
			t.Errorf("%s: recommended is %s, want one of %v:\n%s", answer, got, right, d.top(at+1))
		}
	}
}

// top shows the list down to the n-th row, or ten rows.
func (d demoFound) top(n int) string {
	var b strings.Builder
	for i, row := range d.noisy.Alerts[:min(max(n, 10), len(d.noisy.Alerts))] {
		fmt.Fprintf(&b, "  %2d %-9v %5.2f night %5.2f pages saved, %v incidents, worked %.2f, %v: %v\n", i+1, row["recommendation"],
			row["saves_night_pages_per_week"], row["saves_pages_per_week"], row["incident_count"], row["worked_ratio"], row["service"], row["title"])
	}
	return b.String()
}

func (d demoFound) checkRareReal(t *testing.T) {
	t.Helper()
	rule := d.rule(t, "rare_real")
	for _, row := range d.noisy.Alerts {
		if row["rule"] == rule && row["recommendation"] == "delete" {
			t.Errorf("what is rare and real is to be deleted: %v", row)
		}
	}
}

// checkUnattended looks in the account itself for what nobody answered in half an hour, and says how many pages
// were of that.
func (d demoFound) checkUnattended(t *testing.T) int {
	t.Helper()
	acknowledged := map[string]bool{}
	for _, e := range d.account.LogEntries {
		if e.Type == "acknowledge_log_entry" && e.Agent != nil && strings.HasPrefix(e.Agent.Type, "user") {
			acknowledged[e.Incident.ID] = true
		}
	}
	unanswered := map[string]bool{}
	for _, in := range d.account.Incidents {
		end := d.account.End
		if in.ResolvedAt != nil {
			end = *in.ResolvedAt
		}
		unanswered[in.ID] = in.Urgency == "high" && !acknowledged[in.ID] && end.Sub(in.CreatedAt) > 30*time.Minute
	}
	seen := 0
	for _, page := range d.pages {
		if !unanswered[page.Incident] {
			continue
		}
		seen++
		if page.Verdict != "unattended" && page.Verdict != "redundant" {
			t.Errorf("nobody answered %s in half an hour, and its page is %s", page.Incident, page.Verdict)
		}
	}
	return seen
}

// confusion counts pages by the program's verdict and the planted one.
type confusion struct {
	sync.Mutex
	pages      map[[2]string]int
	unanswered int
}

func (c *confusion) add(d demoFound, unanswered int) {
	c.Lock()
	defer c.Unlock()
	c.unanswered += unanswered
	for _, page := range d.pages {
		planted, _ := d.account.Truth(page.Incident)
		c.pages[[2]string{page.Verdict, string(planted.Verdict)}]++
	}
}

func (c *confusion) String() string {
	planted := []string{"actionable", "not_urgent", "noise", "redundant", "unattended"}
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "\t%s\tall\t\n", strings.Join(planted, "\t"))
	for _, verdict := range []string{"actionable", "non_actionable", "redundant", "unattended", "unknown"} {
		all := 0
		fmt.Fprintf(w, "%s\t", verdict)
		for _, p := range planted {
			n := c.pages[[2]string{verdict, p}]
			all += n
			fmt.Fprintf(w, "%d\t", n)
		}
		fmt.Fprintf(w, "%d\t\n", all)
	}
	_ = w.Flush() // into memory
	return b.String()
}
