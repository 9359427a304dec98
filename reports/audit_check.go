package reports

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// What a document that crywolf wrote keeps to. A file comes from strangers; what breaks this was not written by crywolf.
const (
	longestText = 1000
	mostWeeks   = 1000
	largest     = 1e12
)

var wordPattern = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

// sunVerdicts are the words for who takes the nights [definitions 4].
var sunVerdicts = []string{"follow-the-sun", "partial", "single region", "unknown"}

// check finds what no audit holds: impossible numbers, texts without end, names in a shared document.
func (a *Audit) check() error {
	switch {
	case !a.Period.Since.Before(a.Period.Until) || a.Period.Since.Year() < 1970 || a.Period.Until.Year() > 9998:
		return errors.New("it is no audit: its period is none")
	case a.Demo != "" && a.Demo != DemoData:
		return errors.New("it is no audit: its demo mark is none")
	case tooLong(a.MadeWith):
		return errors.New("it is no audit: a text in it is too long")
	}
	for _, n := range a.Data.Notes {
		if tooLong(n.Text) || tooLong(n.Code) {
			return errors.New("it is no audit: a note in it is too long")
		}
	}
	for i := range a.Rotations {
		card := &a.Rotations[i]
		if letter := columnName(i); a.Shared && (card.ID != letter || card.Name != sharedName(letter) || card.TimeZone != "") {
			return errors.New("it is no shared audit: a rotation has another name than its letter")
		}
		if tooLong(card.ID) || tooLong(card.Name) || tooLong(card.TimeZone) {
			return errors.New("it is no audit: a name in it is too long")
		}
		for j := range card.Blocks {
			if err := card.Blocks[j].check(); err != nil {
				return err
			}
		}
	}
	return nil
}

func tooLong(text string) bool { return utf8.RuneCountInString(text) > longestText }

func (b *Block) check() error {
	if !wordPattern.MatchString(b.ID) {
		return errors.New("it is no audit: a block has no name")
	}
	for _, n := range b.Numbers {
		if !wordPattern.MatchString(n.Key) {
			return errors.New("it is no audit: a number has no name")
		}
		if n.Value != nil && !possible(n.Key, *n.Value) {
			return fmt.Errorf("it is no audit: %s can't be %g", n.Key, *n.Value)
		}
	}
	if b.ID == BlockNightsElsewhere && b.Verdict != nil && !slices.Contains(sunVerdicts, *b.Verdict) {
		return errors.New("it is no audit: its verdict on the nights is none")
	}
	if len(b.Weeks) > mostWeeks {
		return errors.New("it is no audit: it has too many weeks")
	}
	for _, w := range b.Weeks {
		if !w.Start.Before(w.End) || w.OnCallSeconds < 0 || negative(w.PageCount) || negative(w.NightPageCount) ||
			w.NonActionableRatio != nil && !possible("non_actionable_ratio", *w.NonActionableRatio) ||
			w.PagesPer12h != nil && !possible("pages_per_12h", *w.PagesPer12h) {
			return errors.New("it is no audit: a week in it is none")
		}
	}
	for _, s := range b.Sources {
		if tooLong(s.Source) || negative(s.PageCount) || s.PageRatio != nil && !possible("page_ratio", *s.PageRatio) {
			return errors.New("it is no audit: a tool in it is none")
		}
	}
	return nil
}

func negative(n *int64) bool { return n != nil && (*n < 0 || *n > largest) }

// possible tells whether a number can be what its key says: only slopes are negative, and shares end at 1 but for the
// few that measure against something else.
func possible(key string, v float64) bool {
	switch {
	case math.Abs(v) > largest || v < 0 && !strings.HasSuffix(key, "_slope_per_week"):
		return false
	case strings.HasPrefix(key, "toil_"), key == "heaviest_to_equal_ratio", key == "override_ratio":
		return true
	case strings.HasSuffix(key, "_ratio"), strings.HasSuffix(key, "_trend_p"):
		return v <= 1+1e-9
	}
	return true
}
