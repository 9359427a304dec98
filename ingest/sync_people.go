package ingest

import (
	"context"
	"encoding/json"
	"fmt"
)

// uncheckedKey names the meta value that lists users whose names were met after some records had been stored
// already: those records may hold the name in a text. See maskLateNames.
const uncheckedKey = "names_to_mask"

// addListed puts a listed user into the book.
func (b *nameBook) addListed(r record) {
	b.add(r.text("name"))
	b.add(r.text("summary"))
	if id, ok := r.id("id").(string); ok {
		b.listed[id] = true
		delete(b.byUser, id)
	}
}

// loadNames puts the people in the database into the book.
func (s *syncer) loadNames(ctx context.Context) error {
	rows, err := s.w.conn.QueryContext(ctx, `SELECT id, coalesce(name, '') FROM users`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, name string
		if err := rows.Scan(&id, &name); err != nil {
			return err
		}
		s.book.add(name)
		if name != "" {
			s.book.listed[id] = true
		}
	}
	return rows.Err()
}

// storeMetPeople stores users who are only referred to: they left, and PagerDuty does not list them any more. Part
// of the transaction of the page in which they were met.
func (s *syncer) storeMetPeople(ctx context.Context) error {
	met := s.book.takeMet()
	if len(met) == 0 {
		return nil
	}
	var rows []row
	var unchecked []string
	for id, name := range met {
		// Where /users may not be read nobody is known to have left.
		rows = append(rows, row{id, textOrNull(name), nil, s.usersListed, encode(map[string]any{"id": id, "type": "user_reference"}), nil})
		if name != "" {
			unchecked = append(unchecked, id)
		}
	}
	if _, err := s.w.upsert(ctx, usersTable, rows, replaceChanged); err != nil {
		return fmt.Errorf("store users met in references: %w", err)
	}
	return s.addUnchecked(ctx, unchecked)
}

func (s *syncer) addUnchecked(ctx context.Context, ids []string) error {
	old, err := s.unchecked(ctx)
	if err != nil || len(ids) == 0 {
		return err
	}
	return s.w.setMeta(ctx, uncheckedKey, encode(append(old, ids...)))
}

func (s *syncer) unchecked(ctx context.Context) ([]string, error) {
	text, err := s.w.getMeta(ctx, uncheckedKey)
	if err != nil || text == "" {
		return nil, err
	}
	var ids []string
	err = json.Unmarshal([]byte(text), &ids)
	return ids, err
}
