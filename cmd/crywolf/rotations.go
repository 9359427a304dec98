package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"crywolf/reports"
)

// schedule is one rotation that the database knows, in any period.
type schedule struct{ id, name string }

func (r *reader) schedules(ctx context.Context) ([]schedule, error) {
	rows, err := r.store.DB().QueryContext(ctx, `SELECT id, coalesce(name, id) FROM schedules ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("list the rotations: %w", err)
	}
	defer rows.Close()
	var out []schedule
	for rows.Next() {
		var s schedule
		if err := rows.Scan(&s.id, &s.name); err != nil {
			return nil, fmt.Errorf("list the rotations: %w", err)
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

// chooseRotations turns ids and exact names into ids, sorted; none asked for is none returned.
func (a *app) chooseRotations(ctx context.Context, r *reader, asked []string) ([]string, error) {
	if len(asked) == 0 {
		return nil, nil
	}
	all, err := r.schedules(ctx)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, word := range asked {
		id, err := a.chooseRotation(all, word)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids, nil
}

func (a *app) chooseRotation(all []schedule, word string) (string, error) {
	var named, names []string
	for _, s := range all {
		if s.id == word {
			return s.id, nil
		}
		if s.name == word {
			named = append(named, s.id)
		}
		names = append(names, s.name)
	}
	switch {
	case len(named) == 1:
		return named[0], nil
	case len(named) > 1:
		return "", misuse(fmt.Sprintf("%d rotations are called %q", len(named), word), "crywolf report "+named[0],
			"Their ids: "+strings.Join(named, ", "))
	}
	slices.Sort(names)
	var why []string
	if near := nearest(word, slices.Compact(names)); len(near) > 0 {
		for i := range near {
			near[i] = quoted(reports.Clean(near[i]))
		}
		why = []string{"Did you mean " + strings.Join(near, ", or ") + "?"}
	}
	return "", misuse(fmt.Sprintf("no rotation is called %q", word), "crywolf query rotations"+a.dbFlag()+"   (lists all)", why...)
}

// completeRotations offers the names in the local database to the shell. Without one it offers nothing. A name that a
// terminal would obey, or that has more than a line, is offered by its id: no shell could type it.
func (a *app) completeRotations(ctx context.Context, prefix string) []string {
	r, err := a.openReader(ctx)
	if err != nil {
		return nil
	}
	defer r.close()
	all, err := r.schedules(ctx)
	if err != nil {
		return nil
	}
	var out []string
	for _, s := range all {
		word := s.name
		if reports.Clean(word) != word {
			word = reports.Clean(s.id)
		}
		if strings.HasPrefix(word, prefix) {
			out = append(out, word)
		}
	}
	return out
}
