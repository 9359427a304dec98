package pagerdutytest

import (
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"
)

// Log entries are by far the most that is served: a benchmark reads hundreds of
// thousands. They are written by hand here, several times as fast as by
// reflection; a test holds the two against each other.

// appender is an object that writes itself.
type appender interface{ appendJSON(b []byte) []byte }

func mustJSON(x any) json.RawMessage {
	if a, ok := x.(appender); ok {
		return a.appendJSON(make([]byte, 0, 2048))
	}
	b, err := json.Marshal(x)
	if err != nil {
		panic(fmt.Sprintf("pagerdutytest: marshal %T: %v", x, err))
	}
	return b
}

func (e wireLogEntry) appendJSON(b []byte) []byte {
	b = append(b, `{"id":`...)
	b = appendText(b, e.ID)
	b = append(b, `,"type":`...)
	b = appendText(b, e.Type)
	b = append(b, `,"summary":`...)
	b = appendText(b, e.Summary)
	b = append(b, `,"self":`...)
	b = appendNull(b, e.Self)
	b = append(b, `,"html_url":`...)
	b = appendNull(b, e.HTMLURL)
	b = append(b, `,"created_at":"`...)
	b = e.CreatedAt.AppendFormat(b, time.RFC3339Nano)
	b = append(b, '"')
	b = appendOptional(b, `,"agent":`, e.Agent)
	if e.Channel != nil {
		b = append(b, `,"channel":`...)
		b = appendAny(b, e.Channel)
	}
	b = append(b, `,"service":`...)
	b = appendAny(b, e.Service)
	b = append(b, `,"incident":`...)
	b = appendAny(b, e.Incident)
	b = append(b, `,"teams":`...)
	b = appendReferences(b, e.Teams)
	b = append(b, `,"contexts":`...)
	b = appendAny(b, e.Contexts)
	if e.EventDetails != nil {
		b = append(b, `,"event_details":`...)
		b = appendAny(b, e.EventDetails)
	}
	b = appendOptional(b, `,"user":`, e.User)
	if len(e.Assignees) > 0 {
		b = append(b, `,"assignees":`...)
		b = appendReferences(b, e.Assignees)
	}
	b = appendOptional(b, `,"escalation_policy":`, e.EscalationPolicy)
	return append(b, '}')
}

func appendAny(b []byte, x any) []byte {
	switch x := x.(type) {
	case Reference:
		return appendReference(b, x)
	case appender:
		return x.appendJSON(b)
	case Channel:
		if x == (Channel{Type: x.Type, Notification: x.Notification}) {
			return appendPlainChannel(b, x)
		}
	case []any:
		if x != nil && len(x) == 0 {
			return append(b, "[]"...)
		}
	}
	return append(b, mustJSON(x)...)
}

// appendPlainChannel writes a channel that has a type and a notification at most.
func appendPlainChannel(b []byte, c Channel) []byte {
	b = append(b, `{"type":`...)
	b = appendText(b, c.Type)
	if n := c.Notification; n != nil {
		b = append(b, `,"notification":{"type":`...)
		b = appendText(b, n.Type)
		b = append(b, `,"address":`...)
		b = appendNull(b, n.Address)
		b = append(b, `,"status":`...)
		b = appendNull(b, n.Status)
		b = append(b, '}')
	}
	return append(b, '}')
}

func appendReferences(b []byte, list []Reference) []byte {
	b = append(b, '[')
	for i, r := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendReference(b, r)
	}
	return append(b, ']')
}

func appendOptional(b []byte, key string, r *Reference) []byte {
	if r == nil {
		return b
	}
	return appendReference(append(b, key...), *r)
}

func appendReference(b []byte, r Reference) []byte {
	b = append(b, `{"id":`...)
	b = appendText(b, r.ID)
	b = append(b, `,"type":`...)
	b = appendText(b, r.Type)
	b = append(b, `,"summary":`...)
	b = appendNull(b, r.Summary)
	b = append(b, `,"self":`...)
	b = appendNull(b, r.Self)
	b = append(b, `,"html_url":`...)
	b = appendNull(b, r.HTMLURL)
	return append(b, '}')
}

func appendNull(b []byte, s NullString) []byte {
	if s == "" {
		return append(b, "null"...)
	}
	return appendText(b, string(s))
}

// appendText writes a string; one with anything to escape goes the long way.
func appendText(b []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' || c >= utf8.RuneSelf {
			quoted, err := json.Marshal(s)
			if err != nil {
				panic("pagerdutytest: marshal a string: " + err.Error())
			}
			return append(b, quoted...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}
