package analysis

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"
)

// Run answers a metric over a period, for the whole account.
func (s *Session) Run(ctx context.Context, name string, p Period) (Result, error) {
	return s.RunFor(ctx, name, p, nil)
}

// RunFor answers a metric over a period for the rotations with these ids, where the metric looks at $rotations; nil is
// the whole account.
func (s *Session) RunFor(ctx context.Context, name string, p Period, rotations []string) (Result, error) {
	m, err := s.metric(name)
	if err != nil {
		return Result{}, err
	}
	about := scope{Period: p}
	if s.kept != nil {
		about.rotations = s.kept.rotations
	}
	r, err := s.ask(ctx, m.SQL, about, rotations)
	if err != nil {
		return Result{}, fmt.Errorf("ask %s: %w", name, err)
	}
	r.Metric = m
	return r, nil
}

// RunSQL answers one SELECT over a period; it may use the parameters $since and $until, the facts, the derived tables
// and the views. Errors: ErrNotSelect, *ForbiddenError, or what is wrong with the query in DuckDB's words.
func (s *Session) RunSQL(ctx context.Context, query string, p Period) (Result, error) {
	parameters, err := parametersOf(ctx, s.conn, query)
	if err != nil {
		return Result{}, err
	}
	if err := s.makeViews(ctx, query, true); err != nil {
		return Result{}, err
	}
	if err := s.readNothingKept(ctx); err != nil {
		return Result{}, err
	}
	return s.runBound(ctx, query, parameters, p, nil)
}

// Ask answers a SELECT of the program's own about the whole account in a period, whatever rotations a document is about; it
// asks the views for that period alone. For what a person wrote there is RunSQL. Errors: as of RunSQL.
func (s *Session) Ask(ctx context.Context, query string, p Period) (Result, error) {
	return s.ask(ctx, query, scope{Period: p}, nil)
}

// ask runs a query of ours, which asks the kept views for the scope alone.
func (s *Session) ask(ctx context.Context, query string, about scope, rotations []string) (Result, error) {
	if err := s.makeViews(ctx, query, false); err != nil {
		return Result{}, err
	}
	if err := s.prepareKept(ctx, query, about); err != nil {
		return Result{}, err
	}
	parameters, err := parametersOfOwn(ctx, s.conn, query)
	if err != nil {
		return Result{}, err
	}
	timeless := slices.DeleteFunc(slices.Clone(parameters), func(name string) bool { return name == "since" || name == "until" })
	return s.runBound(ctx, withTimes(query, about.Period), timeless, about.Period, rotations)
}

var timeParameter = regexp.MustCompile(`\$(since|until)\b`)

// withTimes puts a period's times into a query of ours. DuckDB plans a statement before it knows its parameters, and would
// read all of history where these times let it pass over most of it.
func withTimes(query string, p Period) string {
	times := map[string]string{"$since": timestampLiteral(p.Since), "$until": timestampLiteral(p.Until)}
	return timeParameter.ReplaceAllStringFunc(query, func(name string) string { return times[name] })
}

// timestampLiteral is a moment as SQL, to the microsecond, in UTC as all times of the database are.
func timestampLiteral(at time.Time) string {
	return "TIMESTAMP '" + at.UTC().Format(time.DateOnly+" 15:04:05.999999") + "'"
}

// rotationSeparator stands between the ids of $rotations; an id has no space.
const rotationSeparator = " "

// runBound binds the parameters that a query names. $rotations is a list of ids in one text, since the driver binds no
// lists; NULL is the whole account.
func (s *Session) runBound(ctx context.Context, query string, parameters []string, p Period, rotations []string) (Result, error) {
	args, err := bind(parameters, map[string]any{
		"since": p.Since.UTC(), "until": p.Until.UTC(),
		"rotations": sql.NullString{String: strings.Join(rotations, rotationSeparator), Valid: rotations != nil},
	})
	if err != nil {
		return Result{}, err
	}
	rows, err := s.conn.QueryContext(ctx, query, args...)
	if err != nil {
		return Result{}, err
	}
	defer rows.Close()
	return collect(rows)
}

func collect(rows *sql.Rows) (Result, error) {
	names, err := rows.Columns()
	if err != nil {
		return Result{}, err
	}
	types, err := rows.ColumnTypes()
	if err != nil {
		return Result{}, err
	}
	r := Result{Rows: [][]any{}}
	for _, name := range names {
		r.Columns = append(r.Columns, Column{Name: name, Unit: UnitOf(name)})
	}
	for rows.Next() {
		values := make([]any, len(names))
		into := make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return Result{}, err
		}
		for i := range values {
			if id, ok := values[i].([]byte); ok && types[i].DatabaseTypeName() == "UUID" {
				values[i] = (*duckdb.UUID)(id).String()
			}
			values[i] = plain(values[i])
		}
		r.Rows = append(r.Rows, values)
	}
	return r, rows.Err()
}

// bind gives the arguments for the parameters of a query. The driver would bind a misspelt name to whatever argument stands
// at its position, without a word, so every name is looked up here first.
func bind(parameters []string, values map[string]any) ([]any, error) {
	args := make([]any, 0, len(parameters))
	for _, name := range parameters {
		value, ok := values[name]
		if !ok {
			return nil, fmt.Errorf("unknown parameter $%s: a query may use $since, $until and $rotations", name)
		}
		args = append(args, sql.Named(name, value))
	}
	return args, nil
}
