//go:build unix

package ingest

import "syscall"

// privateUmask makes files of this process readable by their owner only, until the returned function is called.
func privateUmask() (restore func()) {
	old := syscall.Umask(0o077)
	return func() { syscall.Umask(old) }
}
