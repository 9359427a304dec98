package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func (a *app) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "man [DIR]",
		Short:   "Write the manual pages to a directory, or the main one to stdout",
		Example: "  crywolf man | man -l -\n  crywolf man /usr/local/share/man/man1",
		Args:    a.args(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			root := c.Root()
			root.DisableAutoGenTag = true
			date := built(a.now)
			header := &doc.GenManHeader{Title: "CRYWOLF", Section: "1", Source: "crywolf " + version(), Manual: "crywolf", Date: &date}
			if len(args) == 0 {
				return doc.GenMan(root, header, a.stdout)
			}
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return fmt.Errorf("make %s: %w", args[0], err)
			}
			header.Title = "" // each page takes its command's name
			if err := doc.GenManTree(root, header, args[0]); err != nil {
				return fmt.Errorf("write the manual pages to %s: %w", args[0], err)
			}
			a.say("wrote the manual pages to %s", args[0])
			return nil
		},
	}
}
