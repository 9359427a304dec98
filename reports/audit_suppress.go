package reports

import (
	"math"
	"slices"
	"strings"
	"time"
)

// sharedNumbers are the numbers that a shared document may have, by block and key, each with the cells that it was worked
// out from. Without cells it tells of the structure (people, shifts, weeks) and stays; a key that is missing here is left out.
var sharedNumbers = map[string]map[string]string{
	BlockLabel: {"week_count": "", "page_count": "pages", "shift_count": "", "complete_ratio": ""},
	BlockWeekOnCall: {"person_week_count": "", "page_p50_count": "person_weeks", "page_p90_count": "person_weeks",
		"page_max_count": "person_weeks page_max", "night_page_p50_count": "person_weeks", "night_page_p90_count": "person_weeks",
		"night_page_max_count": "person_weeks night_page_max", "pages_per_12h": "pages", "blocks_12h_count": "",
		"blocks_12h_over_2_incidents_count": "blocks_over", "on_call_night_count": "nights", "interrupted_night_count": "interrupted",
		"interrupted_night_ratio": "interrupted nights", "interrupted_night_low_ratio": "interrupted nights",
		"interrupted_night_high_ratio": "interrupted nights", "twice_interrupted_night_count": "twice",
		"undisturbed_p50_seconds": "nights", "undisturbed_p10_seconds": "nights", "business_page_ratio": "business pages",
		"toil_low_ratio": "pages", "toil_high_ratio": "pages", "engaged_low_seconds": "pages", "engaged_high_seconds": "pages", "working_seconds": ""},
	BlockHowOften: {"person_count": "", "on_call_days_per_month": "", "weekends_per_quarter": "", "on_call_week_ratio": "", "shift_p50_seconds": "",
		"shift_max_seconds": "", "answer_low_seconds": "", "answer_high_seconds": "", "zone_cluster_count": ""},
	BlockNoise: {"page_count": "pages", "non_actionable_ratio": "non_actionable actionable",
		"non_actionable_low_ratio":  "confident non_actionable actionable unknown",
		"non_actionable_high_ratio": "non_actionable actionable unknown", "actionable_page_count": "actionable",
		"non_actionable_page_count": "non_actionable", "unknown_page_count": "unknown", "redundant_page_count": "redundant",
		"unattended_page_count": "unattended", "flapping_page_count": "flapping", "top_alert_page_ratio": "top_alert pages",
		"unworked_rule_count": "", "unworked_page_count": "unworked", "oldest_unworked_weeks": ""},
	BlockFairness: {"person_count": "", "heaviest_to_equal_ratio": "people heaviest pages", "gini_ratio": "people heaviest pages",
		"gini_by_chance_high_ratio": "people heaviest pages", "override_count": "people overrides", "override_ratio": "people overrides"},
	BlockHelp: {"incident_count": "incidents", "timed_out_ratio": "timed_out incidents", "timed_out_low_ratio": "timed_out incidents",
		"timed_out_high_ratio": "timed_out incidents", "never_acknowledged_count": "never", "never_acknowledged_ratio": "never incidents",
		"never_acknowledged_low_ratio": "never incidents", "never_acknowledged_high_ratio": "never incidents", "night_incident_count": "night_incidents",
		"night_joined_ratio": "night_joined night_incidents", "night_joined_low_ratio": "night_joined night_incidents",
		"night_joined_high_ratio": "night_joined night_incidents"},
	BlockTrend: {"page_slope_per_week": "pages", "page_trend_p": "pages", "night_page_slope_per_week": "night_pages", "night_page_trend_p": "night_pages",
		"non_actionable_slope_per_week": "non_actionable", "non_actionable_trend_p": "non_actionable", "week_count": ""},
	BlockNightsElsewhere: {"exposure_ratio": "", "zone_cluster_count": "", "night_page_count": "night_pages", "leaked_page_count": "leaked",
		"leaked_ratio": "leaked night_pages", "leaked_low_ratio": "leaked night_pages", "leaked_high_ratio": "leaked night_pages",
		"hand_off_count": "", "hand_off_gap_count": "", "hand_off_gap_seconds": ""},
	BlockTools: {"source_count": "", "top_source_page_ratio": "top_source pages"},
}

// suppress takes small counts out of the blocks of a shared scorecard, with all that gives them away, and returns what it
// took.
func (c *Scorecard) suppress(p Period) []Removed {
	s := &suppression{card: c}
	s.counts()
	s.verdicts()
	s.sources()
	s.weeks(p)
	for i := range c.Blocks {
		s.numbers(&c.Blocks[i])
	}
	return s.hide()
}

type suppression struct {
	cells
	card *Scorecard
	top  []string // the tools with as many pages as the busiest one
}

// number is one of the scorecard's; nil where it is unknown.
func (s *suppression) number(block, key string) *float64 {
	if b := s.card.block(block); b != nil {
		return b.Numbers.Get(key)
	}
	return nil
}

// part is the count behind a share.
func part(ratio, whole *float64) *float64 {
	if ratio == nil || whole == nil {
		return nil
	}
	n := math.Round(*ratio * *whole)
	return &n
}

// counts adds the cells that are counts in the document, or a share's of one.
func (s *suppression) counts() {
	for cell, at := range map[string][2]string{
		"pages": {BlockLabel, "page_count"}, "person_weeks": {BlockWeekOnCall, "person_week_count"}, "people": {BlockFairness, "person_count"},
		"page_max": {BlockWeekOnCall, "page_max_count"}, "night_page_max": {BlockWeekOnCall, "night_page_max_count"},
		"blocks_over": {BlockWeekOnCall, "blocks_12h_over_2_incidents_count"}, "nights": {BlockWeekOnCall, "on_call_night_count"},
		"interrupted": {BlockWeekOnCall, "interrupted_night_count"}, "twice": {BlockWeekOnCall, "twice_interrupted_night_count"},
		"flapping": {BlockNoise, "flapping_page_count"}, "unworked": {BlockNoise, "unworked_page_count"}, "overrides": {BlockFairness, "override_count"},
		"incidents": {BlockHelp, "incident_count"}, "never": {BlockHelp, "never_acknowledged_count"}, "night_incidents": {BlockHelp, "night_incident_count"},
		"night_pages": {BlockNightsElsewhere, "night_page_count"}, "leaked": {BlockNightsElsewhere, "leaked_page_count"},
	} {
		s.count(cell, s.number(at[0], at[1]))
	}
	pages, people := s.number(BlockLabel, "page_count"), s.number(BlockFairness, "person_count")
	s.count("business", part(s.number(BlockWeekOnCall, "business_page_ratio"), pages))
	s.count("top_alert", part(s.number(BlockNoise, "top_alert_page_ratio"), pages))
	s.count("top_source", part(s.number(BlockTools, "top_source_page_ratio"), pages))
	s.count("timed_out", part(s.number(BlockHelp, "timed_out_ratio"), s.number(BlockHelp, "incident_count")))
	s.count("night_joined", part(s.number(BlockHelp, "night_joined_ratio"), s.number(BlockHelp, "night_incident_count")))
	var equal *float64
	if pages != nil && people != nil && *people > 0 {
		share := *pages / *people
		equal = &share
	}
	s.count("heaviest", part(s.number(BlockFairness, "heaviest_to_equal_ratio"), equal))
}

// verdicts adds the counts by verdict, whose sum is the pages; to miss redundant ones costs least, for no share rests on them.
func (s *suppression) verdicts() {
	names := []string{"redundant", "unattended", "unknown", "actionable", "non_actionable"}
	for _, name := range names {
		s.count(name, s.number(BlockNoise, name+"_page_count"))
	}
	s.sum("pages", names...)
	base := sumOf(s.card.block(BlockNoise).Numbers, "actionable_page_count non_actionable_page_count unknown_page_count")
	s.count("confident", part(s.number(BlockNoise, "non_actionable_low_ratio"), base))
}

// sources adds the pages by tool.
func (s *suppression) sources() {
	var names []string
	tools := s.card.block(BlockTools).Sources
	top := part(s.number(BlockTools, "top_source_page_ratio"), s.number(BlockLabel, "page_count"))
	for i := range tools {
		t := &tools[i]
		name := "sources/" + t.Source
		names = append(names, name)
		s.count(name, floatOf(t.PageCount))
		if top != nil && t.PageCount != nil && *top == float64(*t.PageCount) {
			s.top = append(s.top, name)
		}
		key := s.card.ID + "/" + BlockTools + "/" + name
		if t.PageCount != nil {
			s.show(key+"/page_count", float64(*t.PageCount), func() { t.PageCount = nil }, name)
		}
		if t.PageRatio != nil {
			s.show(key+"/page_ratio", *t.PageRatio, func() { t.PageRatio = nil }, name, "pages")
		}
	}
	s.sum("pages", s.smallestFirst(names)...)
}

// weeks adds the counts by week; where the weeks fill the period, they sum to its.
func (s *suppression) weeks(p Period) {
	var pages, nights, noise []string
	weeks := s.card.block(BlockTrend).Weeks
	for i := range weeks {
		w := &weeks[i]
		at := "weeks/" + w.Start.UTC().Format(time.DateOnly)
		pages, nights, noise = append(pages, at+"/pages"), append(nights, at+"/nights"), append(noise, at+"/noise")
		s.count(at+"/pages", floatOf(w.PageCount))
		s.count(at+"/nights", floatOf(w.NightPageCount))
		s.count(at+"/noise", floatOf(w.NonActionablePageCount))
		key := s.card.ID + "/" + BlockTrend + "/" + at
		if w.PageCount != nil {
			s.show(key+"/page_count", float64(*w.PageCount), func() { w.PageCount = nil }, at+"/pages")
		}
		if w.NightPageCount != nil {
			s.show(key+"/night_page_count", float64(*w.NightPageCount), func() { w.NightPageCount = nil }, at+"/nights")
		}
		if w.NonActionableRatio != nil {
			s.show(key+"/non_actionable_ratio", *w.NonActionableRatio, func() { w.NonActionableRatio = nil }, at+"/noise", at+"/pages")
		}
		if w.PagesPer12h != nil {
			s.show(key+"/pages_per_12h", *w.PagesPer12h, func() { w.PagesPer12h = nil }, at+"/pages")
		}
	}
	if fills(weeks, p) {
		s.sum("pages", s.smallestFirst(pages)...)
		s.sum("night_pages", s.smallestFirst(nights)...)
		s.sum("non_actionable", s.smallestFirst(noise)...)
	}
}

// fills tells whether weeks lie end to end over the whole of a period.
func fills(weeks []AuditWeek, p Period) bool {
	at := p.Since
	for _, w := range weeks {
		if !w.Start.Equal(at) {
			return false
		}
		at = w.End
	}
	return at.Equal(p.Until)
}

func (s *suppression) smallestFirst(names []string) []string {
	return slices.SortedStableFunc(slices.Values(names), func(x, y string) int { return int(s.known[x].value - s.known[y].value) })
}

// numbers adds the values of a block, and drops those that no rule lets through.
func (s *suppression) numbers(b *Block) {
	rules := sharedNumbers[b.ID]
	b.Numbers = slices.DeleteFunc(b.Numbers, func(n AuditNumber) bool { _, ok := rules[n.Key]; return !ok })
	for i := range b.Numbers {
		n := &b.Numbers[i]
		from := strings.Fields(rules[n.Key])
		if n.Key == "top_source_page_ratio" {
			from = append(from, s.top...)
		}
		if n.Value != nil && len(from) > 0 {
			s.show(s.card.ID+"/"+b.ID+"/"+n.Key, *n.Value, func() { n.Value = nil }, from...)
		}
	}
}

func floatOf(n *int64) *float64 {
	if n == nil {
		return nil
	}
	f := float64(*n)
	return &f
}
