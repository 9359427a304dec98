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
		// Where /users may not be read, or not to its end, nobody is known to have left.
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

// meetListed puts the listed users into the book, and gives those with a name that is new to it.
func (s *syncer) meetListed(users *listing) (newNames []string) {
	if users.skipped != nil {
		return nil
	}
	s.usersListed = users.isWhole()
	for _, u := range users.records {
		if !s.book.knows(u.text("name")) || !s.book.knows(u.text("summary")) {
			newNames = append(newNames, u.text("id"))
		}
		s.book.addListed(u)
	}
	return newNames
}

// addUncheckedLate has the names of newly listed users looked for in what was stored before: somebody may be spoken of
// by name before PagerDuty lists them, and a new name before it is theirs.
func (s *syncer) addUncheckedLate(ctx context.Context, ids []string) error {
	var stored bool
	const q = `SELECT EXISTS (SELECT 1 FROM incidents) OR EXISTS (SELECT 1 FROM log_entries)`
	if err := s.w.conn.QueryRowContext(ctx, q).Scan(&stored); err != nil || !stored {
		return err
	}
	return s.addUnchecked(ctx, ids)
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
