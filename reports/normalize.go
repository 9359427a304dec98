package reports

// Normalize replaces nil slices and maps by empty ones, so that JSON never has null for a list, and
// puts every time into UTC.
func (r *Report) Normalize() {
	r.Period = r.Period.utc()
	if r.BeforePeriod != nil {
		before := r.BeforePeriod.utc()
		r.BeforePeriod = &before
	}
	r.Data.normalize()
	r.Rotations = nonNil(r.Rotations)
	for i := range r.Rotations {
		rot := &r.Rotations[i]
		rot.Shifts = nonNil(rot.Shifts)
		rot.Alerts = nonNil(rot.Alerts)
		rot.AlertChanges = nonNil(rot.AlertChanges)
		rot.Actions = nonNil(rot.Actions)
		rot.Sources = nonNil(rot.Sources)
		rot.Weeks = weeksUTC(rot.Weeks)
		rot.ResolveHistogram = nonNil(rot.ResolveHistogram)
		rot.FlappingRules = nonNil(rot.FlappingRules)
		for j := range rot.FlappingRules {
			rot.FlappingRules[j].normalize()
		}
		for j := range rot.Shifts {
			s := &rot.Shifts[j]
			s.Start, s.End = s.Start.UTC(), s.End.UTC()
		}
	}
	if r.Unattributed.Reasons == nil {
		r.Unattributed.Reasons = map[string]int64{}
	}
}

func (d *Data) normalize() {
	if d.SyncedUntil != nil {
		t := d.SyncedUntil.UTC()
		d.SyncedUntil = &t
	}
	d.Gaps = nonNil(d.Gaps)
	d.Notes = nonNil(d.Notes)
}

func (p Period) utc() Period { return Period{p.Since.UTC(), p.Until.UTC()} }

func nonNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func weeksUTC(weeks []Week) []Week {
	for i := range weeks {
		weeks[i].Start, weeks[i].End = weeks[i].Start.UTC(), weeks[i].End.UTC()
	}
	return nonNil(weeks)
}

func (f *FlappingRule) normalize() {
	f.Runs, f.Firings = nonNil(f.Runs), nonNil(f.Firings)
	for i := range f.Runs {
		f.Runs[i].Start, f.Runs[i].End = f.Runs[i].Start.UTC(), f.Runs[i].End.UTC()
	}
	for i := range f.Firings {
		f.Firings[i] = f.Firings[i].UTC()
	}
}
