package ingest

import (
	"strings"
	"testing"
)

func redactText(t *testing.T, b *nameBook, raw string) string {
	t.Helper()
	v, err := decodeValue([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	b.collectNames("", v)
	return encode(b.redact(v))
}

func TestRedaction(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"a user reference keeps id and type": {
			`{"agent":{"id":"PU","type":"user_reference","summary":"Jane Doe","self":"https://x","html_url":"https://y/PU"}}`,
			`{"agent":{"id":"PU","type":"user_reference"}}`},
		"a user typed as something else": {
			`{"user":{"id":"PU","type":"schedule_reference","summary":"Jane Doe"}}`, `{"user":{"id":"PU","type":"schedule_reference"}}`},
		"a user without a type": {
			`{"users":[{"member_order":1,"user":{"id":"PU","name":"Jane Doe","email":"j@x.org"}}]}`,
			`{"users":[{"member_order":1,"user":{"id":"PU"}}]}`},
		"a service is no user": {
			`{"agent":{"id":"PS","summary":"payments","type":"service_reference"}}`, `{"agent":{"id":"PS","summary":"payments","type":"service_reference"}}`},
		"a member of a shift": {
			`{"member":{"type":"user_member","user_id":"PU"}}`, `{"member":{"type":"user_member","user_id":"PU"}}`},
		"ways to reach people": {
			`{"email":"a@b.cd","phone":"1","address":"x","contact_methods":[1],"notification_rules":[],"avatar_url":"u","job_title":"j","x":1}`,
			`{"x":1}`},
		"of a conference that there was one": {`{"conference_bridge":{"conference_number":"+1 555 0100","conference_url":null}}`, `{"conference_bridge":true}`},
		"of custom fields whether they are set": {
			`{"custom_fields":[{"id":"F1","name":"cause","value":"Jane broke it"},{"id":"F2","value":null},{"id":"F3","value":[]},{"id":"F4","value":["a"]}]}`,
			`{"custom_fields":[{"id":"F1","name":"cause","value":true},{"id":"F2","value":null},{"id":"F3","value":null},{"id":"F4","value":true}]}`},
		"of linked tickets which they are": {
			`{"external_references":[{"id":"X1","type":"jira","summary":"Jane broke it","external_url":"https://j/X1"}]}`,
			`{"external_references":[{"id":"X1","type":"jira"}]}`},
		"of a custom field nothing that was typed": {
			`{"custom_fields":[{"id":"F1","display_name":"Cause","type":"field_value","value":"Jane broke it","previous_value":"old","values":["x"],"value_url":"y"},"free"]}`,
			`{"custom_fields":[{"display_name":"Cause","id":"F1","type":"field_value","value":true}]}`},
		"custom fields of another shape": {`{"custom_fields":{"F1":"Jane broke it","F2":{"value":"x"}}}`, `{"custom_fields":[]}`},
		"no conference":                  {`{"conference_bridge":{"conference_number":"","conference_url":null},"a":{"conference_bridge":null}}`, `{"a":{}}`},
		"keys with which events could be sent": {
			`{"integration_key":"abc","channel":{"service_key":"abc","type":"api"}}`, `{"channel":{"type":"api"}}`},
		"a message between people": {`{"responder_requests":[{"message":"help me"}]}`, `{"responder_requests":[{}]}`},
		"a message of a monitor":   {`{"channel":{"details":{"message":"disk full"}}}`, `{"channel":{"details":{"message":"disk full"}}}`},
		"e-mail addresses anywhere": {
			`{"channel":{"details":{"owner":"mail jane.doe+x@mail.example.co.uk now"}}}`, `{"channel":{"details":{"owner":"mail [email] now"}}}`},
		"addresses and names for keys": {
			`{"user":{"id":"1","type":"user","name":"Ann Lee"},"details":{"b@x.org":1,"a@x.org":2,"[email] 2":3,"owner Ann Lee":4,"disk full":5}}`,
			`{"details":{"[email]":2,"[email] 2":3,"[email] 3":1,"disk full":5,"owner [name]":4},"user":{"id":"1","type":"user"}}`},
		"names in summaries": {
			`{"summary":"Notified Jane Doe by sms.","user":{"id":"PU","type":"user_reference","summary":"Jane Doe"}}`,
			`{"summary":"Notified [name] by sms.","user":{"id":"PU","type":"user_reference"}}`},
		"whole words only": {
			`{"summary":"Ann annotated Annabel, Ann's Ann.","user":{"id":"PU","type":"user_reference","summary":"Ann"}}`,
			`{"summary":"[name] annotated Annabel, [name]'s [name].","user":{"id":"PU","type":"user_reference"}}`},
		"whatever the case, the longest name first": {
			`{"summary":"JANE DOE-MILLER and jane doe","users":[{"id":"1","type":"user","name":"Jane Doe"},{"id":"2","type":"user","name":"Jane Doe-Miller"}]}`,
			`{"summary":"[name] and [name]","users":[{"id":"1","type":"user"},{"id":"2","type":"user"}]}`},
		"full names in any text, single ones in summaries only": {
			`{"details":{"a":"Ann Lee is on Disk","b":"Disk"},"summary":"Disk","users":[{"id":"1","type":"user","name":"Ann Lee"},{"id":"2","type":"user","name":"Disk"}]}`,
			`{"details":{"a":"[name] is on Disk","b":"Disk"},"summary":"[name]","users":[{"id":"1","type":"user"},{"id":"2","type":"user"}]}`},
		"names beyond ASCII": {
			`{"summary":"Приняла Ольга Ким; Łukasz Żak","users":[{"id":"1","type":"user","name":"Ольга Ким"},{"id":"2","type":"user","name":"Łukasz Żak"}]}`,
			`{"summary":"Приняла [name]; [name]","users":[{"id":"1","type":"user"},{"id":"2","type":"user"}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := redactText(t, newNameBook(), c.in); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
			if again := redactText(t, newNameBook(), c.want); again != c.want {
				t.Errorf("a second redaction gives %s", again)
			}
		})
	}
}

// TestWhatPeopleTypeIntoAnEntryIsNotStored: PagerDuty documents no shape of these entries, so nothing of them is trusted.
func TestWhatPeopleTypeIntoAnEntryIsNotStored(t *testing.T) {
	for _, kind := range []string{"custom_field_value_change_log_entry", "field_value_change_log_entry", "status_update_log_entry"} {
		p := decodeAll(t, kindLogEntries, `{"id":"R1","type":"`+kind+`","created_at":"2026-01-01T00:00:00Z","summary":"Cause set to a typed text",
			"agent":{"id":"PU","type":"user_reference"},"incident":{"id":"Q1","type":"incident"},"note":"a typed text",
			"channel":{"type":"website","summary":"a typed text","custom_fields":[{"id":"F","previous_value":"a typed text"}],"html_message":"a typed text"}}`)
		row := newNameBook().logEntryRow(p.records[0], "")
		raw := row[len(row)-2].(string)
		if strings.Contains(raw, "typed") || row[2] != kind || !strings.Contains(raw, `"channel":{"type":"website"}`) || !strings.Contains(raw, `"agent"`) {
			t.Errorf("%s: %v", kind, row)
		}
	}
}

func TestSummaryMedium(t *testing.T) {
	for text, want := range map[string]any{
		"Notified Jane Doe by email.": "email", "Notified X by SMS": "sms", "Notified X by phone call.": "phone",
		"Notified X by push notification.": "push", "Notified X by carrier pigeon.": nil, "Escalated by phone to Y": nil, "": nil,
	} {
		if got := summaryMedium(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestAListedUserKeepsItsNameInOneColumn(t *testing.T) {
	p := decodeAll(t, kindUsers, `{"id":"PU","type":"user","name":"Jane Doe","summary":"Jane Doe","email":"j@x.org","time_zone":"Europe/Berlin","description":"Jane of ops","html_url":"https://acme.pagerduty.com/users/PU","teams":[{"id":"PT","type":"team_reference","summary":"Ops"}]}`)
	row := newNameBook().userRow(p.records[0])
	raw := row[4].(string)
	if row[1] != "Jane Doe" || row[2] != "Europe/Berlin" || strings.Contains(raw, "Jane") || strings.Contains(raw, "html_url\":\"https://acme.pagerduty.com/users") {
		t.Errorf("%v", row)
	}
}

func TestAccountOf(t *testing.T) {
	for address, want := range map[string]string{
		"https://acme.pagerduty.com/users/P1":    "acme us",
		"https://acme.eu.pagerduty.com/users/P1": "acme eu",
		"https://ACME.pagerduty.com":             "acme us",
		"https://api.pagerduty.com/users/P1":     "",
		"https://acme.example.com/users":         "",
		"":                                       "",
	} {
		sub, region, ok := accountOf(address)
		if got := strings.TrimSpace(sub + " " + region); got != want && ok || ok != (want != "") {
			t.Errorf("%s: %q", address, got)
		}
	}
}
