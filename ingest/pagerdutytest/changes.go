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

// addChanges adds deploys: two on a working day and service, now and then one
// while an incident is worked on, as a roll-back would be.
func (w *world) addChanges() {
	rng := newDraw(w.seed, "changes")
	for day := w.a.Start; day.Before(w.a.End); day = day.AddDate(0, 0, 1) {
		for _, s := range w.services {
			if day.Weekday() == time.Saturday || day.Weekday() == time.Sunday || !rng.chance(0.2) {
				continue
			}
			at := day.Add(rng.between(8*time.Hour, 17*time.Hour))
			w.a.ChangeEvents = append(w.a.ChangeEvents, w.deploy(s, at, "passed"))
		}
	}
	roll := newDraw(w.seed, "roll-backs")
	for _, in := range w.a.Incidents {
		truth := w.a.truths[in.ID]
		if truth.Verdict == VerdictActionable && in.ResolvedAt != nil && roll.chance(0.1) {
			middle := in.CreatedAt.Add(in.ResolvedAt.Sub(in.CreatedAt) / 2).Truncate(time.Second)
			for _, s := range w.services {
				if s.id == in.Service.ID {
					w.a.ChangeEvents = append(w.a.ChangeEvents, w.deploy(s, middle, "rolled back"))
				}
			}
		}
	}
}

func (w *world) deploy(s *service, at time.Time, state string) ChangeEvent {
	n := itoa(1200 + len(w.a.ChangeEvents))
	return ChangeEvent{ID: "01" + w.ids.entry()[1:25], Type: "change_event", Summary: "Deploy " + n + " of " + s.name + " " + state,
		Timestamp: at, Source: "ci." + subdomain + ".example", Services: []Reference{*s.ref},
		CustomDetails: map[string]any{"build_number": n, "build_state": state}}
}
