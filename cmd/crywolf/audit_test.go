package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"crywolf/analysis"
	"crywolf/ingest/pagerdutytest"
	"crywolf/reports"
)

// shareDemo runs `crywolf audit --share` on the demo and returns the file, and the document that the same data gives
// when nothing is taken out.
func shareDemo(t *testing.T, args ...string) ([]byte, reports.Audit) {
	t.Helper()
	var whole reports.Audit
	program := demoProgram(t)
	file := filepath.Join(t.TempDir(), "shared.html")
	audit := func(more ...string) string { return program(slices.Concat([]string{"audit"}, args, more)...) }
	audit("--share", file)
	if err := json.Unmarshal([]byte(audit("--json")), &whole); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return page, whole
}

// TestEveryDigitOfTheDemoIsSealed alters them one at a time, all of them with CRYWOLF_THOROUGH and one in ten else.
func TestEveryDigitOfTheDemoIsSealed(t *testing.T) {
	t.Parallel()
	page, _ := shareDemo(t, "checkout-pair")
	digits := 0
	for i, c := range page {
		if c < '0' || c > '9' {
			continue
		}
		if digits++; digits%repeats(10, 1) != 0 {
			continue
		}
		page[i] = '0' + (c-'0'+3)%10
		if _, err := reports.OpenAudit(page, ""); err == nil {
			t.Fatalf("nobody saw the digit at %d change: …%s", i, page[max(0, i-60):i+10])
		}
		page[i] = c
	}
	if _, err := reports.OpenAudit(page, ""); err != nil || digits < 2000 {
		t.Errorf("after %d digits were put back: %v", digits, err)
	}
}

// TestSharedDemoNamesNothing looks in the shared file for every name, title and id of the account that the demo serves.
func TestSharedDemoNamesNothing(t *testing.T) {
	t.Parallel()
	page, _ := shareDemo(t)
	text := strings.ToLower(string(page))
	tools, err := analysis.SourceTools()
	if err != nil {
		t.Fatal(err)
	}
	names := namesOf(t, pagerdutytest.Generate(pagerdutytest.Config{Seed: 1, Weeks: 13}))
	if len(names) < 1000 {
		t.Fatalf("only %d names are looked for", len(names))
	}
	shared := append(tools, "default", "overrides", "platform") // tools on purpose; the others are words that every page has
	for name := range names {
		if slices.Contains(shared, name) {
			continue
		}
		if at := strings.Index(text, name); at >= 0 && standsAlone(text, name) {
			t.Errorf("%q is in the shared file: …%s", name, text[max(0, at-60):min(len(text), at+len(name)+20)])
		}
	}
}

// standsAlone tells whether a name is in a text as a word of its own.
func standsAlone(text, name string) bool {
	return regexp.MustCompile(`(^|[^a-z0-9])` + regexp.QuoteMeta(name) + `($|[^a-z0-9])`).MatchString(text)
}

// namesOf are all texts of an account, in lower case, that say who or what: names and each of their words, e-mail addresses,
// titles, ids, keys, zones, notes.
func namesOf(t *testing.T, account *pagerdutytest.Account) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	add := func(text string) {
		if text = strings.ToLower(text); len(text) >= 4 {
			out[text] = true
		}
	}
	telling := []string{"id", "name", "summary", "title", "email", "description", "html_url", "alert_key", "incident_key", "time_zone", "address"}
	var walk func(value any, key string)
	walk = func(value any, key string) {
		switch v := value.(type) {
		case map[string]any:
			for k, below := range v {
				walk(below, k)
			}
		case []any:
			for _, below := range v {
				walk(below, key)
			}
		case string:
			if slices.Contains(telling, key) {
				add(v)
			}
		}
	}
	for _, kind := range []string{"users", "teams", "services", "escalation_policies", "schedules", "v3_schedules", "incidents", "alerts"} {
		for _, raw := range account.Objects(kind) {
			var object any
			if err := json.Unmarshal(raw, &object); err != nil {
				t.Fatal(err)
			}
			walk(object, "")
		}
	}
	secrets := account.Secrets()
	for _, text := range slices.Concat(secrets.Names, secrets.Emails, secrets.Phones, secrets.Notes, secrets.Keys) {
		add(text)
	}
	for _, user := range account.Users {
		for _, part := range strings.Fields(user.Name) {
			add(part)
		}
	}
	add(account.Subdomain)
	return out
}

// events are the keys whose values count pages, incidents or nights, one by one.
var events = regexp.MustCompile(`^((interrupted|twice_interrupted|on_call)_night|blocks_12h_over_2_incidents|override|((night|actionable|non_actionable|unknown|redundant|unattended|flapping|unworked|leaked)_)?page|(night_)?incident|never_acknowledged|(night_)?page_max)_count$`)

// TestSharedDemoHasNoSmallCounts, and what it has is what the whole document says.
func TestSharedDemoHasNoSmallCounts(t *testing.T) {
	t.Parallel()
	page, whole := shareDemo(t)
	shared, err := reports.OpenAudit(page, "")
	if err != nil {
		t.Fatal(err)
	}
	same, left := 0, 0
	for i, card := range shared.Rotations {
		for _, b := range card.Blocks {
			original := blockNamed(t, whole.Rotations[i], b.ID)
			if len(b.Numbers) != len(original.Numbers) {
				t.Errorf("%s has %d numbers and %d in the shared file: sharedNumbers has no rule for some", b.ID, len(original.Numbers), len(b.Numbers))
			}
			for _, n := range b.Numbers {
				was := original.Numbers.Get(n.Key)
				switch {
				case n.Value == nil && was != nil:
					left++
					if !slices.Contains(shared.Suppressed, card.ID+"/"+b.ID+"/"+n.Key) {
						t.Errorf("%s/%s/%s is left out and not in the list", card.ID, b.ID, n.Key)
					}
				case n.Value != nil && (was == nil || *was != *n.Value):
					t.Errorf("%s/%s/%s is %v and was %v", card.ID, b.ID, n.Key, *n.Value, was)
				case n.Value != nil:
					same++
					if events.MatchString(n.Key) && *n.Value > 0 && *n.Value < 5 {
						t.Errorf("%s/%s/%s is %v", card.ID, b.ID, n.Key, *n.Value)
					}
				}
			}
			for _, w := range b.Weeks {
				for _, n := range []*int64{w.PageCount, w.NightPageCount} {
					if n != nil && *n > 0 && *n < 5 {
						t.Errorf("%s, week of %s: %d pages", card.ID, w.Start, *n)
					}
				}
			}
			for _, s := range b.Sources {
				if s.PageCount != nil && *s.PageCount > 0 && *s.PageCount < 5 {
					t.Errorf("%s, %s: %d pages", card.ID, s.Source, *s.PageCount)
				}
			}
		}
	}
	if same < 150 || left < 5 {
		t.Errorf("%d numbers are shared and %d left out", same, left)
	}
}

func blockNamed(t *testing.T, card reports.Scorecard, id string) reports.Block {
	t.Helper()
	at := slices.IndexFunc(card.Blocks, func(b reports.Block) bool { return b.ID == id })
	if at < 0 {
		t.Fatalf("%s has no block %s", card.ID, id)
	}
	return card.Blocks[at]
}
