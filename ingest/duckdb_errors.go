package ingest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"syscall"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// DuckDB gives text, not codes, for what goes wrong with its file. These are the texts of version 1.5.
var (
	lockPID        = regexp.MustCompile(`\(PID (\d+)\)`)
	storageVersion = regexp.MustCompile(`version number (\d+), but we can only read version(?:s between)? (\d+)(?: and (\d+))?`)

	// "File too large" is the answer of a limit on the size of files (ulimit -f), or of a small file system's own.
	diskFullTexts = []string{"No space left on device", "not enough space", "Disk quota exceeded", "File too large"}
	lockTexts     = []string{"Could not set lock on file", "Conflicting lock is held", "used by another process"}
	corruptTexts  = []string{
		"not a valid DuckDB database file", "Could not read enough bytes", "Corrupt database file",
		"computed checksum", "Failed to load metadata pointer", "Failed to deserialize", "failed to deserialize",
		"Failed to replay WAL", "failure while replaying WAL", "Serialization Error", "Could not read all bytes",
	}
	readOnlyTexts = []string{"Permission denied", "Read-only file system", "Is a directory"}
)

// classify turns the texts of DuckDB and of the file system into this package's errors. The original stays in
// the chain. What it does not know it returns as it is.
func classify(err error) error {
	if err == nil || known(err) {
		return err
	}
	text := err.Error()
	has := func(texts []string) bool {
		for _, t := range texts {
			if strings.Contains(strings.ToLower(text), strings.ToLower(t)) {
				return true
			}
		}
		return false
	}
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EFBIG), has(diskFullTexts):
		return fmt.Errorf("%w: %w", ErrDiskFull, err)
	case has(lockTexts):
		locked := &LockedError{}
		if m := lockPID.FindStringSubmatch(text); m != nil {
			locked.PID, _ = strconv.Atoi(m[1])
		}
		return fmt.Errorf("%w: %w", locked, err)
	case storageVersion.MatchString(text):
		return fmt.Errorf("%w: %w", newerStorage(text), err)
	case has(corruptTexts):
		return fmt.Errorf("%w: %w", ErrCorrupt, err)
	case errors.Is(err, fs.ErrPermission), has(readOnlyTexts):
		return fmt.Errorf("%w: %w", ErrReadOnly, err)
	}
	return err
}

// Classify does so for an error that others met while they read or wrote a store's database. An error that is not DuckDB's
// comes back as it is.
func Classify(err error) error {
	var engine *duckdb.Error
	if !errors.As(err, &engine) {
		return err
	}
	return classify(err)
}

// IsOtherSchema tells that a statement of crywolf's own met tables that are missing or have other columns.
func IsOtherSchema(err error) bool {
	var engine *duckdb.Error
	return errors.As(err, &engine) && (engine.Type == duckdb.ErrorTypeCatalog || engine.Type == duckdb.ErrorTypeBinder)
}

// known tells whether err says already what went wrong in this package's words.
func known(err error) bool {
	for _, e := range []error{ErrNoDatabase, ErrCorrupt, ErrNotOurs, ErrDiskFull, ErrReadOnly,
		ErrNoLake, ErrNotALake, ErrTornLake, ErrLakeReadOnly,
		ErrExtension, ErrUnreachable, ErrRefused, context.Canceled} {
		if errors.Is(err, e) {
			return true
		}
	}
	var newer ErrNewer
	var locked *LockedError
	var api *APIError
	var boot *BootError
	return errors.As(err, &boot) || errors.As(err, &newer) || errors.As(err, &locked) || errors.As(err, &api)
}

func newerStorage(text string) ErrNewer {
	m := storageVersion.FindStringSubmatch(text)
	e := ErrNewer{}
	e.Found, _ = strconv.Atoi(m[1])
	e.Known, _ = strconv.Atoi(m[2])
	if m[3] != "" {
		e.Known, _ = strconv.Atoi(m[3])
	}
	return e
}

// ClassifyFile names what the file system did not do by this package's errors (ErrDiskFull, ErrReadOnly); others it returns
// as they are.
func ClassifyFile(err error) error { return classify(err) }
