package analysis

import (
	"crypto/sha256"
	"encoding/hex"
)

// RuleID is the public id of an alert rule by its three parts [definitions 6], the same as derive/rules.sql gives: 8
// hexadecimal digits. service is "" for incidents without one.
func RuleID(service, source, name string) string {
	sum := sha256.Sum256([]byte(service + "\x00" + source + "\x00" + name))
	return hex.EncodeToString(sum[:])[:8]
}
