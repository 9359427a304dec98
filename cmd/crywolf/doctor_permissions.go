package main

import (
	"fmt"

	"crywolf/ingest"
	"crywolf/reports"
)

// permission is one endpoint: what it is called, and what is lost without it.
type permission struct {
	kind, name, lost string
	status           reports.FindingStatus // where it may not be read
}

// permissions are all endpoints that a sync reads, the needed ones first.
var permissions = []permission{
	{"incidents", "incidents", "nothing can be read without them", reports.FindingProblem},
	{"log_entries", "log entries", "who was notified is not known: pages are inferred from assignments", reports.FindingProblem},
	{"schedules", "schedules", "there are no shifts, and no page has a rotation", reports.FindingProblem},
	{"escalation_policies", "escalation policies", "no page has a rotation", reports.FindingProblem},
	{"services", "services", "no page has a rotation", reports.FindingProblem},
	{"v3_schedules", "shift-based schedules", "pages of shift-based schedules have no rotation", reports.FindingWatch},
	{"alerts", "an incident's alerts", "which rules an incident gathered is not known", reports.FindingWatch},
	{"users", "users and their zones", "a night is told by the schedule's zone", reports.FindingWatch},
	{"priorities", "priorities", "which incidents are P1 or P2 is not known", reports.FindingWatch},
	{"change_events", "change events", "evidence A6 is off", reports.FindingInfo},
	{"maintenance_windows", "maintenance windows", "evidence N10 knows test titles only", reports.FindingInfo},
	{"teams", "teams", "no number needs them", reports.FindingInfo},
	{"abilities", "abilities", "nothing needs them", reports.FindingInfo},
}

// readOnlyKey is what mends a refusal.
const readOnlyKey = "a read-only account key: ask an admin of the account for one"

// permissions tells of each endpoint whether it may be read.
func (x *examination) permissions(c ingest.Checkup) {
	for _, p := range permissions {
		for _, e := range c.Endpoints {
			if e.Kind == p.kind {
				x.permission(p, e)
			}
		}
	}
}

func (x *examination) permission(p permission, e ingest.EndpointCheck) {
	add := func(status reports.FindingStatus, fix, format string, args ...any) {
		x.doc.Add(reports.DoctorPagerDuty, "may_read_"+p.kind, status, fix, format, args...)
	}
	switch e.State {
	case ingest.EndpointReadable:
		text := p.name
		switch {
		case e.Rows == 0 && p.kind != "abilities":
			text += ": may be read, and there is none"
		case e.Detail != "":
			text += ": may be read, " + e.Detail
		default:
			text += ": may be read"
		}
		add(reports.FindingOK, "", "%s", text)
	case ingest.EndpointRefused:
		why := "the token may not"
		if e.Status == 402 {
			why = "the account's plan has not got them"
		}
		fix := readOnlyKey
		if p.status == reports.FindingInfo || e.Status == 402 {
			fix = ""
		}
		add(p.status, fix, "%s: refused (%d), %s; %s", p.name, e.Status, why, p.lost)
	case ingest.EndpointMissing:
		status := p.status
		if p.kind == "v3_schedules" { // accounts without them do not have the path
			status = reports.FindingInfo
		}
		add(status, "", "%s: not there (404); %s", p.name, p.lost)
	case ingest.EndpointFailed:
		detail := e.Detail
		if e.Status != 0 {
			detail = fmt.Sprintf("PagerDuty answered %d", e.Status)
		}
		add(reports.FindingWatch, "crywolf doctor"+x.dbFlag(), "%s: not known, %s", p.name, detail)
	default:
		add(reports.FindingNotTried, "", "%s: not tried, %s", p.name, e.Detail)
	}
}
