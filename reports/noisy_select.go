package reports

import "slices"

// Selection says which alerts are listed.
type Selection struct {
	MinPages        int64    // fewer pages are not listed
	Recommendations []string // only these; none is all
	Top             int      // so many at most; 0 is all
}

// Plan is what following the listed recommendations adds up to. A page belongs to one rule, so savings add; they are
// what the recorded history would have spared, so they are at most that. Thin evidence is in no plan.
type Plan struct {
	RuleCounts             map[string]int64 `json:"rule_counts"` // by recommendation: delete, wait, demote, group
	PagesPerWeek           float64          `json:"pages_per_week"`
	PagesLeftPerWeek       float64          `json:"pages_left_per_week"`
	NightPagesPerWeek      float64          `json:"night_pages_per_week"`
	NightPagesLeftPerWeek  float64          `json:"night_pages_left_per_week"`
	ThinEvidenceRuleCounts map[string]int64 `json:"thin_evidence_rule_counts,omitempty"` // left out of the plan
}

// LeftOut is what Select took from the list, each rule in the first group that holds.
type LeftOut struct {
	MinPageCount         int64   `json:"min_page_count"` // the limit of BelowMinPages
	BelowMinPages        RuleSum `json:"below_min_pages"`
	OtherRecommendations RuleSum `json:"other_recommendations"`
	AfterTop             RuleSum `json:"after_top"`
}

// RuleSum adds up alert rules.
type RuleSum struct {
	RuleCount              int64   `json:"rule_count"`
	PageCount              int64   `json:"page_count"`
	SavesPagesPerWeek      float64 `json:"saves_pages_per_week"`
	SavesNightPagesPerWeek float64 `json:"saves_night_pages_per_week"`
}

func (s *RuleSum) add(a *NoisyAlert) {
	s.RuleCount++
	s.PageCount += a.PageCount
	s.SavesPagesPerWeek += known(a.SavesPagesPerWeek)
	s.SavesNightPagesPerWeek += known(a.SavesNightPagesPerWeek)
}

// known is a number in a sum, to which what is not known adds nothing.
func known(v *float64) float64 {
	if v == nil {
		return 0
	}
	return *v
}

// Select cuts the list of all alerts of the period, says what it left out and makes the plan of what stays.
func (n *Noisy) Select(s Selection) {
	n.LeftOut = LeftOut{MinPageCount: s.MinPages}
	n.Plan = n.wholeWeek()
	var listed []NoisyAlert
	grouped := map[string]string{}
	for i := range n.Alerts {
		a := &n.Alerts[i]
		switch {
		case a.PageCount < s.MinPages:
			n.LeftOut.BelowMinPages.add(a)
		case len(s.Recommendations) > 0 && !slices.Contains(s.Recommendations, a.Recommendation):
			n.LeftOut.OtherRecommendations.add(a)
		case s.Top > 0 && len(listed) == s.Top:
			n.LeftOut.AfterTop.add(a)
		default:
			listed = append(listed, *a)
			n.Plan.add(a, grouped)
		}
	}
	n.Alerts = listed
}

// wholeWeek is the plan in which nothing is done.
func (n *Noisy) wholeWeek() Plan {
	p := Plan{RuleCounts: map[string]int64{}}
	weeks := n.Period.Until.Sub(n.Period.Since).Hours() / (24 * 7)
	if weeks <= 0 {
		return p
	}
	for _, a := range n.Alerts {
		p.PagesPerWeek += float64(a.PageCount) / weeks
		p.NightPagesPerWeek += float64(a.NightPageCount) / weeks
	}
	p.PagesLeftPerWeek, p.NightPagesLeftPerWeek = p.PagesPerWeek, p.NightPagesPerWeek
	return p
}

// add takes one more alert into the plan. Of rules that are to be grouped with each other one goes on paging; grouped
// holds the rules that the plan groups away so far, and with which.
func (p *Plan) add(a *NoisyAlert, grouped map[string]string) {
	if !removes(a.Recommendation) {
		return
	}
	if a.Evidence == thin {
		if p.ThinEvidenceRuleCounts == nil {
			p.ThinEvidenceRuleCounts = map[string]int64{}
		}
		p.ThinEvidenceRuleCounts[a.Recommendation]++
		return
	}
	p.RuleCounts[a.Recommendation]++
	if a.Recommendation == Group && a.GroupWith != nil {
		with := *a.GroupWith
		for grouped[with] != "" {
			with = grouped[with]
		}
		if with == a.Rule {
			return
		}
		grouped[a.Rule] = *a.GroupWith
	}
	// sums of shares can end a hair below 0
	p.PagesLeftPerWeek = max(0, p.PagesLeftPerWeek-known(a.SavesPagesPerWeek))
	p.NightPagesLeftPerWeek = max(0, p.NightPagesLeftPerWeek-known(a.SavesNightPagesPerWeek))
}
