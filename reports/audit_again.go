package reports

import (
	"fmt"
	"slices"
)

// JudgeAgain judges a document that somebody handed over by other limits than its team's, so that no text of it is the
// file's, and tells which limits of the team were others.
func (a *Audit) JudgeAgain(l Limits) []string {
	if a.Shared {
		a.Context.MinGroup = max(sharedGroup, a.Context.MinGroup)
	}
	before := make([][]Check, len(a.Rotations))
	for i := range a.Rotations {
		if b := a.Rotations[i].block(BlockChecks); b != nil {
			before[i] = b.Checks
		}
	}
	a.Judge(l)
	var out []string
	for i := range a.Rotations {
		for _, c := range a.Rotations[i].block(BlockChecks).Checks {
			was := checkOf(before[i], c.Block, c.Key)
			if was == nil || was.ID != c.ID || was.Limit == nil || c.Limit == nil || *was.Limit == *c.Limit {
				continue
			}
			n := auditNumberOf(c.Key)
			if line := fmt.Sprintf("%s %s (here %s)", n.label, n.limit(was.Limit), n.limit(c.Limit)); !slices.Contains(out, line) {
				out = append(out, line)
			}
		}
	}
	return out
}
