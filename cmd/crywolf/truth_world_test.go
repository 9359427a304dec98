package main

// The truth_* files work the report out a second time, from the account that the PagerDuty double
// serves, with plain loops that follow ../../../shared/design/definitions.md clause by clause. They share no
// code with ingest, analysis or queries, and they must not: two programs that agree are evidence,
// one program that agrees with itself is not. Slow and obvious is the house style in here.

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// truthWorld is what a sync of one window must have learnt, decoded from API-shaped JSON.
type truthWorld struct {
	zones         map[string]string // user id → time zone as PagerDuty says it; only users that still exist
	servicePolicy map[string]string // service id → escalation policy id
	policies      map[string][]truthLevel
	schedules     map[string]truthSchedule
	shifts        []truthShift // stitched, over all that was read
	incidents     map[string]*truthIncident
	alerts        []truthAlert
	notifications []truthNotification // in order of time
	maintenance   []truthSpell
	changes       []truthSpell // of no length
	until         time.Time    // the end of what was read

	// Worked out once, for they are asked for again and again.
	paged []truthPage
	proof map[string][]string // evidence ids by incident
	runs  [][]truthEpisode
}

// truthLevel is one rule of an escalation policy: whom it tells.
type truthLevel struct {
	schedules []string
	users     []string
}

type truthSchedule struct {
	name, zone string
	readable   bool
}

type truthIncident struct {
	id, title, status, urgency, service, policy string
	serviceName                                 string // as its reference says, which outlives it
	created                                     time.Time
	resolved                                    time.Time // zero: open, or not said
	direct                                      bool      // assigned_via direct_assignment
	merged                                      bool
	responders                                  map[string]bool
	entries                                     []truthEntry // in order of time
	assigned                                    []truthPage  // the present assignments: whom, and when
	helped                                      bool         // somebody was asked to respond, or called to a bridge
	linked, filled                              bool         // an external reference; a custom field with a value
	important                                   bool         // P1 or P2
}

// truthEntry is one log entry, with what the rules look at.
type truthEntry struct {
	kind                  string // "assign", "notify", …: the type without _log_entry
	at                    time.Time
	agentKind, agent      string
	channel               string
	assignees             []string
	alertKey, integration string // of a trigger entry
	summary               string
	note                  string // its text
}

// truthSpell is a time that concerns a service.
type truthSpell struct {
	service    string
	start, end time.Time
}

type truthAlert struct {
	id, incident, service, integration, key, title string
	created                                        time.Time
	resolved                                       time.Time // zero: not said
	status                                         string
}

// truthObject reads optional values out of decoded JSON: a missing or null step gives "" or nil.
type truthObject map[string]any

func (o truthObject) at(path ...string) any {
	var value any = map[string]any(o)
	for _, step := range path {
		object, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = object[step]
	}
	return value
}

func (o truthObject) text(path ...string) string {
	text, _ := o.at(path...).(string)
	return text
}

func (o truthObject) time(path ...string) time.Time {
	text := o.text(path...)
	if text == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		panic(fmt.Sprintf("time %q in a well-formed account: %v", text, err))
	}
	return at.UTC()
}

func (o truthObject) list(path ...string) []truthObject {
	values, _ := o.at(path...).([]any)
	var objects []truthObject
	for _, value := range values {
		if object, ok := value.(map[string]any); ok {
			objects = append(objects, object)
		}
	}
	return objects
}

// kind is an object's type without the "_reference" that includes leave out.
func (o truthObject) kind(path ...string) string {
	return strings.TrimSuffix(o.text(append(path, "type")...), "_reference")
}

// truthSource gives the account's objects of one kind, whole, as the API would.
type truthSource interface {
	Objects(kind string) []json.RawMessage
}

func truthObjects(source truthSource, kind string) []truthObject {
	var objects []truthObject
	for _, raw := range source.Objects(kind) {
		var object truthObject
		if err := json.Unmarshal(raw, &object); err != nil {
			panic(fmt.Sprintf("%s of a well-formed account: %v", kind, err))
		}
		objects = append(objects, object)
	}
	return objects
}

// truthLoad decodes what a sync of [since, until) must have learnt of the account.
func truthLoad(source truthSource, since, until time.Time) *truthWorld {
	w := &truthWorld{
		zones:         map[string]string{},
		servicePolicy: map[string]string{},
		policies:      map[string][]truthLevel{},
		schedules:     map[string]truthSchedule{},
		incidents:     map[string]*truthIncident{},
		until:         until,
	}
	for _, user := range truthObjects(source, "users") {
		w.zones[user.text("id")] = user.text("time_zone")
	}
	for _, service := range truthObjects(source, "services") {
		w.servicePolicy[service.text("id")] = service.text("escalation_policy", "id")
	}
	for _, policy := range truthObjects(source, "escalation_policies") {
		w.policies[policy.text("id")] = truthLevels(policy)
	}
	w.loadSchedules(source, since, until)
	w.loadIncidents(source, since, until)
	w.loadSpells(source, since, until)
	for _, alert := range truthObjects(source, "alerts") {
		if w.incidents[alert.text("incident", "id")] != nil {
			w.alerts = append(w.alerts, truthAlertOf(alert))
		}
	}
	return w
}

func truthLevels(policy truthObject) []truthLevel {
	var levels []truthLevel
	for _, rule := range policy.list("escalation_rules") {
		var level truthLevel
		for _, target := range rule.list("targets") {
			switch kind := target.kind(); {
			case strings.HasPrefix(kind, "user"):
				level.users = append(level.users, target.text("id"))
			case strings.HasPrefix(kind, "schedule"):
				level.schedules = append(level.schedules, target.text("id"))
			default:
				panic("an escalation target of type " + kind)
			}
		}
		levels = append(levels, level)
	}
	return levels
}

// loadSchedules reads the rendered entries of the synced window, and of the two weeks before it, in which
// somebody may have been assigned what paged later; and stitches them.
func (w *truthWorld) loadSchedules(source truthSource, since, until time.Time) {
	var pieces []truthShift
	targeted := map[string]bool{}
	for _, levels := range w.policies {
		for _, level := range levels {
			for _, schedule := range level.schedules {
				targeted[schedule] = true
			}
		}
	}
	for _, kind := range []string{"schedules", "v3_schedules"} {
		for _, schedule := range truthObjects(source, kind) {
			id := schedule.text("id")
			if kind == "v3_schedules" && !targeted[id] {
				continue // /schedules does not list it, and nothing leads to it: sync does not look for it
			}
			w.schedules[id] = truthSchedule{name: schedule.text("name"), zone: schedule.text("time_zone"), readable: true}
			pieces = append(pieces, truthPieces(schedule, since.AddDate(0, 0, -14), until)...)
		}
	}
	w.shifts = truthStitch(pieces)
}
