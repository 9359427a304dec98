package pagerdutytest

import (
	"slices"
	"time"
)

const subdomain = "tidewater"

// world is an account while it is made: the same things as in the Account, in
// the form in which incidents are played.
type world struct {
	a        *Account
	seed     uint64
	ids      *ids
	people   []*person
	byID     map[string]*person
	teams    []*team
	rotas    []*rota
	policies []*policy
	services []*service
	vendors  map[string]*Reference // by tool name

	integrationRefs map[*Integration]*Reference

	occurrences []*occurrence
	habits      habits
	openUntil   map[string]time.Time // by service and alert key
	number      int                  // of the last incident
	buffer      []LogEntry           // of the incident being played
}

type team struct {
	ref     Reference
	members map[string]bool
}

type policy struct {
	ref    Reference
	levels []level
	loops  int
}

// level is one escalation rule.
type level struct {
	delay time.Duration
	rotas []*rota
	users []*person
}

// onCall returns who is paged at the level, nobody twice.
func (l level) onCall(t time.Time) []*person {
	var out []*person
	for _, r := range l.rotas {
		for _, p := range r.onCall(t) {
			if !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	for _, p := range l.users {
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

type service struct {
	name, id     string
	ref          *Reference
	team         *team
	teams        []Reference
	policy       *policy
	ackTimeout   time.Duration
	autoResolve  time.Duration
	integrations map[string]*Integration // by tool name
}

func newWorld(seed uint64, start, end time.Time) *world {
	a := NewAccount(subdomain)
	a.Start, a.End = start, end
	return &world{a: a, seed: seed, ids: newIDs(seed), byID: map[string]*person{}, vendors: map[string]*Reference{},
		integrationRefs: map[*Integration]*Reference{}, openUntil: map[string]time.Time{}, number: 4100, habits: usualHabits}
}

func (w *world) addVendors() {
	for _, name := range []string{"prometheus", "datadog", "cloudwatch", "grafana", "newrelic", "nagios", "sentry"} {
		t := tools[name]
		v := Vendor{ID: w.ids.short(), Type: "vendor", Summary: t.vendor, Name: t.vendor, WebsiteURL: t.website}
		w.a.Vendors = append(w.a.Vendors, v)
		ref := Ref("vendor", v.ID, v.Name)
		w.vendors[name] = &ref
	}
}

func (w *world) addPriorities() {
	for i, about := range []string{
		"Critical issue that warrants public notification", "Critical system issue that many customers feel",
		"Issue that needs the service's owners soon", "Minor issue that needs action", "Cosmetic issue",
	} {
		name := "P" + itoa(i+1)
		w.a.Priorities = append(w.a.Priorities, Priority{ID: w.ids.short(), Type: "priority", Summary: name, Name: name,
			Description: about, Order: 500_000_000 >> i, Color: []string{"a8171c", "eb6016", "f9b406", "555555", "dddddd"}[i]})
	}
}

func (w *world) addTeam(name string, members ...*person) *team {
	t := &team{Ref("team", w.ids.short(), name), map[string]bool{}}
	for _, p := range members {
		t.members[p.id] = true
	}
	w.teams = append(w.teams, t)
	w.a.Teams = append(w.a.Teams, Team{ID: t.ref.ID, Type: "team", Summary: name, Name: name, DefaultRole: "manager"})
	return t
}

func (w *world) newPolicy(name string, loops int, levels ...level) *policy {
	p := &policy{Ref("escalation_policy", w.ids.short(), name), levels, loops}
	w.policies = append(w.policies, p)
	return p
}

// addPolicy puts a policy into the account, with the services that use it.
func (w *world) addPolicy(p *policy, teams []Reference) {
	x := EscalationPolicy{ID: p.ref.ID, Type: "escalation_policy", Summary: string(p.ref.Summary), Name: string(p.ref.Summary),
		NumLoops: p.loops, OnCallHandoffNotifications: "if_has_services", Teams: teams}
	for _, l := range p.levels {
		rule := EscalationRule{ID: w.ids.short(), EscalationDelayInMinutes: int(l.delay / time.Minute), AssignmentStrategy: "assign_to_everyone"}
		for _, r := range l.rotas {
			rule.Targets = append(rule.Targets, r.ref())
		}
		for _, u := range l.users {
			rule.Targets = append(rule.Targets, *u.ref)
		}
		x.EscalationRules = append(x.EscalationRules, rule)
	}
	for _, s := range w.services {
		if s.policy == p {
			x.Services = append(x.Services, *s.ref)
		}
	}
	w.a.EscalationPolicies = append(w.a.EscalationPolicies, x)
}

// policyRefs are the policies that target the rota.
func (w *world) policyRefs(r *rota) []Reference {
	var out []Reference
	for _, p := range w.policies {
		for _, l := range p.levels {
			if slices.Contains(l.rotas, r) && !slices.Contains(out, p.ref) {
				out = append(out, p.ref)
			}
		}
	}
	return out
}

// newService makes a service and one integration for each tool in its rules,
// which are tied to it.
func (w *world) newService(name, about string, p *policy, t *team, rules []rule) *service {
	s := &service{name: name, id: w.ids.short(), team: t, policy: p, teams: []Reference{t.ref}, integrations: map[string]*Integration{}}
	s.ref = &Reference{ID: s.id, Type: "service_reference", Summary: NullString(name)}
	x := Service{ID: s.id, Type: "service", Summary: name, Name: name, Description: NullString(about), CreatedAt: w.a.Start.AddDate(-1, 0, 0),
		UpdatedAt: w.a.Start.AddDate(0, -1, 0), Status: "active", Teams: s.teams, AlertCreation: "create_alerts_and_incidents",
		IncidentUrgencyRule: IncidentUrgencyRule{Type: "constant", Urgency: "severity_based"}, EscalationPolicy: p.ref}
	for i := range rules {
		r := &rules[i]
		r.tool, r.service = tools[r.toolName], s
		if s.integrations[r.toolName] == nil {
			s.integrations[r.toolName] = w.newIntegration(r.toolName, x.CreatedAt)
			x.Integrations = append(x.Integrations, *s.integrations[r.toolName])
		}
		r.integration = s.integrations[r.toolName]
	}
	w.services = append(w.services, s)
	w.a.Services = append(w.a.Services, x)
	return s
}

func (w *world) newIntegration(toolName string, at time.Time) *Integration {
	t := tools[toolName]
	name := t.vendor
	if name == "" {
		name = "Email"
	}
	in := &Integration{ID: w.ids.short(), Type: t.integration, Summary: name, Name: name, CreatedAt: at, Vendor: w.vendors[toolName]}
	if t.integration == emailIn {
		in.IntegrationEmail = "alerts-" + itoa(len(w.services)) + "@" + subdomain + ".pagerduty.example"
		w.a.secrets.Emails = append(w.a.secrets.Emails, in.IntegrationEmail)
	} else {
		in.IntegrationKey = sha(in.ID, 32)
		w.a.secrets.Keys = append(w.a.secrets.Keys, in.IntegrationKey)
	}
	w.integrationRefs[in] = &Reference{ID: in.ID, Type: in.Type + "_reference", Summary: NullString(name)}
	return in
}

// setTimeouts sets the service's timeouts in both forms.
func (w *world) setTimeouts(s *service, ack, resolve time.Duration) {
	s.ackTimeout, s.autoResolve = ack, resolve
	for i := range w.a.Services {
		if w.a.Services[i].ID == s.id {
			w.a.Services[i].AcknowledgementTimeout = seconds(ack)
			w.a.Services[i].AutoResolveTimeout = seconds(resolve)
		}
	}
}

func seconds(d time.Duration) *int {
	if d == 0 {
		return nil
	}
	n := int(d / time.Second)
	return &n
}
