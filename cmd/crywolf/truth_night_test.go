package main

import (
	"fmt"
	"time"
)

// truthRails maps the names Rails has for zones, as PagerDuty uses them, to IANA.
var truthRails = map[string]string{
	"International Date Line West": "Etc/GMT+12", "American Samoa": "Pacific/Pago_Pago", "Hawaii": "Pacific/Honolulu",
	"Alaska": "America/Juneau", "Pacific Time (US & Canada)": "America/Los_Angeles", "Tijuana": "America/Tijuana",
	"Mountain Time (US & Canada)": "America/Denver", "Arizona": "America/Phoenix",
	"Central Time (US & Canada)": "America/Chicago", "Mexico City": "America/Mexico_City", "Saskatchewan": "America/Regina",
	"Eastern Time (US & Canada)": "America/New_York", "Indiana (East)": "America/Indiana/Indianapolis",
	"Bogota": "America/Bogota", "Lima": "America/Lima", "Atlantic Time (Canada)": "America/Halifax",
	"Caracas": "America/Caracas", "Santiago": "America/Santiago", "Newfoundland": "America/St_Johns",
	"Brasilia": "America/Sao_Paulo", "Buenos Aires": "America/Argentina/Buenos_Aires", "Greenland": "America/Godthab",
	"Azores": "Atlantic/Azores", "UTC": "Etc/UTC", "London": "Europe/London", "Edinburgh": "Europe/London",
	"Dublin": "Europe/Dublin", "Lisbon": "Europe/Lisbon", "Casablanca": "Africa/Casablanca",
	"Berlin": "Europe/Berlin", "Bern": "Europe/Zurich", "Zurich": "Europe/Zurich", "Amsterdam": "Europe/Amsterdam",
	"Paris": "Europe/Paris", "Madrid": "Europe/Madrid", "Rome": "Europe/Rome", "Vienna": "Europe/Vienna",
	"Stockholm": "Europe/Stockholm", "Copenhagen": "Europe/Copenhagen", "Brussels": "Europe/Brussels",
	"Prague": "Europe/Prague", "Warsaw": "Europe/Warsaw", "Budapest": "Europe/Budapest", "Belgrade": "Europe/Belgrade",
	"Helsinki": "Europe/Helsinki", "Athens": "Europe/Athens", "Kyiv": "Europe/Kiev", "Bucharest": "Europe/Bucharest",
	"Sofia": "Europe/Sofia", "Riga": "Europe/Riga", "Vilnius": "Europe/Vilnius", "Tallinn": "Europe/Tallinn",
	"Cairo": "Africa/Cairo", "Jerusalem": "Asia/Jerusalem", "Istanbul": "Europe/Istanbul", "Moscow": "Europe/Moscow",
	"Pretoria": "Africa/Johannesburg", "Nairobi": "Africa/Nairobi", "Tehran": "Asia/Tehran", "Abu Dhabi": "Asia/Muscat",
	"Kabul": "Asia/Kabul", "Karachi": "Asia/Karachi", "Islamabad": "Asia/Karachi", "Mumbai": "Asia/Kolkata",
	"New Delhi": "Asia/Kolkata", "Chennai": "Asia/Kolkata", "Kolkata": "Asia/Kolkata", "Kathmandu": "Asia/Kathmandu",
	"Dhaka": "Asia/Dhaka", "Bangkok": "Asia/Bangkok", "Jakarta": "Asia/Jakarta", "Hanoi": "Asia/Bangkok",
	"Beijing": "Asia/Shanghai", "Hong Kong": "Asia/Hong_Kong", "Singapore": "Asia/Singapore", "Taipei": "Asia/Taipei",
	"Perth": "Australia/Perth", "Tokyo": "Asia/Tokyo", "Osaka": "Asia/Tokyo", "Seoul": "Asia/Seoul",
	"Adelaide": "Australia/Adelaide", "Darwin": "Australia/Darwin", "Brisbane": "Australia/Brisbane",
	"Sydney": "Australia/Sydney", "Melbourne": "Australia/Melbourne", "Canberra": "Australia/Melbourne",
	"Hobart": "Australia/Hobart", "Auckland": "Pacific/Auckland", "Wellington": "Pacific/Auckland",
	"Fiji": "Pacific/Fiji", "Samoa": "Pacific/Apia",
}

var truthZoneCache = map[string]*time.Location{"": nil}

// truthZone loads a zone by its IANA or Rails name; nil where there is none of that name.
func truthZone(name string) *time.Location {
	if zone, seen := truthZoneCache[name]; seen {
		return zone
	}
	iana := name
	if mapped, ok := truthRails[name]; ok {
		iana = mapped
	}
	zone, err := time.LoadLocation(iana)
	if err != nil || iana == "Local" {
		zone = nil
	}
	truthZoneCache[name] = zone
	return zone
}

// clock is the local time by which a person on a schedule lives: theirs, else the schedule's, else UTC.
func (w *truthWorld) clock(user, schedule string) *time.Location {
	if zone := truthZone(w.zones[user]); zone != nil {
		return zone
	}
	if zone := truthZone(w.schedules[schedule].zone); zone != nil {
		return zone
	}
	return time.UTC
}

// truthHour is the hour class of a local time: sleep before business before off hours.
func truthHour(local time.Time) string {
	switch weekday := local.Weekday(); {
	case local.Hour() >= 22 || local.Hour() < 8:
		return "sleep"
	case weekday != time.Saturday && weekday != time.Sunday && local.Hour() < 18:
		return "business"
	}
	return "off"
}

// truthNight names the night of a local time in the sleep window by the evening it starts on.
func truthNight(local time.Time) string {
	year, month, day := local.Date()
	if local.Hour() < 8 {
		day--
	}
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// truthNights gives, per night, the part of a shift inside the sleep window of a zone.
func truthNights(shift truthShift, zone *time.Location) map[string]time.Duration {
	nights := map[string]time.Duration{}
	year, month, day := shift.start.In(zone).Date()
	for evening := day - 1; ; evening++ {
		dusk := time.Date(year, month, evening, 22, 0, 0, 0, zone)
		dawn := time.Date(year, month, evening+1, 8, 0, 0, 0, zone)
		if !dusk.Before(shift.end) {
			return nights
		}
		if asleep := shift.clip(dusk, dawn).length(); asleep > 0 {
			nights[truthNight(dusk)] += asleep
		}
	}
}

// truthNightKey is one person's one night.
func truthNightKey(user, night string) string { return fmt.Sprintf("%s %s", user, night) }
