package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"crywolf/ingest"
)

// databasePath is --db, or what the configuration says, or the default of the XDG rules: a file's path or another DSN.
func (a *app) databasePath() (string, error) {
	if a.flags.db != "" {
		return a.atHome(a.flags.db), nil
	}
	if a.database.dsn != "" {
		return a.atHome(a.database.dsn), nil
	}
	return a.dataPath("crywolf.duckdb")
}

// atHome replaces the ~ of a lake's directory: behind parquet: a shell leaves it as it is.
func (a *app) atHome(dsn string) string {
	if rest, ok := strings.CutPrefix(dsn, "parquet:~"+string(filepath.Separator)); ok && a.home() != "" {
		return "parquet:" + filepath.Join(a.home(), rest)
	}
	return dsn
}

func (a *app) dataPath(name string) (string, error) {
	return a.xdgPath("XDG_DATA_HOME", filepath.Join(".local", "share"), name)
}

func (a *app) configPath(name string) (string, error) {
	return a.xdgPath("XDG_CONFIG_HOME", ".config", name)
}

func (a *app) xdgPath(variable, underHome, name string) (string, error) {
	base := a.env[variable]
	if !filepath.IsAbs(base) { // the XDG rules: a relative path is invalid and ignored
		home := a.home()
		if home == "" {
			return "", misuse("neither "+variable+" nor HOME says where crywolf's files are", "--db FILE, or set HOME")
		}
		base = filepath.Join(home, underHome)
	}
	return filepath.Join(base, "crywolf", name), nil
}

func (a *app) home() string {
	if home := a.env["HOME"]; home != "" {
		return home
	}
	return a.env["USERPROFILE"] // Windows
}

// shown shortens a path for people: ~ for the home directory, which a shell understands too. A DSN loses its secrets.
func (a *app) shown(path string) string {
	if !ingest.IsFile(path) {
		return ingest.ShownDSN(path)
	}
	if home := a.home(); home != "" {
		if rest, ok := strings.CutPrefix(path, home+string(filepath.Separator)); ok {
			return "~" + string(filepath.Separator) + rest
		}
	}
	return path
}

// pseudonymKeySize is that of HMAC-SHA-256's output.
const pseudonymKeySize = 32

// pseudonymKey reads the key by which people become R1…Rn. It lies outside the database, so that who has the
// database only can't tell whose number is whose from ids. With create, a missing key is made.
func (a *app) pseudonymKey(create bool) ([]byte, error) {
	path, err := a.configPath("pseudonym.key")
	if err != nil {
		return nil, err
	}
	key, err := os.ReadFile(path)
	switch {
	case err == nil && len(key) == pseudonymKeySize:
		return key, nil
	case err == nil:
		return nil, &failure{code: exitFailed, what: "the pseudonym key " + a.shown(path) + " is damaged",
			why: []string{fmt.Sprintf("It has %d bytes instead of %d. Without it people get new numbers.", len(key), pseudonymKeySize)},
			try: "restore it from a backup, or remove it and run crywolf sync"}
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("read the pseudonym key: %w", err)
	case !create:
		return nil, &failure{code: exitFailed, what: "there is no pseudonym key at " + a.shown(path),
			why: []string{"It turns people into R1, R2 …; the first sync makes it. A new key means new numbers."}, try: "crywolf sync"}
	}
	return newPseudonymKey(path)
}

func newPseudonymKey(path string) ([]byte, error) {
	key := make([]byte, pseudonymKeySize)
	if _, err := rand.Read(key); err != nil {
		return nil, fmt.Errorf("make a pseudonym key: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the directory of the pseudonym key: %w", err)
	}
	// It comes to its place whole, and only if there is none yet: of two first syncs at once, one makes the key and the
	// other one reads it.
	f, err := os.CreateTemp(filepath.Dir(path), ".pseudonym-*") // mode 0600
	if err != nil {
		return nil, fmt.Errorf("make the pseudonym key: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(key)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, fmt.Errorf("write the pseudonym key: %w", err)
	}
	err = os.Link(f.Name(), path)
	if errors.Is(err, fs.ErrExist) {
		return os.ReadFile(path)
	}
	if err != nil { // a file system without links
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return nil, fmt.Errorf("make the pseudonym key: %w", err)
	}
	return key, nil
}
