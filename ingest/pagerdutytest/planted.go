package pagerdutytest

import (
	"math"
	"time"
)

// The functions of this file plan the faults that the demo account is known
// for. None of them looks at how crywolf judges: they say what the monitors
// and the people did.

// plant adds an occurrence that belongs to an answer.
func (d *demo) plant(answer string, o *occurrence) *occurrence {
	o.answer = answer
	d.groups[answer] = append(d.groups[answer], o)
	return d.happens(o)
}

// plantFixed plans what does not depend on volume, and returns how many
// incidents that is.
func (d *demo) plantFixed() int {
	before := len(d.occurrences)
	d.plantRareReal()
	d.plantOpen()
	if !d.quiet {
		d.plantJob()
		d.plantStorm()
	}
	return len(d.occurrences) - before
}

// plantScalable plans what grows with the volume, and returns how many
// incidents are to be expected; nothing is planned unless really.
func (d *demo) plantScalable(rate, weeks, factor float64, really bool) float64 {
	if d.quiet {
		return 0
	}
	const runs, episodes, clearing, leaders = 2.6, 4.5, 8.0, 4.0 // a week
	scale := rate * weeks * factor
	if really {
		d.plantFlapper(runs * scale)
		d.plantSelfClearing(clearing * scale)
		d.plantTwins(leaders * scale)
	}
	return (runs*episodes + clearing + 2*leaders) * rate * weeks
}

// night returns a time between two hours of a local night.
func (d *demo) night(rng draw, fromHour, hours int) time.Time {
	zone := d.payments.zone
	days := int(d.a.End.Sub(d.a.Start) / (24 * time.Hour))
	day := d.a.Start.In(zone).AddDate(0, 0, rng.IntN(days))
	return time.Date(day.Year(), day.Month(), day.Day(), fromHour, 0, 0, 0, zone).UTC().Add(rng.between(0, time.Duration(hours)*time.Hour))
}

// plantFlapper: backups fill the disk of a database host nearly up and are
// removed again, several times within an hour or two.
func (d *demo) plantFlapper(runs float64) {
	rng, r := newDraw(d.seed, "flapper"), d.rules["flapper"]
	for range rng.count(runs) {
		at := d.night(rng, 0, 7)
		if rng.chance(0.3) {
			at = d.night(rng, 9, 9)
		}
		first := d.newOccurrence(rng, r, at)
		for range 3 + rng.count(1.5) {
			o := d.newOccurrence(rng, r, at)
			o.host, o.hostNumber = first.host, first.hostNumber
			o.verdict, o.handsOff, o.clears = VerdictNoise, true, rng.between(2*time.Minute, 9*time.Minute)
			d.inSpan("flapper", o)
			at = at.Add(o.clears + rng.between(3*time.Minute, 17*time.Minute))
		}
	}
}

// inSpan plants what lies in the account's span.
func (d *demo) inSpan(answer string, o *occurrence) {
	if !o.at.Before(d.a.Start) && o.at.Before(d.a.End) {
		d.plant(answer, o)
	}
}

// plantJob: the export is late nearly every night at 02:00, and is there by
// the time somebody has looked. The night in which the clocks go back has
// that hour twice.
func (d *demo) plantJob() {
	rng, r := newDraw(d.seed, "job"), d.rules["job_0200"]
	zone := d.payments.zone
	job := func(at time.Time) {
		o := d.newOccurrence(rng, r, at.Add(rng.between(5*time.Second, 80*time.Second)))
		o.verdict, o.sure, o.work = VerdictNoise, true, rng.between(50*time.Second, 5*time.Minute)
		d.inSpan("job_0200", o)
	}
	for day := d.a.Start.In(zone); day.Before(d.a.End); day = day.AddDate(0, 0, 1) {
		first := time.Date(day.Year(), day.Month(), day.Day(), 2, 0, 0, 0, zone).UTC()
		if before := first.Add(-time.Hour); before.In(zone).Hour() == 2 {
			first = before // the hour comes twice, and Date took its second coming
		}
		twice := first.Add(time.Hour).In(zone).Hour() == 2
		if rng.chance(0.75) || twice {
			job(first)
		}
		if twice {
			job(first.Add(time.Hour))
		}
	}
}

// plantSelfClearing: a baseline that is too tight; the alert is gone in minutes.
func (d *demo) plantSelfClearing(mean float64) {
	rng, r := newDraw(d.seed, "self clearing"), d.rules["self_clearing"]
	for range rng.count(mean) {
		at := d.a.Start.Add(rng.between(0, d.a.End.Sub(d.a.Start)-time.Hour))
		o := d.newOccurrence(rng, r, at)
		o.verdict, o.handsOff, o.clears = VerdictNoise, true, rng.between(50*time.Second, 7*time.Minute)
		d.plant("self_clearing", o)
	}
}

// plantTwins: when the API is slow its queue grows, always. The queue's alarm
// says nothing new and goes when the API is well again.
func (d *demo) plantTwins(mean float64) {
	rng, leader, twin := newDraw(d.seed, "twins"), d.rules["leader"], d.rules["twin"]
	for range rng.count(mean) {
		var at time.Time
		for at.IsZero() || !rng.chance(byLoad.weight(at.In(d.payments.zone))) {
			at = d.a.Start.Add(rng.between(0, d.a.End.Sub(d.a.Start)-time.Hour))
		}
		first := d.happens(d.fire(rng, leader, at))
		first.also = nil
		o := d.newOccurrence(rng, twin, at.Add(rng.between(20*time.Second, 150*time.Second)))
		o.verdict, o.handsOff, o.follows, o.lag = VerdictRedundant, true, first, rng.between(time.Minute, 4*time.Minute)
		d.plant("twin", o)
		if rng.chance(0.15) { // the API may also be slow alone
			d.happens(d.fire(rng, leader, at.Add(rng.between(4*time.Hour, 90*time.Hour)))).also = nil
		}
	}
}

// plantRareReal: the books do not balance. That is always real, and always
// takes people an hour or more.
func (d *demo) plantRareReal() {
	rng, r := newDraw(d.seed, "rare"), d.rules["rare_real"]
	for i, before := range []time.Duration{9*24*time.Hour + 5*time.Hour, 21*24*time.Hour + 21*time.Hour, 47*24*time.Hour + 14*time.Hour, 76*24*time.Hour + 2*time.Hour} {
		o := d.newOccurrence(rng, r, d.a.End.Add(-before-rng.between(0, time.Hour)))
		o.verdict, o.sure, o.heavy, o.priority = VerdictActionable, true, true, 1+i%2
		o.work = rng.between(45*time.Minute, 150*time.Minute)
		d.inSpan("rare_real", o)
	}
}

// plantStorm: a switch of the payment zone fails on a Thursday afternoon, and
// eighty monitors say so within ten minutes.
func (d *demo) plantStorm() {
	rng, r := newDraw(d.seed, "storm"), d.rules["storm"]
	back := (int(d.a.End.Weekday()) - int(time.Thursday) + 7) % 7
	day := d.a.End.Truncate(24*time.Hour).AddDate(0, 0, -back-7)
	start := day.Add(14*time.Hour + 17*time.Minute)
	var leader *occurrence
	for i := range 80 {
		at := start
		if i > 0 {
			// Most come at once, the rest straggles in.
			at = at.Add(min(rng.around(150*time.Second, 0.9), 590*time.Second))
		}
		o := d.newOccurrence(rng, r, at)
		o.hostNumber, o.host = i+1, r.hostName(i+1, 80)
		if i == 0 {
			o.verdict, o.sure, o.heavy, o.priority, o.work = VerdictActionable, true, true, 1, 94*time.Minute
			leader = o
		} else {
			o.verdict, o.handsOff, o.follows, o.lag = VerdictRedundant, true, leader, rng.between(-5*time.Minute, 8*time.Minute)
			// Acknowledged in three goes, from the list.
			for _, minute := range []time.Duration{4, 9, 13} {
				if goes := start.Add(minute * time.Minute); o.ackAt.IsZero() && at.Add(30*time.Second).Before(goes) {
					o.ackAt = goes
				}
			}
			if i%3 == 0 {
				o.mergeInto, o.mergeAt = leader, start.Add(17*time.Minute+time.Duration(i/30)*time.Minute)
			}
		}
		d.inSpan("storm", o)
	}
}

// plantOpen: an incident that nobody has ended yet.
func (d *demo) plantOpen() {
	rng := newDraw(d.seed, "open")
	for _, r := range d.all {
		if r.name == "Payment success ratio below target" {
			o := d.newOccurrence(rng, r, d.a.End.Add(-3*time.Hour-time.Duration(math.Floor(40*rng.Float64()))*time.Minute))
			o.verdict, o.sure, o.staysOpen, o.priority = VerdictActionable, true, true, 2
			d.plant("open", o)
		}
	}
}
