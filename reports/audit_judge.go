package reports

import "slices"

// leastGroup is the number of people below which nothing is said of how load is spread, unless a Context asks for more.
const leastGroup = 4

// Judge makes of each rotation's numbers what an audit says: every block of AuditBlocks in order with title, finding,
// status and limit, the checks, and the questions that are left. It goes by the numbers alone, so it may run again after
// some were taken out; what it cannot know it asks for. There is no overall score.
func (a *Audit) Judge(l Limits) {
	a.Normalize()
	for i := range a.Rotations {
		j := &judging{card: &a.Rotations[i], limits: l, partial: !a.Data.Complete,
			group: float64(max(leastGroup, a.Context.MinGroup)), withheld: a.Suppressed}
		j.run()
	}
}

// judging is one scorecard while it is judged.
type judging struct {
	card    *Scorecard
	limits  Limits
	partial bool    // the period was not read whole, so counts are at least so many
	group   float64 // people below which the spread of load is hidden
	// withheld are the keys of small numbers that a shared document leaves out.
	withheld []string
}

func (j *judging) run() {
	j.blocks()
	j.hide()
	checks := j.checks()
	for i := range j.card.Blocks {
		b := &j.card.Blocks[i]
		b.Title = auditTitles[b.ID]
		b.Limit, b.LimitKey, b.LimitSource = nil, "", ""
		b.Checks, b.Questions = nil, nil
		b.Status = statusOf(b.ID, checks)
		for _, c := range checks {
			if c.Block == b.ID {
				b.Limit, b.LimitKey, b.LimitSource = c.Limit, c.Key, c.LimitSource
				break
			}
		}
	}
	j.card.block(BlockChecks).Checks = checks
	j.card.block(BlockTrend).Verdict = trendVerdict(checks)
	j.card.block(BlockSummary).Status = StatusInfo
	j.card.block(BlockChecks).Status = StatusInfo
	unknowable := j.card.block(BlockCannotBeKnown)
	unknowable.Status = StatusAsk
	unknowable.Questions = AuditQuestions(j.card)
	for i := range j.card.Blocks {
		if finding := auditFindings[j.card.Blocks[i].ID]; finding != nil {
			j.card.Blocks[i].Finding = finding(j)
		}
	}
}

// blocks puts the blocks into their order and adds those that are missing.
func (j *judging) blocks() {
	var out []Block
	for _, id := range AuditBlocks() {
		if b := j.card.block(id); b != nil {
			out = append(out, *b)
		} else {
			out = append(out, Block{ID: id, Numbers: Numbers{}})
		}
	}
	for _, b := range j.card.Blocks {
		if !slices.Contains(AuditBlocks(), b.ID) {
			out = append(out, b)
		}
	}
	j.card.Blocks = out
	for _, s := range auditChecks {
		b := j.card.block(s.block)
		b.Numbers.Set(s.key, b.Numbers.Get(s.key)) // what is checked has a line, known or not
	}
}

// hide takes out what would show single people: the spread of load over a small group.
func (j *judging) hide() {
	people := j.get(BlockFairness, "person_count")
	if people == nil || *people >= j.group {
		return
	}
	fairness := j.card.block(BlockFairness)
	for _, key := range []string{"heaviest_to_equal_ratio", "gini_ratio", "gini_by_chance_high_ratio"} {
		fairness.Numbers.Set(key, nil)
	}
}

// get is a number of a block; nil where it is unknown.
func (j *judging) get(block, key string) *float64 {
	if b := j.card.block(block); b != nil {
		return b.Numbers.Get(key)
	}
	return nil
}

// noPage tells whether it is known that nothing paged.
func (j *judging) noPage() bool {
	pages := j.get(BlockLabel, "page_count")
	return pages != nil && *pages == 0
}

// checks judges every number that is checked.
func (j *judging) checks() []Check {
	out := make([]Check, 0, len(auditChecks))
	for _, s := range auditChecks {
		out = append(out, j.check(s))
	}
	return out
}

func (j *judging) check(s checkSpec) Check {
	numbers := j.card.block(s.block).Numbers
	n := auditNumberOf(s.key)
	c := Check{ID: s.id, Block: s.block, Key: s.key, Value: numbers.Get(s.key)}
	if n.unit == shareUnit || n.unit == rangeUnit {
		c.Low, c.High = numbers.Get(n.low), numbers.Get(n.high)
	}
	if base := sumOf(numbers, n.over); base != nil {
		whole := int64(*base)
		c.N = &whole
	}
	c.Limit, c.LimitSource = s.limit(j)
	var why string
	c.Status, why = s.judge(j, &c)
	if c.Value == nil && c.Status == StatusAsk && slices.Contains(j.withheld, j.card.ID+"/"+s.block+"/"+s.key) {
		why = "withheld, since it is small or would give a small number away"
	}
	// Of a period that was not read whole only what is bad already is known: there may be more to count.
	if j.partial && s.block != BlockLabel {
		if c.Status == StatusOK && !s.floor || c.Status == StatusAlarm && s.floor {
			c.Status, why = StatusAsk, why+", but not all was read"
		}
	}
	c.Text = n.label + " " + n.cell(numbers, !j.partial) + ": " + why
	return c
}

// statusOf is the status of a block: that of its worst check. Where it has none there is nothing to hold anything against;
// where its first, what it is about, does not apply, nothing for information makes up for that.
func statusOf(block string, checks []Check) Status {
	var worst, first Status
	for _, c := range checks {
		if c.Block != block {
			continue
		}
		if first == "" {
			worst, first = c.Status, c.Status
		}
		if severity(c.Status) > severity(worst) {
			worst = c.Status
		}
	}
	switch {
	case first == "":
		return StatusInfo
	case first == StatusNotApplicable && worst == StatusInfo:
		return StatusNotApplicable
	}
	return worst
}

// severity orders the states, mildest first.
func severity(s Status) int {
	return slices.Index([]Status{StatusNotApplicable, StatusInfo, StatusOK, StatusAsk, StatusAlarm}, s)
}

// The words of a trend's verdict.
const (
	trendRising  = "rising"
	trendFalling = "falling"
	trendSteady  = "steady"
)

// trendVerdict is what the pages do; nil where that is not known.
func trendVerdict(checks []Check) *string {
	words := map[Status]string{StatusAlarm: trendRising, StatusOK: trendFalling, StatusInfo: trendSteady}
	for _, c := range checks {
		if c.Key != "page_slope_per_week" {
			continue
		}
		if word, ok := words[c.Status]; ok {
			return &word
		}
	}
	return nil
}
