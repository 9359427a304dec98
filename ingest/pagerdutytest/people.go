package pagerdutytest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// person is somebody who can be paged, with all that speaks of them prepared:
// entries share these values.
type person struct {
	id, name, email, phone string
	zoneName               string
	zone                   *time.Location
	left                   bool
	ref                    *Reference
	assignee               []Reference // ref alone
	high, low              []contact
	assigned, acknowledged string // summaries
	resolved               string
}

// contact is one step of a person's notification rules.
type contact struct {
	after   time.Duration
	medium  string // push, sms, phone, email
	summary string
	channel *Channel // delivered
	failed  *Channel // not delivered
}

type personSpec struct{ name, zone string }

// rosters are the people of the demo account. The last one of payments leaves.
var rosters = map[string][]personSpec{
	"payments": {{"Annika Brandstätter", "Europe/Berlin"}, {"Lukas Wiesenthal", "Europe/Berlin"}, {"Oyelaran Adebisi", "Europe/Berlin"},
		{"Katarzyna Zielonka", "Europe/Warsaw"}, {"Matteo Colasanti", "Europe/Berlin"}, {"Yusuf Karahanoglu", "Europe/Berlin"}, {"Hannelore Quistorp", "Europe/Berlin"}},
	"emea": {{"Siobhán Mulqueen", "Europe/Dublin"}, {"Iñigo Etxeberria", "Europe/Madrid"}, {"Ewa Przybylska", "Europe/Warsaw"}},
	"amer": {{"Desmond Okonjo", "America/Los_Angeles"}, {"Priscilla Vandermeer", "Eastern Time (US & Canada)"}, {"Renaud Thibodeaux", "America/Toronto"}},
	"apac": {{"Haruka Minamoto", "Asia/Tokyo"}, {"Callum Featherstone", "Australia/Sydney"}},
	"checkout": {{"Guadalupe Arriaga", "America/New_York"}, {"Thaddeus Blackwood", "America/New_York"}, {"Nkechi Umeh", "America/New_York"},
		{"Farrukh Siddiqui", "America/Chicago"}, {"Marisol Etcheverry", "America/New_York"}, {"Bronwyn Llewellyn", "Eastern Time (US & Canada)"}},
	"manager": {{"Cornelius Vogelsang", "Europe/Berlin"}, {"Adaeze Nwosu-Hartley", "Europe/London"}},
}

// newPerson gives somebody an id, addresses and notification rules.
func (w *world) newPerson(s personSpec) *person {
	n := len(w.people) + 1
	p := &person{id: w.ids.short(), name: s.name, zoneName: s.zone, zone: loadZone(s.zone)}
	p.email = emailOf(s.name)
	p.phone = fmt.Sprintf("+44 7700 9%05d", 412+7*n) // a range kept for fiction
	p.ref = &Reference{ID: p.id, Type: "user_reference", Summary: NullString(p.name)}
	p.assignee = []Reference{*p.ref}
	p.assigned, p.acknowledged, p.resolved = "Assigned to "+p.name+".", "Acknowledged by "+p.name+".", "Resolved by "+p.name+"."
	switch n % 5 {
	case 0: // would rather be called
		p.high = w.contacts(p, 0, "phone", 3, "phone", 8, "sms")
	case 1:
		p.high = w.contacts(p, 0, "push", 0, "sms", 5, "phone")
	default:
		p.high = w.contacts(p, 0, "push", 2, "sms", 6, "phone")
	}
	p.low = w.contacts(p, 0, "email")
	if n%6 == 2 { // wants to hear of everything
		p.low = w.contacts(p, 0, "email", 0, "push")
	}
	w.people = append(w.people, p)
	w.byID[p.id] = p
	s2 := &w.a.secrets
	s2.Names, s2.Emails, s2.Phones = append(s2.Names, p.name), append(s2.Emails, p.email), append(s2.Phones, p.phone)
	return p
}

// emailOf makes "given.family@tidewater.example" of a name, without accents.
func emailOf(name string) string {
	plain := strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "á", "a", "ñ", "n", "Í", "I", " ", ".", "-", "", "'", "").Replace(name)
	return strings.ToLower(plain) + "@" + subdomain + ".example"
}

// contacts reads pairs of minutes and medium.
func (w *world) contacts(p *person, pairs ...any) []contact {
	var out []contact
	for i := 0; i < len(pairs); i += 2 {
		medium := pairs[i+1].(string)
		out = append(out, w.contact(p, time.Duration(pairs[i].(int))*time.Minute, medium))
	}
	return out
}

var mediumWords = map[string]struct{ kind, said string }{
	"push":  {"push_notification", "push"},
	"sms":   {"sms_notification", "SMS"},
	"phone": {"phone_notification", "phone"},
	"email": {"email_notification", "email"},
}

func (w *world) contact(p *person, after time.Duration, medium string) contact {
	words := mediumWords[medium]
	address := NullString(p.phone)
	switch medium {
	case "push":
		address = ""
	case "email":
		address = NullString(p.email)
	}
	channel := func(status string) *Channel {
		return &Channel{Type: "auto", Notification: &Notification{words.kind, address, NullString(status)}}
	}
	return contact{after, medium, "Notified " + p.name + " by " + words.said + ".", channel("success"), channel("failed")}
}

// addUsers puts everybody who has not left into the account.
func (w *world) addUsers() {
	colors := []string{"purple", "red", "green", "blue", "teal", "orange", "brown", "turquoise"}
	for i, p := range w.people {
		if p.left {
			continue
		}
		u := User{ID: p.id, Type: "user", Summary: p.name, Name: p.name, Email: p.email, TimeZone: NullString(p.zoneName),
			Color: colors[i%len(colors)], Role: "user", JobTitle: "Engineer",
			AvatarURL: "https://secure.gravatar.com/avatar/" + sha(p.email, 32) + ".png?d=mm&r=PG"}
		for _, m := range []struct{ kind, address string }{
			{"email_contact_method", p.email}, {"phone_contact_method", p.phone}, {"sms_contact_method", p.phone},
		} {
			u.ContactMethods = append(u.ContactMethods, ContactMethod{ID: w.ids.short(), Type: m.kind, Summary: "Default", Label: "Default", Address: m.address})
		}
		for _, t := range w.teams {
			if t.members[p.id] {
				u.Teams = append(u.Teams, t.ref)
			}
		}
		w.a.Users = append(w.a.Users, u)
	}
}

// secretEmail keeps an address among the secrets.
func (w *world) secretEmail(address string) {
	if !slices.Contains(w.a.secrets.Emails, address) {
		w.a.secrets.Emails = append(w.a.secrets.Emails, address)
	}
}
