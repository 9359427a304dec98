package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// labelThing is an incident or an alert rule of the database; exactly one of incident and ruleID is set.
type labelThing struct {
	incident                      string
	ruleID, service, source, rule string
	title                         string
}

func (t labelThing) kind() string {
	if t.incident != "" {
		return "incident " + t.incident
	}
	return "rule " + t.ruleID
}

// chooseThing finds an incident by id or number, or a rule by its public id. What is both is the incident.
func (a *app) chooseThing(ctx context.Context, r *reader, word string) (labelThing, error) {
	incident, isIncident, err := r.incidentThing(ctx, word)
	if err != nil {
		return incident, err
	}
	rule, isRule, err := r.ruleThing(ctx, word)
	switch {
	case err != nil:
		return rule, err
	case isIncident && isRule:
		a.warn("%s is an incident and a rule: the incident is meant", word)
		return incident, nil
	case isIncident:
		return incident, nil
	case isRule:
		return rule, nil
	}
	ids, err := r.labelIDs(ctx)
	if err != nil {
		return labelThing{}, err
	}
	why := []string{"Incidents: the id or number in PagerDuty, or  crywolf label --sample 20" + a.dbFlag()}
	if near := nearest(word, ids); len(near) > 0 {
		why = append([]string{"Did you mean " + strings.Join(near, ", or ") + "?"}, why...)
	}
	return labelThing{}, misuse(fmt.Sprintf("no incident and no alert rule is %q", word), "crywolf query alerts"+a.dbFlag()+"   (lists the rules)", why...)
}

func (r *reader) incidentThing(ctx context.Context, word string) (t labelThing, found bool, err error) {
	t.incident, _, found, err = r.session.FindIncident(ctx, word)
	if !found || err != nil {
		return labelThing{}, false, err
	}
	err = r.store.DB().QueryRowContext(ctx, `SELECT coalesce(title, '') FROM incident_facts WHERE incident_id = $1`, t.incident).Scan(&t.title)
	return t, err == nil, notFound(err)
}

func (r *reader) ruleThing(ctx context.Context, word string) (t labelThing, found bool, err error) {
	err = r.store.DB().QueryRowContext(ctx, `
		SELECT rule_id, coalesce(service_id, ''), source, rule_name, coalesce(arg_max(title, (created_at, incident_id)), '')
		FROM incident_facts
		WHERE rule_id = $1
		GROUP BY ALL ORDER BY ALL LIMIT 1`, strings.ToLower(word)).Scan(&t.ruleID, &t.service, &t.source, &t.rule, &t.title)
	return t, err == nil, notFound(err)
}

// notFound takes away the error of a query that had no row.
func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look up what is labelled: %w", err)
	}
	return nil
}

// labelIDs are all ids that a label can name: of incidents and of rules.
func (r *reader) labelIDs(ctx context.Context) ([]string, error) {
	rows, err := r.store.DB().QueryContext(ctx, `
		SELECT incident_id FROM incident_facts UNION SELECT rule_id FROM incident_facts WHERE rule_id IS NOT NULL ORDER BY 1`)
	if err != nil {
		return nil, fmt.Errorf("list what can be labelled: %w", err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("list what can be labelled: %w", err)
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

// tellUnknown says how many labels are of nothing that the database knows. They are kept all the same: it may be another
// account's turn, or a sync's.
func (a *app) tellUnknown(ctx context.Context, rows []labelRow) {
	ids, err := a.knownIDs(ctx)
	if err != nil {
		a.say("the ids were not looked up: %s", a.asFailure(ctx, err).what)
		return
	}
	known := map[string]bool{}
	for _, id := range ids {
		known[id] = true
	}
	unknown := 0
	for _, row := range rows {
		if !known[row.IncidentID] && !known[row.RuleID] {
			unknown++
		}
	}
	if unknown > 0 {
		a.warn("labels of what this database does not know: %d; they are kept, and count once it does", unknown)
	}
}

func (a *app) knownIDs(ctx context.Context) ([]string, error) {
	r, err := a.openReader(ctx)
	if err != nil {
		return nil, err
	}
	defer r.close()
	return r.labelIDs(ctx)
}
