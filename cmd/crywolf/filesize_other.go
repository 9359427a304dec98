//go:build !unix

package main

func outliveFileSizeLimit() {}
