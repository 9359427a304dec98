//go:build !unix

package ingest

// privateUmask does nothing where files take their permissions from their directory.
func privateUmask() (restore func()) { return func() {} }
