package reports

import (
	"fmt"
	"strings"
)

// noisySections are the parts of the task list, and what belongs into each.
var noisySections = []struct {
	title string
	tasks bool // things to do, with a box to tick
	holds func(a *NoisyAlert) bool
}{
	{"Change", true, func(a *NoisyAlert) bool { return removes(a.Recommendation) && a.Evidence != thin }},
	{"Fix the cause", true, func(a *NoisyAlert) bool { return a.Recommendation == FixCause }},
	{"Look again: not enough to act on", true, func(a *NoisyAlert) bool {
		return a.Recommendation == Unclear || removes(a.Recommendation) && a.Evidence == thin
	}},
	{"Keep", false, func(a *NoisyAlert) bool { return a.Recommendation == Keep }},
}

// writeNoisyMarkdown writes a task list for a wiki page or an issue.
func writeNoisyMarkdown(b *strings.Builder, v noisyView) error {
	m := EscapeMarkdown
	b.WriteString("# Noisy alerts\n\n")
	if v.Demo != "" {
		fmt.Fprintf(b, "**%s**\n\n", v.Demo)
	}
	fmt.Fprintf(b, "%s\n\n**%s**\n\n", m(v.Period), m(v.State))
	list(b, v.Gaps)
	if v.Empty != "" {
		fmt.Fprintf(b, "%s\n\n", m(v.Empty))
	}
	list(b, v.Plan)
	for _, s := range noisySections {
		first := true
		for i := range v.Rows {
			if !s.holds(v.Rows[i].alert) {
				continue
			}
			if first {
				fmt.Fprintf(b, "## %s\n\n", s.title)
				first = false
			}
			markdownTask(b, &v.Rows[i], s.tasks)
		}
		if !first {
			b.WriteString("\n")
		}
	}
	list(b, v.Stop)
	list(b, v.Excluded)
	list(b, v.Notes)
	markdownFingerprint(b, v.Fingerprint)
	return nil
}

func markdownTask(b *strings.Builder, r *noisyRow, task bool) {
	m := EscapeMarkdown
	box := ""
	if task {
		box = "[ ] "
	}
	fmt.Fprintf(b, "- %s**%s** `%s` %s", box, m(r.Do), strings.ReplaceAll(r.Rule, "`", ""), m(r.Title))
	fmt.Fprintf(b, " (%s, %s): %s pages, %s at night", m(r.Service), m(r.Source), r.Pages, r.Night)
	if r.Saves != unknown {
		fmt.Fprintf(b, "; saves %s a week at most, %s at night", r.Saves, r.SavesNight)
	}
	b.WriteString("\n")
	for _, text := range r.Reasons {
		fmt.Fprintf(b, "  - %s\n", m(text))
	}
	if task {
		fmt.Fprintf(b, "  - %s\n", m(r.Where))
	}
}
