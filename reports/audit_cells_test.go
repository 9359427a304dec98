package reports

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// countedCard is a scorecard whose parts add up, mostly of small numbers.
type countedCard struct {
	card   Scorecard
	period Period
}

func drawCard(t *rapid.T) countedCard {
	small := rapid.OneOf(rapid.Int64Range(0, 6), rapid.Int64Range(0, 60))
	verdicts := map[string]int64{}
	var pages int64
	for _, name := range []string{"redundant", "unattended", "unknown", "actionable", "non_actionable"} {
		verdicts[name] = small.Draw(t, name)
		pages += verdicts[name]
	}
	noise := Numbers{}
	noise.Set("page_count", float(pages))
	for _, name := range []string{"actionable", "non_actionable", "unknown", "redundant", "unattended"} {
		noise.Set(name+"_page_count", float(verdicts[name]))
	}
	n, a, u := verdicts["non_actionable"], verdicts["actionable"], verdicts["unknown"]
	sure := rapid.Int64Range(0, n).Draw(t, "sure")
	noise.Set("non_actionable_ratio", share(n, n+a))
	noise.Set("non_actionable_low_ratio", share(sure, n+a+u))
	noise.Set("non_actionable_high_ratio", share(n+u, n+a+u))
	period := Period{day("2026-08-17T00:00:00Z"), day("2026-08-17T00:00:00Z").AddDate(0, 0, 7*rapid.IntRange(1, 13).Draw(t, "weeks"))}
	weeks, nights := drawWeeks(t, period, pages, n)
	label, elsewhere, tools := Numbers{}, Numbers{}, Numbers{}
	label.Set("page_count", float(pages))
	elsewhere.Set("night_page_count", float(nights))
	leaked := rapid.Int64Range(0, nights).Draw(t, "leaked")
	elsewhere.Set("leaked_page_count", float(leaked))
	elsewhere.Set("leaked_ratio", share(leaked, nights))
	sources := drawSources(t, pages)
	top := int64(0)
	for _, s := range sources {
		top = max(top, *s.PageCount)
	}
	tools.Set("top_source_page_ratio", share(top, pages))
	return countedCard{period: period, card: Scorecard{ID: "P1", Blocks: []Block{{ID: BlockLabel, Numbers: label}, {ID: BlockNoise, Numbers: noise},
		{ID: BlockTrend, Numbers: Numbers{}, Weeks: weeks}, {ID: BlockNightsElsewhere, Numbers: elsewhere}, {ID: BlockTools, Numbers: tools, Sources: sources}}}}
}

func float(n int64) *float64 { return num(float64(n)) }

// drawWeeks deals the pages out over the weeks of the period.
func drawWeeks(t *rapid.T, p Period, pages, noise int64) (weeks []AuditWeek, nights int64) {
	for at := p.Since; at.Before(p.Until); at = at.AddDate(0, 0, 7) {
		weeks = append(weeks, AuditWeek{Start: at, End: at.AddDate(0, 0, 7), OnCallSeconds: 604800, PageCount: whole(0), NightPageCount: whole(0), NonActionablePageCount: whole(0)})
	}
	for i := range pages {
		w := &weeks[rapid.IntRange(0, len(weeks)-1).Draw(t, "week")]
		*w.PageCount++
		if rapid.Bool().Draw(t, "night") {
			*w.NightPageCount++
			nights++
		}
		if i < noise {
			*w.NonActionablePageCount++
		}
	}
	for i := range weeks {
		w := &weeks[i]
		w.NonActionableRatio, w.PagesPer12h = share(*w.NonActionablePageCount, *w.PageCount), num(float64(*w.PageCount)/14)
	}
	return weeks, nights
}

func drawSources(t *rapid.T, pages int64) (out []AuditSource) {
	for _, name := range []string{"datadog", "prometheus", "sentry", "AcmeWatch"} {
		n := pages
		if name != "AcmeWatch" {
			n = rapid.Int64Range(0, pages).Draw(t, name)
		}
		pages -= n
		if n > 0 {
			out = append(out, AuditSource{name, whole(n), nil})
		}
	}
	all := int64(0)
	for _, s := range out {
		all += *s.PageCount
	}
	for i := range out {
		out[i].PageRatio = share(*out[i].PageCount, all)
	}
	return out
}

// TestSmallCountsStayHidden: no count from 1 to 4 is in a shared document, no share of one, and none can be worked out from
// the sums in it.
func TestSmallCountsStayHidden(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		drawn := drawCard(t)
		a := &Audit{Period: drawn.period, Rotations: []Scorecard{drawn.card}}
		out, removed := a.Anonymise([]string{"datadog", "prometheus", "sentry"})
		card := &out.Rotations[0]
		for _, sum := range sumsOf(card) {
			checkHidden(t, sum)
		}
		checkShares(t, card)
		for _, r := range removed {
			if _, _, ok := strings.Cut(r.Where, "/"); ok && r.After == unknown && !slices.Contains(out.Suppressed, r.Where) {
				t.Fatalf("%s is taken out and not in the list", r.Where)
			}
		}
	})
}

// listedSum is a total of the document with its parts; nil is hidden.
type listedSum struct {
	name  string
	total *int64
	parts map[string]*int64
}

func sumsOf(c *Scorecard) []listedSum {
	get := func(block, key string) *int64 {
		v := c.block(block).Numbers.Get(key)
		if v == nil {
			return nil
		}
		return whole(int64(*v))
	}
	pages, nights := get(BlockLabel, "page_count"), get(BlockNightsElsewhere, "night_page_count")
	verdicts, tools, weeks, weekNights := map[string]*int64{}, map[string]*int64{}, map[string]*int64{}, map[string]*int64{}
	for _, name := range []string{"actionable", "non_actionable", "unknown", "redundant", "unattended"} {
		verdicts[name] = get(BlockNoise, name+"_page_count")
	}
	for _, s := range c.block(BlockTools).Sources {
		tools[s.Source] = s.PageCount
	}
	for i, w := range c.block(BlockTrend).Weeks {
		weeks[fmt.Sprint("week ", i)], weekNights[fmt.Sprint("night ", i)] = w.PageCount, w.NightPageCount
	}
	return []listedSum{{"verdicts", pages, verdicts}, {"tools", pages, tools}, {"weeks", pages, weeks}, {"nights", nights, weekNights}}
}

// checkHidden looks at a sum as a stranger does. Where the total is known, at least two parts are hidden or none, and what
// they add up to leaves each of them more than one value; where it is not, so is a part, or nothing is known of it at all.
func checkHidden(t *rapid.T, s listedSum) {
	hidden, known := int64(0), int64(0)
	for name, n := range s.parts {
		switch {
		case n == nil:
			hidden++
		case *n > 0 && *n < 5:
			t.Fatalf("%s: %s is %d", s.name, name, *n)
		default:
			known += *n
		}
	}
	switch {
	case s.total == nil && hidden == 0 && len(s.parts) > 0:
		t.Fatalf("%s: the hidden total is the sum of all parts: %d", s.name, known)
	case s.total == nil || hidden == 0:
	case *s.total > 0 && *s.total < 5:
		t.Fatalf("%s: the total is %d", s.name, *s.total)
	case hidden == 1:
		t.Fatalf("%s: the hidden part is %d - %d", s.name, *s.total, known)
	case *s.total-known <= hidden:
		t.Fatalf("%s: %d hidden parts add up to %d, so each is 1", s.name, hidden, *s.total-known)
	}
}

// checkShares: a share stands only where all that it was worked out from does.
func checkShares(t *rapid.T, c *Scorecard) {
	for _, x := range []struct {
		block, key string
		from       []string
	}{
		{BlockNoise, "non_actionable_ratio", []string{"actionable_page_count", "non_actionable_page_count"}},
		{BlockNoise, "non_actionable_low_ratio", []string{"actionable_page_count", "non_actionable_page_count", "unknown_page_count"}},
		{BlockNoise, "non_actionable_high_ratio", []string{"actionable_page_count", "non_actionable_page_count", "unknown_page_count"}},
		{BlockNightsElsewhere, "leaked_ratio", []string{"leaked_page_count", "night_page_count"}},
	} {
		numbers := c.block(x.block).Numbers
		for _, from := range x.from {
			if numbers.Get(x.key) != nil && numbers.Get(from) == nil {
				t.Fatalf("%s is shown and %s is not", x.key, from)
			}
		}
	}
	top := c.block(BlockTools).Numbers.Get("top_source_page_ratio")
	for _, s := range c.block(BlockTools).Sources {
		if s.PageCount == nil && s.PageRatio != nil {
			t.Fatalf("the share of %s is shown and its count is not", s.Source)
		}
	}
	if pages := c.block(BlockLabel).Numbers.Get("page_count"); top != nil && pages != nil {
		if n := *part(top, pages); n > 0 && n < 5 || !slices.ContainsFunc(c.block(BlockTools).Sources, func(s AuditSource) bool { return s.PageCount != nil }) {
			t.Fatalf("the share of the busiest tool, %v pages, is shown", n)
		}
	}
	for _, w := range c.block(BlockTrend).Weeks {
		if w.PageCount == nil && (w.PagesPer12h != nil || w.NonActionableRatio != nil) {
			t.Fatalf("what was worked out from the pages of %s is shown", w.Start)
		}
		if n := w.NonActionablePageCount; w.NonActionableRatio != nil && *n > 0 && *n < 5 {
			t.Fatalf("the share of %d pages in the week of %s is shown", *n, w.Start)
		}
	}
}

// TestAmbiguous works some cases out by hand: small is 1 to 4, large is 5 or more.
func TestAmbiguous(t *testing.T) {
	for _, c := range []struct {
		small, large int
		sum          int64
		want         bool
	}{
		{0, 0, 0, true},
		{1, 0, 3, false}, // it is the rest
		{1, 1, 6, false}, // 1 + 5
		{1, 1, 7, true},  // 1 + 6, 2 + 5
		{2, 0, 2, false}, // 1 + 1
		{2, 0, 3, true},
		{2, 0, 8, false}, // 4 + 4
		{2, 1, 7, false}, // 1 + 1 + 5
		{2, 1, 8, true},
		{8, 0, 8, false},
		{0, 1, 9, false},
		{0, 2, 10, false},
		{0, 2, 11, true},
	} {
		if got := ambiguous(c.small, c.large, c.sum); got != c.want {
			t.Errorf("%d small and %d large of %d: %v", c.small, c.large, c.sum, got)
		}
	}
}
