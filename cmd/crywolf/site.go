package main

import (
	"context"

	"crywolf/reports"
)

// siteRules is how many alert rules a site has a page for, those first that would save most.
const siteRules = 20

// reportSite makes the pages of a report: beside its own the noisy alerts of the same period and rotations, and a page
// for each of them.
func (a *app) reportSite(ctx context.Context, r *reader, c chosen, report *reports.Report) ([]reports.Page, error) {
	noisy := reports.Noisy{SchemaVersion: report.SchemaVersion, Demo: report.Demo, Period: report.Period, Filter: report.Filter, Data: report.Data,
		Context: noisyContext(c, r)}
	var ids []string
	if report.Filter != nil {
		ids = report.Filter.Rotations
	}
	b := &builder{ctx: ctx, session: r.session}
	if noisy.Alerts = b.noisyAlerts(noisy.Period, ids); b.err != nil {
		return nil, b.err
	}
	noisy.Select(reports.Selection{Top: siteRules})
	cards, err := a.ruleCards(ctx, r, c, &noisy)
	if err != nil {
		return nil, err
	}
	return reports.Site(report, &noisy, cards)
}

// ruleCards explains each alert rule of a list.
func (a *app) ruleCards(ctx context.Context, r *reader, c chosen, n *reports.Noisy) ([]*reports.RuleCard, error) {
	b := &builder{ctx: ctx, session: r.session}
	all := map[string]*reports.NoisyAlert{} // a card is the account's, whatever rotations the list is of
	for _, alert := range b.noisyAlerts(n.Period, nil) {
		all[alert.Rule] = &alert
	}
	if b.err != nil {
		return nil, b.err
	}
	var cards []*reports.RuleCard
	for _, listed := range n.Alerts {
		card, err := a.ruleCardOf(ctx, r, c, listed.Rule, all[listed.Rule], n.Data)
		if err != nil {
			return nil, err
		}
		cards = append(cards, &card)
	}
	return cards, nil
}
