package pagerdutytest

import (
	"cmp"
	"slices"
	"time"
)

// Random makes a small account in which all the corner cases that can occur in
// well-formed data are mixed at random: clocks that change, gaps in coverage,
// schedules that overlap at one level, people in two schedules, people as
// targets, deleted people, services and policies, people without a zone,
// shifts without length, vacancies, delegations, merges, reopened incidents,
// failed and odd notifications, unknown log entry types, many incidents in one
// second, incidents at the bounds and from before the span, and one very old
// open one; and whatever people and machines leave beside the course of an
// incident (random_traces.go), with alerts that behave alike again and again
// (random_regulars.go). It has between about 150 and 400 incidents over three to
// six weeks, and the same seed gives the same account. Nothing is planted in it
// that Answers would list.
func Random(seed uint64) *Account {
	rng := newDraw(seed, "random")
	end := pick(rng, []time.Time{
		defaultEnd,
		time.Date(2026, 4, 6, 0, 0, 0, 0, time.UTC),     // the clocks go forward in America and Europe
		time.Date(2026, 10, 19, 5, 0, 0, 0, time.UTC),   // and in Australia
		time.Date(2026, 11, 3, 13, 37, 11, 0, time.UTC), // at no round time
	})
	w := newWorld(seed, end.AddDate(0, 0, -7*(3+rng.IntN(4))), end)
	w.a.Subdomain = "random-" + itoa(int(seed%1000))
	w.a.TimeZone = pick(rng, []string{"Etc/UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata"})
	w.habits = habits{ignores: 0.2, reaction: 4 * time.Minute, teammate: 0.1, failed: 0.1, raise: 0.4, reopen: 0.15,
		handover: 0.45, help: 0.2, snooze: 0.15, note: 0.5, odd: odd, leave: leave}
	r := &random{world: w, rng: rng}
	w.addVendors()
	w.addPriorities()
	r.hire()
	r.makeRotas()
	r.makePolicies()
	r.makeServices()
	r.makeRegulars()
	r.plan()
	for _, p := range w.policies {
		w.addPolicy(p, []Reference{w.teams[0].ref})
	}
	for _, x := range w.rotas {
		x.addTo(w, w.policyRefs(x), w.teams[0].ref)
	}
	r.deletePeople()
	w.addUsers()
	w.play()
	r.clearAlerts()
	r.makeMaintenance()
	r.makeChanges()
	r.deleteThings()
	r.addZeroLength()
	return w.a
}

// random is a Random account while it is made.
type random struct {
	*world
	rng       draw
	rules     []*rule
	regulars  []rule // by role
	neglected []rule
	dull      float64 // share of regular incidents beside which hardly anything is left
}

var randomZones = []string{"Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney", "Pacific/Auckland", "America/Los_Angeles",
	"Eastern Time (US & Canada)", "Sydney", "Asia/Tokyo", "Europe/London", "Etc/UTC", ""}

var (
	givenNames  = []string{"Zebulon", "Octavia", "Thorvald", "Wilhelmina", "Cassius", "Philippa", "Leopold", "Sunniva", "Balthazar", "Ottilie", "Evander", "Rosamund"}
	familyNames = []string{"Quackenbush", "Featheringay", "Ostrowicz", "Vanderhoeven", "Lindqvistson", "Abernathy-Moss", "Czartoryski", "Hlavinka", "Oyelowo-Finch", "Papadimitriou", "Thistlewood", "Zubizarreta"}
)

// hire makes the people: each with a zone of their own or none, some reached
// only by mail or very late, all in one team.
func (r *random) hire() {
	given, family := slices.Clone(givenNames), slices.Clone(familyNames)
	r.rng.Shuffle(len(given), func(i, j int) { given[i], given[j] = given[j], given[i] })
	r.rng.Shuffle(len(family), func(i, j int) { family[i], family[j] = family[j], family[i] })
	for i := range 4 + r.rng.IntN(6) {
		p := r.newPerson(personSpec{given[i] + " " + family[i], pick(r.rng, randomZones)})
		switch r.rng.IntN(7) {
		case 0:
			p.high = r.contacts(p, 0, "email")
		case 1: // wants to be left alone for hours
			p.high = r.contacts(p, 45+r.rng.IntN(600), "phone")
		case 2:
			p.high = r.contacts(p, 0, "push", 0, "sms", 1, "phone", 2, "phone")
		case 3:
			p.high = nil
		}
	}
	r.addTeam("Everybody", r.people...)
}

// makeRotas makes two to four classic schedules and perhaps a shift-based one.
func (r *random) makeRotas() {
	for i := range 2 + r.rng.IntN(3) {
		x := &rota{id: r.ids.short(), name: "Schedule " + itoa(i+1), zone: loadZone(pick(r.rng, randomZones))}
		x.base = r.turns(x)
		r.addOverrides(x)
		r.rotas = append(r.rotas, x.finish())
	}
	if r.rng.chance(0.7) {
		x := &rota{id: r.ids.short(), name: "Shifts", v3: true, zone: loadZone(pick(r.rng, randomZones))}
		x.base = append(r.turns(x), r.turns(x)...) // the same person may be in both places
		for range r.rng.IntN(3) {
			at := r.instant()
			x.base = overlay(x.base, shift{start: at, end: at.Add(r.rng.between(time.Hour, 40*time.Hour))})
		}
		r.rotas = append(r.rotas, x.finish())
	}
}

// instant is any second of the span.
func (r *random) instant() time.Time {
	return r.a.Start.Add(r.rng.between(0, r.a.End.Sub(r.a.Start)-time.Second))
}

// turns hands over weekly, daily or twice a day at a local hour, with gaps
// now and then, or one person for all the time.
func (r *random) turns(x *rota) []shift {
	x.turn = pick(r.rng, []time.Duration{7 * 24 * time.Hour, 24 * time.Hour, 12 * time.Hour})
	since, until := r.a.Start.Add(-margin), r.a.End.Add(margin)
	if r.rng.chance(0.1) {
		return []shift{{start: since, end: until, p: pick(r.rng, r.people)}}
	}
	gap := pick(r.rng, []float64{0, 0, 0.1, 0.3})
	hour, minute := r.rng.IntN(24), pick(r.rng, []int{0, 0, 30})
	local := since.In(x.zone)
	day := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, x.zone)
	var out []shift
	for k := 0; day.Before(until); k++ {
		ends := []time.Time{day}
		switch x.turn {
		case 12 * time.Hour:
			ends = append(ends, clock(day, 0, hour%12+12, minute), clock(day, 1, 0, 0))
		case 24 * time.Hour:
			ends = append(ends, clock(day, 1, 0, 0))
		default:
			ends = append(ends, clock(day, 7, 0, 0))
		}
		for i := 1; i < len(ends); i++ {
			if !r.rng.chance(gap) {
				out = append(out, shift{start: atHour(ends[i-1], hour, minute, x.turn), end: atHour(ends[i], hour, minute, x.turn), p: pick(r.rng, r.people)})
			}
		}
		day = ends[len(ends)-1]
	}
	return out
}

// clock is a local time so many days after the local midnight day.
func clock(day time.Time, days, hour, minute int) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day()+days, hour, minute, 0, 0, day.Location())
}

// atHour moves a local midnight to the hour of the hand-over; half-day turns
// have their own hours already.
func atHour(t time.Time, hour, minute int, turn time.Duration) time.Time {
	if turn < 24*time.Hour {
		return t.UTC()
	}
	return clock(t, 0, hour, minute).UTC()
}

// addOverrides lets anybody take any time, in the middle of shifts or over
// their ends; two overrides do not overlap.
func (r *random) addOverrides(x *rota) {
	at := r.a.Start
	for range r.rng.IntN(5) {
		at = at.Add(r.rng.between(time.Hour, 6*24*time.Hour))
		o := shift{at, at.Add(r.rng.between(30*time.Minute, 30*time.Hour)), pick(r.rng, r.people), r.ids.short()}
		x.over = append(x.over, o)
		at = o.end
	}
}

// makePolicies draws levels from all schedules and people: the same schedule
// may stand in several places.
func (r *random) makePolicies() {
	for i := range 2 + r.rng.IntN(3) {
		var levels []level
		for range 1 + r.rng.IntN(3) {
			l := level{delay: time.Duration(5+5*r.rng.IntN(6)) * time.Minute}
			for range 1 + r.rng.IntN(2) {
				if x := pick(r.rng, r.rotas); !slices.Contains(l.rotas, x) {
					l.rotas = append(l.rotas, x)
				}
			}
			if r.rng.chance(0.3) {
				l.users = append(l.users, pick(r.rng, r.people))
			}
			if r.rng.chance(0.1) {
				l.rotas, l.users = nil, []*person{pick(r.rng, r.people)}
			}
			levels = append(levels, l)
		}
		r.newPolicy("Policy "+itoa(i+1), r.rng.IntN(3), levels...)
	}
}

// makeServices draws services whose rules are those of any tool.
func (r *random) makeServices() {
	names := []string{"prometheus", "datadog", "cloudwatch", "grafana", "newrelic", "nagios", "sentry", "email"}
	for i := range 3 + r.rng.IntN(3) {
		rules := make([]rule, 2+r.rng.IntN(3))
		for j := range rules {
			rules[j] = rule{toolName: pick(r.rng, names), name: "Rule " + string(rune('A'+i)) + string(rune('a'+j)), id: itoa(1000*i + j), says: "It is not well",
				severity: "critical", host: "host", hosts: 1 + r.rng.IntN(3), actionable: 0.4, notUrgent: 0.2, clears: 0.7,
				clearAfter: 12 * time.Minute, spread: 1.2}
			if r.rng.chance(0.2) {
				rules[j].urgency = "low"
			}
		}
		s := r.newService("Service "+itoa(i+1), "", pick(r.rng, r.policies), r.teams[0], rules)
		r.setTimeouts(s, pick(r.rng, []time.Duration{0, 0, 30 * time.Minute}), pick(r.rng, []time.Duration{0, 0, 4 * time.Hour}))
		for j := range rules {
			r.rules = append(r.rules, &rules[j])
		}
	}
}

// deletePeople makes up to two people leave who are no target of a policy.
func (r *random) deletePeople() {
	for range r.rng.IntN(3) {
		p := pick(r.rng, r.people)
		targeted := slices.ContainsFunc(r.policies, func(x *policy) bool {
			return slices.ContainsFunc(x.levels, func(l level) bool { return slices.Contains(l.users, p) })
		})
		p.left = p.left || !targeted
	}
}

// deleteThings takes a service, and a policy that no service uses now, out of
// the account: only references remain.
func (r *random) deleteThings() {
	if r.rng.chance(0.4) {
		i := r.rng.IntN(len(r.a.Services))
		gone := r.a.Services[i].ID
		r.a.Services = slices.Delete(r.a.Services, i, i+1)
		for j := range r.a.EscalationPolicies {
			p := &r.a.EscalationPolicies[j]
			p.Services = slices.DeleteFunc(slices.Clone(p.Services), func(s Reference) bool { return s.ID == gone })
		}
	}
	if r.rng.chance(0.5) {
		for i, p := range r.a.EscalationPolicies {
			if len(p.Services) == 0 {
				r.a.EscalationPolicies = slices.Delete(r.a.EscalationPolicies, i, i+1)
				for j := range r.a.Schedules {
					r.a.Schedules[j].EscalationPolicies = slices.DeleteFunc(slices.Clone(r.a.Schedules[j].EscalationPolicies),
						func(x Reference) bool { return x.ID == p.ID })
				}
				break
			}
		}
	}
}

// addZeroLength puts entries without length into schedules, as real ones have.
func (r *random) addZeroLength() {
	for i := range r.a.Schedules {
		final := &r.a.Schedules[i].FinalSchedule
		for range r.rng.IntN(3) {
			at := r.instant()
			final.RenderedScheduleEntries = append(final.RenderedScheduleEntries, ScheduleEntry{Start: at, End: at, User: *pick(r.rng, r.people).ref})
		}
		slices.SortStableFunc(final.RenderedScheduleEntries, func(x, y ScheduleEntry) int {
			return cmp.Or(x.Start.Compare(y.Start), x.End.Compare(y.End))
		})
	}
}
