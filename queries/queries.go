// Package queries holds the questions crywolf asks of its history: one metric a .sql file, and no code.
// A file's name is the metric's name everywhere; its leading comment is its title and meaning. The package
// knows neither the database nor who asks.
package queries

import "embed"

// Files holds every metric's .sql file.
//
//go:embed *.sql
var Files embed.FS
