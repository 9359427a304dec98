package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"crywolf/analysis"
	"crywolf/reports"
)

// sharer writes an audit to a file to hand over, once its flags are known to make sense.
func (a *app) sharer(f auditFlags) (func(*reports.Audit) error, error) {
	if a.flags.format != "" || len(a.flags.outputs) > 0 {
		return nil, misuse("--share writes one page to its own FILE", "the same command without -f and -o")
	}
	if !slices.Contains([]string{".html", ".htm"}, strings.ToLower(filepath.Ext(f.share))) {
		return nil, misuse(fmt.Sprintf("--share %s: what is shared is an HTML page", f.share), "--share audit.html")
	}
	return func(audit *reports.Audit) error { return a.shareAudit(audit, f) }, nil
}

// shareAudit shows what is taken out of an audit and what remains, asks on a terminal, and writes the file.
func (a *app) shareAudit(audit *reports.Audit, f auditFlags) error {
	if !audit.Data.Complete && !f.allowPartial {
		return &failure{code: exitGap, what: "an audit of a period that was not read whole is not shared",
			why: []string{"Whoever gets it could not tell what is missing. crywolf doctor and crywolf audit say what is."},
			try: "crywolf sync" + a.dbFlag() + ", or the same command with --allow-partial"}
	}
	tools, err := analysis.SourceTools()
	if err != nil {
		return err
	}
	shared, removed := audit.Anonymise(tools)
	shared.Judge(audit.Context.Limits)
	if err := shared.Seal(); err != nil {
		return err
	}
	file, err := shared.ShareFile()
	if err != nil {
		return err
	}
	if err := reports.RenderRemoved(a.stdout, removed, &shared); err != nil {
		return err
	}
	if yes, err := a.confirm(f.yes, "Write "+a.shown(f.share)+"?"); err != nil || !yes {
		a.say("nothing was written")
		return err
	}
	if err := writeFile(f.share, file); err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.stdout, "\nwrote %s, fingerprint\n  %s\nTell it by another channel than the file: who opens the file can then know that\n"+
		"it is the one you wrote, with  crywolf audit --open %s\n", reports.Clean(a.shown(f.share)), shared.Fingerprint, quoted(f.share))
	if err != nil {
		return fmt.Errorf("write the fingerprint: %w", err)
	}
	return nil
}

// confirm asks on a terminal; where nobody can be asked, or with yes, it is a yes.
func (a *app) confirm(yes bool, question string) (bool, error) {
	if in, ok := a.stdin.(*os.File); yes || !ok || !isTerminal(in) {
		return true, nil
	}
	fmt.Fprintf(a.stderr, "%s [y/N] ", reports.Clean(question))
	answer, err := bufio.NewReader(a.stdin).ReadString('\n')
	if err != nil && answer == "" {
		return false, nil // the end of the input is no yes
	}
	return slices.Contains([]string{"y", "yes"}, strings.ToLower(strings.TrimSpace(answer))), nil
}
