package main

import (
	"cmp"
	"slices"
	"time"

	"crywolf/reports"
)

// flappingRules are the alert rules with a flap run that paged in the period, by rotation id: those with most firings
// first. Titles are those of the rotation's alerts.
func (b *builder) flappingRules(p reports.Period) map[string][]reports.FlappingRule {
	type ruleOf struct{ rotation, rule string }
	titles := map[ruleOf]string{}
	for _, r := range b.rows("alerts", p) {
		titles[ruleOf{r.text("rotation_id"), r.text("rule_id")}] = r.text("title")
	}
	byRule := map[ruleOf]*reports.FlappingRule{}
	runs := map[ruleOf]map[time.Time]*reports.FlapRun{}
	var order []ruleOf
	for _, r := range b.rows("firings", p) {
		of := ruleOf{r.text("rotation_id"), r.text("rule_id")}
		if byRule[of] == nil {
			byRule[of] = &reports.FlappingRule{Rule: of.rule, Title: titles[of]}
			runs[of] = map[time.Time]*reports.FlapRun{}
			order = append(order, of)
		}
		f, start := byRule[of], r.at("started_at")
		f.Firings = append(f.Firings, start)
		if began := r.instant("run_started_at"); began != nil {
			addFiring(runs[of], *began, start, r.instant("ended_at"))
		}
	}
	out := map[string][]reports.FlappingRule{}
	for _, of := range order {
		f := byRule[of]
		for _, run := range runs[of] {
			f.Runs = append(f.Runs, *run)
		}
		slices.SortFunc(f.Runs, func(x, y reports.FlapRun) int { return cmp.Or(x.Start.Compare(y.Start), x.End.Compare(y.End)) })
		slices.SortFunc(f.Firings, time.Time.Compare)
		out[of.rotation] = append(out[of.rotation], *f)
	}
	for _, rules := range out {
		slices.SortFunc(rules, func(x, y reports.FlappingRule) int {
			return cmp.Or(len(y.Firings)-len(x.Firings), cmp.Compare(x.Rule, y.Rule))
		})
	}
	return out
}

// addFiring puts an episode into its run, which is told by when it began. A run's bounds here are those of its episodes
// that paged the rotation in the period; an open episode ends where it starts.
func addFiring(runs map[time.Time]*reports.FlapRun, began, start time.Time, end *time.Time) {
	if end == nil {
		end = &start
	}
	run := runs[began]
	if run == nil {
		run = &reports.FlapRun{Start: start, End: *end}
		runs[began] = run
	}
	run.EpisodeCount++
	if start.Before(run.Start) {
		run.Start = start
	}
	if end.After(run.End) {
		run.End = *end
	}
}

// resolveHistograms are times to resolve by rotation id: the bins that have an incident, shortest first.
func (b *builder) resolveHistograms(p reports.Period) map[string][]reports.ResolveBin {
	out := map[string][]reports.ResolveBin{}
	for _, r := range b.rows("resolve_histogram", p) {
		id := r.text("rotation_id")
		var from float64
		if f := r.number("from_seconds"); f != nil {
			from = *f
		}
		out[id] = append(out[id], reports.ResolveBin{FromSeconds: from, ToSeconds: r.number("to_seconds"), ClearedAloneCount: r.count("cleared_alone_count"),
			WorkedCount: r.count("worked_count"), OtherCount: r.count("other_count")})
	}
	return out
}
