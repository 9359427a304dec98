package ingest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// smallFile is the size in bytes below which one thread answers a question as fast as two, and with less work.
const smallFile = 32 << 20

// filePlace is a DuckDB file. To be read, it must be there; to be written, its directory is made (mode 0700).
func filePlace(path string) place {
	return place{engine: path, prepare: func(m Mode) (string, error) {
		if m == ReadOnly {
			info, err := os.Stat(path)
			if errors.Is(err, os.ErrNotExist) {
				return "", fmt.Errorf("open %s: %w", path, ErrNoDatabase)
			}
			if err == nil && info.Size() < smallFile {
				return "?access_mode=read_only&threads=1", nil
			}
			return "?access_mode=read_only", nil
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return "", fmt.Errorf("make the directory of %s: %w", path, classify(err))
		}
		return "", nil
	}}
}
