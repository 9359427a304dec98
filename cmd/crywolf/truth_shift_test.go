package main

import (
	"sort"
	"time"
)

// truthShift is one person's continuous time on one schedule, half-open (definitions 3).
type truthShift struct {
	schedule, user string
	start, end     time.Time
}

func (s truthShift) holds(t time.Time) bool { return !t.Before(s.start) && t.Before(s.end) }

// clip gives the part of the shift inside [since, until); a shift outside has start = end.
func (s truthShift) clip(since, until time.Time) truthShift {
	if s.start.Before(since) {
		s.start = since
	}
	if s.end.After(until) {
		s.end = until
	}
	if s.end.Before(s.start) {
		s.end = s.start
	}
	return s
}

func (s truthShift) length() time.Duration { return s.end.Sub(s.start) }

// truthPieces are the rendered entries of a schedule, cut at the window. A vacancy has no user and
// is nobody's time; a piece of no length is dropped.
func truthPieces(schedule truthObject, since, until time.Time) []truthShift {
	entries := schedule.list("final_schedule", "rendered_schedule_entries")
	entries = append(entries, schedule.list("final_schedule", "computed_shift_assignments")...)
	var pieces []truthShift
	for _, entry := range entries {
		piece := truthShift{
			schedule: schedule.text("id"), user: truthHolder(entry),
			start: entry.time("start"), end: entry.time("end"),
		}
		if piece.start.IsZero() {
			piece.start, piece.end = entry.time("start_time"), entry.time("end_time")
		}
		piece = piece.clip(since, until)
		if piece.user != "" && piece.length() > 0 {
			pieces = append(pieces, piece)
		}
	}
	return pieces
}

// truthHolder is the user of a v2 entry, or the member of a v3 assignment unless it is a vacancy.
func truthHolder(entry truthObject) string {
	if member := entry.at("member"); member != nil {
		if entry.text("member", "user_id") != "" {
			return entry.text("member", "user_id")
		}
		return entry.text("member", "user", "id")
	}
	return entry.text("user", "id")
}

// truthStitch joins pieces of one user on one schedule that touch or overlap.
func truthStitch(pieces []truthShift) []truthShift {
	sorted := append([]truthShift(nil), pieces...)
	sort.SliceStable(sorted, func(i, j int) bool {
		a, b := sorted[i], sorted[j]
		if a.schedule != b.schedule {
			return a.schedule < b.schedule
		}
		if a.user != b.user {
			return a.user < b.user
		}
		return a.start.Before(b.start)
	})
	var shifts []truthShift
	for _, piece := range sorted {
		last := len(shifts) - 1
		if last >= 0 && shifts[last].schedule == piece.schedule && shifts[last].user == piece.user &&
			!piece.start.After(shifts[last].end) {
			if piece.end.After(shifts[last].end) {
				shifts[last].end = piece.end
			}
			continue
		}
		shifts = append(shifts, piece)
	}
	return shifts
}

// onCall gives the user's shift on the schedule at t.
func (w *truthWorld) onCall(schedule, user string, t time.Time) (truthShift, bool) {
	for _, shift := range w.shifts {
		if shift.schedule == schedule && shift.user == user && shift.holds(t) {
			return shift, true
		}
	}
	return truthShift{}, false
}

// levelSet is everyone a level would tell at t.
func (w *truthWorld) levelSet(level truthLevel, t time.Time) map[string]bool {
	set := map[string]bool{}
	for _, user := range level.users {
		set[user] = true
	}
	for _, schedule := range level.schedules {
		for _, shift := range w.shifts {
			if shift.schedule == schedule && shift.holds(t) {
				set[shift.user] = true
			}
		}
	}
	return set
}
