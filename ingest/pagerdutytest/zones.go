package pagerdutytest

import (
	"sync"
	"time"
	_ "time/tzdata" // hand-overs must not depend on the machine's zone files being there
)

// railsZones maps the Rails zone names that the double uses; PagerDuty gives
// them for users who chose their zone long ago.
var railsZones = map[string]string{
	"Eastern Time (US & Canada)":  "America/New_York",
	"Central Time (US & Canada)":  "America/Chicago",
	"Mountain Time (US & Canada)": "America/Denver",
	"Pacific Time (US & Canada)":  "America/Los_Angeles",
	"Sydney":                      "Australia/Sydney",
	"London":                      "Europe/London",
	"Berlin":                      "Europe/Berlin",
	"Mumbai":                      "Asia/Kolkata",
}

var zoneCache sync.Map // name → *time.Location

// loadZone returns the zone of an IANA or Rails name, UTC for an unknown one.
func loadZone(name string) *time.Location {
	if zone, ok := lookupZone(name); ok {
		return zone
	}
	return time.UTC
}

func lookupZone(name string) (*time.Location, bool) {
	if iana, ok := railsZones[name]; ok {
		name = iana
	}
	if zone, ok := zoneCache.Load(name); ok {
		return zone.(*time.Location), true
	}
	if name == "" || name == "Local" {
		return nil, false
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, false
	}
	zoneCache.Store(name, zone)
	return zone, true
}
