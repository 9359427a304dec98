package pagerdutytest

import (
	"slices"
	"time"
)

const defaultWeeks = 13

// defaultEnd is a Monday with both autumn clock changes in the 13 weeks before it.
var defaultEnd = time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)

// Config says which account to generate.
type Config struct {
	Seed     uint64
	Scenario string    // healthy, noisy, overloaded or all; "" is all; unknown ones panic (see Scenarios)
	Weeks    int       // 13 if 0
	End      time.Time // 2026-11-16T00:00:00Z if zero

	// Incidents is about how many incidents there are; 0 leaves the scenario's
	// natural number. Shapes stay the same.
	Incidents int
}

// Scenarios are the names that Config.Scenario may have.
func Scenarios() []string { return []string{"healthy", "noisy", "overloaded", "all"} }

// Generate makes the demo account: three rotations, what pages them, what the
// people do about it, and planted faults that Answers lists. The same Config
// gives the same bytes.
func Generate(c Config) *Account {
	if c.Weeks == 0 {
		c.Weeks = defaultWeeks
	}
	if c.End.IsZero() {
		c.End = defaultEnd
	}
	if c.Scenario == "" {
		c.Scenario = "all"
	}
	if !slices.Contains(Scenarios(), c.Scenario) {
		panic("pagerdutytest: no scenario " + c.Scenario)
	}
	c.End = c.End.UTC().Truncate(time.Second)
	w := newWorld(c.Seed, c.End.AddDate(0, 0, -7*c.Weeks), c.End)
	w.a.TimeZone = "Europe/Berlin"
	w.addVendors()
	w.addPriorities()
	d := w.staff()
	d.plan(c)
	w.play()
	d.answer()
	w.addChanges()
	return w.a
}

// demo is the demo account while it is made.
type demo struct {
	*world
	payments, platform, checkout *rota
	override                     shift
	swaps                        []shift
	vacancy                      shift
	left                         *person
	rules                        map[string]*rule         // the planted ones, by name
	groups                       map[string][]*occurrence // what is planted, by answer
	all                          []*rule
	factor                       float64 // more hosts where there are more incidents
	quiet                        bool
}

// staff hires the people and sets up rotas, policies and services.
func (w *world) staff() *demo {
	d := &demo{world: w, rules: map[string]*rule{}, groups: map[string][]*occurrence{}}
	crew := map[string][]*person{}
	for _, name := range []string{"payments", "emea", "amer", "apac", "checkout", "manager"} {
		for _, s := range rosters[name] {
			crew[name] = append(crew[name], w.newPerson(s))
		}
	}
	d.left = crew["payments"][len(crew["payments"])-1]
	d.left.left = true
	d.payments = d.paymentsRota(crew["payments"])
	d.platform = d.platformRota(crew["apac"], crew["emea"], crew["amer"])
	d.checkout = d.checkoutRota(crew["checkout"])
	w.rotas = []*rota{d.payments, d.platform, d.checkout}

	teams := map[string]*team{
		"payments": w.addTeam("Payments", append(crew["payments"], crew["manager"][0])...),
		"platform": w.addTeam("Platform", append(slices.Concat(crew["apac"], crew["emea"], crew["amer"]), crew["manager"][1])...),
		"checkout": w.addTeam("Checkout", crew["checkout"]...),
	}
	policies := map[string]*policy{
		"payments": w.newPolicy("Payments", 1, level{delay: 15 * time.Minute, rotas: []*rota{d.payments}},
			level{delay: 20 * time.Minute, users: crew["manager"][:1]}),
		"platform": w.newPolicy("Platform", 1, level{delay: 20 * time.Minute, rotas: []*rota{d.platform}},
			level{delay: 30 * time.Minute, users: crew["manager"][1:]}),
		"checkout": w.newPolicy("Checkout", 2, level{delay: 10 * time.Minute, rotas: []*rota{d.checkout}},
			level{delay: 30 * time.Minute, rotas: []*rota{d.platform}}),
	}
	for _, spec := range catalogue {
		rules := slices.Clone(spec.rules)
		s := w.newService(spec.name, spec.about, policies[spec.rotation], teams[spec.rotation], rules)
		w.setTimeouts(s, spec.ackTimeout, spec.autoResolve)
		for i := range rules {
			d.all = append(d.all, &rules[i])
			if rules[i].planted != "" {
				d.rules[rules[i].planted] = &rules[i]
			}
		}
	}
	for _, name := range []string{"payments", "platform", "checkout"} {
		w.addPolicy(policies[name], []Reference{teams[name].ref})
	}
	d.payments.addTo(w, w.policyRefs(d.payments), teams["payments"].ref)
	d.platform.addTo(w, w.policyRefs(d.platform), teams["platform"].ref)
	d.checkout.addTo(w, w.policyRefs(d.checkout), teams["checkout"].ref)
	w.addUsers()
	return d
}

// margin is how far before Start and after End rotas reach.
const margin = 28 * 24 * time.Hour

// paymentsRota hands over on Mondays at 10:00 in Berlin. The last of the crew
// has their last shift in the fourth week before the end; in the last week an
// evening is overridden, and in the two before two people swap a Saturday.
func (d *demo) paymentsRota(crew []*person) *rota {
	r := &rota{id: d.ids.short(), name: "payments-primary", zone: loadZone("Europe/Berlin"), about: "First line for payments", turn: 7 * 24 * time.Hour}
	since, until := d.a.Start.Add(-margin), d.a.End.Add(margin)
	weeks := weekly(r.zone, time.Monday, 10, since, until, func(int, time.Time) *person { return nil })
	last := 0 // the week that holds the end
	for k, s := range weeks {
		if s.start.Before(d.a.End) {
			last = k
		}
	}
	leaves := last - 3
	for k := range weeks {
		if k <= leaves {
			// Counted back from the leaver's last week, so that it is theirs.
			weeks[k].p = crew[((k-leaves-1)%len(crew)+len(crew))%len(crew)]
		} else {
			weeks[k].p = crew[(k-leaves-1)%(len(crew)-1)]
		}
	}
	r.base = weeks
	at := func(k, day, hour int) time.Time {
		s := weeks[k].start.In(r.zone)
		return time.Date(s.Year(), s.Month(), s.Day()+day, hour, 0, 0, 0, r.zone).UTC()
	}
	d.override = shift{at(last, 2, 18), at(last, 3, 9), weeks[last-2].p, d.ids.short()}
	first, second := weeks[last-2].p, weeks[last-1].p
	d.swaps = []shift{
		{at(last-2, 5, 10), at(last-2, 6, 10), second, d.ids.short()},
		{at(last-1, 5, 10), at(last-1, 6, 10), first, d.ids.short()},
	}
	r.over = []shift{d.swaps[0], d.swaps[1], d.override}
	return r.finish()
}

// platformRota follows the sun: eight hours each in Asia and Australia, Europe
// and America, where the same person has the days of a week.
func (d *demo) platformRota(apac, emea, amer []*person) *rota {
	r := &rota{id: d.ids.short(), name: "platform-follow-the-sun", zone: loadZone("Etc/UTC"), about: "First line for the platform, always at daytime", turn: 8 * time.Hour}
	monday := time.Date(2020, 1, 5, 23, 0, 0, 0, time.UTC) // Monday morning in Asia
	for start := monday; start.Before(d.a.End.Add(margin)); start = start.Add(8 * time.Hour) {
		hours := int(start.Sub(monday) / time.Hour)
		week, turn := hours/(7*24), hours/8%3
		end := start.Add(8 * time.Hour)
		if end.After(d.a.Start.Add(-margin)) {
			region := [][]*person{apac, emea, amer}[turn]
			r.base = append(r.base, shift{start: start, end: end, p: region[week%len(region)]})
		}
	}
	return r.finish()
}

// checkoutRota is shift-based: two people a week, handing over on Mondays at
// 09:00 in New York. Three weeks before the end one of the two places is
// vacant from Wednesday to Friday.
func (d *demo) checkoutRota(crew []*person) *rota {
	r := &rota{id: d.ids.short(), name: "checkout-pair", v3: true, zone: loadZone("America/New_York"), about: "Two people for checkout", turn: 7 * 24 * time.Hour}
	since, until := d.a.Start.Add(-margin), d.a.End.Add(margin)
	first := weekly(r.zone, time.Monday, 9, since, until, func(k int, _ time.Time) *person { return crew[k%len(crew)] })
	second := weekly(r.zone, time.Monday, 9, since, until, func(k int, _ time.Time) *person { return crew[(k+len(crew)/2)%len(crew)] })
	for _, s := range second {
		if s.start.Before(d.a.End.AddDate(0, 0, -14)) && !s.end.Before(d.a.End.AddDate(0, 0, -14)) {
			day := func(n int) time.Time { return s.start.In(r.zone).AddDate(0, 0, n).UTC() }
			d.vacancy = shift{start: day(2), end: day(4)}
		}
	}
	r.base = append(first, overlay(second, d.vacancy)...)
	return r.finish()
}
