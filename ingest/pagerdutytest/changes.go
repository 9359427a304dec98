package pagerdutytest

import "time"

// addMaintenance plans two maintenance windows; nothing fires in them.
func (d *demo) addMaintenance() {
	for i, name := range []string{"ledger", "message-bus"} {
		s := d.serviceNamed(name)
		start := d.a.End.AddDate(0, 0, -12-20*i).Add(21 * time.Hour)
		if start.Before(d.a.Start) {
			continue
		}
		d.a.MaintenanceWindows = append(d.a.MaintenanceWindows, MaintenanceWindow{ID: d.ids.short(), Type: "maintenance_window",
			Summary: "Upgrade of " + name, SequenceNumber: i + 1, StartTime: start, EndTime: start.Add(2 * time.Hour),
			Description: "Upgrade of " + name, Services: []Reference{*s.ref}, Teams: s.teams, CreatedBy: d.people[i].ref})
	}
}

// addChanges adds deploys: one in a working week and service or so, which is
// put off while an incident of the service is open, and now and then a
// roll-back while one, and no other, is worked on.
func (w *world) addChanges() {
	rng := newDraw(w.seed, "changes")
	busy := w.openSpans()
	for day := w.a.Start; day.Before(w.a.End); day = day.AddDate(0, 0, 1) {
		for _, s := range w.services {
			if day.Weekday() == time.Saturday || day.Weekday() == time.Sunday || !rng.chance(0.2) {
				continue
			}
			at := day.Add(rng.between(8*time.Hour, 17*time.Hour))
			if openAt(busy[s.id], at) == 0 {
				w.a.ChangeEvents = append(w.a.ChangeEvents, w.deploy(s, at, "passed"))
			}
		}
	}
	roll := newDraw(w.seed, "roll-backs")
	for _, in := range w.a.Incidents {
		truth := w.a.truths[in.ID]
		if truth.Verdict == VerdictActionable && in.ResolvedAt != nil && roll.chance(0.1) {
			middle := in.CreatedAt.Add(in.ResolvedAt.Sub(in.CreatedAt) / 2).Truncate(time.Second)
			for _, s := range w.services {
				if s.id == in.Service.ID && openAt(busy[s.id], middle) == 1 {
					w.a.ChangeEvents = append(w.a.ChangeEvents, w.deploy(s, middle, "rolled back"))
				}
			}
		}
	}
}

// openAt counts the spans that hold a time.
func openAt(spans []span, at time.Time) int {
	n := 0
	for _, x := range spans {
		if !at.Before(x.since) && !at.After(x.until) {
			n++
		}
	}
	return n
}

// openSpans are the spans of each service's incidents.
func (w *world) openSpans() map[string][]span {
	out := map[string][]span{}
	for _, in := range w.a.Incidents {
		end := w.a.End
		if in.ResolvedAt != nil {
			end = *in.ResolvedAt
		}
		out[in.Service.ID] = append(out[in.Service.ID], span{in.CreatedAt, end})
	}
	return out
}

func (w *world) deploy(s *service, at time.Time, state string) ChangeEvent {
	n := itoa(1200 + len(w.a.ChangeEvents))
	return ChangeEvent{ID: "01" + w.ids.entry()[1:25], Type: "change_event", Summary: "Deploy " + n + " of " + s.name + " " + state,
		Timestamp: at, Source: "ci." + subdomain + ".example", Services: []Reference{*s.ref},
		CustomDetails: map[string]any{"build_number": n, "build_state": state}}
}
