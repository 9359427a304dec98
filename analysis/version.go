package analysis

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
)

// derivedVersion names the shape and the rules of the derived tables by their own text: another one in the database
// means that all of them are made again.
var derivedVersion = versionOf(deriveFiles, sourceToolsText, railsZonesText)

func versionOf(files embed.FS, texts ...string) string {
	sum := sha256.New()
	entries, err := files.ReadDir("derive")
	if err != nil {
		panic(err) // an embedded folder is there or the program does not build
	}
	for _, e := range entries {
		text, err := files.ReadFile("derive/" + e.Name())
		if err != nil {
			panic(err)
		}
		sum.Write(text)
	}
	for _, text := range texts {
		sum.Write([]byte(text))
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// IsDerived tells whether the derived tables hold all facts: false after a sync that was cut off before its end.
func IsDerived(ctx context.Context, db *sql.DB) (bool, error) {
	version, err := derivedWith(ctx, db)
	if err != nil || version != derivedVersion {
		return false, err
	}
	var derived bool
	err = db.QueryRowContext(ctx, `SELECT NOT EXISTS (SELECT 1 FROM touched_incidents)`).Scan(&derived)
	if err != nil || !derived {
		return false, err
	}
	return countsStand(ctx, db)
}

// querier is what a database and a connection to it have in common.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

type rowsQuerier interface {
	querier
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// derivedWith gives the version that made the derived tables; "" where there are none, or not all of them.
func derivedWith(ctx context.Context, db querier) (string, error) {
	tables, err := derivedTableNames()
	if err != nil {
		return "", err
	}
	var made int
	err = db.QueryRowContext(ctx, `SELECT count(*) FROM information_schema.tables WHERE table_catalog = current_database()
		AND list_contains(string_split(?, ' '), table_name)`, strings.Join(tables, " ")).Scan(&made)
	if err != nil || made < len(tables) {
		return "", err
	}
	var version string
	err = db.QueryRowContext(ctx, `SELECT coalesce(max(value), 'none') FROM derived_state WHERE key = 'version'`).Scan(&version)
	return version, err
}

var createdTable = regexp.MustCompile(`(?m)^CREATE TABLE IF NOT EXISTS (\w+)`)

// dropOutdated drops the derived tables of another version: their shape may be another too.
func (d *deriver) dropOutdated(ctx context.Context) error {
	known, err := derivedWith(ctx, d.conn)
	if err != nil || known == derivedVersion {
		return err
	}
	tables, err := derivedTableNames()
	if err != nil {
		return err
	}
	for _, table := range tables {
		if _, err := d.conn.ExecContext(ctx, `DROP TABLE IF EXISTS `+table); err != nil {
			return fmt.Errorf("drop the outdated %s: %w", table, err)
		}
	}
	return nil
}

// derivedTableNames are all tables of derive/tables.sql.
func derivedTableNames() ([]string, error) {
	text, err := deriveFiles.ReadFile("derive/tables.sql")
	if err != nil {
		return nil, err
	}
	var names []string
	for _, table := range createdTable.FindAllStringSubmatch(string(text), -1) {
		names = append(names, table[1])
	}
	return names, nil
}
