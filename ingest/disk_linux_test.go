package ingest

import (
	"os"
	"syscall"
	"testing"
)

// tinyDisk mounts a file system of the given size, or skips the test where that is not allowed.
func tinyDisk(t *testing.T, size string) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "crywolf-disk-") // not t.TempDir: it must outlive what the test opens in it
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		os.Remove(dir)
		t.Skipf("a small file system can't be mounted here (%v), so a full disk was not tried", err)
	}
	t.Cleanup(func() {
		syscall.Unmount(dir, syscall.MNT_DETACH)
		os.Remove(dir)
	})
	return dir
}

func makeRoom(t *testing.T, dir, size string) {
	t.Helper()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size="+size); err != nil {
		t.Fatal(err)
	}
}

func remountReadOnly(t *testing.T, dir string) {
	t.Helper()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Skipf("a file system can't be made read-only here (%v)", err)
	}
}
