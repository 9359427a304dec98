package reports

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// sharedGroup is the number of people below which a shared document says nothing of how load is spread over them.
const sharedGroup = 5

// otherTool stands for every tool that is none of a fixed list: a vendor's own word may be a company's name.
const otherTool = "other"

// Removed is one thing that a shared document does not say: where it stood, what it was, and what stands there now.
type Removed struct{ Where, Before, After string }

// Anonymise is the document to hand over, and what was taken out for it: rotations are letters in the order of their ids,
// there are no names, zones, patterns and texts, tools are those of a fixed list or "other", and small counts are left
// out with all that gives them away. It has numbers only: Judge makes its texts, Seal its fingerprint.
func (a *Audit) Anonymise(tools []string) (Audit, []Removed) {
	out := Audit{SchemaVersion: a.SchemaVersion, Demo: a.Demo, MadeWith: a.MadeWith, Shared: true, Period: a.Period,
		Context: Context{Limits: a.Context.Limits, MinGroup: max(sharedGroup, a.Context.MinGroup)}}
	var removed []Removed
	if a.Filter != nil {
		removed = append(removed, Removed{"filter", strings.Join(a.Filter.Rotations, ", "), ""})
	}
	out.Data, out.Suppressed, removed = a.Data.anonymise(removed)
	cards := slices.SortedFunc(slices.Values(a.Rotations), func(x, y Scorecard) int { return strings.Compare(x.ID, y.ID) })
	for i := range cards {
		card, gone := cards[i].anonymise(columnName(i), tools)
		removed = append(removed, gone...)
		small := card.suppress(a.Period)
		for _, r := range small {
			out.Suppressed = append(out.Suppressed, r.Where)
		}
		removed = append(removed, small...)
		out.Rotations = append(out.Rotations, card)
	}
	out.Normalize()
	return out, removed
}

func sharedName(letter string) string { return "rotation " + letter }

// anonymise is a scorecard with a letter for a name and with numbers only.
func (c *Scorecard) anonymise(letter string, tools []string) (Scorecard, []Removed) {
	out := Scorecard{ID: letter, Name: sharedName(letter)}
	removed := []Removed{{letter + "/id", c.ID, out.ID}, {letter + "/name", c.Name, out.Name}, {letter + "/time_zone", c.TimeZone, ""}}
	for _, b := range c.Blocks {
		if _, known := sharedNumbers[b.ID]; !known {
			continue // Judge makes the blocks that have no numbers of their own
		}
		block := Block{ID: b.ID, Numbers: slices.Clone(b.Numbers), Weeks: slices.Clone(b.Weeks)}
		if b.ID == BlockNightsElsewhere && b.Verdict != nil && slices.Contains(sunVerdicts, *b.Verdict) {
			verdict := *b.Verdict
			block.Verdict = &verdict
		}
		var gone []Removed
		block.Sources, gone = anonymiseSources(b.Sources, letter, tools)
		removed = append(removed, gone...)
		out.Blocks = append(out.Blocks, block)
	}
	for _, id := range []string{BlockNoise, BlockTools, BlockTrend} {
		if out.block(id) == nil {
			out.Blocks = append(out.Blocks, Block{ID: id, Numbers: Numbers{}})
		}
	}
	return out, removed
}

// anonymiseSources puts all tools that are not of the list together; the busiest stay first.
func anonymiseSources(sources []AuditSource, letter string, tools []string) (out []AuditSource, removed []Removed) {
	for _, s := range sources {
		name := s.Source
		if !slices.Contains(tools, name) && name != "unknown" {
			name = otherTool
			removed = append(removed, Removed{letter + "/" + BlockTools + "/sources", s.Source, name})
		}
		i := slices.IndexFunc(out, func(x AuditSource) bool { return x.Source == name })
		if i < 0 {
			out = append(out, AuditSource{name, copied(s.PageCount), copied(s.PageRatio)})
			continue
		}
		out[i].PageCount, out[i].PageRatio = added(out[i].PageCount, s.PageCount), added(out[i].PageRatio, s.PageRatio)
	}
	slices.SortStableFunc(out, func(x, y AuditSource) int {
		if x.PageCount == nil || y.PageCount == nil {
			return 0
		}
		return int(*y.PageCount - *x.PageCount)
	})
	return out, removed
}

func copied[T any](v *T) *T {
	if v == nil {
		return nil
	}
	c := *v
	return &c
}

func added[T int64 | float64](x, y *T) *T {
	if x == nil || y == nil {
		return nil
	}
	sum := *x + *y
	return &sum
}

// anonymise keeps of the data's story what names nothing: kinds, times, codes and counts that are not small.
func (d *Data) anonymise(removed []Removed) (out Data, small []string, all []Removed) {
	out = Data{Complete: d.Complete, SyncedUntil: copied(d.SyncedUntil), Fingerprint: d.Fingerprint}
	for _, g := range d.Gaps {
		out.Gaps = append(out.Gaps, Gap{Kind: g.Kind, Since: g.Since, Until: g.Until, Reason: g.Reason})
		removed = append(removed, Removed{"data/gaps/command", g.Command, ""})
	}
	for _, n := range d.Notes {
		note := n.anonymise()
		if note.Text != n.Text {
			removed = append(removed, Removed{"data/notes/" + note.Code, n.Text, note.Text})
		}
		if note.Count != n.Count {
			small = append(small, "data/notes/"+note.Code+"/count")
		}
		out.Notes = append(out.Notes, note)
	}
	for _, e := range d.Excluded {
		note := Note{Code: "excluded", Text: fmt.Sprintf("the team's configuration leaves out a pattern of kind %s: %s, %s",
			Clean(e.Kind), fewOr(e.IncidentCount, "incident"), fewOr(e.PageCount, "page"))}
		removed = append(removed, Removed{"data/excluded/pattern", e.Kind + " " + e.Pattern, note.Text})
		out.Notes = append(out.Notes, note)
	}
	return out, small, removed
}

// fewOr is a count of events in words; small ones are not told apart.
func fewOr(n int64, noun string) string {
	if n > 0 && n < fewEvents {
		return fmt.Sprintf("fewer than %d %ss", fewEvents, noun)
	}
	return plural(n, noun)
}

// noteCode is the form of our codes; configuredNote that of the notes on other settings, which hold numbers only.
var (
	noteCode       = regexp.MustCompile(`^[a-z][a-z_]{0,40}$`)
	configuredNote = regexp.MustCompile(`^as configured: (?:(?:sleep|business) hours are \d\d:\d\d to \d\d:\d\d|the limit is \d+ pages in 12 hours|` +
		`evidence [AN]\d+ weighs -?[\d.]+|alert classes are told by \d+ pattern\(s\) of yours first)$`)
)

// sharedNotes are the notes by code, without what they say of this account.
var sharedNotes = map[string]string{
	"pages_inferred":              "pages are inferred from assignments",
	"schedule_not_readable":       "some schedules could not be read; pages of their shifts belong to no rotation",
	"schedule_not_read":           "some schedules were not read yet; pages of their shifts belong to no rotation",
	"policies_refused":            "escalation policies or services may not be read, or not to the end; pages can't be put down to their rotations",
	"sync_unfinished":             "the last reading of the account was cut off",
	"records_missing":             "some incidents or log entries could not be read",
	"history_truncated":           "some incidents have more log entries than PagerDuty lists",
	"alerts_skipped":              "the alerts of some incidents could not all be read",
	"unreadable_records":          "some records could not be read",
	"unknown_medium":              "some notifications of unknown medium count as interrupting",
	"notification_without_user":   "some notifications name no user",
	"ambiguous_attribution":       "some pages fit several schedules of one level",
	"zone_fallback":               "some people have no time zone, and their schedule's stands in",
	"zone_unknown":                "some people have no time zone, and UTC stands in",
	"zero_length_shifts":          "some shifts have no length and were dropped",
	"evidence_off_changes":        "evidence A6 is off: change events could not be read",
	"evidence_off_maintenance":    "evidence N10 knows test titles only: maintenance windows could not be read",
	"evidence_poor":               "some services' people leave too few traces for evidence N1 and N3",
	"acknowledged_before_created": "some incidents were acknowledged before they were created",
	"rows_lost":                   "a list was too long to be read to its end",
	"endpoint_skipped":            "a kind of record could not be read",
	"incident_skipped":            "some incidents may not be read any more",
	"stale":                       "the data ended more than a day before this was made",
}

func (n *Note) anonymise() Note {
	out := Note{Code: n.Code}
	if !noteCode.MatchString(n.Code) {
		out.Code = "other"
	}
	switch text, known := sharedNotes[n.Code]; {
	case known:
		out.Text = text
	case n.Code == "configured" && configuredNote.MatchString(n.Text):
		out.Text = n.Text
	default:
		out.Text = "a note on the data, whose text is not shared"
	}
	if n.Count >= fewEvents {
		out.Count = n.Count
		out.Text += ": " + Count(n.Count)
	} else if n.Count > 0 {
		out.Text += fmt.Sprintf(": fewer than %d", fewEvents)
	}
	return out
}
