package ingest

import (
	"errors"
	"fmt"
	"strings"
)

// Errors of attaching a catalog.
var (
	ErrExtension   = errors.New("DuckDB lacks an extension")                   // of a scheme, which the boot SQL has to load
	ErrUnreachable = errors.New("the database's server can't be reached")      // PostgreSQL's, or that of the storage
	ErrRefused     = errors.New("the database's server refuses the user name") // or the password, or the key of the storage
)

// classifyLake turns the texts of DuckLake, of its catalog and of its storage into this package's errors. These are the
// texts of DuckDB 1.5 and DuckLake 1.0.
func classifyLake(err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	has := func(parts ...string) bool {
		for _, p := range parts {
			if strings.Contains(text, p) {
				return true
			}
		}
		return false
	}
	switch {
	case has("creating a new DuckLake is explicitly disabled"), has("database \"") && has("does not exist"):
		return fmt.Errorf("%w: %w", ErrNoDatabase, err)
	case has("Extension \"") && has("\" not found"), has("requires the extension"), has("Missing Extension"):
		return fmt.Errorf("%w: %w", ErrExtension, err)
	case has("authentication failed", "no password supplied", "role \"", "HTTP 403", "HTTP 401", "Forbidden", "AccessDenied"):
		return fmt.Errorf("%w: %w", ErrRefused, err)
	case has("Unable to connect to Postgres", "connection to server", "Could not establish connection", "Could not connect", "Connection refused", "HTTP GET error", "HTTP HEAD error"):
		return fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	return err
}
