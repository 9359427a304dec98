package analysis

import (
	"context"
	"database/sql"
	"fmt"
)

// Unmatched are the parts of the settings that say something about nothing that is stored: written for another account,
// misspelt, or about what is gone.
type Unmatched struct {
	Exclusions    []Exclusion
	Labels        []Label
	TitlePatterns []TitlePattern
}

// Unmatched looks for them in all history.
func (s *Session) Unmatched(ctx context.Context, patterns []TitlePattern) (Unmatched, error) {
	var u Unmatched
	has := func(query string, args ...any) (found bool, err error) {
		if err = s.conn.QueryRowContext(ctx, `SELECT EXISTS (`+query+`)`, args...).Scan(&found); err != nil {
			err = fmt.Errorf("look for what settings match: %w", err)
		}
		return found, err
	}
	for _, x := range s.settings.Exclusions {
		found, err := has(`SELECT 1 FROM exclusion_matches WHERE kind = $kind AND pattern = $pattern`, sql.Named("kind", x.Kind), sql.Named("pattern", x.Pattern))
		if err != nil {
			return u, err
		}
		if !found {
			u.Exclusions = append(u.Exclusions, x)
		}
	}
	for _, l := range s.settings.Labels {
		query, id := `SELECT 1 FROM incidents WHERE id = $1`, l.IncidentID
		if l.RuleID != "" {
			query, id = `SELECT 1 FROM incident_facts WHERE rule_id = $1`, l.RuleID
		}
		found, err := has(query, id)
		if err != nil {
			return u, err
		}
		if !found {
			u.Labels = append(u.Labels, l)
		}
	}
	for _, p := range patterns {
		found, err := has(`SELECT 1 FROM incidents WHERE regexp_matches(lower(title), $1)`, p.Pattern)
		if err != nil {
			return u, err
		}
		if !found {
			u.TitlePatterns = append(u.TitlePatterns, p)
		}
	}
	return u, nil
}

// Derivation is what became of the derived tables.
type Derivation string

// The states of the derived tables.
const (
	DerivedNot      Derivation = "none"     // there are none: nothing was derived yet
	DerivedOutdated Derivation = "outdated" // another version of crywolf made them, by other rules
	DerivedBehind   Derivation = "behind"   // facts were stored since
	DerivedCurrent  Derivation = "current"
)

// DerivationOf tells what became of a database's derived tables.
func DerivationOf(ctx context.Context, db *sql.DB) (Derivation, error) {
	version, err := derivedWith(ctx, db)
	if err != nil {
		return "", err
	}
	switch version {
	case "", "none":
		return DerivedNot, nil
	case derivedVersion:
	default:
		return DerivedOutdated, nil
	}
	current, err := IsDerived(ctx, db)
	if current || err != nil {
		return DerivedCurrent, err
	}
	return DerivedBehind, nil
}
