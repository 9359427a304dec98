//go:build !linux

package ingest

import "testing"

func tinyDisk(t *testing.T, _ string) string {
	t.Helper()
	t.Skip("a small file system is mounted on Linux only, so a full disk was not tried")
	return ""
}

func makeRoom(*testing.T, string, string) {}

func remountReadOnly(*testing.T, string) {}
