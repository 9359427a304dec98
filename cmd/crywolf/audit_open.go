package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"crywolf/reports"
)

// largestShared bounds the files that --open reads; those that crywolf writes are far smaller.
const largestShared = 5 << 20

// openedAudit is a file that somebody handed over, found unaltered.
type openedAudit struct {
	path   string
	audit  *reports.Audit
	limits []string // what its team held other limits against than the public ones
}

// auditFiles reads shared files and sets them side by side, or tells what to ask because of them. It needs no database.
func (a *app) auditFiles(paths []string, questions bool) error {
	targets, err := a.targets("table", "md", "json")
	if err != nil {
		return err
	}
	var opened []openedAudit
	for _, path := range paths {
		o, err := a.openAudit(path)
		if err != nil {
			return err
		}
		opened = append(opened, o)
	}
	tellApart(opened)
	return a.write(targets, func(w io.Writer, format string, colour bool) error {
		if format == "table" {
			if err := writeOpened(w, opened); err != nil {
				return err
			}
		}
		o := reports.Options{Colour: colour}
		if questions {
			return reports.RenderQuestions(w, interviewOf(opened), reports.Format(format), o)
		}
		var audits []*reports.Audit
		for _, x := range opened {
			audits = append(audits, x.audit)
		}
		return reports.RenderAuditComparison(w, audits, reports.Format(format), o)
	})
}

// openAudit reads and verifies one file, and judges it anew by the public limits: no text that is printed is the file's.
func (a *app) openAudit(path string) (openedAudit, error) {
	content, err := readShared(path)
	if err != nil {
		return openedAudit{}, err
	}
	audit, err := reports.OpenAudit(content, reproducible())
	if err != nil {
		return openedAudit{}, a.badShared(path, err)
	}
	return openedAudit{path, audit, audit.JudgeAgain(defaultConfig().limits)}, nil
}

// reproducible is what this program calls itself in documents, where that says exactly which program it is.
func reproducible() string {
	if v := version(); !strings.HasPrefix(v, "devel") && !strings.Contains(v, "+dirty") {
		return "crywolf " + v
	}
	return ""
}

func readShared(path string) ([]byte, error) {
	bad := func(what string) error {
		return &failure{code: exitFailed, what: what, try: "crywolf audit --open FILE..."}
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, bad("there is no file " + path)
	case err != nil:
		return nil, bad(fmt.Sprintf("%s can't be read: %v", path, errors.Unwrap(err)))
	case !info.Mode().IsRegular():
		return nil, bad(path + " is no file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, bad(fmt.Sprintf("%s can't be read: %v", path, errors.Unwrap(err)))
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, largestShared+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", path, err)
	case len(content) > largestShared:
		return nil, bad(fmt.Sprintf("%s is larger than %d MB; what crywolf shares is far smaller", path, largestShared>>20))
	}
	return content, nil
}

// badShared puts what is wrong with a file into the user's words.
func (a *app) badShared(path string, err error) error {
	f := &failure{code: exitFailed, what: path + ": " + firstLine(err.Error()), cause: err}
	var altered *reports.AlteredError
	var newer *reports.NewerError
	switch {
	case errors.As(err, &altered):
		f.what = path + " was altered after crywolf wrote it"
		f.why = append(f.why, altered.Parts[:min(2, len(altered.Parts))]...)
		f.why = append(f.why, "A browser's \"save page as\" and some mail programs alter a page, too.")
		f.try = "ask for the file itself, and for its fingerprint by another channel"
	case errors.As(err, &newer):
		f.try = "a newer crywolf"
	default:
		f.why = []string{"What crywolf audit --share wrote, or crywolf audit -f json printed, can be opened."}
		f.try = "ask for the file itself"
	}
	return f
}

// notProved is what an unaltered file does not say.
var notProved = []string{
	"that the data were true or whole when crywolf read them, or that nothing was kept out of them",
	"that nobody wrote a new file, with a new seal, in place of the first",
	"who made it: compare the fingerprint by another channel, or have crywolf audit run before your eyes",
}

// writeOpened says of each file what is known of it, and what is not.
func writeOpened(w io.Writer, opened []openedAudit) error {
	var b strings.Builder
	for _, o := range opened {
		fmt.Fprintf(&b, "%s\n  unaltered since crywolf wrote it, fingerprint\n  %s\n", reports.Cut(reports.Clean(o.path), 79), o.audit.Fingerprint)
		if !o.audit.Shared {
			b.WriteString("  not anonymised: it holds names\n")
		}
		for _, line := range o.limits {
			writeHanging(&b, "  its team's own limit, not used here: ", line)
		}
	}
	b.WriteString("What this does not prove:\n")
	for _, text := range notProved {
		writeHanging(&b, "  - ", text)
	}
	b.WriteString("\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// writeHanging writes a text over as many lines as it takes.
func writeHanging(b *strings.Builder, lead, text string) {
	for _, line := range reports.Wrap(reports.Clean(text), 79-reports.Width(lead)) {
		b.WriteString(lead + line + "\n")
		lead = strings.Repeat(" ", reports.Width(lead))
	}
}

// tellApart says of each rotation of several files whose it is: all have a rotation A.
func tellApart(opened []openedAudit) {
	for _, o := range opened {
		for i := range o.audit.Rotations {
			if card := &o.audit.Rotations[i]; len(opened) > 1 {
				card.Name += " of " + reports.Clean(filepath.Base(o.path))
			}
		}
	}
}

// interviewOf are the questions that files lead to.
func interviewOf(opened []openedAudit) reports.Interview {
	all := reports.Interview{SchemaVersion: reports.SchemaVersion, Rotations: []reports.QuestionSheet{}}
	for _, o := range opened {
		i := reports.NewInterview(o.audit)
		all.Rotations = append(all.Rotations, i.Rotations...)
		if i.Demo != "" {
			all.Demo = i.Demo
		}
	}
	return all
}
