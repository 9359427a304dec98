package reports

// fewCases is the number of cases below which a share says too little to judge.
const fewCases = 10

// trendP is the p from which on a trend may be chance.
const trendP = 0.05

// trendWeeks is the number of weeks below which a trend is not looked for.
const trendWeeks = 8

// thinWeeks is the number of weeks below which an audit is thin.
const thinWeeks = 13

// checkRule judges a check whose value, bounds, base and limit stand in it, and says why in a few words.
type checkRule func(j *judging, c *Check) (Status, string)

// known says what a missing value or too few cases make of a check; false where it can be judged.
func (c *Check) known() (Status, string, bool) {
	n := auditNumberOf(c.Key)
	switch {
	case n.over != "" && c.N != nil && *c.N == 0:
		return StatusNotApplicable, "nothing to count", true
	case c.Value == nil && c.High == nil:
		return StatusAsk, "not known", true
	case n.over != "" && c.N == nil:
		return StatusAsk, "of how many is not known", true
	case n.over != "" && *c.N < fewCases:
		return StatusAsk, "too few to tell", true
	}
	return "", "", false
}

// shareOver tells from the bounds of a share whether it is over its limit.
func shareOver(_ *judging, c *Check) (Status, string) {
	if status, why, ok := c.known(); ok {
		return status, why
	}
	limit := auditNumberOf(c.Key).limit(c.Limit)
	switch {
	case c.Low != nil && *c.Low > *c.Limit:
		return StatusAlarm, "over " + limit
	case c.Value != nil && *c.Value > *c.Limit, c.High != nil && *c.High > *c.Limit:
		return StatusAsk, "may be over " + limit
	case c.High == nil:
		return StatusAsk, "how sure is not known"
	}
	return StatusOK, "within " + limit
}

// manyBlocks is the share of 12-hour blocks over the limit above which it is no exception any more.
const manyBlocks = 0.1

func blocksOver(_ *judging, c *Check) (Status, string) {
	if status, why, ok := c.known(); ok {
		return status, why
	}
	switch {
	case *c.Value == 0:
		return StatusOK, "none over"
	case *c.Value <= manyBlocks*float64(*c.N):
		return StatusAsk, "some over"
	}
	return StatusAlarm, "more than a tenth over"
}

func askBelow(_ *judging, c *Check) (Status, string) {
	switch limit := auditNumberOf(c.Key).limit(c.Limit); {
	case c.Value == nil:
		return StatusAsk, "not known"
	case *c.Value < *c.Limit:
		return StatusAsk, "below " + limit
	default:
		return StatusOK, "at least " + limit
	}
}

// readWhole asks for the missing part, too, where what is missing is no part of the time, such as a schedule.
func readWhole(j *judging, c *Check) (Status, string) {
	switch {
	case c.Value == nil:
		return StatusAsk, "not known"
	case *c.Value < 1 || j.partial:
		return StatusAsk, "a part is missing"
	}
	return StatusOK, "all of it"
}

// askAbove is for what no published limit is known of, or one that has good exceptions: any makes a question.
func askAbove(_ *judging, c *Check) (Status, string) {
	if status, why, ok := c.known(); ok {
		return status, why
	}
	switch {
	case *c.Value == 0:
		return StatusOK, "none"
	case c.Limit == nil:
		return StatusAsk, "it happens"
	}
	return StatusAsk, "above " + auditNumberOf(c.Key).limit(c.Limit)
}

// askAtNone asks where it never happened.
func askAtNone(_ *judging, c *Check) (Status, string) {
	if status, why, ok := c.known(); ok {
		return status, why
	}
	if *c.Value == 0 {
		return StatusAsk, "never seen"
	}
	return StatusInfo, "no limit known"
}

func forInformation(_ *judging, c *Check) (Status, string) {
	switch limit := auditNumberOf(c.Key).limit(c.Limit); {
	case c.Value == nil:
		return StatusAsk, "not known"
	case c.Limit == nil:
		return StatusInfo, "no limit known"
	case *c.Value > *c.Limit:
		return StatusInfo, "above " + limit
	default:
		return StatusInfo, "up to " + limit
	}
}

// ofPages is for information, and has nothing to say where there is no page.
func ofPages(j *judging, c *Check) (Status, string) {
	if j.noPage() {
		return StatusNotApplicable, "no page"
	}
	return forInformation(j, c)
}

// unworked asks for alerts that nobody works on, and has nothing to say where there is no page.
func unworked(j *judging, c *Check) (Status, string) {
	if j.noPage() {
		return StatusNotApplicable, "no page"
	}
	return askAbove(j, c)
}

// peopleBelow lets a thin period prove nothing: not everybody has had a turn in it. What is enough for one site but not for
// each of several makes a question.
func peopleBelow(j *judging, c *Check) (Status, string) {
	weeks := j.get(BlockLabel, "week_count")
	switch limit := auditNumberOf(c.Key).limit(c.Limit); {
	case c.Value == nil:
		return StatusAsk, "not known"
	case *c.Value >= *c.Limit:
		return StatusOK, "at least " + limit
	case weeks == nil || *weeks < thinWeeks:
		return StatusAsk, "below " + limit + ", but not everybody may have had a turn"
	case *c.Value >= peopleAtOneSite:
		return StatusAsk, "enough for one site, not for each of several"
	default:
		return StatusAlarm, "below " + limit
	}
}

// pageADay is the load from which on shifts should be short, in pages per 12 hours on call.
const pageADay = 0.5

func shiftOver(j *judging, c *Check) (Status, string) {
	pages := j.get(BlockWeekOnCall, "pages_per_12h")
	switch limit := auditNumberOf(c.Key).limit(c.Limit); {
	case c.Value == nil:
		return StatusAsk, "not known"
	case pages != nil && *pages < pageADay:
		return StatusNotApplicable, "less than a page a day"
	case *c.Value <= *c.Limit:
		return StatusOK, "up to " + limit
	case pages == nil:
		return StatusAsk, "above " + limit + "; how many pages is not known"
	default:
		return StatusAlarm, "above " + limit
	}
}

// unevenness is judged only where the group is so large that it shows nobody.
func unevenness(j *judging, c *Check) (Status, string) {
	people := j.get(BlockFairness, "person_count")
	switch {
	case people == nil && c.Value == nil:
		return StatusAsk, "not known"
	case people != nil && *people < j.group:
		return StatusNotApplicable, "hidden below " + Number(&j.group) + " people"
	case j.noPage():
		return StatusNotApplicable, "no page"
	case c.Value == nil || c.Limit == nil:
		return StatusAsk, "not known"
	case *c.Value > *c.Limit:
		return StatusAlarm, "more than chance explains, which makes up to " + Number(c.Limit)
	}
	return StatusOK, "chance alone makes as much"
}

// rising is an alarm where a test tells the rise from chance.
func rising(j *judging, c *Check) (Status, string) {
	weeks := j.get(BlockTrend, "week_count")
	p := j.get(BlockTrend, auditNumberOf(c.Key).p)
	switch {
	case weeks == nil:
		return StatusAsk, "not known"
	case *weeks < trendWeeks:
		return StatusNotApplicable, "fewer than 8 weeks"
	case j.noPage():
		return StatusNotApplicable, "no page"
	case c.Value == nil || p == nil:
		return StatusAsk, "not known"
	case *p >= trendP || *c.Value == 0:
		return StatusInfo, "may be chance"
	case *c.Value > 0:
		return StatusAlarm, "rises"
	}
	return StatusOK, "falls"
}

// leakage means something only where another time zone could have taken the page.
func leakage(j *judging, c *Check) (Status, string) {
	zones := j.get(BlockNightsElsewhere, "zone_cluster_count")
	switch {
	case zones == nil:
		return StatusAsk, "time zones are not known"
	case *zones < 2:
		return StatusNotApplicable, "one group of time zones"
	case c.N != nil && *c.N == 0:
		return StatusNotApplicable, "no night page"
	case c.Value == nil:
		return StatusAsk, "not known"
	case *c.Value > 0:
		return StatusAsk, "it happens"
	}
	return StatusOK, "none"
}
