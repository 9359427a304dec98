package main

import (
	"regexp"
	"strings"
)

// truthMasks drop what differs between two firings of one alert, in the order of definitions 6.
var truthMasks = []*regexp.Regexp{
	regexp.MustCompile(`\b[a-z][a-z0-9+.-]*://\S+`),                                            // URLs
	regexp.MustCompile(`\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b`),     // UUIDs
	regexp.MustCompile(`\b[\w.+-]+@[\w-]+(\.[\w-]+)+\b`),                                       // e-mails
	regexp.MustCompile(`\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b`),                                     // IPs
	regexp.MustCompile(`\b\d{4}-\d\d-\d\d([t ]\d\d:\d\d(:\d\d(\.\d+)?)?(z|[+-]\d\d:?\d\d)?)?`), // timestamps
	regexp.MustCompile(`\b\d\d:\d\d(:\d\d)?\b`),
	regexp.MustCompile(`\b(0x)?[0-9a-f]{8,}\b`),
	regexp.MustCompile(`\b[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+\b`), // host names
	regexp.MustCompile(`\b\d+([.,]\d+)*\s*(%|[a-z]{1,4}\b)?`),                                 // quantities, numbers
}

var truthPrefix = regexp.MustCompile(`^\s*(\[(firing|resolved|triggered|recovered|alerting|ok|no data|warn|alert)[^\]]*\]|(recovered|triggered|resolved|firing|alert|problem|recovery)\s*:)\s*`)

// truthTitle is the normalised title.
func truthTitle(title string) string {
	text := strings.ToLower(title)
	for truthPrefix.MatchString(text) {
		text = truthPrefix.ReplaceAllString(text, "")
	}
	for _, mask := range truthMasks {
		text = mask.ReplaceAllString(text, "*")
	}
	return strings.Join(strings.Fields(text), " ")
}
