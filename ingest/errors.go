package ingest

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Errors of opening and writing a database.
var (
	ErrNoDatabase = errors.New("there is no database")
	ErrCorrupt    = errors.New("the database file is damaged or is no DuckDB file")
	ErrNotOurs    = errors.New("the database was not made by crywolf")
	ErrDiskFull   = errors.New("the disk is full")
	ErrReadOnly   = errors.New("the place of the database cannot be written to")
)

// ErrAddress says that the API's address is none. The address itself stays out of it: a user may have put a secret there.
var ErrAddress = errors.New("the API's address must be http:// or https:// and a host")

// ErrNewer says that a later version of crywolf, or of DuckDB, wrote the database. It is returned as a value.
type ErrNewer struct {
	Found, Known int // versions of the schema, or of DuckDB's storage
}

func (e ErrNewer) Error() string {
	return fmt.Sprintf("the database has version %d, and this crywolf knows up to %d", e.Found, e.Known)
}

// LockedError says that another process has the database open; in a lake, where others may read, that it writes.
type LockedError struct {
	PID    int       // of a process on this machine; 0: unknown
	Writer bool      // only writing is locked
	Host   string    // from which it writes, by its address; "": unknown, or this machine
	Since  time.Time // since when it has been writing; zero: unknown
}

func (e *LockedError) Error() string {
	if e.Writer {
		return "another process is writing into the database"
	}
	if e.PID == 0 {
		return "another process has the database open"
	}
	return fmt.Sprintf("process %d has the database open", e.PID)
}

// AccountMismatchError says that the token belongs to another account than the database.
type AccountMismatchError struct {
	Have, Want Account // Have: the token's account; Want: the database's
}

func (e *AccountMismatchError) Error() string {
	return fmt.Sprintf("the token belongs to account %s, the database to account %s", e.Have, e.Want)
}

// MadeByError says that a demo was to be written into a sync's database, or the reverse.
type MadeByError struct {
	Have, Want string // Have: what made the database; Want: what wants to write
}

func (e *MadeByError) Error() string {
	return fmt.Sprintf("the database was made by %s, so %s must not write it", e.Have, e.Want)
}

// AuthError says that PagerDuty refused the token, or refused it something that no report can do without.
type AuthError struct {
	Status int    // 401 or 403; 0: there is no token
	What   string // what could not be read: "incidents"; empty where the token itself is refused
	Err    error  // PagerDuty's answer, may be nil
}

func (e *AuthError) Error() string {
	switch {
	case e.Status == 0:
		return "there is no PagerDuty token"
	case e.What == "":
		return "PagerDuty refused the token"
	}
	return fmt.Sprintf("the token may not read %s", e.What)
}

func (e *AuthError) Unwrap() error { return e.Err }

// TransportError says that no answer came, or none of PagerDuty's.
type TransportError struct {
	Foreign bool // an answer came, and was something else's: a proxy's page, say
	Err     error
}

func (e *TransportError) Error() string { return e.Err.Error() }
func (e *TransportError) Unwrap() error { return e.Err }

// hidden is an error whose text had the token in it.
type hidden struct {
	error
	text string
}

func (e hidden) Error() string { return e.text }
func (e hidden) Unwrap() error { return e.error }

// hideToken makes sure that err does not show the token: a server or proxy may echo what it was sent.
func hideToken(err error, token string) error {
	if err == nil || token == "" || !strings.Contains(err.Error(), token) {
		return err
	}
	return hidden{error: err, text: strings.ReplaceAll(err.Error(), token, "[token]")}
}
