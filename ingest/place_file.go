package ingest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// filePlace is a DuckDB file. To be read, it must be there; to be written, its directory is made (mode 0700).
func filePlace(path string) place {
	return place{engine: path, prepare: func(m Mode) (string, error) {
		if m == ReadOnly {
			if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
				return "", fmt.Errorf("open %s: %w", path, ErrNoDatabase)
			}
			return "?access_mode=read_only", nil
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return "", fmt.Errorf("make the directory of %s: %w", path, classify(err))
		}
		return "", nil
	}}
}
