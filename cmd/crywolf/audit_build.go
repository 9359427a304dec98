package main

import (
	"context"
	"slices"
	"time"

	"crywolf/reports"
)

// buildAudit asks for all that the scorecards of a period say. A gap in incidents or log entries is an error unless the
// flags allow it.
func (a *app) buildAudit(ctx context.Context, r *reader, c chosen, f auditFlags, asked []string) (reports.Audit, error) {
	audit := reports.Audit{SchemaVersion: reports.SchemaVersion, MadeWith: "crywolf " + version(), Period: reports.Period(c.Period),
		Context: reports.Context{Location: c.location, Limits: r.config.limits, MinGroup: r.config.minGroup}}
	if r.isDemo() {
		audit.Demo = reports.DemoData
	}
	ids, err := a.chooseRotations(ctx, r, asked)
	if err != nil {
		return audit, err
	}
	if ids != nil {
		audit.Filter = &reports.Filter{Rotations: ids}
	}
	if audit.Data, err = a.examine(ctx, r, c, ids, f.allowPartial); err != nil {
		return audit, err
	}
	b := &builder{ctx: ctx, session: r.session}
	audit.Rotations = b.scorecards(&audit, ids)
	if b.err != nil {
		return audit, b.err
	}
	audit.Judge(r.config.limits)
	audit.Context.Next = a.afterAudit(&audit)
	return audit, audit.Seal()
}

// afterAudit offers what to ask about the worst rotation, and to hand the scorecards over.
func (a *app) afterAudit(audit *reports.Audit) []string {
	worst := audit.Worst()
	if worst == nil {
		return nil
	}
	return []string{"crywolf audit " + quoted(reports.Clean(worst.Name)) + " --questions" + a.dbFlag(), "crywolf audit --share audit.html" + a.dbFlag()}
}

// scorecards are those of the rotations with a shift or a page in the period, by id; with ids, only these.
func (b *builder) scorecards(audit *reports.Audit, ids []string) []reports.Scorecard {
	p := audit.Period
	facts := b.cardFacts(p, audit.Context.MinGroup, readRatio(audit.Data.Gaps, p))
	var out []reports.Scorecard
	for _, r := range b.rows("rotations", p) {
		id := r.text("rotation_id")
		if ids != nil && !slices.Contains(ids, id) {
			continue
		}
		out = append(out, reports.Scorecard{ID: id, Name: r.text("rotation_name"), TimeZone: r.text("time_zone"), Blocks: facts.of(id).blocks()})
	}
	return out
}

// cardFacts are what metrics say of a period, by metric and rotation id.
type cardFacts struct {
	period   reports.Period
	read     float64 // share of the period that was read whole
	rows     map[string]map[string]row
	sources  map[string][]row
	weeks    map[string][]row
	rules    map[string][]rulePages
	unworked map[string][]row
	spreads  map[string]*reports.Spread
}

func (b *builder) cardFacts(p reports.Period, minGroup int, read float64) cardFacts {
	f := cardFacts{period: p, read: read, rows: map[string]map[string]row{}, spreads: b.spreads(p, minGroup), weeks: byRotation(b.wholeWeeks(p)),
		sources: byRotation(b.rows("sources", p)), unworked: byRotation(b.rows("unworked_rules", p)), rules: b.rulePages(p, reports.Period{Since: p.Since, Until: p.Since})}
	for _, metric := range []string{"load", "blocks_12h", "night", "hours", "verdicts", "flapping", "on_call_weeks", "sleep", "toil", "rota",
		"follow_the_sun", "help", "overrides"} {
		f.rows[metric] = map[string]row{}
		for _, r := range b.rows(metric, p) {
			f.rows[metric][r.text("rotation_id")] = r
		}
	}
	return f
}

func byRotation(rows []row) map[string][]row {
	out := map[string][]row{}
	for _, r := range rows {
		id := r.text("rotation_id")
		out[id] = append(out[id], r)
	}
	return out
}

// readRatio is the share of a period that no gap covers.
func readRatio(gaps []reports.Gap, p reports.Period) float64 {
	sorted := slices.SortedFunc(slices.Values(gaps), func(x, y reports.Gap) int { return x.Since.Compare(y.Since) })
	var missing time.Duration
	at := p.Since
	for _, g := range sorted {
		if g.Since.After(at) {
			at = g.Since
		}
		until := g.Until
		if until.After(p.Until) {
			until = p.Until
		}
		if until.After(at) {
			missing += until.Sub(at)
			at = until
		}
	}
	return 1 - missing.Seconds()/p.Until.Sub(p.Since).Seconds()
}
