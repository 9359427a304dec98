package analysis

import (
	"context"
	"database/sql"
	"time"
)

// Rule is what is known of one alert rule beside its row of the metric noisy.
type Rule struct {
	ID, Name, Title, ServiceName, Source string
	IncidentCount                        int64 // in all stored history
	FirstSeenAt, LastSeenAt              time.Time
	PagesByHourClass, PagesByVerdict     map[string]int64
	EpisodeCount                         int64 // that began in the period
	FlappingRunCount                     int64 // flap runs those episodes are part of
	FlappingEpisodeCount                 int64
	AlertKeyCount                        int64
	People                               []PagedPerson
	Examples                             []ExampleIncident
	Label                                *Label // the last one of the rule itself; its author is left out
}

// PagedPerson is one person whom a rule paged in one rotation.
type PagedPerson struct {
	RotationID, RotationName string // "" where unattributed
	RotationPersonCount      int64  // people on call there in the period
	UserID                   string
	PageCount                int64
	NightPageCount           int64
}

// ExampleIncident is one incident of a rule that paged in the period.
type ExampleIncident struct {
	ID       string
	Number   *int64
	PagedAt  time.Time
	IsWorked bool
	Verdict  string
}

// ExplainRule tells all of one alert rule over a period.
func (s *Session) ExplainRule(ctx context.Context, id string, p Period) (Rule, error) {
	r := Rule{ID: id, PagesByHourClass: map[string]int64{}, PagesByVerdict: map[string]int64{}}
	of := subject{"rule": id}.over(p)
	for _, part := range []struct {
		name string
		scan func(*sql.Rows) error
	}{
		{"rule", r.scan}, {"rule_mix", r.scanMix}, {"rule_episodes", r.scanEpisodes}, {"rule_people", r.scanPerson},
		{"rule_examples", r.scanExample}, {"rule_label", r.scanLabel},
	} {
		if err := s.told(ctx, part.name, of, part.scan); err != nil {
			return r, err
		}
	}
	return r, nil
}

func (r *Rule) scan(rows *sql.Rows) error {
	var service sql.NullString // the id; its name is shown
	t := make(texts, 4)
	err := rows.Scan(&service, &t[0], &t[1], &t[2], &t[3], &r.IncidentCount, &r.FirstSeenAt, &r.LastSeenAt)
	t.into(&r.ServiceName, &r.Source, &r.Name, &r.Title)
	r.FirstSeenAt, r.LastSeenAt = r.FirstSeenAt.UTC(), r.LastSeenAt.UTC()
	return err
}

func (r *Rule) scanMix(rows *sql.Rows) error {
	var kind, name string
	var count int64
	err := rows.Scan(&kind, &name, &count)
	if kind == "hours" {
		r.PagesByHourClass[name] = count
	} else {
		r.PagesByVerdict[name] = count
	}
	return err
}

func (r *Rule) scanEpisodes(rows *sql.Rows) error {
	return rows.Scan(&r.EpisodeCount, &r.FlappingRunCount, &r.FlappingEpisodeCount, &r.AlertKeyCount)
}

func (r *Rule) scanPerson(rows *sql.Rows) error {
	var p PagedPerson
	t := make(texts, 3)
	err := rows.Scan(&t[0], &t[1], &p.RotationPersonCount, &t[2], &p.PageCount, &p.NightPageCount)
	t.into(&p.RotationID, &p.RotationName, &p.UserID)
	r.People = append(r.People, p)
	return err
}

func (r *Rule) scanExample(rows *sql.Rows) error {
	var e ExampleIncident
	var number sql.NullInt64
	err := rows.Scan(&e.ID, &number, &e.PagedAt, &e.IsWorked, &e.Verdict)
	e.Number, e.PagedAt = whole(number), e.PagedAt.UTC()
	r.Examples = append(r.Examples, e)
	return err
}

func (r *Rule) scanLabel(rows *sql.Rows) error {
	l := Label{RuleID: r.ID}
	var at, until sql.NullTime
	t := make(texts, 3)
	err := rows.Scan(&t[0], &t[1], &at, &t[2], &until)
	t.into(&l.Label, &l.Cause, &l.Reason)
	if at.Valid {
		l.At = at.Time.UTC()
	}
	if until.Valid {
		l.Until = until.Time.UTC()
	}
	r.Label = &l
	return err
}
