package pagerdutytest

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"
)

// index is what a handler looks things up in. It is made once from an account
// and then only read, so that requests may run at the same time.
type index struct {
	a     *Account
	links map[liveKey]links // of what the account holds; other references have no page
	zone  *time.Location    // the account's

	incidentAt map[string]int32 // by id and by number
	byCreated  order            // incidents, oldest first
	byTime     order            // log entries, oldest first; the newest is served first

	perIncident sync.Once
	entriesOf   map[string][]int32 // by incident id, in the order of byTime

	sorted sync.Map // sort_by → []int32
}

type liveKey struct{ kind, id string }

// links are the addresses of an object in the API and on the web.
type links struct{ self, html NullString }

// order is a list of positions sorted by time, with the times beside it.
type order struct {
	pos   []int32
	nanos []int64
}

func newIndex(a *Account) *index {
	ix := &index{a: a, links: map[liveKey]links{}, incidentAt: make(map[string]int32, 2*len(a.Incidents))}
	ix.zone = loadZone(a.TimeZone)
	live(ix, "user", a.Users, func(u User) string { return u.ID })
	live(ix, "team", a.Teams, func(t Team) string { return t.ID })
	live(ix, "service", a.Services, func(s Service) string { return s.ID })
	live(ix, "escalation_policy", a.EscalationPolicies, func(p EscalationPolicy) string { return p.ID })
	live(ix, "schedule", a.Schedules, func(s Schedule) string { return s.ID })
	live(ix, "schedule_v3", a.V3Schedules, func(s V3Schedule) string { return s.ID })
	for i, inc := range a.Incidents {
		ix.incidentAt[inc.ID] = int32(i)
		ix.incidentAt[itoa(inc.IncidentNumber)] = int32(i)
	}
	ix.byCreated = timeOrder(len(a.Incidents),
		func(i int) time.Time { return a.Incidents[i].CreatedAt },
		func(i, j int32) int { return cmp.Compare(a.Incidents[i].IncidentNumber, a.Incidents[j].IncidentNumber) })
	ix.byTime = timeOrder(len(a.LogEntries),
		func(i int) time.Time { return a.LogEntries[i].CreatedAt },
		func(i, j int32) int { return cmp.Compare(i, j) })
	return ix
}

func live[T any](ix *index, kind string, list []T, id func(T) string) {
	for _, x := range list {
		ix.links[liveKey{kind, id(x)}] = ix.linksOf(kind, id(x), "", true)
	}
}

// timeOrder sorts 0…n-1 by time, and by tie where times are equal.
func timeOrder(n int, at func(int) time.Time, tie func(i, j int32) int) order {
	nanos := make([]int64, n)
	pos := make([]int32, n)
	for i := range n {
		nanos[i], pos[i] = at(i).UnixNano(), int32(i)
	}
	slices.SortFunc(pos, func(i, j int32) int {
		return cmp.Or(cmp.Compare(nanos[i], nanos[j]), tie(i, j))
	})
	o := order{pos: pos, nanos: make([]int64, n)}
	for k, i := range pos {
		o.nanos[k] = nanos[i]
	}
	return o
}

// within returns the bounds of the positions whose time t has since ≤ t ≤ until.
func (o order) within(s span) (lo, hi int) {
	since, until := s.since.UnixNano(), s.until.UnixNano()
	lo = sort.Search(len(o.nanos), func(k int) bool { return o.nanos[k] >= since })
	hi = sort.Search(len(o.nanos), func(k int) bool { return o.nanos[k] > until })
	return lo, max(lo, hi)
}

// incidentEntries returns the positions of an incident's log entries, oldest first.
func (ix *index) incidentEntries(id string) []int32 {
	ix.perIncident.Do(func() {
		ix.entriesOf = make(map[string][]int32, len(ix.a.Incidents))
		for _, i := range ix.byTime.pos {
			if inc := ix.a.LogEntries[i].Incident; inc != nil {
				ix.entriesOf[inc.ID] = append(ix.entriesOf[inc.ID], i)
			}
		}
	})
	return ix.entriesOf[id]
}

// sortedIncidents returns all incidents in the order of a sort_by value such
// as "resolved_at:desc,created_at:asc"; false if it is not a valid one.
func (ix *index) sortedIncidents(sortBy string) ([]int32, bool) {
	if got, ok := ix.sorted.Load(sortBy); ok {
		return got.([]int32), true
	}
	fields := strings.Split(sortBy, ",")
	if len(fields) > 2 {
		return nil, false
	}
	var compares []func(x, y *Incident) int
	for _, f := range fields {
		name, direction, _ := strings.Cut(f, ":")
		compare, ok := incidentCompares[name]
		if !ok || (direction != "" && direction != "asc" && direction != "desc") {
			return nil, false
		}
		if direction == "desc" {
			compares = append(compares, func(x, y *Incident) int { return compare(y, x) })
		} else {
			compares = append(compares, compare)
		}
	}
	pos := slices.Clone(ix.byCreated.pos)
	slices.SortStableFunc(pos, func(i, j int32) int {
		for _, c := range compares {
			if d := c(&ix.a.Incidents[i], &ix.a.Incidents[j]); d != 0 {
				return d
			}
		}
		return 0
	})
	ix.sorted.Store(sortBy, pos)
	return pos, true
}

var incidentCompares = map[string]func(x, y *Incident) int{
	"incident_number": func(x, y *Incident) int { return cmp.Compare(x.IncidentNumber, y.IncidentNumber) },
	"created_at":      func(x, y *Incident) int { return x.CreatedAt.Compare(y.CreatedAt) },
	"urgency":         func(x, y *Incident) int { return cmp.Compare(x.Urgency, y.Urgency) },
	"resolved_at": func(x, y *Incident) int { // open incidents last, as "not yet" is the latest of all
		switch {
		case x.ResolvedAt == nil && y.ResolvedAt == nil:
			return 0
		case x.ResolvedAt == nil:
			return 1
		case y.ResolvedAt == nil:
			return -1
		}
		return x.ResolvedAt.Compare(*y.ResolvedAt)
	},
}
