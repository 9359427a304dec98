package pagerdutytest

import "time"

// plan draws the incidents of a Random account.
func (r *random) plan() {
	for range 60 + r.rng.IntN(120) {
		r.happens(r.anything(r.a.Start.Add(r.rng.between(-6*24*time.Hour, r.a.End.Sub(r.a.Start)-time.Second))))
	}
	for _, at := range []time.Time{r.a.Start, r.a.Start.Add(-time.Second), r.a.Start.Add(time.Second), r.a.End.Add(-time.Second), r.a.End.Add(-time.Minute)} {
		r.happens(r.anything(at))
	}
	r.atHandOvers()
	r.sameSecond()
	for range 1 + r.rng.IntN(3) {
		r.flaps()
	}
	for range r.rng.IntN(6) {
		r.openedByHand()
	}
	r.merged()
	r.planRegulars()
	for range 1 + r.rng.IntN(2) {
		r.closedTogether()
	}
	old := r.anything(r.a.Start.AddDate(0, 0, -200))
	old.staysOpen, old.sure, old.clears, old.service = true, true, 0, old.rule.service
	if old.service.autoResolve == 0 && old.service.ackTimeout == 0 {
		r.happens(old)
	}
	r.calledTests()
}

// anything is an incident of any rule with any history.
func (r *random) anything(at time.Time) *occurrence {
	o := r.occurrence(pick(r.rng, r.rules), at)
	switch x := r.rng.Float64(); {
	case x < 0.45:
		o.verdict = VerdictActionable
	case x < 0.60:
		o.verdict = VerdictNotUrgent
	case x < 0.68:
		o.verdict = VerdictUnattended
	default:
		o.verdict = VerdictNoise
	}
	if r.rng.chance(0.4) {
		o.clears = r.rng.around(10*time.Minute, 1.3)
	}
	switch r.rng.IntN(25) {
	case 0:
		o.clears = time.Second
	case 1:
		o.work = time.Second
	case 2:
		o.priority = 1
	case 3:
		o.forgotten = true
	case 4:
		o.also = append(o.also, r.occurrence(o.rule, at.Add(r.rng.between(0, 2*time.Minute))),
			r.occurrence(pick(r.rng, r.rulesOf(o.rule.service)), at.Add(r.rng.between(0, 2*time.Minute))))
	}
	return o
}

func (r *random) occurrence(x *rule, at time.Time) *occurrence {
	o := &occurrence{at: at, serial: r.rng.Uint64(), rule: x, value: 80 + 40*r.rng.Float64(), hostNumber: 1 + r.rng.IntN(x.hosts)}
	o.host = x.hostName(o.hostNumber, x.hosts)
	return o
}

func (r *random) rulesOf(s *service) []*rule {
	var out []*rule
	for _, x := range r.rules {
		if x.service == s {
			out = append(out, x)
		}
	}
	return out
}

// atHandOvers puts incidents at, and a second beside, the ends of shifts.
func (r *random) atHandOvers() {
	for range 4 + r.rng.IntN(6) {
		if shifts := pick(r.rng, r.rotas).shifts; len(shifts) > 0 {
			at := pick(r.rng, shifts).end.Add(time.Duration(r.rng.IntN(3)-1) * time.Second)
			if at.After(r.a.Start) {
				r.happens(r.anything(at))
			}
		}
	}
}

// sameSecond lets many incidents come in one second.
func (r *random) sameSecond() {
	at := r.instant()
	for range r.rng.IntN(30) {
		r.happens(r.anything(at))
	}
}

// flaps lets one alert come and go, with gaps on both sides of half an hour.
func (r *random) flaps() {
	x, at := pick(r.rng, r.rules), r.instant()
	first := r.occurrence(x, at)
	for range 2 + r.rng.IntN(7) {
		o := r.occurrence(x, at)
		o.host, o.hostNumber, o.verdict = first.host, first.hostNumber, VerdictNoise
		o.clears = r.rng.between(time.Minute, 12*time.Minute)
		o.handsOff = r.rng.chance(0.8)
		at = at.Add(o.clears + time.Duration(1+r.rng.IntN(45))*time.Minute)
		if o.at.Before(r.a.End) {
			r.happens(o)
		}
	}
}

// openedByHand: a person opens an incident, for the policy or for somebody.
func (r *random) openedByHand() {
	o := &occurrence{at: r.instant(), serial: r.rng.Uint64(), service: pick(r.rng, r.services), opener: pick(r.rng, r.people),
		words: "Somebody called about a problem", verdict: VerdictActionable}
	if r.rng.chance(0.5) {
		o.direct = pick(r.rng, r.people)
	}
	if before := pick(r.rng, r.occurrences); before.rule != nil && r.rng.chance(0.6) { // an alert had said it already
		o.service = before.rule.service
		o.at = before.at.Add(pick(r.rng, []time.Duration{0, 4 * time.Minute, 11 * time.Minute, 30 * time.Minute, 30*time.Minute + time.Second}))
	}
	r.happens(o)
}

// merged adds incidents that are merged into one of a little earlier.
func (r *random) merged() {
	for range 3 + r.rng.IntN(8) {
		target := pick(r.rng, r.occurrences)
		if target.rule == nil || target.mergeInto != nil {
			continue
		}
		o := r.anything(target.at.Add(r.rng.between(time.Second, 3*time.Minute)))
		o.mergeInto, o.mergeAt = target, o.at.Add(r.rng.between(30*time.Second, 6*time.Minute))
		o.clears, o.sure = 0, true
		r.happens(o)
	}
}

// odd changes entries in ways that have been seen or must be expected: it
// takes users and details from notifications, writes kinds and statuses in
// other words, adds types that no schema lists, and lets a service acknowledge.
func odd(s *scene, entries []LogEntry) []LogEntry {
	d := s.d
	var out []LogEntry
	for i, e := range entries {
		switch {
		case e.Type == "notify_log_entry":
			oddNotification(d, &e)
		case e.Type == "acknowledge_log_entry" && d.chance(0.06) && (i+1 == len(entries) || !entries[i+1].CreatedAt.Equal(e.CreatedAt)):
			e.Agent, e.Channel, e.Summary = s.o.service.ref, channelAPI, "Acknowledged through the API."
		}
		out = append(out, e)
		if d.chance(0.03) {
			x := e
			x.ID, x.User, x.Assignees, x.Agent, x.mergedInto, x.EventDetails = s.w.ids.entry(), nil, nil, s.o.service.ref, nil, nil
			x.Type = pick(d, []string{"priority_change_log_entry", "status_update_log_entry", "link_log_entry", "field_value_change_log_entry",
				"custom_field_value_change_log_entry", "reach_trigger_limit_log_entry", "workflow_start"})
			x.Summary, x.Channel = "Something changed.", channelAuto
			out = append(out, x)
		}
	}
	if len(out) > 1 && d.chance(0.02) {
		earlyAcknowledge(s, out)
	}
	return out
}

// earlyAcknowledge moves the first acknowledgement, with what belongs to its
// second, to before the incident was created: clocks differ.
func earlyAcknowledge(s *scene, entries []LogEntry) {
	for i, e := range entries {
		if e.Type != "acknowledge_log_entry" {
			continue
		}
		for j := i; j < len(entries) && entries[j].CreatedAt.Equal(e.CreatedAt); j++ {
			entries[j].CreatedAt = s.o.at.Add(-2 * time.Second)
		}
		return
	}
}

func oddNotification(d draw, e *LogEntry) {
	n := *e.Channel.Notification
	switch d.IntN(16) {
	case 0:
		e.User = nil
		return
	case 1: // the summary still says the medium
		e.Channel = channelAuto
		return
	case 2: // nothing says the medium
		e.Channel, e.Summary = channelAuto, "Notified."
		return
	case 3:
		n.Type = pick(d, []string{"Phone", "SMS", "Email", "ios_push_notification", "android_push_notification", "whatsapp", "slack"})
	case 4:
		n.Status = NullString(pick(d, []string{"Failed", "undelivered", "rejected", "bounced", "Error: busy", "delivered", "queued", ""}))
	case 5:
		n.Type = "push"
		n.Address = ""
	default:
		return
	}
	e.Channel = &Channel{Type: "auto", Notification: &n}
}
