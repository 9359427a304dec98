package reports

// Normalize replaces nil slices and maps by empty ones, so that JSON never has null for a list, and
// puts every time into UTC.
func (r *Report) Normalize() {
	r.Period = r.Period.utc()
	r.Data.normalize()
	r.Rotations = nonNil(r.Rotations)
	for i := range r.Rotations {
		rot := &r.Rotations[i]
		rot.Shifts = nonNil(rot.Shifts)
		rot.Alerts = nonNil(rot.Alerts)
		rot.AlertChanges = nonNil(rot.AlertChanges)
		rot.Actions = nonNil(rot.Actions)
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
