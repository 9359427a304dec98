package pagerdutytest

import (
	"math"
	"time"
)

// plan draws all that will happen.
func (d *demo) plan(c Config) {
	sc := scenarios[c.Scenario]
	d.quiet, d.factor = sc.quiet, 1
	d.addMaintenance()
	weeks := d.a.End.Sub(d.a.Start).Hours() / (7 * 24)
	rates := map[string]float64{"payments": sc.payments, "platform": sc.platform, "checkout": sc.checkout}
	expected := map[*rule]float64{}
	total := 0.0
	for i, spec := range catalogue {
		for j := range spec.rules {
			r := d.all[ruleOffset(i)+j]
			rate := r.perWeek * rates[spec.rotation]
			if r.urgency == "low" {
				rate = r.perWeek * sc.low
			}
			expected[r] = rate * weeks
			total += expected[r]
		}
	}
	fixed := d.plantFixed()
	scalable := d.plantScalable(sc.payments, weeks, 1, false)
	if c.Incidents > 0 {
		d.factor = max(0, float64(c.Incidents)*dedupeLoss-float64(fixed)) / (total + scalable)
	}
	d.plantScalable(sc.payments, weeks, d.factor, true)
	for _, r := range d.all {
		d.arrivals(r, expected[r]*d.factor)
	}
	d.byPeople(weeks * math.Sqrt(d.factor))
	d.beforeStart()
}

// dedupeLoss makes up for occurrences that only join an open alert.
const dedupeLoss = 1.05

// ruleOffset is where the rules of the i-th service start in demo.all.
func ruleOffset(i int) int {
	n := 0
	for _, spec := range catalogue[:i] {
		n += len(spec.rules)
	}
	return n
}

// weight says how likely a rule of a shape fires at a local time; at most 1.
func (s shape) weight(local time.Time) float64 {
	weekend := local.Weekday() == time.Saturday || local.Weekday() == time.Sunday
	hour := local.Hour()
	switch s {
	case byLoad:
		day := 0.25 + 0.75*math.Pow(math.Sin(math.Pi*float64((hour+24-4)%24)/24), 2) // greatest at 16:00
		if weekend {
			day *= 0.6
		}
		return day
	case byNight:
		if hour < 6 {
			return 1
		}
		return 0.15
	case office:
		if weekend || hour < 8 || hour >= 19 {
			return 0.05
		}
		return 1
	}
	return 0.8
}

// arrivals lets a rule fire about mean times in the account's span.
func (d *demo) arrivals(r *rule, mean float64) {
	if r.planted != "" || mean <= 0 {
		return
	}
	rng := newDraw(d.seed, "arrivals/"+r.service.name+"/"+r.name)
	zone := r.service.policy.zone()
	span := d.a.End.Sub(d.a.Start)
	for n := rng.count(mean); n > 0; n-- {
		var at time.Time
		for {
			at = d.a.Start.Add(rng.between(0, span-time.Second))
			if rng.chance(r.shape.weight(at.In(zone))) {
				break
			}
		}
		d.happens(d.fire(rng, r, at))
	}
}

// zone is where the users of a policy's services are, taken from its first rota.
func (p *policy) zone() *time.Location {
	if len(p.levels) > 0 && len(p.levels[0].rotas) > 0 {
		return p.levels[0].rotas[0].zone
	}
	return time.UTC
}

// fire makes one occurrence of a rule, with a verdict, further alerts now and
// then, and a clearing time where the monitor clears what nobody repairs.
func (d *demo) fire(rng draw, r *rule, at time.Time) *occurrence {
	o := d.newOccurrence(rng, r, at)
	switch x := rng.Float64(); {
	case x < r.actionable:
		o.verdict = VerdictActionable
		if rng.chance(0.04) {
			o.verdict = VerdictUnattended
		}
	case x < r.actionable+r.notUrgent:
		o.verdict = VerdictNotUrgent
	default:
		o.verdict = VerdictNoise
	}
	if o.verdict != VerdictActionable && rng.chance(r.clears) {
		o.clears = max(rng.around(r.clearAfter, r.spread), 40*time.Second)
	}
	if r.hosts > 1 && rng.chance(0.14) {
		for range 1 + rng.count(0.6) {
			more := d.newOccurrence(rng, r, at.Add(rng.between(5*time.Second, 4*time.Minute)))
			if more.host != o.host {
				o.also = append(o.also, more)
			}
		}
	}
	return o
}

// newOccurrence makes an occurrence of a rule on one of its hosts.
func (d *demo) newOccurrence(rng draw, r *rule, at time.Time) *occurrence {
	o := &occurrence{at: at, serial: rng.Uint64(), rule: r, value: 80 + 40*rng.Float64()}
	hosts := max(1, r.hosts)
	if d.factor > 1 && r.planted != "storm" {
		hosts = int(math.Ceil(float64(hosts) * 3 * d.factor)) // so that few meet on one key
	}
	o.hostNumber = 1 + rng.IntN(hosts)
	o.host = r.hostName(o.hostNumber, hosts)
	return o
}

// hostName is the stem alone where there is one host.
func (r *rule) hostName(n, hosts int) string {
	if hosts == 1 {
		return r.host
	}
	if n < 10 {
		return r.host + "-0" + itoa(n)
	}
	return r.host + "-" + itoa(n)
}

// happens adds an occurrence to those that will be played, unless its service
// is in maintenance.
func (w *world) happens(o *occurrence) *occurrence {
	svc := o.service
	if svc == nil {
		svc = o.rule.service
	}
	for _, m := range w.a.MaintenanceWindows {
		for _, s := range m.Services {
			if s.ID == svc.id && !o.at.Before(m.StartTime) && o.at.Before(m.EndTime) {
				return o
			}
		}
	}
	w.occurrences = append(w.occurrences, o)
	return o
}

// openedByPeople are titles of incidents that a person opens. One holds an
// address, as such titles do.
var openedByPeople = []struct{ service, words string }{
	{"payments-api", "Merchant reports double refunds since this morning"},
	{"ledger", "Finance cannot close the day: journal export is empty"},
	{"identity", "Support: several customers locked out after password reset"},
	{"checkout-web", "Voucher codes are refused in the Spanish shop"},
	{"payments-api", "Refunds stuck for " + customerAddress},
	{"edge-proxy", "Office VPN users get 403 on the admin pages"},
}

const customerAddress = "ines.calderon@kundenhaus.example"

// byPeople lets people open incidents themselves, about one every two weeks
// for each of the titles; some assign them at once to somebody.
func (d *demo) byPeople(weeks float64) {
	rng := newDraw(d.seed, "by people")
	d.a.secrets.Emails = append(d.a.secrets.Emails, customerAddress)
	for _, x := range openedByPeople {
		svc := d.serviceNamed(x.service)
		for range 1 + rng.count(weeks/12) {
			at := d.a.Start.Add(rng.between(0, d.a.End.Sub(d.a.Start)-time.Hour))
			for office.weight(at.In(svc.policy.zone())) < 1 {
				at = at.Add(time.Hour)
			}
			if !at.Before(d.a.End) {
				continue
			}
			opener := d.teammate(rng, svc.team, nil)
			o := &occurrence{at: at, serial: rng.Uint64(), service: svc, opener: opener, words: x.words, verdict: VerdictActionable}
			if rng.chance(0.3) {
				o.direct = d.teammate(rng, svc.team, opener)
			}
			d.happens(o)
		}
	}
}

func (w *world) serviceNamed(name string) *service {
	for _, s := range w.services {
		if s.name == name {
			return s
		}
	}
	panic("pagerdutytest: no service " + name)
}

// beforeStart adds incidents that were created before the span and are still
// worked on in it.
func (d *demo) beforeStart() {
	rng := newDraw(d.seed, "before start")
	for _, r := range d.all {
		if r.urgency != "low" || !rng.chance(0.5) {
			continue
		}
		o := d.newOccurrence(rng, r, d.a.Start.Add(-rng.between(time.Hour, 5*24*time.Hour)))
		o.verdict = VerdictNotUrgent
		d.happens(o)
	}
}
