package pagerdutytest

import (
	"fmt"
	"time"
)

// answer writes down what is planted, once it has happened.
func (d *demo) answer() {
	incidents := map[string]*Incident{}
	for i := range d.a.Incidents {
		incidents[d.a.Incidents[i].ID] = &d.a.Incidents[i]
	}
	d.answerIncidents(incidents, "flapper", "A disk alert fires and clears again several times an hour while backups run.",
		"listed as flapping, most of its pages in excess of the first of each run; worth a wait or a deletion")
	d.answerIncidents(incidents, "job_0200", "A nightly job alert pages at 02:00 Berlin time; whoever wakes up finds nothing to do and closes it.",
		"among the alerts with most night pages, never worked, to be deleted")
	d.answerIncidents(incidents, "self_clearing", "An error-rate alert with too tight a baseline clears by itself within minutes, always.",
		"auto-resolved in all cases, never worked: to be deleted, or held back for some minutes")
	d.answerIncidents(incidents, "twin", "A queue alarm follows the latency alert of the API within three minutes, always, and adds nothing.",
		"never worked and always beside the other alert: to be grouped with it")
	d.answerIncidents(incidents, "rare_real", "The ledger is out of balance: rare, always real, and worked on for an hour or more.",
		"never proposed for deletion")
	d.answerIncidents(incidents, "storm", "A switch fails and eighty monitors fire within ten minutes; a third is merged into the first.",
		"one paging incident with many pages; merged ones redundant")
	d.answerDST()
	d.answerRotation("follow_the_sun", d.platform, d.a.Start, d.a.End,
		"The platform rotation hands over every eight hours between Asia, Europe and America.", "nearly no exposure to nights")
	d.answerRotation("override", d.payments, d.override.start, d.override.end,
		"Somebody else takes one evening and night of the last week of payments-primary.", "a shift of its own in the middle of a week")
	for _, s := range d.swaps {
		d.answerRotation("swap", d.payments, s.start, s.end,
			"Two people of payments-primary swap their Saturdays in the two weeks before the last.", "pages of the Saturday go to the person who had it")
	}
	d.answerLeft()
	d.answerIncidents(incidents, "open", "An incident is acknowledged and not resolved at the end.",
		"counted as open, in no time to resolve")
}

func (d *demo) answerIncidents(incidents map[string]*Incident, name, sentence, expect string) {
	a := Answer{Name: name, Sentence: sentence, RotationID: d.payments.id, Expect: expect}
	seen := map[string]bool{}
	for _, o := range d.groups[name] {
		in := incidents[o.id]
		if in == nil {
			continue // it joined an alert that was open
		}
		if a.ServiceID == "" {
			a.ServiceID, a.Since = in.Service.ID, in.CreatedAt
		}
		if in.CreatedAt.Before(a.Since) {
			a.Since = in.CreatedAt
		}
		if !in.CreatedAt.Before(a.Until) {
			a.Until = in.CreatedAt.Add(time.Second)
		}
		if !seen[in.Title] {
			seen[in.Title] = true
			a.Titles = append(a.Titles, in.Title)
		}
		a.IncidentIDs = append(a.IncidentIDs, in.ID)
	}
	if len(a.IncidentIDs) > 0 {
		d.a.answers = append(d.a.answers, a)
	}
}

func (d *demo) answerRotation(name string, r *rota, since, until time.Time, sentence, expect string) {
	if !until.After(d.a.Start) {
		return // a short account does not reach back so far
	}
	d.a.answers = append(d.a.answers, Answer{Name: name, Sentence: sentence, RotationID: r.id, Since: since, Until: until, Expect: expect})
}

// answerDST names the weeks that are not 168 hours long.
func (d *demo) answerDST() {
	for _, r := range []*rota{d.payments, d.checkout} {
		for _, s := range r.base {
			length := s.end.Sub(s.start)
			whole := length > 160*time.Hour && length != 168*time.Hour
			if whole && s.start.Before(d.a.End) && s.end.After(d.a.Start) {
				d.answerRotation("dst_week", r, s.start, s.end,
					fmt.Sprintf("The clocks change in a week of %s, which so has %d hours.", r.name, int(length.Hours())),
					"a shift of that many hours")
				break // the second place of a pair has the same week
			}
		}
	}
}

// answerLeft names the last shift of the person who left.
func (d *demo) answerLeft() {
	for i := len(d.payments.shifts) - 1; i >= 0; i-- {
		if s := d.payments.shifts[i]; s.p == d.left && s.start.Before(d.a.End) {
			d.answerRotation("left", d.payments, s.start, s.end,
				"The person of this shift has left: schedules and log entries refer to them, /users does not list them.",
				"the shift and its pages count, in the schedule's zone")
			return
		}
	}
}
