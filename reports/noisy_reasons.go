package reports

import (
	"fmt"
	"strings"
)

// reasons says in short sentences what a recommendation rests on, made by rule from the alert's numbers: first what
// decided it, then the guards, the risk, flapping, and how strong the evidence is.
func reasons(a *NoisyAlert) []string {
	out := []string{decided(a)}
	out = append(out, guards(a)...)
	if text := risk(a); text != "" {
		out = append(out, text)
	}
	if a.FlappingRunCount > 0 {
		out = append(out, fmt.Sprintf("flaps: %s, %s beyond one a run", plural(a.FlappingRunCount, "run"), plural(a.ExcessPageCount, "page")))
	}
	return append(out, strength(a))
}

// decided is the clause of definitions 10 that held.
func decided(a *NoisyAlert) string {
	n := plural(a.IncidentCount, "incident")
	switch a.Recommendation {
	case Delete:
		return noneWorked(a)
	case Wait:
		return fmt.Sprintf("%s of %s cleared alone, 9 in 10 of those within %s", Ratio(a.ClearedAloneRatio), n, minutes(a.WaitSeconds))
	case Group:
		with := unknown
		if a.GroupWith != nil {
			with = *a.GroupWith
		}
		return fmt.Sprintf("%s of %s came within 5 min of one of %s", Ratio(a.GroupRatio), n, with)
	case Demote:
		return fmt.Sprintf("worked only in business hours, and %s of %s came outside them", Count(a.OutsideBusinessPageCount), plural(a.PageCount, "page"))
	case FixCause:
		return workedShare(a) + ": real, and it comes back"
	case Keep:
		return workedShare(a)
	}
	switch {
	case a.WorkedCount > 0:
		return workedShare(a)
	case a.Evidence == thin:
		return "too few to judge: " + noneWorked(a)
	}
	return noneWorked(a) + ", but a guard speaks against deleting"
}

func noneWorked(a *NoisyAlert) string {
	text := fmt.Sprintf("none of %s was worked", plural(a.IncidentCount, "incident"))
	if a.IncidentCount == 1 {
		text = "its one incident was not worked"
	}
	if a.WorkedRatioBound != nil {
		text += fmt.Sprintf(" (at most %s could be, 95%%)", Ratio(a.WorkedRatioBound))
	}
	return text
}

func workedShare(a *NoisyAlert) string {
	return fmt.Sprintf("%s of %s worked (95%% range %s)", Count(a.WorkedCount), plural(a.IncidentCount, "incident"), span(a.WorkedRatioLow, a.WorkedRatioHigh))
}

// minutes is a wait in whole minutes: 4 min.
func minutes(seconds *float64) string {
	if seconds == nil {
		return unknown
	}
	v := *seconds / 60
	return Number(&v) + " min"
}

// guards says which of the guards of delete hold. They bind delete alone, and are worth knowing before any change.
func guards(a *NoisyAlert) []string {
	if a.Recommendation == Keep || a.Recommendation == FixCause {
		return nil
	}
	var out []string
	if a.UnattendedPageCount > 0 {
		out = append(out, fmt.Sprintf("guard: %s nobody answered", plural(a.UnattendedPageCount, "page")))
	}
	if a.TopPriorityCount > 0 {
		out = append(out, fmt.Sprintf("guard: %s of priority P1 or P2", plural(a.TopPriorityCount, "incident")))
	}
	if a.SoleDetectorCount > 0 {
		out = append(out, fmt.Sprintf("guard: the only alarm before %s that a person opened and worked", plural(a.SoleDetectorCount, "incident")))
	}
	if a.SilentIncidentCount > 0 {
		out = append(out, fmt.Sprintf("guard: %s without a log entry, so that nobody knows what was done", plural(a.SilentIncidentCount, "incident")))
	}
	if len(out) == 0 && a.Recommendation == Delete {
		out = append(out, "guards hold: no page unanswered, no P1 or P2, never the only alarm before a real incident")
	}
	return out
}

// risk names the worked incidents that following the recommendation would have hidden or delayed.
func risk(a *NoisyAlert) string {
	switch {
	case !removes(a.Recommendation), a.Recommendation == Delete && a.WorkedCount == 0: // said already
		return ""
	case a.Recommendation == Demote:
		return workedShare(a) + ", all of them while it would still page"
	case a.WorkedCount == 0:
		return noneWorked(a)
	}
	verb := "hide"
	if a.Recommendation == Wait {
		verb = "delay by " + minutes(a.WaitSeconds)
	}
	ids := Clean(strings.Join(a.WorkedIncidents, ", "))
	return fmt.Sprintf("would %s %s, to be looked at first: %s", verb, plural(a.WorkedCount, "worked incident"), ids)
}

func strength(a *NoisyAlert) string {
	n := plural(a.IncidentCount, "incident")
	switch a.Evidence {
	case "strong":
		return "evidence is strong: " + n + ", 30 or more"
	case "fair":
		return "evidence is fair: " + n + ", 10 or more"
	}
	return "evidence is thin: " + n + ", fewer than 10; label some before you act"
}

// change says where a recommendation is carried out.
func change(a *NoisyAlert) string {
	source := Clean(a.Source)
	if source == "" || source == "unknown" {
		source = "the tool that sends it"
	}
	recommendation := a.Recommendation
	if a.Evidence == thin && removes(recommendation) {
		recommendation = Unclear
	}
	switch recommendation {
	case Delete:
		return "Delete the rule in " + source + "."
	case Wait:
		return fmt.Sprintf("Let the condition hold %s before it fires in %s, or pause its notifications on the service as long.", minutes(a.WaitSeconds), source)
	case Demote:
		return "Make it low urgency outside business hours: by the service's support hours, or the rule's severity."
	case Group:
		return "Group it with the other by alert grouping on the service, or let the other inhibit it in " + source + "."
	case FixCause:
		return "Open a ticket for the cause, and keep the alert until it is gone."
	case Unclear:
		return "Label its next incidents: crywolf label INCIDENT actionable|non-actionable --reason TEXT"
	}
	return "Leave it as it is."
}
