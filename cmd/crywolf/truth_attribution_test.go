package main

import (
	"maps"
	"slices"
	"time"
)

// truthFound is where a page belongs: a rotation and a shift of it, or the reason why to none.
type truthFound struct {
	rotation string
	shift    truthShift
	moment   time.Time // when the person was found on call: the page's time, or the assignment's
	reason   string    // set where rotation is ""
}

// truthState is how far an incident has climbed at some time. Level 0 is unknown.
type truthState struct {
	policy   string
	level    int
	assigned time.Time
	byHand   bool // the last assignment was an assign entry by a person, to a level unknown
}

// attribute finds the rotation of one person's page for one incident at a time.
func (w *truthWorld) attribute(pair truthPair, at time.Time) truthFound {
	incident := w.incidents[pair.incident]
	if incident == nil {
		return truthFound{reason: "unknown_policy"}
	}
	state := w.stateAt(incident, at)
	levels := w.policies[state.policy]
	var order []int
	if state.level >= 1 && state.level <= len(levels) {
		order = append(order, state.level)
	}
	for level := 1; level <= len(levels); level++ {
		if level != state.level {
			order = append(order, level)
		}
	}
	for _, level := range order {
		for _, moment := range []time.Time{at, state.assigned} {
			if found, ok := w.candidate(levels[level-1], pair.user, moment); ok {
				return found
			}
		}
	}
	return truthFound{reason: w.reason(incident, state, pair.user)}
}

// candidate is the schedule of the level, lowest id first, on which the user is on call.
func (w *truthWorld) candidate(level truthLevel, user string, moment time.Time) (truthFound, bool) {
	for _, schedule := range slices.Sorted(slices.Values(level.schedules)) {
		if shift, ok := w.onCall(schedule, user, moment); ok {
			return truthFound{rotation: schedule, shift: shift, moment: moment}, true
		}
	}
	return truthFound{}, false
}

// reason is the first that holds, in the order of definitions 3.
func (w *truthWorld) reason(incident *truthIncident, state truthState, user string) string {
	levels, stored := w.policies[state.policy]
	target, unreadable := false, false
	for _, level := range levels {
		target = target || slices.Contains(level.users, user)
		for _, schedule := range level.schedules {
			unreadable = unreadable || !w.schedules[schedule].readable
		}
	}
	switch {
	case incident.direct || state.byHand:
		return "direct_assignment"
	case incident.responders[user]:
		return "responder_request"
	case target:
		return "direct_target"
	case !stored:
		return "unknown_policy"
	case unreadable:
		return "schedule_not_readable"
	}
	return "off_shift"
}

// stateAt walks the entries, one group a second, up to and with the second of the given time.
func (w *truthWorld) stateAt(incident *truthIncident, at time.Time) truthState {
	state := truthState{policy: w.servicePolicy[incident.service], level: 1, assigned: incident.created}
	if state.policy == "" { // the service is gone: its incidents still say which policy they climb
		state.policy = incident.policy
	}
	begun := false
	for i := 0; i < len(incident.entries); {
		second := incident.entries[i].at.Unix()
		var group []truthEntry
		for ; i < len(incident.entries) && incident.entries[i].at.Unix() == second; i++ {
			group = append(group, incident.entries[i])
		}
		if second > at.Unix() {
			break
		}
		if next, changed := w.step(incident, state, group, begun); changed {
			next.assigned = time.Unix(second, 0).UTC()
			state, begun = next, true
		}
	}
	return state
}

// step applies one second's entries to the state; the first rule that fits the group decides.
func (w *truthWorld) step(incident *truthIncident, state truthState, group []truthEntry, begun bool) (truthState, bool) {
	has := func(kinds ...string) bool {
		return slices.ContainsFunc(group, func(e truthEntry) bool { return slices.Contains(kinds, e.kind) })
	}
	byUser := func(kind string) bool {
		return slices.ContainsFunc(group, func(e truthEntry) bool { return e.kind == kind && e.agentKind == "user" })
	}
	moment := time.Unix(group[0].at.Unix(), 0)
	equalSet := func() int { return w.levelOf(state.policy, truthAssignees(group), moment) }
	switch {
	case has("delegate"):
		return truthState{policy: incident.policy, level: 1}, true
	case has("repeat_escalation_path"):
		return truthState{policy: state.policy, level: 1}, true
	case has("escalate"):
		timeout := !slices.ContainsFunc(group, func(e truthEntry) bool {
			return e.kind == "escalate" && (e.agentKind == "user" || e.channel != "timeout")
		})
		if !timeout {
			return truthState{policy: state.policy, level: equalSet()}, true
		}
		next := truthState{policy: state.policy}
		if state.level > 0 {
			next.level = state.level + 1
		}
		return next, true
	case has("assign") && has("acknowledge", "acknowledgement"):
		return state, false
	case has("assign") && !begun:
		return truthState{policy: state.policy, level: 1}, true
	case has("assign"):
		level := equalSet()
		return truthState{policy: state.policy, level: level, byHand: level == 0 && byUser("assign")}, true
	}
	return state, false
}

func truthAssignees(group []truthEntry) map[string]bool {
	set := map[string]bool{}
	for _, entry := range group {
		if entry.kind == "assign" || entry.kind == "escalate" {
			for _, user := range entry.assignees {
				set[user] = true
			}
		}
	}
	return set
}

// levelOf is the lowest level whose people on call are exactly the assignees; 0 is none.
func (w *truthWorld) levelOf(policy string, assignees map[string]bool, at time.Time) int {
	if len(assignees) == 0 {
		return 0
	}
	for i, level := range w.policies[policy] {
		if maps.Equal(w.levelSet(level, at), assignees) {
			return i + 1
		}
	}
	return 0
}
