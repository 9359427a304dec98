package main

import (
	"strings"
	"time"

	"crywolf/analysis"
	"crywolf/ingest"
	"crywolf/reports"
)

// ledgerRows takes the certificate over into the document.
func (x *examination) ledgerRows() {
	for _, k := range x.ledger.Kinds {
		r := reports.LedgerRow{Kind: k.Kind, WindowCount: k.WindowCount, WholeCount: k.WholeCount, UnfinishedCount: k.UnfinishedCount,
			TruncatedCount: k.TruncatedCount, RefusedCount: k.RefusedCount, ReceivedCount: k.RowCount, StoredCount: k.StoredCount,
			UnreadableCount: k.UnreadableCount, RequestCount: k.RequestCount, FirstAskedAt: k.AskedAt, LastReadAt: k.ReadAt, Reason: k.Reason}
		if k.Asked != nil {
			r.AskedSince, r.AskedUntil = &k.Asked.Since, &k.Asked.Until
		}
		if k.Read != nil {
			r.ReadSince, r.ReadUntil = &k.Read.Since, &k.Read.Until
		}
		x.doc.Ledger = append(x.doc.Ledger, r)
	}
}

// tell adds a finding about the data.
func (x *examination) tell(code string, status reports.FindingStatus, fix, format string, args ...any) {
	x.doc.Add(reports.DoctorData, code, status, fix, format, args...)
}

// counted adds a finding where there is something to count.
func (x *examination) counted(n int64, code string, status reports.FindingStatus, fix, text string) {
	if n > 0 {
		x.tell(code, status, fix, "%s: %s", text, reports.Count(n))
	}
}

// data tells what is missing, of what is stored.
func (x *examination) data() {
	l := x.ledger
	full := x.syncCommand()
	if !x.isDemo() {
		full = "crywolf sync --full" + x.dbFlag()
	}
	x.lastSync()
	x.gaps()
	for _, k := range l.Kinds {
		if k.UnreadableCount > 0 {
			x.tell("unreadable_records", reports.FindingWatch, full, "%s that could not be read, kept as types and key names: %s",
				kindName(k.Kind), reports.Count(k.UnreadableCount))
		}
	}
	x.refusedKinds()
	x.counted(l.UnreadableScheduleCount, "schedule_not_readable", reports.FindingProblem, readOnlyKey, "schedules that a policy targets and that could not be read")
	x.counted(l.ZonelessScheduleCount, "schedule_zone", reports.FindingWatch, "give them a zone in PagerDuty", "schedules without a time zone: UTC stands in for who has none")
	x.counted(l.ZonelessUserCount, "user_zone", reports.FindingInfo, "give them a zone in PagerDuty", "users without a time zone: their schedule's stands in")
	x.counted(l.DeletedUserCount, "deleted_users", reports.FindingInfo, "", "users who were deleted; their shifts and pages stay")
	x.counted(l.DeletedIncidentCount, "deleted_incidents", reports.FindingInfo, "", "incidents that were deleted in PagerDuty, and count nowhere")
	x.counted(l.RefusedIncidentCount, "incident_skipped", reports.FindingWatch, readOnlyKey, "incidents that may not be read any more, and stand as they were")
	x.counted(l.TruncatedHistoryCount, "history_truncated", reports.FindingWatch, "", "incidents with more log entries than PagerDuty lists")
	x.counted(l.OrphanEntryCount, "orphan_entries", reports.FindingInfo, "", "log entries of incidents that PagerDuty does not have")
	x.lateEdits(full)
}

// kindName is a kind of record in words.
func kindName(kind string) string { return strings.ReplaceAll(kind, "_", " ") }

func (x *examination) lastSync() {
	l := x.ledger
	if l.UnfinishedUntil != nil {
		x.tell("sync_unfinished", reports.FindingProblem, x.syncCommand(), "the last sync ended before it was done: reports say that they are partial")
	}
	if l.SyncedUntil == nil {
		x.tell("synced_until", reports.FindingProblem, x.syncCommand(), "no sync has read incidents and log entries whole yet")
		return
	}
	until := *l.SyncedUntil
	text, status, fix := "read whole until "+x.at(until), reports.FindingOK, ""
	if l.LastSyncAt != nil {
		text = "last sync " + x.at(*l.LastSyncAt) + ", " + text
	}
	if !x.isDemo() {
		text += ", " + x.ago(until)
		if x.now.Sub(until) > staleAfter {
			status, fix = reports.FindingWatch, x.syncCommand()
		}
	}
	x.tell("synced_until", status, fix, "%s", text)
}

// gaps names each part of the time that was asked for and is not there, with the command that follows.
func (x *examination) gaps() {
	l := x.ledger
	if l.Asked == nil {
		return
	}
	if len(l.Gaps) == 0 {
		x.tell("gaps", reports.FindingOK, "", "incidents, log entries and schedules are whole from %s to %s", x.at(l.Asked.Since), x.at(l.Asked.Until))
	}
	for _, g := range l.Gaps {
		code, why := "gap", "were not read"
		switch g.Reason {
		case analysis.GapUnfinished:
			why = "are not read to their end: a sync was cut off"
		case analysis.GapRefused:
			why = "were refused"
		case analysis.GapTruncated:
			code, why = "truncated", "are not whole: PagerDuty did not give all rows"
		}
		if reason := x.reasonOf(g); reason != "" {
			why += " (" + reason + ")"
		}
		x.tell(code, reports.FindingProblem, x.fillCommand(g, x.isDemo(), l.SyncedUntil), "%s %s – %s %s", kindName(g.Kind), x.second(g.Since), x.second(g.Until), why)
	}
}

// second is a time to the second where the minute does not say it.
func (x *examination) second(t time.Time) string {
	if t.Second() == 0 && t.Nanosecond() == 0 {
		return x.at(t)
	}
	return t.In(x.loc).Format("2006-01-02 15:04:05")
}

// reasonOf is what the ledger says of why a window is not whole.
func (x *examination) reasonOf(g analysis.Gap) string {
	if g.Reason != analysis.GapTruncated && g.Reason != analysis.GapRefused {
		return ""
	}
	for _, k := range x.ledger.Kinds {
		if k.Kind == g.Kind {
			return k.Reason
		}
	}
	return ""
}

// refusedKinds tells of lists that the last sync could not have.
func (x *examination) refusedKinds() {
	for _, k := range x.ledger.Kinds {
		switch {
		case k.RefusedCount == 0 || k.Kind == "incident" || k.Kind == "schedules" || k.Kind == "incident_log_entries":
		case k.Kind == "alerts":
			x.tell("alerts_not_read", reports.FindingInfo, "crywolf sync --alerts auto"+x.dbFlag(), "alerts: %s", k.Reason)
		default:
			x.tell("endpoint_skipped", reports.FindingWatch, "crywolf doctor"+x.dbFlag()+"   (says whether the token may read them now)", "%s could not be read at the last sync: %s",
				kindName(k.Kind), k.Reason)
		}
	}
}

// lateEdits tells what reading again found, and what only --full would.
func (x *examination) lateEdits(full string) {
	l := x.ledger
	if e := l.LateEdits; e.Count > 0 {
		oldest := ""
		if e.OldestSeconds != nil {
			oldest = ", up to " + reports.Seconds(e.OldestSeconds) + " after they began"
		}
		x.tell("late_edits", reports.FindingInfo, "", "incidents found changed or gone by reading them again, without a log entry that says so%s: %s", oldest, reports.Count(e.Count))
	}
	if l.Asked == nil || l.RereadAt == nil || x.isDemo() {
		return
	}
	if before := l.RereadAt.Add(-ingest.RereadDepth); l.Asked.Since.Before(before) {
		x.tell("older_edits", reports.FindingInfo, full, "incidents from before %s are not read again: what changed in them without a log entry is found by --full only", x.at(before)[:10])
	}
}
