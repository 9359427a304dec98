package main

import (
	"errors"
	"fmt"
	"strings"

	"crywolf/ingest"
)

// databaseConfig is where the database is and what DuckDB is told before it opens it.
type databaseConfig struct {
	dsn  string // "": --db, or the default file
	boot []string
	at   []string // where each of boot stands, for errors; never what it says
}

// database carries the settings of the database over. Boot SQL may hold secrets: no complaint repeats it.
func (c *configCheck) database(text []byte) {
	c.config.database = databaseConfig{dsn: c.file.Database.DSN, boot: c.file.Database.BootSQL}
	for i, q := range c.file.Database.BootSQL {
		key := fmt.Sprintf("database.boot_sql[%d]", i)
		switch {
		case strings.TrimSpace(q) == "":
			c.bad(key, "is empty")
		case strings.ContainsRune(q, 0):
			c.bad(key, "has a character of no text in it")
		}
		c.config.database.at = append(c.config.database.at, fmt.Sprintf("line %d", lineOf(text, "$."+key)))
	}
}

// bootFailure tells which statement of the configuration DuckDB refused.
func (a *app) bootFailure(boot *ingest.BootError) *failure {
	at := fmt.Sprintf("statement %d", boot.Number)
	if boot.Number <= len(a.database.at) {
		at = a.database.at[boot.Number-1]
	}
	return &failure{code: exitFailed, what: "DuckDB refuses database.boot_sql of the configuration, " + at, why: []string{firstLine(boot.Err.Error())},
		try: "correct it there; extensions are loaded from files:  LOAD '/a/file.duckdb_extension'"}
}

// serverFailure tells why a database that is no file can't be opened.
func (a *app) serverFailure(f *failure, shown string) *failure {
	switch {
	case errors.Is(f.cause, ingest.ErrExtension):
		f.what = "DuckDB lacks an extension for " + shown
		f.why = []string{"crywolf fetches none: database.boot_sql in crywolf.yaml loads them, a statement each."}
		f.try = "LOAD '/a/ducklake.duckdb_extension' in database.boot_sql, of DuckDB's own version"
	case errors.Is(f.cause, ingest.ErrRefused):
		f.what = "the server of " + shown + " refuses the user"
		f.try = "the right user and password or key, in database.dsn or database.boot_sql of crywolf.yaml"
	default:
		f.what = "the server of " + shown + " can't be reached"
		f.why = []string{"What was stored before is kept; a sync goes on from there."}
		f.try = "the same command, once host, port and network are right"
	}
	return f
}
