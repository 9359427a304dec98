package ingest

import (
	"sort"
	"time"
)

// duty is a stretch of a schedule: who has it from when to when. A vacancy has no user.
type duty struct {
	userID   string
	from, to time.Time
}

// replaceDuties gives what is stored of a schedule after the window w was rendered again: entries outside w as
// they were, inside as they came. Entries of one user that touch or overlap become one, so that what is stored
// does not depend on where the windows were cut.
func replaceDuties(stored, came []duty, w span) []duty {
	var out []duty
	for _, d := range stored {
		if d.from.Equal(d.to) {
			if !inside(d.from, w) {
				out = append(out, d)
			}
			continue
		}
		for _, part := range []span{{d.from, earlier(d.to, w.from)}, {later(d.from, w.to), d.to}} {
			if !part.empty() {
				out = append(out, duty{d.userID, part.from, part.to})
			}
		}
	}
	for _, d := range came {
		if d.from.Equal(d.to) {
			if inside(d.from, w) {
				out = append(out, d)
			}
			continue
		}
		if part := (span{d.from, d.to}).intersect(w); !part.empty() {
			out = append(out, duty{d.userID, part.from, part.to})
		}
	}
	return mergeDuties(out)
}

// inside tells whether an entry without length belongs to a window. At the very bounds it may be the empty rest
// of an entry that the server cut.
func inside(t time.Time, w span) bool { return t.After(w.from) && t.Before(w.to) }

// mergeDuties joins entries of one user that touch or overlap, and drops doubles of entries without length.
func mergeDuties(list []duty) []duty {
	sort.Slice(list, func(i, j int) bool {
		a, b := list[i], list[j]
		if a.userID != b.userID {
			return a.userID < b.userID
		}
		if !a.from.Equal(b.from) {
			return a.from.Before(b.from)
		}
		return a.to.Before(b.to)
	})
	var out []duty
	seen := map[duty]bool{}
	last := -1 // index of the user's last entry with a length
	for _, d := range list {
		if last >= 0 && out[last].userID != d.userID {
			last = -1
		}
		switch {
		case d.from.Equal(d.to):
			if !seen[d] {
				seen[d] = true
				out = append(out, d)
			}
		case last >= 0 && !d.from.After(out[last].to):
			out[last].to = later(out[last].to, d.to)
		default:
			out = append(out, d)
			last = len(out) - 1
		}
	}
	return out
}
