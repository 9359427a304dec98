//go:build unix

package main

import (
	"os/signal"
	"syscall"
)

// outliveFileSizeLimit lets a write beyond a limit on the size of files (ulimit -f) fail as one to a full disk does: the
// signal that comes first would end the process in the middle of it, and say nothing.
func outliveFileSizeLimit() { signal.Ignore(syscall.SIGXFSZ) }
