//go:build unix

package ingest

import (
	"sync"
	"syscall"
)

// umask counts the stores that are open for writing: the process has one umask for all.
var umask struct {
	sync.Mutex
	stores int
	old    int
}

// privateUmask makes files of this process readable by their owner only, until the last store that asked for it
// calls the returned function.
func privateUmask() (restore func()) {
	umask.Lock()
	defer umask.Unlock()
	if umask.stores++; umask.stores == 1 {
		umask.old = syscall.Umask(0o077)
	}
	return sync.OnceFunc(func() {
		umask.Lock()
		defer umask.Unlock()
		if umask.stores--; umask.stores == 0 {
			syscall.Umask(umask.old)
		}
	})
}
