package ingest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// What lies beside the manifest in a directory's lake. Whoever reads shares the lock on readersLock, and an export takes
// it alone to rename its files; exportLock keeps a second export waiting. planPath is the next manifest while the files
// that it lists come to their places from asideFolder: where it is found, an export was killed there, and it holds.
const (
	asideFolder = "_crywolf/aside"
	planPath    = "_crywolf/next.json"
	readersLock = "_crywolf/readers.lock"
	exportLock  = "_crywolf/export.lock"
)

// lakeDirectory is a lake in a directory of this machine.
type lakeDirectory struct {
	path   string
	export *lockedfile.File
	old    *Manifest
	step   func(string) error // told of each step of a commit; a test stops there
}

// LakeDirectory gives the lake in a directory; there need be none yet.
func LakeDirectory(path string) LakeTarget {
	return &lakeDirectory{path: path, step: func(string) error { return nil }}
}

func (d *lakeDirectory) at(path string) string {
	return filepath.Join(d.path, filepath.FromSlash(path))
}

func (d *lakeDirectory) open(ctx context.Context) (*Manifest, string, error) {
	if err := d.mayHold(); err != nil {
		return nil, "", err
	}
	if err := makePrivate(d.at("_crywolf")); err != nil {
		return nil, "", err
	}
	var err error
	if d.export, err = lockFile(ctx, d.at(exportLock)); err != nil {
		return nil, "", err
	}
	if err := d.recover(ctx); err != nil {
		return nil, "", errors.Join(err, d.close())
	}
	d.old.doubt(func(f ManifestFile) bool {
		info, err := os.Stat(d.at(f.Path))
		return err == nil && info.Size() == f.Bytes
	})
	return d.old, d.at(asideFolder), nil
}

func (d *lakeDirectory) local(path string) string { return d.at(path) }

// mayHold refuses a directory with anything in it that is no lake: an export drops files.
func (d *lakeDirectory) mayHold() error {
	entries, err := os.ReadDir(d.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	}
	for _, e := range entries {
		if e.Name() == "_crywolf" {
			return nil
		}
	}
	if len(entries) > 0 {
		return ErrNotALake
	}
	return nil
}

// recover finishes what a killed export had begun to put in place, and drops what it had only written aside.
func (d *lakeDirectory) recover(ctx context.Context) error {
	var err error
	if d.old, err = d.manifest(manifestPath); err != nil {
		return err
	}
	plan, err := d.manifest(planPath)
	if err != nil {
		return err
	}
	if plan != nil {
		if err := d.carryOut(ctx, plan); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(d.at(asideFolder)); err != nil {
		return err
	}
	return makePrivate(d.at(asideFolder))
}

// manifest reads one of the two manifests; nil where there is none.
func (d *lakeDirectory) manifest(path string) (*Manifest, error) {
	text, err := os.ReadFile(d.at(path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return decodeManifest(text)
}

func (d *lakeDirectory) commit(ctx context.Context, next *Manifest, _, _ []string) error {
	text, err := next.encode()
	if err != nil {
		return err
	}
	if err := d.step("written"); err != nil {
		return err
	}
	if err := writePrivate(d.at(planPath), text); err != nil {
		return err
	}
	if err := d.step("planned"); err != nil {
		return err
	}
	return d.carryOut(ctx, next)
}

// carryOut renames what lies aside into its place, drops the files of the old lake that the new one does not have, and
// makes the plan the manifest. What is done of it already is passed over.
func (d *lakeDirectory) carryOut(ctx context.Context, next *Manifest) error {
	readers, err := lockFile(ctx, d.at(readersLock))
	if err != nil {
		return err
	}
	defer readers.Close()
	files := next.files()
	for _, path := range slices.Sorted(maps.Keys(files)) {
		aside := d.at(asideFolder + "/" + path)
		if _, err := os.Lstat(aside); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := makePrivate(filepath.Dir(d.at(path))); err != nil {
			return err
		}
		if err := os.Rename(aside, d.at(path)); err != nil {
			return err
		}
		if err := d.step(path); err != nil {
			return err
		}
	}
	for path := range d.old.files() {
		if _, stays := files[path]; stays {
			continue
		}
		if err := os.Remove(d.at(path)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		// The folders of a month, and of a table, that is gone; one that holds something stays.
		_ = os.Remove(filepath.Dir(d.at(path)))
		_ = os.Remove(filepath.Dir(filepath.Dir(d.at(path))))
	}
	if err := d.step("renamed"); err != nil {
		return err
	}
	if err := os.Rename(d.at(planPath), d.at(manifestPath)); err != nil {
		return err
	}
	d.old = next
	return nil
}

func (d *lakeDirectory) close() error {
	if d.export == nil {
		return nil
	}
	var err error
	if _, missing := os.Lstat(d.at(planPath)); errors.Is(missing, fs.ErrNotExist) { // else the next export, and readers till then, need what lies aside
		err = os.RemoveAll(d.at(asideFolder))
	}
	return errors.Join(err, d.export.Close())
}

// lockFile takes the lock of a file alone, and waits for it as long as ctx lasts.
func lockFile(ctx context.Context, path string) (*lockedfile.File, error) {
	type locked struct {
		file *lockedfile.File
		err  error
	}
	got := make(chan locked, 1)
	go func() {
		f, err := lockedfile.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
		got <- locked{f, err}
	}()
	select {
	case l := <-got:
		return l.file, l.err
	case <-ctx.Done():
		return nil, ctx.Err() // the program ends now, and with it whoever still waits
	}
}

// makePrivate makes a directory, and what is missing above it, for its owner only.
func makePrivate(dir string) error { return os.MkdirAll(dir, 0o700) }

// settle makes a written file safe from a loss of power and from other users, and gives its size.
func settle(path string) (int64, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return 0, err
	}
	info, err := f.Stat()
	if err == nil {
		err = f.Chmod(0o600)
	}
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return 0, fmt.Errorf("settle %s: %w", path, err)
	}
	return info.Size(), nil
}

// writePrivate puts a file in place whole, through a neighbour.
func writePrivate(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // there is nothing to remove once it is renamed
	_, err = f.Write(content)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
