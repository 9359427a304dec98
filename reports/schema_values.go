package reports

import (
	"regexp"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"
)

// What the schemas know of values beyond their types, by key, or by the key above and the key.

var statuses = []string{string(StatusOK), string(StatusAlarm), string(StatusInfo), string(StatusNotApplicable), string(StatusAsk)}

var followTheSunVerdicts = []string{"follow-the-sun", "partial", "single region", "unknown"}

// fixedWords are the texts of which there are only so many.
var fixedWords = map[string][]string{
	"demo":                   {DemoData},
	"recommendation":         Recommendations(),
	"evidence":               {"strong", "fair", thin},
	"gaps.kind":              {"incidents", "log_entries", "schedules"},
	"gaps.reason":            {"not_read", "unfinished", "refused", "truncated"},
	"excluded.kind":          {"service", "title", "urgency"},
	"follow_the_sun.verdict": followTheSunVerdicts,
	"blocks.verdict":         append([]string{"rising", "falling", "steady"}, followTheSunVerdicts...),
	"block":                  AuditBlocks(),
}

func wordsOf(owner, key string) []string {
	if words := fixedWords[owner+"."+key]; words != nil {
		return words
	}
	return fixedWords[key]
}

// mapKeys are the keys of maps.
var mapKeys = map[string][]string{
	"reasons":                   {"direct_assignment", "responder_request", "direct_target", "unknown_policy", "schedule_not_readable", "off_shift"},
	"rule_counts":               {Delete, Wait, Demote, Group},
	"thin_evidence_rule_counts": {Delete, Wait, Demote, Group},
}

const ruleID = `^[0-9a-f]{8}$`

var patterns = map[string]string{
	"schema_version": `^` + major(SchemaVersion) + `\.[0-9]+$`,
	"rule":           ruleID,
	"group_with":     ruleID,
	"actions":        ruleID,
	"fingerprint":    `^[0-9a-f]{64}$`,
}

func major(version string) string {
	before, _, _ := strings.Cut(version, ".")
	return before
}

// share is how the key of a share ends, or of a bound of one.
var shareKey = regexp.MustCompile(`_ratio(_low|_high|_bound)?$`)

// noShares end alike and may exceed 1: what is divided does not lie in what it is divided by.
var noShares = map[string]bool{"page_rate_ratio": true, "page_rate_ratio_low": true, "page_rate_ratio_high": true,
	"toil_ratio_low": true, "toil_ratio_high": true, "heaviest_to_equal_ratio": true}

// anyNumber are the keys of a check, which holds numbers of every kind.
var anyNumber = map[string]bool{"value": true, "low": true, "high": true, "limit": true}

// bounds of a number. All are amounts but the difference of two shares.
func bounds(key string) (least, most *float64) {
	minusOne, zero, one := -1.0, 0.0, 1.0
	switch {
	case anyNumber[key]:
		return nil, nil
	case key == "difference_ratio":
		return &minusOne, &one
	case shareKey.MatchString(key) && !noShares[key], key == "adjusted_p":
		return &zero, &one
	}
	return &zero, nil
}

// numbersSchema is the schema of Numbers: under keys that carry their unit, what is known and null.
func numbersSchema() *jsonschema.Schema {
	number := func(least *float64) *jsonschema.Schema {
		return &jsonschema.Schema{Types: []string{"null", "number"}, Minimum: least}
	}
	zero := 0.0
	return &jsonschema.Schema{Type: "object", AdditionalProperties: number(nil),
		PatternProperties: map[string]*jsonschema.Schema{`_(count|seconds|per_12h)$`: number(&zero)}}
}
