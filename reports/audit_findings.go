package reports

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// auditTitles head the blocks.
var auditTitles = map[string]string{
	BlockLabel:           "What this rests on",
	BlockSummary:         "In one paragraph",
	BlockWeekOnCall:      "A week on call",
	BlockHowOften:        "How often",
	BlockNoise:           "Is it noise?",
	BlockFairness:        "Is it fair?",
	BlockHelp:            "Does help come?",
	BlockTrend:           "Is it getting better?",
	BlockNightsElsewhere: "Who takes the nights?",
	BlockTools:           "Which tools page?",
	BlockChecks:          "All checks",
	BlockCannotBeKnown:   "What to ask",
}

// auditFindings say in a sentence or two what the numbers of a block amount to. They name nobody and nothing but tools,
// so that they may stand in a shared document.
var auditFindings = map[string]func(j *judging) string{
	BlockLabel: (*judging).labelFinding, BlockSummary: (*judging).summary, BlockWeekOnCall: (*judging).weekFinding,
	BlockHowOften: (*judging).oftenFinding, BlockNoise: (*judging).noiseFinding, BlockFairness: (*judging).fairnessFinding,
	BlockHelp: (*judging).helpFinding, BlockTrend: (*judging).trendFinding, BlockNightsElsewhere: (*judging).nightsFinding,
	BlockTools: (*judging).toolsFinding, BlockChecks: (*judging).checksFinding, BlockCannotBeKnown: (*judging).questionsFinding,
}

// text is a number with all that belongs to it.
func (j *judging) text(block, key string) string {
	if b := j.card.block(block); b != nil {
		return auditNumberOf(key).cell(b.Numbers, !j.partial)
	}
	return unknown
}

// value is a number alone.
func (j *judging) value(block, key string) string {
	return auditNumberOf(key).value(j.get(block, key), !j.partial)
}

// counted is a number with its noun: 1 page, 412 pages, – pages.
func (j *judging) counted(block, key, noun string) string {
	if v := j.get(block, key); v != nil && *v == 1 && !j.partial {
		return "1 " + noun
	}
	return j.value(block, key) + " " + noun + "s"
}

// status is what a check made of its number.
func (j *judging) status(check string) Status {
	for _, c := range j.card.block(BlockChecks).Checks {
		if c.ID == check {
			return c.Status
		}
	}
	return StatusNotApplicable
}

// sentences joins what there is to say.
func sentences(all ...string) string {
	var said []string
	for _, s := range all {
		if s != "" {
			first, size := utf8.DecodeRuneInString(s)
			said = append(said, string(unicode.ToUpper(first))+s[size:]+".")
		}
	}
	return strings.Join(said, " ")
}

func (j *judging) labelFinding() string {
	weeks := j.get(BlockLabel, "week_count")
	if weeks == nil {
		return "What time this covers cannot be told from this."
	}
	text := j.counted(BlockLabel, "week_count", "week")
	if *weeks < thinWeeks {
		text += ", which is thin,"
	}
	read := j.get(BlockLabel, "complete_ratio")
	switch {
	case read == nil:
		text += " of which nobody knows how much was read"
	case *read < 1:
		text += fmt.Sprintf(" of which %s was read whole", Ratio(read))
	case j.partial:
		text += " read whole but for a schedule"
	default:
		text += " read whole"
	}
	return sentences(text + ": " + j.counted(BlockLabel, "shift_count", "shift") + " and " + j.counted(BlockLabel, "page_count", "page"))
}

const noNights = "there are no nights on call"

func (j *judging) weekFinding() string {
	blocks, nights := "", ""
	if j.get(BlockWeekOnCall, "blocks_12h_over_2_incidents_count") != nil && j.get(BlockWeekOnCall, "blocks_12h_count") != nil {
		blocks = fmt.Sprintf("%s of %s half days on call had more than 2 incidents", j.value(BlockWeekOnCall, "blocks_12h_over_2_incidents_count"),
			auditNumber{}.value(j.get(BlockWeekOnCall, "blocks_12h_count"), true))
	}
	switch r := j.get(BlockWeekOnCall, "interrupted_night_ratio"); {
	case r != nil && *r == 0:
		nights = "no night on call had a page"
	case r != nil:
		nights = Ratio(r) + " of the nights on call had a page"
	case j.status("interrupted_nights") == StatusNotApplicable:
		nights = noNights
	}
	sleep := ""
	if s := j.get(BlockWeekOnCall, "undisturbed_p50_seconds"); s != nil && nights != noNights {
		sleep = "the longest undisturbed sleep is usually " + Seconds(s)
		if bad := j.get(BlockWeekOnCall, "undisturbed_p10_seconds"); bad != nil && *bad < *s {
			sleep += ", one night in ten " + Seconds(bad) + " or less"
		}
	}
	if blocks+nights+sleep == "" {
		return "What a week on call is like cannot be told from this."
	}
	return sentences(blocks, nights, sleep)
}

func (j *judging) oftenFinding() string {
	if j.get(BlockHowOften, "person_count") == nil {
		return "How many people share it cannot be told from this."
	}
	people := j.value(BlockHowOften, "person_count") + " people share it"
	if *j.get(BlockHowOften, "person_count") == 1 {
		people = "one person carries it alone"
	}
	if j.get(BlockHowOften, "on_call_days_per_month") != nil {
		people += fmt.Sprintf(": %s days on call a month and %s weekends a quarter each", j.value(BlockHowOften, "on_call_days_per_month"),
			j.value(BlockHowOften, "weekends_per_quarter"))
	}
	shift, answer := "", ""
	if j.get(BlockHowOften, "shift_p50_seconds") != nil {
		shift = "a shift usually lasts " + j.value(BlockHowOften, "shift_p50_seconds")
	}
	if j.get(BlockHowOften, "answer_high_seconds") != nil {
		answer = "a page waits " + j.text(BlockHowOften, "answer_high_seconds") + " for an answer before it goes on"
	}
	return sentences(people, shift, answer)
}
