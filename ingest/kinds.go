package ingest

// The kinds of records, as they stand in the ledger, in notes and in the counts of requests.
const (
	kindAbilities   = "abilities"
	kindUsers       = "users"
	kindTeams       = "teams"
	kindPriorities  = "priorities"
	kindServices    = "services"
	kindPolicies    = "escalation_policies"
	kindSchedules   = "schedules"
	kindIncidents   = "incidents"
	kindLogEntries  = "log_entries"
	kindHistory     = "incident_log_entries" // one incident's entries, read whole
	kindOne         = "incident"             // one incident, read singly
	kindOpen        = "open_incidents"
	kindAlerts      = "alerts"
	kindMaintenance = "maintenance_windows"
	kindChanges     = "change_events"
	kindEstimate    = "estimate"
)
