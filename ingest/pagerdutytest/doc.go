// Package pagerdutytest is a PagerDuty account and its REST API, made up and
// served in process, in the manner of net/http/httptest. The demo, the tests
// and the benchmarks of crywolf run against it.
//
// An Account holds what an account holds. Generate makes the one of the demo:
// three rotations over thirteen weeks, with faults planted in it that Answers
// lists. Random makes small ones in which corner cases are mixed. NewAccount
// makes an empty one, and At winds one back. NewHandler and NewServer answer
// for an account as the API would, and fail or turn hostile if told to.
//
// # What is known of the real API, and kept here
//
// From PagerDuty's OpenAPI file, its guides and recorded answers: pages of 25
// and at most 100, with a greater limit clamped; total null unless asked for;
// code 2002 above offset+limit of 10,000; a month from the other bound where
// one of since and until is missing, and at most six months, for /incidents;
// date_range=all; naive times in the account's zone; rendered schedule entries
// only where a range and an include ask for them, cut at the bounds unless
// overflow is set; shift-based (v3) schedules missing from /schedules; include[]
// for channels, incidents and first trigger entries, without which a channel is
// a type; log entries newest first with the trigger last in its second; one
// assign or escalate entry for each assignee; an acknowledge followed in its
// second by an assign entry that narrows; notify entries without an agent;
// present state only in assignments and acknowledgements; deleted objects as
// references; the three rate headers and the shapes of errors.
//
// # What is assumed
//
// A limit above 100 is echoed as 100. Both bounds of a window belong to it.
// The form of channel.notification, its types and statuses. The summaries of
// notify entries other than "by email". The fields of channels of the Events
// API (client, client_url, cef_details) are those of recorded alerts. What is
// written when an incident is reopened, its urgency changes or help is asked
// for: an entry of a type that no schema lists, and assign or notify entries. A
// merge shows as resolve_reason on the source, whose alerts move. The order of
// /incidents without sort_by. Over six months: 400, or an empty list by option.
//
// Of what people do beside that: priority_change, status_update, workflow,
// external_reference, postmortem and (custom_)field_value_change entries, by a
// person, a service or nobody, the summary of the first telling the old and the
// new priority; external_references and custom_fields in every incident that has
// some; conference_bridge null or with a number and an address; resolved_at on
// alerts that ended before their incident; incidents that fire in a maintenance
// window, as one made late has them. Only Random accounts have these.
//
// The package imports no other package of crywolf, and must never learn by
// which rules crywolf counts or judges: tests compare the two.
package pagerdutytest
