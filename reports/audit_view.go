package reports

import (
	"fmt"
	"slices"
	"strings"
)

// auditView is an Audit as texts, laid out the same way by the terminal, Markdown and HTML. It is read off the document
// alone, so that a file that was handed over shows what it showed where it was made.
type auditView struct {
	Demo, Period, State, Made string
	Shared, Withheld          string // "" where nothing was taken out
	Complete                  bool
	Gaps                      []string
	Cards                     []auditCardView
	Empty                     string
	Sources                   []string // of the limits, by number
	Excluded, Notes           []string
	Fingerprint               string // of the data
	Next                      []string
}

// auditCardView is one rotation.
type auditCardView struct {
	ID, Name, Facts string
	Blocks          []auditBlockView
}

// auditBlockView is one block; Weeks, Tools and Questions are of some only.
type auditBlockView struct {
	ID, Title, Finding string
	Status             Status
	Rows               []auditRow
	Weeks              *grid
	Sparks             string // the pages of Weeks, a character a week
	Tools              *grid
	Checks             []Check
	Questions          []Question
}

// auditRow is one number: what it is held against, whose limit that is (a number of Sources; 0 is nobody's), what comes of it.
type auditRow struct {
	Label, Value, Limit string
	Source              int
	Status              Status // "" where it is not checked
	Detail              bool   // left out where there is little room
}

// Reading is the row's state as printed.
func (r auditRow) Reading() string {
	if r.Status == "" {
		return ""
	}
	return statusText(r.Status)
}

// Against is the row's limit with the number of its source.
func (r auditRow) Against() string {
	if r.Source == 0 {
		return r.Limit
	}
	return fmt.Sprintf("%s [%d]", r.Limit, r.Source)
}

func newAuditView(a *Audit) auditView {
	c := &a.Context
	v := auditView{Demo: Clean(a.Demo), Period: periodText(a.Period, c), State: stateText(a.Data, c), Complete: a.Data.Complete, Made: madeText(a),
		Gaps: cleaned(gapTexts(a.Data, c)), Excluded: cleaned(excludedTexts(a.Data)), Notes: noteTexts(a.Data),
		Fingerprint: fingerprintText(a.Data.Fingerprint), Next: c.Next}
	if a.Shared {
		v.Shared = "Shared: no names, titles or services stand in this document; rotations are letters. Whether it was altered tells  crywolf audit --open FILE."
	}
	if n := len(a.Suppressed); n > 0 {
		v.Withheld = plural(int64(n), "number") + fmt.Sprintf(" withheld: counts from 1 to %d, and what would give them away", fewEvents-1)
	}
	if len(a.Rotations) == 0 {
		v.Empty = "No shift and no page in this period."
	}
	for i := range a.Rotations {
		v.Cards = append(v.Cards, v.card(&a.Rotations[i], a))
	}
	return v
}

// madeText says what made the document, and by what it can be told from another.
func madeText(a *Audit) string {
	var parts []string
	if a.MadeWith != "" {
		parts = append(parts, "made with "+Cut(Clean(a.MadeWith), 60))
	}
	if a.Fingerprint != "" {
		parts = append(parts, "fingerprint "+Cut(Clean(a.Fingerprint), 64))
	}
	return strings.Join(parts, ", ")
}

func cleaned(texts []string) []string {
	for i := range texts {
		texts[i] = Clean(texts[i])
	}
	return texts
}

func (v *auditView) card(card *Scorecard, a *Audit) auditCardView {
	out := auditCardView{ID: Clean(card.ID), Name: cardName(card.ID, card.Name)}
	facts := []string{out.ID, Clean(card.TimeZone)}
	if out.ID == "" || strings.HasSuffix(out.Name, " "+out.ID) {
		facts = facts[1:]
	}
	out.Facts = strings.Join(slices.DeleteFunc(facts, func(s string) bool { return s == "" }), " · ")
	var checks []Check
	if b := card.block(BlockChecks); b != nil {
		checks = b.Checks
	}
	said := map[string]bool{}
	for i := range card.Blocks {
		b := v.block(card, &card.Blocks[i], checks, a)
		for j := range b.Rows {
			b.Rows[j].Detail = b.Rows[j].Detail || said[b.Rows[j].Label]
			said[b.Rows[j].Label] = true
		}
		out.Blocks = append(out.Blocks, b)
	}
	return out
}

func (v *auditView) block(card *Scorecard, b *Block, checks []Check, a *Audit) auditBlockView {
	out := auditBlockView{ID: Clean(b.ID), Title: Clean(b.Title), Finding: Clean(b.Finding), Status: knownStatus(b.Status), Checks: b.Checks, Questions: b.Questions}
	for i := range checks {
		if c := &checks[i]; c.Block == b.ID && has(b.Numbers, c.Key) && !slices.ContainsFunc(checks[:i], c.same) {
			row := newAuditRow(card, b, c.Key, a)
			row.Status, row.Limit, row.Source = knownStatus(c.Status), limitText(c), v.source(c)
			out.Rows = append(out.Rows, row)
		}
	}
	for _, n := range b.Numbers {
		if !aside(n.Key) && checkOf(checks, b.ID, n.Key) == nil {
			out.Rows = append(out.Rows, newAuditRow(card, b, n.Key, a))
		}
	}
	out.Weeks, out.Sparks = auditWeeks(b.Weeks, a), sparks(b.Weeks)
	out.Tools = auditTools(b.Sources)
	return out
}

func newAuditRow(card *Scorecard, b *Block, key string, a *Audit) auditRow {
	n := auditNumberOf(key)
	row := auditRow{Label: n.label, Value: n.cell(b.Numbers, a.Data.Complete), Detail: n.detail}
	if b.Numbers.Get(key) == nil && slices.Contains(a.Suppressed, card.ID+"/"+b.ID+"/"+key) {
		row.Value = "withheld"
	}
	return row
}

// same tells whether another check is of the same number.
func (c *Check) same(other Check) bool { return c.Block == other.Block && c.Key == other.Key }

// checkOf is the check of a block's number; nil where there is none.
func checkOf(checks []Check, block, key string) *Check {
	for i := range checks {
		if checks[i].Block == block && checks[i].Key == key {
			return &checks[i]
		}
	}
	return nil
}

// limitText is a limit with its direction: ≤ 14%, ≥ 8.
func limitText(c *Check) string {
	if c.Limit == nil {
		return ""
	}
	text := auditNumberOf(c.Key).limit(c.Limit)
	if s, ok := checkSpecOf(c.ID); ok {
		return side(s.floor) + text
	}
	return text
}

// source numbers whose limit one is, in the order in which they are met.
func (v *auditView) source(c *Check) int {
	text := Clean(c.LimitSource)
	if text == "" || c.Limit == nil {
		return 0
	}
	i := slices.Index(v.Sources, text)
	if i < 0 {
		v.Sources = append(v.Sources, text)
		i = len(v.Sources) - 1
	}
	return i + 1
}

// auditWeeks are the weeks of a trend, oldest first.
func auditWeeks(weeks []AuditWeek, a *Audit) *grid {
	if len(weeks) == 0 {
		return nil
	}
	g := &grid{Caption: "Week by week, oldest first", Head: []string{"week from", "pages", "night pages", "non-actionable", "pages per 12 h"}, Left: 1}
	for _, w := range weeks {
		g.Rows = append(g.Rows, []string{At(w.Start, a.Context.Location)[:len("2026-11-16")], countOr(w.PageCount), countOr(w.NightPageCount),
			Ratio(w.NonActionableRatio), Number(w.PagesPer12h)})
	}
	return g
}

// auditTools are the tools that paged; nil where none is known.
func auditTools(sources []AuditSource) *grid {
	if len(sources) == 0 {
		return nil
	}
	g := &grid{Caption: "Pages by tool", Head: []string{"tool", "pages", "share"}, Left: 1}
	for _, s := range sources {
		g.Rows = append(g.Rows, []string{Clean(s.Source), countOr(s.PageCount), Ratio(s.PageRatio)})
	}
	return g
}

// countOr is a count that a shared document may leave out.
func countOr(n *int64) string {
	if n == nil {
		return unknown
	}
	return Count(*n)
}
