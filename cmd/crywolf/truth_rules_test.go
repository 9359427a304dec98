package main

import (
	"fmt"
	"slices"

	"crywolf/ingest/pagerdutytest"
)

// truthRules compares the alert rules that the program found in the payloads with those that the double
// knows to be behind its incidents: in each rotation the same services must have rules of the same numbers
// of pages, and of pages at night. A rule's name is the program's own business, its extent is not.
func truthRules(account *pagerdutytest.Account, world *truthWorld, got truthDocument, period truthPeriod) []string {
	var differences []string
	for _, rotation := range got.Rotations {
		count := map[string]int{}
		for _, row := range world.planted(account, rotation.ID, period) {
			count[fmt.Sprintf("service %s: %d pages, %d at night", row.Service, row.Pages, row.NightPages)]++
		}
		for _, row := range rotation.Alerts {
			count[fmt.Sprintf("service %s: %d pages, %d at night", row.Service, row.Pages, row.NightPages)]--
		}
		for _, line := range slices.Sorted(truthMapKeys(count)) {
			if n := count[line]; n != 0 {
				differences = append(differences, fmt.Sprintf("rotation %s: a rule of %s: %d too few", rotation.ID, line, n))
			}
		}
	}
	return differences
}

// truthRule is what is planted behind an incident; a person's is told by its title.
func truthRule(account *pagerdutytest.Account, incident *truthIncident) string {
	if planted, ok := account.Truth(incident.id); ok && planted.Rule != "" {
		return fmt.Sprintf("%s, %s: %s", incident.service, planted.Tool, planted.Rule)
	}
	return fmt.Sprintf("%s, opened by a person: %s", incident.service, truthTitle(incident.title))
}

// truthAlertRule is what is planted behind an alert.
func truthAlertRule(account *pagerdutytest.Account, alert truthAlert) string {
	planted, _ := account.Truth(alert.id)
	return fmt.Sprintf("%s, %s: %s", alert.service, planted.Tool, planted.Rule)
}

// planted gives a rotation's pages by what is planted behind them; a person's incident by its title.
func (w *truthWorld) planted(account *pagerdutytest.Account, rotation string, period truthPeriod) []truthAlertRow {
	rows := map[string]truthAlertRow{}
	for _, page := range w.pages() {
		if page.found.rotation != rotation || !period.holds(page.at) {
			continue
		}
		incident := w.incidents[page.incident]
		rule := truthRule(account, incident)
		row := rows[rule]
		row.Service = incident.serviceName
		row.Pages++
		if truthHour(page.at.In(w.clock(page.user, rotation))) == "sleep" {
			row.NightPages++
		}
		rows[rule] = row
	}
	var list []truthAlertRow
	for _, rule := range slices.Sorted(truthMapKeys(rows)) {
		list = append(list, rows[rule])
	}
	return list
}
