package pagerdutytest

import (
	"fmt"
	"slices"
	"time"
)

// The functions of this file give Random accounts alerts that behave alike
// again and again, and a service that everybody ignores: chance alone hardly
// makes any in so few weeks.

// Roles of the rules that regulars makes.
const (
	chatters  = iota // comes and goes by itself
	nightly          // closed at once by whoever it wakes
	leads            // anything
	follows          // a little after what leads
	officeJob        // worked on by day only
	regularRoles
)

// makeRegulars makes the services of such rules. They are no rules of
// anything, so that nothing else happens to them.
func (r *random) makeRegulars() {
	names := []string{"prometheus", "datadog", "cloudwatch", "grafana", "newrelic", "nagios"}
	make1 := func(service string, n int) []rule {
		rules := make([]rule, n)
		for i := range rules {
			rules[i] = rule{toolName: pick(r.rng, names), name: "Rule " + service[:1] + string(rune('a'+i)), id: itoa(90_000 + 100*int(service[0]) + i),
				says: "It is not well", severity: "critical", host: "host", hosts: 1}
		}
		r.newService(service, "", pick(r.rng, r.policies), r.teams[0], rules)
		return rules
	}
	r.dull = pick(r.rng, []float64{0, 0.9, 1, 1})
	r.regulars = make1("Regulars", regularRoles)
	r.neglected = make1("Neglected", 2)
}

// planRegulars lets each of them fire some ten times.
func (r *random) planRegulars() {
	fleeting := pick(r.rng, []time.Duration{time.Minute, 7 * time.Minute})
	for at := r.early(); at.Before(r.a.End); at = at.Add(r.rng.between(2*time.Hour, 60*time.Hour)) {
		o := r.regular(chatters, at)
		o.clears = r.rng.around(fleeting, 0.6)
	}
	for day := r.early().Truncate(24 * time.Hour); day.Before(r.a.End); day = day.AddDate(0, 0, 1+r.rng.IntN(4)) {
		o := r.regular(nightly, day.Add(2*time.Hour+r.rng.between(0, time.Minute)))
		o.sure, o.work = true, r.rng.between(20*time.Second, 4*time.Minute)
		if r.rng.chance(0.05) {
			o.priority = 1 + r.rng.IntN(3)
		}
	}
	r.toldByPhone()
	for range 10 + r.rng.IntN(5) {
		first := r.regular(leads, r.instant())
		first.handsOff, first.clears = r.rng.chance(0.5), r.rng.around(20*time.Minute, 1)
		if !r.rng.chance(0.05) {
			o := r.regular(follows, first.at.Add(min(r.rng.between(0, 6*time.Minute), 5*time.Minute)))
			o.clears = r.rng.around(40*time.Minute, 0.7)
		}
	}
	for range 8 + r.rng.IntN(6) {
		at := r.instant()
		o := r.regular(officeJob, at)
		if hour := at.Hour(); hour >= 12 && hour < 15 && at.Weekday() >= time.Monday && at.Weekday() <= time.Friday {
			o.handsOff, o.sure, o.verdict, o.work = false, true, VerdictActionable, r.rng.between(20*time.Minute, time.Hour)
		}
	}
	r.neglect()
}

// toldByPhone: a person opens an incident after a regular one of the service,
// and people work on it.
func (r *random) toldByPhone() {
	for range r.rng.IntN(3) {
		before := pick(r.rng, r.occurrences[len(r.occurrences)-5:])
		r.happens(&occurrence{at: before.at.Add(r.rng.between(2*time.Minute, 29*time.Minute)), serial: r.rng.Uint64(), service: r.regulars[0].service,
			opener: pick(r.rng, r.people), words: "Somebody called about a problem", verdict: VerdictActionable, sure: true, heavy: true})
	}
}

// early is in the first days of the span.
func (r *random) early() time.Time { return r.a.Start.Add(r.rng.between(0, 4*24*time.Hour)) }

// regular adds an incident in which people do no more than acknowledge.
func (r *random) regular(role int, at time.Time) *occurrence {
	o := r.occurrence(&r.regulars[role], at)
	o.verdict, o.handsOff, o.dull = VerdictNoise, role != nightly, r.rng.chance(r.dull)
	return r.happens(o)
}

// neglect plans a service whose incidents come, and go or stay, unseen.
func (r *random) neglect() {
	for range 10 + r.rng.IntN(8) {
		o := r.occurrence(pick(r.rng, []*rule{&r.neglected[0], &r.neglected[1]}), r.instant())
		o.verdict, o.handsOff, o.ignored = VerdictNoise, true, !r.rng.chance(0.1)
		if r.rng.chance(0.8) {
			o.clears = r.rng.around(12*time.Minute, 1)
		}
		r.happens(o)
	}
}

// closedTogether lets one person close several incidents from the list, within
// ten seconds or a little more.
func (r *random) closedTogether() {
	by, at := pick(r.rng, r.people), r.instant().Add(time.Hour)
	for range 2 + r.rng.IntN(4) {
		o := r.occurrence(pick(r.rng, r.rules), at.Add(-r.rng.between(5*time.Minute, 50*time.Minute)))
		o.verdict, o.handsOff = VerdictNoise, true
		o.closedBy, o.closedAt = by, at.Add(r.rng.between(0, pick(r.rng, []time.Duration{6, 10, 14})*time.Second))
		r.happens(o)
	}
}

// calledTests lets some alerts say that they are tests, and others only use
// the word: those of tools whose rules are told apart by more than the title.
func (r *random) calledTests() {
	named := []string{"prometheus", "datadog", "cloudwatch", "grafana", "nagios"}
	for _, o := range r.occurrences {
		if o.rule != nil && slices.Contains(named, o.rule.toolName) && r.rng.chance(0.07) {
			o.words = fmt.Sprintf(pick(r.rng, []string{"[TEST] %s", "(test) %s", "Testing: %s", "test: %s", "[testing] %s", "%s (test)",
				"Latest test of %s failed", "[latest] %s", "Testimony of %s"}), o.rule.tool.title(o))
		}
	}
}

// makeMaintenance makes windows in which incidents fired all the same, or just
// before and after.
func (r *random) makeMaintenance() {
	for i := range 2 + r.rng.IntN(4) {
		in := pick(r.rng, r.a.Incidents)
		start := in.CreatedAt.Add(-pick(r.rng, []time.Duration{0, time.Second, 20 * time.Minute, time.Hour}))
		if r.rng.chance(0.5) {
			start = start.Truncate(time.Hour)
		}
		services := []Reference{in.Service}
		if r.rng.chance(0.3) {
			services = append(services, pick(r.rng, r.a.Incidents).Service)
		}
		r.a.MaintenanceWindows = append(r.a.MaintenanceWindows, MaintenanceWindow{ID: r.ids.short(), Type: "maintenance_window",
			Summary: "Upgrade", SequenceNumber: i + 1, StartTime: start, EndTime: start.Add(pick(r.rng, []time.Duration{time.Hour, 20 * time.Minute, 5 * time.Hour})),
			Description: "Upgrade", Services: services, Teams: in.Teams, CreatedBy: pick(r.rng, r.people).ref})
	}
}

// makeChanges makes deploys at, between and beside what was done to incidents.
func (r *random) makeChanges() {
	for range 10 + r.rng.IntN(20) {
		e := pick(r.rng, r.a.LogEntries)
		at := e.CreatedAt.Add(pick(r.rng, []time.Duration{0, 0, time.Second, -time.Second, time.Minute, 3 * time.Minute}))
		for _, s := range r.services {
			if (e.Service != nil && s.id == e.Service.ID || r.rng.chance(0.1)) && at.Before(r.a.End) && !at.Before(r.a.Start) {
				r.a.ChangeEvents = append(r.a.ChangeEvents, r.deploy(s, at, "passed"))
			}
		}
	}
}

// clearAlerts gives alerts times of their own: the monitor may see the end
// before the person does, and an open incident may hold one that is over.
func (r *random) clearAlerts() {
	for n := range r.a.Incidents {
		in := &r.a.Incidents[n]
		list := r.a.Alerts[in.ID]
		all := r.rng.chance(0.3)
		for i := range list {
			end := r.a.End
			if in.ResolvedAt != nil {
				end = *in.ResolvedAt
			}
			if (all || r.rng.chance(0.05)) && end.After(list[i].CreatedAt) {
				at := list[i].CreatedAt.Add(r.rng.between(0, min(end.Sub(list[i].CreatedAt), time.Hour))).Truncate(time.Second)
				list[i].ResolvedAt, list[i].Status = &at, "resolved"
			}
		}
		countAlerts(in, list)
	}
}
