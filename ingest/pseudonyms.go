package ingest

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"sort"
)

// userKey is what the database keeps of the link between a number and a person. Who has the key can number a
// known user again; nobody can go back from it to a user.
func userKey(key []byte, userID string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(userID))
	return hex.EncodeToString(mac.Sum(nil))
}

// Pseudonyms gives the number of each user: R<n> in reports. Users that no sync has numbered yet, since it was
// interrupted, come after the others in the order in which the next sync will number them.
func (s *Store) Pseudonyms(ctx context.Context, key []byte) (map[string]int, error) {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the pseudonyms: %w", classify(err))
	}
	defer conn.Close()
	numbers, _, err := numberUsers(ctx, conn, key)
	if err != nil {
		return nil, fmt.Errorf("read the pseudonyms: %w", classify(err))
	}
	return numbers, nil
}

// numbering is a number given to the holder of a key.
type numbering struct {
	key    string
	number int
}

// numberUsers gives every user's number, and those numbers that are not stored yet.
func numberUsers(ctx context.Context, conn *sql.Conn, key []byte) (map[string]int, []numbering, error) {
	stored := map[string]int{}
	most := 0
	rows, err := conn.QueryContext(ctx, `SELECT user_key, number FROM pseudonyms`)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var n numbering
		if err := rows.Scan(&n.key, &n.number); err != nil {
			return nil, nil, err
		}
		stored[n.key], most = n.number, max(most, n.number)
	}
	if err := rows.Err(); err != nil {
		return nil, nil, err
	}
	ids, err := (&writer{conn: conn}).strings(ctx, `SELECT DISTINCT id FROM users`)
	if err != nil {
		return nil, nil, err
	}
	sort.Slice(ids, func(i, j int) bool { return userKey(key, ids[i]) < userKey(key, ids[j]) })
	numbers, fresh := map[string]int{}, []numbering{}
	for _, id := range ids {
		k := userKey(key, id)
		n, known := stored[k]
		if !known {
			most++
			n = most
			fresh = append(fresh, numbering{k, n})
		}
		numbers[id] = n
	}
	return numbers, fresh, nil
}

// numberPeople gives numbers to people first seen in this sync, in the order of their keys: an order that says
// nothing about them. A number is never given twice.
func (s *syncer) numberPeople(ctx context.Context) error {
	if len(s.opts.PseudonymKey) == 0 {
		return nil
	}
	_, fresh, err := numberUsers(ctx, s.w.conn, s.opts.PseudonymKey)
	if err != nil || len(fresh) == 0 {
		return err
	}
	var rows []row
	for _, n := range fresh {
		rows = append(rows, row{n.key, int32(n.number)})
	}
	return s.w.tx(ctx, func(context.Context) error { return s.w.appendRows("", "pseudonyms", rows) })
}
