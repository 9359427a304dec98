package analysis

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// rung is one target of a level of a policy.
type rung struct {
	policy string
	level  int
	kind   string // schedule or user
	id     string
}

// move is one log entry that may place an incident on its policy, so many minutes after since.
type move struct {
	kind, agent, channel string
	minute               int
	assignees            []string
}

// climber is one incident, who was notified of it, and when.
type climber struct {
	service  string
	policy   string // the incident's own, as it is now
	direct   bool   // assigned_via says so
	helpers  []string
	moves    []move
	notified map[string]int
}

// ladder is all that says where an incident stands and who is on call there.
type ladder struct {
	policies map[string]string // of services, by service
	rungs    []rung
	shifts   []piece // in minutes
}

func (l ladder) onCall(schedule string, minute int) map[string]bool {
	users := map[string]bool{}
	for _, s := range l.shifts {
		if s.schedule == schedule && s.from <= minute && minute < s.to {
			users[s.user] = true
		}
	}
	return users
}

// levels are those of a policy, lowest first.
func (l ladder) levels(policy string) []int {
	var out []int
	for _, r := range l.rungs {
		if r.policy == policy && !slices.Contains(out, r.level) {
			out = append(out, r.level)
		}
	}
	slices.Sort(out)
	return out
}

// levelOf is the lowest level at which exactly these people can be reached; 0 is none.
func (l ladder) levelOf(policy string, people []string, minute int) int {
	for _, level := range l.levels(policy) {
		reached := map[string]bool{}
		for _, r := range l.rungs {
			switch {
			case r.policy != policy || r.level != level:
			case r.kind == "user":
				reached[r.id] = true
			default:
				for user := range l.onCall(r.id, minute) {
					reached[user] = true
				}
			}
		}
		same := len(people) > 0 && len(reached) == len(people)
		for _, user := range people {
			same = same && reached[user]
		}
		if same {
			return level
		}
	}
	return 0
}

// standing walks minute by minute: policy, level (0: unknown), when it was last placed, and whether a person placed it
// somewhere off the policy [definitions 3].
func (l ladder) standing(c climber, until int) (policy string, level, since int, direct bool) {
	policy, level, since = l.policies[c.service], 1, 0
	placed := false
	for minute := range until + 1 {
		kinds, people := map[string]bool{}, []string{}
		byHand, byPerson := false, false
		for _, m := range c.moves {
			if m.minute != minute {
				continue
			}
			kinds[m.kind] = true
			byHand = byHand || m.kind == "escalate" && (m.agent == "user" || m.channel != "timeout")
			byPerson = byPerson || m.kind == "assign" && m.agent == "user"
			for _, user := range m.assignees {
				if !slices.Contains(people, user) {
					people = append(people, user)
				}
			}
		}
		narrows := kinds["assign"] && kinds["acknowledge"]
		switch {
		case kinds["delegate"]:
			policy, level = c.policy, 1
		case kinds["repeat_escalation_path"]:
			level = 1
		case kinds["escalate"] && byHand:
			level = l.levelOf(policy, people, minute)
		case kinds["escalate"]:
			if level > 0 {
				level++
			}
		case kinds["assign"] && !narrows && !placed:
			level = 1
		case kinds["assign"] && !narrows:
			level = l.levelOf(policy, people, minute)
		default:
			continue
		}
		isAssignment := kinds["assign"] && !kinds["delegate"] && !kinds["repeat_escalation_path"] && !kinds["escalate"]
		direct = isAssignment && placed && byPerson && level == 0
		placed, since = true, minute
	}
	return policy, level, since, direct
}

// whose gives the rotation of a person's page, or why it has none.
func (l ladder) whose(c climber, user string) string {
	policy, level, since, direct := l.standing(c, c.notified[user])
	order := l.levels(policy)
	if slices.Contains(order, level) {
		order = append([]int{level}, order...) // asked twice, which changes nothing
	}
	isTarget := false
	for _, at := range order {
		for _, minute := range []int{c.notified[user], since} {
			var found []string
			for _, r := range l.rungs {
				isTarget = isTarget || r.policy == policy && r.kind == "user" && r.id == user
				if r.policy == policy && r.level == at && r.kind == "schedule" && l.onCall(r.id, minute)[user] && !slices.Contains(found, r.id) {
					found = append(found, r.id)
				}
			}
			if len(found) > 0 {
				return fmt.Sprint(slices.Min(found), " ambiguous ", len(found) > 1)
			}
		}
	}
	switch {
	case direct || c.direct:
		return "direct_assignment"
	case slices.Contains(c.helpers, user):
		return "responder_request"
	case isTarget:
		return "direct_target"
	case !slices.Contains([]string{"E1", "E2"}, policy):
		return "unknown_policy"
	}
	return "off_shift"
}

var someUsers = []string{"U1", "U2", "U3"}

var climberGenerator = rapid.Custom(func(t *rapid.T) climber {
	c := climber{service: rapid.SampledFrom([]string{"V1", "V2"}).Draw(t, "service"), policy: rapid.SampledFrom([]string{"E1", "E2", "E9"}).Draw(t, "policy"),
		direct: rapid.IntRange(0, 7).Draw(t, "direct") == 0, notified: map[string]int{}}
	people := rapid.SliceOfNDistinct(rapid.SampledFrom(someUsers), 0, 2, rapid.ID)
	c.helpers = rapid.SliceOfNDistinct(rapid.SampledFrom(someUsers), 0, 1, rapid.ID).Draw(t, "helpers")
	c.moves = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) move {
		m := move{kind: rapid.SampledFrom([]string{"assign", "assign", "escalate", "escalate", "delegate", "repeat_escalation_path", "acknowledge"}).Draw(t, "kind"),
			agent: rapid.SampledFrom([]string{"user", "service"}).Draw(t, "agent"), channel: rapid.SampledFrom([]string{"timeout", "timeout", "website"}).Draw(t, "channel"),
			minute: 10 * rapid.IntRange(0, 8).Draw(t, "minute")}
		if m.kind == "assign" || m.kind == "escalate" {
			m.assignees = people.Draw(t, "assignees")
		}
		return m
	}), 0, 6).Draw(t, "moves")
	for _, user := range someUsers {
		c.notified[user] = 5 * rapid.IntRange(0, 20).Draw(t, "notified")
	}
	return c
})

// TestAttributionEqualsObviousWalk holds whose page each is against a walk over every minute of each incident: any entries
// in any order, several in one second, policies with gaps, people on several schedules, services that are gone.
func TestAttributionEqualsObviousWalk(t *testing.T) {
	db := newFacts(t)
	seen := map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		l := ladder{policies: map[string]string{"V1": rapid.SampledFrom([]string{"E1", "E2"}).Draw(t, "first policy"), "V2": "E2"}}
		l.rungs = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) rung {
			r := rung{rapid.SampledFrom([]string{"E1", "E2"}).Draw(t, "policy"), rapid.IntRange(1, 3).Draw(t, "level"), "schedule", rapid.SampledFrom([]string{"S1", "S2", "S3"}).Draw(t, "schedule")}
			if rapid.IntRange(0, 3).Draw(t, "kind") == 0 {
				r.kind, r.id = "user", rapid.SampledFrom(someUsers).Draw(t, "user")
			}
			return r
		}), 1, 7).Draw(t, "rungs")
		l.shifts = stitch(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) piece {
			from := 15 * rapid.IntRange(-2, 6).Draw(t, "from")
			return piece{rapid.SampledFrom([]string{"S1", "S2", "S3"}).Draw(t, "schedule"), rapid.SampledFrom(someUsers).Draw(t, "user"), from, from + 15*rapid.IntRange(1, 4).Draw(t, "length")}
		}), 0, 10).Draw(t, "shifts"))
		climbers := rapid.SliceOfN(climberGenerator, 1, 12).Draw(t, "incidents")
		l.store(t, db, climbers)
		var want []string
		for i, c := range climbers {
			for _, user := range someUsers {
				found := l.whose(c, user)
				seen[strings.Fields(found + " ")[0]] = true
				want = append(want, fmt.Sprintf("P%02d %s %s", i, user, found))
			}
		}
		if diff := cmp.Diff(want, attributed(t, db)); diff != "" {
			t.Fatal(diff)
		}
	})
	for _, what := range []string{"S1", "S2", "S3", "direct_assignment", "responder_request", "direct_target", "unknown_policy", "off_shift"} {
		if !seen[what] {
			t.Errorf("no page was of %s: the test looks at less than it says", what)
		}
	}
}

// store writes everything as facts, and derives.
func (l ladder) store(t *rapid.T, db *sql.DB, climbers []climber) {
	t.Helper()
	at := func(minute int) string { return literal(day(2).Add(time.Duration(minute) * time.Minute)) }
	list := func(users []string) string {
		return "string_split(nullif('" + strings.Join(users, " ") + "', ''), ' ')"
	}
	lines := []string{"DELETE FROM incidents", "DELETE FROM log_entries", "DELETE FROM escalation_targets", "DELETE FROM escalation_policies", "DELETE FROM services",
		"DELETE FROM schedules", "DELETE FROM schedule_entries", "DROP TABLE IF EXISTS derived_state",
		"INSERT INTO escalation_policies (id) VALUES ('E1'), ('E2')", "INSERT INTO schedules (id, is_readable) VALUES ('S1', true), ('S2', true), ('S3', true)"}
	for service, policy := range l.policies {
		lines = append(lines, fmt.Sprintf("INSERT INTO services (id, escalation_policy_id) VALUES ('%s', '%s')", service, policy))
	}
	for _, r := range l.rungs {
		lines = append(lines, fmt.Sprintf("INSERT INTO escalation_targets VALUES ('%s', %d, 0, '%s', '%s')", r.policy, r.level, r.kind, r.id))
	}
	for _, p := range l.shifts {
		lines = append(lines, fmt.Sprintf("INSERT INTO schedule_entries VALUES ('%s', '%s', %s, %s)", p.schedule, p.user, at(p.from), at(p.to)))
	}
	for i, c := range climbers {
		via := "escalation_policy"
		if c.direct {
			via = "direct_assignment"
		}
		lines = append(lines, fmt.Sprintf(`INSERT INTO incidents (id, service_id, escalation_policy_id, created_at, assigned_via, responder_ids)
			VALUES ('P%02d', '%s', '%s', %s, '%s', %s)`, i, c.service, c.policy, at(0), via, list(c.helpers)))
		for j, m := range c.moves {
			lines = append(lines, fmt.Sprintf(`INSERT INTO log_entries (id, incident_id, type, created_at, agent_type, channel_type, assignee_ids)
				VALUES ('L%d-%d', 'P%02d', '%s_log_entry', %s, '%s', '%s', %s)`, i, j, i, m.kind, at(m.minute), m.agent, m.channel, list(m.assignees)))
		}
		for user, minute := range c.notified {
			lines = append(lines, fmt.Sprintf(`INSERT INTO log_entries (id, incident_id, type, created_at, user_id, notification_type)
				VALUES ('N%d-%s', 'P%02d', 'notify_log_entry', %s, '%s', 'push')`, i, user, i, at(minute), user))
		}
	}
	if _, err := db.Exec(strings.Join(lines, ";\n")); err != nil {
		t.Fatal(err)
	}
	if err := Derive(context.Background(), db, DeriveOptions{}); err != nil {
		t.Fatal(err)
	}
}

// attributed gives what the database says of each page.
func attributed(t *rapid.T, db *sql.DB) []string {
	t.Helper()
	rows, err := db.Query(`SELECT incident_id || ' ' || user_id || ' ' || coalesce(rotation_id || ' ambiguous ' || is_ambiguous, reason) FROM notified_pairs ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		out = append(out, line)
	}
	return out
}
