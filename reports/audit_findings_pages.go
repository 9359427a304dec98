package reports

import (
	"fmt"
	"strings"
)

func (j *judging) noiseFinding() string {
	if j.noPage() {
		return "No page, so no noise."
	}
	share, top, unworked := "", "", ""
	switch r := j.get(BlockNoise, "non_actionable_ratio"); {
	case r != nil:
		share = Ratio(r) + " of the pages that can be judged needed nobody"
		if low, high := j.get(BlockNoise, "non_actionable_low_ratio"), j.get(BlockNoise, "non_actionable_high_ratio"); low != nil && high != nil {
			share += " (" + span(low, high) + " of all)"
		}
	default:
		share = "how many pages needed nobody cannot be told from this"
	}
	if t := j.get(BlockNoise, "top_alert_page_ratio"); t != nil {
		top = "one alert made " + Ratio(t)
	}
	if n := j.get(BlockNoise, "unworked_rule_count"); n != nil && *n > 0 {
		unworked = j.counted(BlockNoise, "unworked_rule_count", "alert") + " came ten times or more and nobody ever worked on one"
		if weeks := j.get(BlockNoise, "oldest_unworked_weeks"); weeks != nil {
			unworked += fmt.Sprintf(", the oldest for %s weeks", j.value(BlockNoise, "oldest_unworked_weeks"))
		}
	}
	return sentences(share, top, unworked)
}

func (j *judging) fairnessFinding() string {
	overrides := ""
	if j.get(BlockFairness, "override_count") != nil {
		overrides = j.counted(BlockFairness, "override_count", "override")
		if share := j.get(BlockFairness, "override_ratio"); share != nil {
			overrides += ", " + Ratio(share) + " of the time on call"
		}
	}
	busiest := "the busiest person got " + j.value(BlockFairness, "heaviest_to_equal_ratio") + " an equal share of the pages"
	if j.get(BlockFairness, "heaviest_to_equal_ratio") == nil {
		busiest = "the pages are spread"
	}
	switch people := j.get(BlockFairness, "person_count"); {
	case people != nil && *people < j.group:
		busiest = "how the pages are spread is hidden: of fewer than " + Number(&j.group) + " people it would show each"
	case j.noPage():
		busiest = "no page, so nothing to spread"
	case j.status("evenness") == StatusAlarm:
		busiest += " more unevenly than chance explains"
	case j.get(BlockFairness, "gini_ratio") != nil:
		busiest += " as chance alone could do it"
	default:
		busiest = "how the pages are spread cannot be told from this"
	}
	return sentences(strings.Replace(busiest, "pages more unevenly", "pages, more unevenly", 1), overrides)
}

func (j *judging) helpFinding() string {
	incidents := j.get(BlockHelp, "incident_count")
	if incidents != nil && *incidents == 0 {
		return "No incident, so no help was needed."
	}
	var said []string
	if j.get(BlockHelp, "timed_out_ratio") != nil {
		said = append(said, j.value(BlockHelp, "timed_out_ratio")+" went on because nobody answered in time")
	}
	if j.get(BlockHelp, "never_acknowledged_ratio") != nil {
		said = append(said, j.value(BlockHelp, "never_acknowledged_ratio")+" were never acknowledged")
	}
	answers := "whether pages are answered cannot be told from this"
	if len(said) > 0 {
		answers = "of " + j.counted(BlockHelp, "incident_count", "incident") + " " + strings.Join(said, " and ")
	}
	night := ""
	switch n := j.get(BlockHelp, "night_incident_count"); {
	case n != nil && *n == 0:
		night = "none was at night"
	case n != nil && j.get(BlockHelp, "night_joined_ratio") != nil:
		night = "at night a second person took part in " + j.value(BlockHelp, "night_joined_ratio") + " of " + j.value(BlockHelp, "night_incident_count")
	}
	return sentences(answers, night)
}

func (j *judging) trendFinding() string {
	weeks := j.get(BlockTrend, "week_count")
	switch {
	case weeks == nil:
		return "Whether it is getting better cannot be told from this."
	case *weeks < trendWeeks:
		return sentences(j.counted(BlockTrend, "week_count", "week") + " read whole: too short to see a trend")
	case j.noPage():
		return "No page, so no trend."
	}
	var said []string
	for _, line := range []struct{ check, key, what, verb string }{
		{"page_trend", "page_slope_per_week", "pages", ""},
		{"night_page_trend", "night_page_slope_per_week", "night pages", ""},
		{"non_actionable_trend", "non_actionable_slope_per_week", "the share of non-actionable pages", "s"},
	} {
		change := j.value(BlockTrend, line.key)
		by := strings.TrimLeft(change, "+-") + " a week over " + j.value(BlockTrend, "week_count") + " weeks, more than chance explains"
		switch status := j.status(line.check); {
		case status == StatusAlarm:
			said = append(said, line.what+" rise"+line.verb+" by "+by)
		case status == StatusOK:
			said = append(said, line.what+" fall"+line.verb+" by "+by)
		case line.check != "page_trend":
		case status == StatusInfo:
			said = append(said, fmt.Sprintf("pages are steady: %s a week over %s weeks, which may be chance", change, j.value(BlockTrend, "week_count")))
		default:
			said = append(said, "whether pages get fewer cannot be told from this")
		}
	}
	return sentences(said...)
}
