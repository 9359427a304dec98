package reports

import (
	"fmt"
	"math"
	"strings"
)

// summary is the whole scorecard in one paragraph: what a usual week and a bad week on call bring, and how often one is.
func (j *judging) summary() string {
	usual := j.get(BlockWeekOnCall, "page_p50_count")
	if usual == nil {
		return sentences("what a week on call brings cannot be told from this", j.howOften())
	}
	text := "a usual week on call brings " + pagesText(*usual)
	if j.partial {
		text = "a usual week on call brings at least " + pagesText(*usual)
	}
	text += j.nightsOfUsualWeek(*usual)
	weeks := j.get(BlockWeekOnCall, "person_week_count")
	many := weeks != nil && *weeks >= fewCases
	bad, worst := j.get(BlockWeekOnCall, "page_p90_count"), j.get(BlockWeekOnCall, "page_max_count")
	switch {
	case many && bad != nil && *bad > *usual:
		text += "; one week in ten brings " + roundPages(*bad) + " or more"
	case !many && worst != nil && *worst > *usual:
		text += "; the worst one brought " + roundPages(*worst)
	}
	rests := ""
	if weeks != nil && !many {
		rests = "that rests on " + plural(int64(*weeks), "week") + " on call only"
	}
	return sentences(text, j.howOften(), rests)
}

// nightsOfUsualWeek says how many of a usual week's pages come at night, and where that is none, whether it always is.
func (j *judging) nightsOfUsualWeek(usual float64) string {
	night, most := j.get(BlockWeekOnCall, "night_page_p50_count"), j.get(BlockWeekOnCall, "night_page_max_count")
	switch {
	case night == nil || usual == 0:
		return ""
	case *night > 0:
		return ", " + roundPages(*night) + " of them at night"
	case most != nil && *most > 0:
		return ", usually none of them at night"
	}
	return ", none of them at night"
}

// howOften is the share of weeks with duty, in words.
func (j *judging) howOften() string {
	r := j.get(BlockHowOften, "on_call_week_ratio")
	switch {
	case r == nil || *r <= 0:
		return ""
	case *r > 0.95:
		return "you are on call in every week"
	case *r > 0.55:
		return fmt.Sprintf("you are on call in about %.0f weeks of 10", math.Round(*r*10))
	}
	return fmt.Sprintf("you are on call about 1 week in %.0f", math.Round(1 / *r))
}

func pagesText(v float64) string {
	switch {
	case v == 0:
		return "no page"
	case v == 1:
		return "1 page"
	}
	return roundPages(v) + " pages"
}

// roundPages leaves no half pages where they say nothing.
func roundPages(v float64) string {
	if v >= 10 {
		v = math.Round(v)
	}
	return wholeNumber(v)
}

func (j *judging) nightsFinding() string {
	b := j.card.block(BlockNightsElsewhere)
	verdict := ""
	if b.Verdict != nil {
		verdict = *b.Verdict
	}
	text := map[string]string{
		"follow-the-sun": "follow-the-sun: other time zones take the nights",
		"partial":        "partly: other time zones take some of the nights",
		"single region":  "single region: whoever is on call has the nights, too",
	}[verdict]
	if text == "" {
		text = "whether other time zones take the nights is not known"
	}
	if e := b.Numbers.Get("exposure_ratio"); e != nil {
		text += "; " + Ratio(e) + " of the time on call is in the holder's own sleep hours"
	}
	leaked, gaps := "", ""
	if n := b.Numbers.Get("leaked_page_count"); n != nil && *n > 0 {
		leaked = j.counted(BlockNightsElsewhere, "leaked_page_count", "night page") + " came while somebody else on call was awake"
	}
	if s := b.Numbers.Get("hand_off_gap_seconds"); s != nil && *s > 0 {
		gaps = "nobody was on call for " + Seconds(s) + " in all"
		if b.Numbers.Get("hand_off_gap_count") != nil {
			gaps += ", in " + j.counted(BlockNightsElsewhere, "hand_off_gap_count", "gap")
		}
	}
	return sentences(text, leaked, gaps)
}

func (j *judging) toolsFinding() string {
	b := j.card.block(BlockTools)
	if j.noPage() {
		return "No page, so no tool."
	}
	if len(b.Sources) == 0 {
		return "Which tools page cannot be told from this."
	}
	return sentences("pages came from " + sourcesText(b.Sources))
}

// sourcesText lists tools with their share of the pages: prometheus 81%, datadog 19%.
func sourcesText(sources []AuditSource) string {
	const most = 5
	var out []string
	for i, s := range sources {
		if i == most {
			out = append(out, plural(int64(len(sources)-most), "other"))
			break
		}
		text := Cut(Clean(s.Source), 30)
		if s.PageRatio != nil {
			text += " " + Ratio(s.PageRatio)
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

func (j *judging) checksFinding() string {
	checks := j.card.block(BlockChecks).Checks
	return sentences(fmt.Sprintf("of %d checks %s", len(checks), countStatuses(checks)), "they are not added up to a score")
}

// countStatuses counts checks by state, the worst first: 2 alarm, 3 ask, 9 ok.
func countStatuses(checks []Check) string {
	var parts []string
	for _, s := range []Status{StatusAlarm, StatusAsk, StatusOK, StatusInfo, StatusNotApplicable} {
		n := 0
		for _, c := range checks {
			if c.Status == s {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, statusWord(s)))
		}
	}
	return strings.Join(parts, ", ")
}

func (j *judging) questionsFinding() string {
	questions := j.card.block(BlockCannotBeKnown).Questions
	led := 0
	for _, q := range questions {
		if q.Why != "" {
			led++
		}
	}
	if led == 0 {
		return sentences(fmt.Sprintf("%d questions whose answers no PagerDuty account tells", len(questions)))
	}
	return sentences(fmt.Sprintf("%d questions because of the numbers above, %d because no PagerDuty account tells", led, len(questions)-led))
}
