package reports

import (
	"strings"

	"crywolf/reports/charts"
)

// noisyPage is the list of alerts as a page shows it.
type noisyPage struct {
	noisyView
	Title, Banner string
	Trail         []link
	Table         *grid
	Legend        string
	Figures       []*charts.Figure
	Sections      []noisyPageSection
	Definitions   []Definition
}

type noisyPageSection struct {
	Title string
	Rows  []noisyPageRow
}

type noisyPageRow struct {
	noisyRow
	Saving    bool
	Card      string // path of the rule's own page, where there is one
	WorkedIDs string
}

// NoisyWords are the words of the list's columns, as words.md knows them.
func NoisyWords() []string {
	return []string{"rule", "page", "night", "cleared alone", "worked", "recommendation", "saves", "risk", "evidence strength"}
}

// tableTitle is how wide a title may be in a page's table; it stands whole below.
const tableTitle = 60

// bracketed is a number with the part of it at night.
func bracketed(all, night string) string {
	if all == unknown {
		return unknown
	}
	return all + " (" + night + ")"
}

func writeNoisyHTML(b *strings.Builder, n *Noisy) error {
	return pages.ExecuteTemplate(b, "noisy", newNoisyPage(n, nil))
}

// newNoisyPage lays the list out; cards are the paths of the rules' own pages, by rule.
func newNoisyPage(n *Noisy, cards map[string]string) noisyPage {
	p := noisyPage{noisyView: newNoisyView(n), Title: "Noisy alerts", Legend: evidenceLegend, Figures: noisyFigures(n), Definitions: n.Context.Definitions}
	if len(p.Rows) == 0 {
		return p
	}
	p.Table = &grid{Caption: "Alert rules and what to do about them", Left: 3,
		Head: []string{"rule", "title", "do", "pages (night)", "alone", "worked", "saves/wk (night)", "risk"}}
	for _, r := range p.Rows {
		p.Table.Rows = append(p.Table.Rows, []string{r.Rule, Cut(withoutTag(r.Title), tableTitle), r.Mark + " " + r.Do, bracketed(r.Pages, r.Night),
			r.Alone, r.Worked, bracketed(r.Saves, r.SavesNight), r.Risk})
		p.Table.Links = append(p.Table.Links, "#"+r.Rule)
	}
	for _, s := range noisySections {
		section := noisyPageSection{Title: s.title}
		for _, r := range p.Rows {
			if s.holds(r.alert) {
				section.Rows = append(section.Rows, newNoisyPageRow(r, s.tasks, cards[r.Rule]))
			}
		}
		if len(section.Rows) > 0 {
			p.Sections = append(p.Sections, section)
		}
	}
	return p
}

func newNoisyPageRow(r noisyRow, task bool, card string) noisyPageRow {
	row := noisyPageRow{noisyRow: r, Saving: r.Saves != unknown, Card: card}
	if !task {
		row.Where = ""
	}
	if removes(r.alert.Recommendation) && r.alert.Recommendation != Demote {
		row.WorkedIDs = Clean(strings.Join(r.alert.WorkedIncidents, ", "))
	}
	return row
}
