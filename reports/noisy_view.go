package reports

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// noisyView is a Noisy as texts, laid out the same way for terminal and Markdown.
type noisyView struct {
	Demo, Period, State string
	Complete            bool
	Gaps                []string
	Rows                []noisyRow
	Empty               string // what there is to say where no alert is listed
	Plan                []string
	Stop                []string
	Excluded, Notes     []string
	Fingerprint         string
	Next                []string
}

// noisyRow is one alert as texts.
type noisyRow struct {
	alert                                              *NoisyAlert
	Rule, Title, Service, Source                       string
	Pages, Night, Incidents                            string
	Alone, AutoResolved, Worked, WorkedRange           string
	Runs, Excess, OpenP50, LastWorked, GroupWith       string
	Evidence, Mark, Do, Saves, SavesNight, Risk, Where string
	Reasons                                            []string
}

func newNoisyView(n *Noisy) noisyView {
	c := &n.Context
	v := noisyView{Demo: n.Demo, Period: periodText(n.Period, c), State: stateText(n.Data, c), Complete: n.Data.Complete,
		Gaps: gapTexts(n.Data, c), Excluded: excludedTexts(n.Data), Notes: noteTexts(n.Data),
		Fingerprint: fingerprintText(n.Data.Fingerprint), Plan: planTexts(n), Stop: stopTexts(&n.LeftOut), Next: c.Next}
	for i := range n.Alerts {
		v.Rows = append(v.Rows, newNoisyRow(&n.Alerts[i], n))
	}
	switch {
	case len(v.Rows) > 0:
	case n.LeftOut.BelowMinPages.RuleCount+n.LeftOut.OtherRecommendations.RuleCount > 0:
		v.Empty = "No alert to list."
	default:
		v.Empty = "No alert rule paged in this period. (Is that right? The gaps of the data stand above.)"
		if n.Data.Complete {
			v.Empty = "No alert rule paged in this period."
		}
	}
	return v
}

func newNoisyRow(a *NoisyAlert, n *Noisy) noisyRow {
	count := counterFor(n.Data.Complete)
	r := noisyRow{alert: a, Rule: Clean(a.Rule), Title: Clean(a.Title), Service: Clean(a.Service), Source: Clean(a.Source),
		Pages: count(a.PageCount), Night: count(a.NightPageCount), Incidents: count(a.IncidentCount),
		Alone: Ratio(a.ClearedAloneRatio), AutoResolved: Ratio(a.AutoResolvedRatio),
		Worked:      Count(a.WorkedCount) + "/" + Count(a.IncidentCount),
		WorkedRange: span(a.WorkedRatioLow, a.WorkedRatioHigh),
		Runs:        count(a.FlappingRunCount), Excess: count(a.ExcessPageCount), OpenP50: Seconds(a.OpenP50Seconds),
		LastWorked: unknown, GroupWith: unknown, Evidence: a.Evidence, Mark: evidenceMark(a.Evidence), Do: do(a),
		Saves: saved(a, a.SavesPagesPerWeek), SavesNight: saved(a, a.SavesNightPagesPerWeek), Risk: riskCell(a), Where: change(a)}
	if a.LastWorkedAt != nil {
		r.LastWorked = At(*a.LastWorkedAt, n.Context.Location)[:len("2026-11-16")]
	}
	if a.GroupWith != nil {
		r.GroupWith = Clean(*a.GroupWith) + " " + Ratio(a.GroupRatio)
	}
	for _, text := range a.Reasons {
		r.Reasons = append(r.Reasons, Clean(text))
	}
	return r
}

// evidenceMark is the strength of evidence in one column: the fuller, the stronger.
func evidenceMark(evidence string) string {
	switch evidence {
	case "strong":
		return "●"
	case "fair":
		return "◐"
	}
	return "○"
}

// evidenceLegend explains the marks.
const evidenceLegend = "evidence: ● strong (30 incidents or more), ◐ fair (10 or more), ○ thin"

// do is the recommendation in the words of the table: "wait 4m".
func do(a *NoisyAlert) string {
	switch a.Recommendation {
	case Wait:
		if a.WaitSeconds != nil {
			return "wait " + Seconds(a.WaitSeconds)
		}
	case FixCause:
		return "fix cause"
	}
	return Clean(a.Recommendation)
}

// saved is a saving a week; what takes no page away has none.
func saved(a *NoisyAlert, perWeek *float64) string {
	if !removes(a.Recommendation) {
		return unknown
	}
	return Number(perWeek)
}

// riskCell is how many worked incidents would have been hidden or delayed; where none was, the 95% bound of their share.
func riskCell(a *NoisyAlert) string {
	switch {
	case !removes(a.Recommendation):
		return unknown
	case a.Recommendation == Demote: // the worked ones came while it would still page
		return "0"
	case a.WorkedCount > 0:
		return Count(a.WorkedCount)
	case a.WorkedRatioBound != nil:
		return "≤" + Ratio(a.WorkedRatioBound)
	}
	return unknown
}

func planTexts(n *Noisy) []string {
	p := &n.Plan
	text := "Plan: nothing to change on fair or strong evidence."
	if parts := countsText(p.RuleCounts); parts != "" {
		text = fmt.Sprintf("Plan: %s. At best %s → %s pages a week, %s → %s at night.", parts, Number(&p.PagesPerWeek), Number(&p.PagesLeftPerWeek),
			Number(&p.NightPagesPerWeek), Number(&p.NightPagesLeftPerWeek))
	}
	out := []string{text}
	if parts := countsText(p.ThinEvidenceRuleCounts); parts != "" {
		out = append(out, "not in the plan, on thin evidence: "+parts)
	}
	return out
}

// countsText lists counts by recommendation, in their fixed order: 2 delete, 1 wait.
func countsText(counts map[string]int64) string {
	var parts []string
	for _, r := range slices.SortedFunc(maps.Keys(counts), byRecommendation) {
		if counts[r] > 0 {
			parts = append(parts, Count(counts[r])+" "+r)
		}
	}
	return strings.Join(parts, ", ")
}

func byRecommendation(x, y string) int {
	return slices.Index(Recommendations(), x) - slices.Index(Recommendations(), y)
}

// stopTexts says what is not listed and what it would save.
func stopTexts(l *LeftOut) []string {
	var out []string
	if s := l.AfterTop; s.RuleCount > 0 {
		next := "rule"
		if s.RuleCount > 1 {
			next = plural(s.RuleCount, "rule")
		}
		out = append(out, fmt.Sprintf("stop here: the next %s %s", next, s.text()))
	}
	if s := l.OtherRecommendations; s.RuleCount > 0 {
		out = append(out, fmt.Sprintf("not asked for: %s of other recommendations, which %s", plural(s.RuleCount, "rule"), s.text()))
	}
	if s := l.BelowMinPages; s.RuleCount > 0 {
		out = append(out, fmt.Sprintf("left out: %s with fewer than %s, which %s", plural(s.RuleCount, "rule"), plural(l.MinPageCount, "page"), s.text()))
	}
	return out
}

func (s *RuleSum) text() string {
	verb := "together save"
	if s.RuleCount == 1 {
		verb = "saves"
	}
	v := s.SavesPagesPerWeek
	pages := "pages"
	if v == 1 {
		pages = "page"
	}
	return fmt.Sprintf("%s %s %s a week (%s at night)", verb, Number(&v), pages, Number(&s.SavesNightPagesPerWeek))
}
