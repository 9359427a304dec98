package main

import (
	"slices"
	"time"
)

// recommend is the first of definitions 10 that holds; it sets the wait of "wait".
func (x *truthSuspect) recommend(row *truthNoisyRow, others []*truthSuspect) string {
	n, worked := len(x.incidents), len(x.worked)
	switch wait := x.waiting(); {
	case n < 10 && worked == 0:
		return "unclear"
	case worked == 0 && x.hasCompany(others):
		return "group"
	case wait != nil:
		row.Wait = wait
		return "wait"
	case worked == 0 && !x.isGuarded():
		return "delete"
	case worked > 0 && x.couldWaitForTheMorning():
		return "demote"
	case worked >= 5:
		return "fix_cause"
	case worked > 0:
		return "keep"
	}
	return "unclear"
}

// hasCompany tells whether nine in ten of the incidents start within five minutes of one of some one other
// rule, which pages at least as often.
func (x *truthSuspect) hasCompany(others []*truthSuspect) bool {
	starts := map[string][]time.Time{}
	for _, page := range x.ever {
		incident := x.truthWorld.incidents[page.incident]
		rule := truthRule(x.account, incident)
		starts[rule] = append(starts[rule], incident.created)
	}
	for _, other := range others {
		if other == x || len(other.pages) < len(x.pages) {
			continue
		}
		beside := 0
		for _, incident := range x.incidents {
			if slices.ContainsFunc(starts[other.rule], func(t time.Time) bool { return t.Sub(incident.created).Abs() <= 5*time.Minute }) {
				beside++
			}
		}
		if 10*beside >= 9*len(x.incidents) {
			return true
		}
	}
	return false
}

// isGuarded tells whether something forbids to delete the rule.
func (x *truthSuspect) isGuarded() bool {
	return slices.ContainsFunc(x.pages, func(p truthPage) bool { return x.judged[p.truthPair].verdict == "unattended" }) ||
		slices.ContainsFunc(x.incidents, func(i *truthIncident) bool { return i.important }) ||
		x.isSoleDetector()
}

// isSoleDetector tells whether the rule alone had paged its service in the half hour before a worked incident of
// the period that a person opened.
func (x *truthSuspect) isSoleDetector() bool {
	for _, incident := range x.truthWorld.incidents {
		if incident.service != x.incidents[0].service || !incident.openedByPerson() || !x.isWorked(incident) || !x.period.holds(incident.created) {
			continue
		}
		rules := map[string]bool{}
		for _, page := range x.all {
			before := incident.created.Sub(page.at)
			if other := x.truthWorld.incidents[page.incident]; other.service == incident.service && !other.openedByPerson() && before >= 0 && before <= 30*time.Minute {
				rules[truthRule(x.account, other)] = true
			}
		}
		if len(rules) == 1 && rules[x.rule] {
			return true
		}
	}
	return false
}

// openedByPerson: the agent of the first trigger is a user.
func (i *truthIncident) openedByPerson() bool {
	for _, entry := range i.entries {
		if entry.kind == "trigger" {
			return entry.agentKind == "user"
		}
	}
	return false
}

// couldWaitForTheMorning: what was worked paged in business hours only, and something paged outside them.
func (x *truthSuspect) couldWaitForTheMorning() bool {
	outside := false
	for _, page := range x.pages {
		if x.hour(page) == "business" {
			continue
		}
		outside = true
		if slices.ContainsFunc(x.worked, func(i *truthIncident) bool { return i.id == page.incident }) {
			return false
		}
	}
	return outside
}
