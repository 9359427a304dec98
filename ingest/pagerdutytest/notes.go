package pagerdutytest

import (
	"strings"
	"time"
)

// noteTexts are what people write. NN becomes a number, so that each note is
// one that can be searched for.
var noteTexts = map[Verdict][]string{
	VerdictActionable: {
		"Restarted the stuck worker on the second node, watching error rate. Ticket OPS-NN.",
		"Rolled back to the release of yesterday, see OPS-NN for the diff that broke it.",
		"Failed over to the replica. The old primary needs a new disk, asked hosting in OPS-NN.",
		"Upstream confirmed an outage on their side (case NN), we have switched to the second provider.",
		"Raised the connection limit for now; the leak is described in OPS-NN.",
		"#a Connection pool was exhausted by the import job, killed it (OPS-NN).",
		"Customers are affected in two regions. Status page updated, war room is open, OPS-NN.",
	},
	VerdictNotUrgent: {
		"Will be done in the next maintenance, planned as OPS-NN.",
		"Renewal ordered, waits for approval of request NN.",
		"#na This could have waited until Monday, see OPS-NN.",
	},
	VerdictNoise: {
		"#na Known false alarm, threshold is discussed in OPS-NN.",
		"Nothing wrong as far as I can see, graph NN looks as always.",
		"Same as last night. Somebody please look at rule NN.",
	},
}

// note writes an annotate entry and keeps its text among the secrets.
func (s *scene) note(p *person, at time.Time) {
	texts := noteTexts[s.o.verdict]
	if len(texts) == 0 {
		texts = noteTexts[VerdictNoise]
	}
	text := strings.ReplaceAll(pick(s.d, texts), "NN", itoa(s.o.number))
	if at.Before(s.w.a.End) {
		s.w.a.secrets.Notes = append(s.w.a.secrets.Notes, text)
	}
	s.emit(at, "annotate", "Note added by "+p.name+".", p.ref, &Channel{Type: "note", Summary: text})
}

// askForHelp asks one or two colleagues to join. They show in the incident's
// own fields; which log entries PagerDuty writes is not known, assumed is one
// of an undocumented type, and the notification.
func (s *scene) askForHelp(p *person, at time.Time) {
	if !at.Before(s.w.a.End) {
		return
	}
	helper := s.w.teammate(s.d, s.o.service.team, p)
	if helper == nil || len(helper.high) == 0 {
		return
	}
	state := []string{"joined", "joined", "declined", "pending"}[s.d.IntN(4)]
	r := Responder{State: state, User: *helper.ref, Incident: *s.o.ref, Requester: *p.ref, RequestedAt: at,
		UpdatedAt: at.Add(3 * time.Minute), Message: "Please help with this incident"}
	if state == "pending" {
		r.UpdatedAt = at
	}
	s.responders = append(s.responders, r)
	s.requests = append(s.requests, ResponderRequest{Incident: r.Incident, Requester: r.Requester, RequestedAt: at, Message: r.Message,
		Targets: []ResponderRequestTarget{{ResponderTarget{Type: "user", ID: helper.id, Summary: NullString(helper.name), IncidentsResponders: []Responder{r}}}}})
	s.emit(at, "responder_request", "Responders requested by "+p.name+".", p.ref, channelWebsite)
	c := helper.high[0]
	e := s.emit(at.Add(c.after+4*time.Second), "notify", c.summary, nil, c.channel)
	e.User = helper.ref
}
