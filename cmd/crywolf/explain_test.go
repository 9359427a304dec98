package main

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"crywolf/analysis"
	"crywolf/ingest/pagerdutytest"
	"crywolf/reports"
)

// TestCardsAgree explains rules and incidents of a random account: a card's numbers are those of noisy and of the
// verdicts, its score is what its evidence adds up to, and no person of the account stands in it.
func TestCardsAgree(t *testing.T) {
	program := truthSynced(t, pagerdutytest.Random(7))
	a := &app{env: map[string]string{"HOME": program.directory, "XDG_CONFIG_HOME": program.directory},
		stderr: &strings.Builder{}, now: program.account.End,
		flags: globalFlags{db: program.directory + "/truth.duckdb", tz: "UTC", quiet: true}}
	r, err := a.openReader(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	c := &cardChecker{T: t, app: a, reader: r, account: program.account}
	c.rules()
	c.incidents()
}

// cardsChecked is how many cards of a kind are looked at: each asks some questions of the whole account.
const cardsChecked = 12

type cardChecker struct {
	*testing.T
	app     *app
	reader  *reader
	account *pagerdutytest.Account
}

func (c *cardChecker) rules() {
	period := chosen{Period: analysis.Period{Since: c.account.Start, Until: c.account.End}}
	b := &builder{ctx: c.Context(), session: c.reader.session}
	alerts := b.noisyAlerts(reports.Period(period.Period), nil)
	if b.err != nil || len(alerts) == 0 {
		c.Fatalf("%d alert rules: %v", len(alerts), b.err)
	}
	for _, alert := range alerts[:min(len(alerts), cardsChecked)] {
		card, err := c.app.ruleCard(c.Context(), c.reader, period, alert.Rule)
		if err != nil {
			c.Fatal(err)
		}
		h, v := card.Hours, card.VerdictCounts
		var rotations int64
		for _, r := range card.Rotations {
			rotations += r.PageCount
		}
		for what, n := range map[string]int64{"hour classes": h.BusinessPageCount + h.OffHoursPageCount + h.SleepPageCount,
			"verdicts": v.Actionable + v.NonActionable + v.Redundant + v.Unattended + v.Unknown, "rotations": rotations, "alert": card.Alert.PageCount} {
			if n != alert.PageCount {
				c.Errorf("rule %s has %d pages, and by %s %d", alert.Rule, alert.PageCount, what, n)
			}
		}
		if h.SleepPageCount != alert.NightPageCount || v.Unattended != alert.UnattendedPageCount {
			c.Errorf("rule %s: night %d and unattended %d, in noisy %d and %d", alert.Rule, h.SleepPageCount, v.Unattended, alert.NightPageCount, alert.UnattendedPageCount)
		}
		if worked := len(card.Examples) > 0 && card.Examples[0].Worked; worked != (alert.WorkedCount > 0) {
			c.Errorf("rule %s: %d worked, and the first example is worked: %v", alert.Rule, alert.WorkedCount, worked)
		}
		var b strings.Builder
		if err := reports.RenderRule(&b, &card, reports.JSON, reports.Options{}); err != nil {
			c.Fatal(err)
		}
		c.namesNobody(alert.Rule, b.String())
	}
}

func (c *cardChecker) incidents() {
	paged := 0
	for n := 0; n < len(c.account.Incidents); n += 1 + len(c.account.Incidents)/cardsChecked {
		i := c.account.Incidents[n]
		id, created, found, err := c.reader.session.FindIncident(c.Context(), i.ID)
		if err != nil {
			c.Fatal(err)
		}
		if !found {
			continue // gone, or outside what was read
		}
		card, err := c.app.incidentCard(c.Context(), c.reader, explainFlags{}, id, created)
		if err != nil {
			c.Fatal(err)
		}
		var b strings.Builder
		if err := reports.RenderIncident(&b, &card, reports.JSON, reports.Options{}); err != nil {
			c.Fatal(err)
		}
		c.namesNobody(id, b.String())
		if !json.Valid([]byte(b.String())) {
			c.Errorf("%s: no JSON", id)
		}
		if len(card.Pages) == 0 {
			continue
		}
		paged++
		c.addsUp(&card)
	}
	if paged == 0 {
		c.Error("no incident paged anybody")
	}
}

// addsUp checks that the shown evidence explains the score, and that each page that is shown has its entry.
func (c *cardChecker) addsUp(card *reports.IncidentCard) {
	var sum, marked float64
	for _, e := range card.Evidence {
		sum += e.Points
	}
	if card.UncappedPoints != nil {
		sum += -2.5 - *card.UncappedPoints
	}
	if math.Abs(sum-*card.Score) > 1e-9 {
		c.Errorf("%s: its evidence adds up to %g and its score is %g", card.Incident, sum, *card.Score)
	}
	for _, e := range card.Timeline {
		if e.PageHourClass != "" {
			marked++
		}
	}
	if int(marked) != len(card.Pages) {
		c.Errorf("%s: %d pages, and %g entries of the timeline make one", card.Incident, len(card.Pages), marked)
	}
}

func (c *cardChecker) namesNobody(of, document string) {
	for _, u := range c.account.Users {
		if strings.Contains(document, `"`+u.ID+`"`) || len(u.Name) > 4 && strings.Contains(document, u.Name) {
			c.Errorf("%s names the person %s:\n%s", of, u.ID, document)
		}
	}
}
