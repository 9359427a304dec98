-- Facts: what PagerDuty said, one table a kind of record. What it means is analysis' business.
--
-- Every time is a TIMESTAMP in UTC. No primary keys, unique constraints, indexes, ENUMs or sequences:
-- rows are replaced by stage + delete + insert in one transaction, which is the only form that is both
-- fast in DuckDB and possible in DuckLake. `raw` is the record's JSON after redaction (redact.go).
-- An id occurs once in its table. NULL means that PagerDuty did not say.

CREATE TABLE IF NOT EXISTS meta (
  key VARCHAR,                     -- schema_version, subdomain, region, made_by ('sync' or 'demo')
  value VARCHAR
);

CREATE TABLE IF NOT EXISTS users (
  id VARCHAR,
  name VARCHAR,                    -- the only place in the database where a person's name stands
  time_zone VARCHAR,               -- as PagerDuty gave it: IANA or a Rails name
  is_deleted BOOLEAN,              -- seen before or referred to, and not in /users any more
  raw VARCHAR,
  fetched_at TIMESTAMP
);

CREATE TABLE IF NOT EXISTS pseudonyms (
  user_key VARCHAR,                -- hex HMAC-SHA-256 of the user id; the key lives outside the database
  number INTEGER                   -- n of R<n>: given at first sight, never reused
);

CREATE TABLE IF NOT EXISTS teams (id VARCHAR, name VARCHAR, is_deleted BOOLEAN, raw VARCHAR, fetched_at TIMESTAMP);

CREATE TABLE IF NOT EXISTS priorities (
  id VARCHAR,
  name VARCHAR,                    -- P1, P2 …
  rank INTEGER,                    -- 1 is the most urgent
  raw VARCHAR,
  fetched_at TIMESTAMP
);

CREATE TABLE IF NOT EXISTS services (
  id VARCHAR,
  name VARCHAR,
  escalation_policy_id VARCHAR,    -- the policy it uses now
  is_deleted BOOLEAN,
  raw VARCHAR,
  fetched_at TIMESTAMP
);

CREATE TABLE IF NOT EXISTS integrations (
  id VARCHAR,
  service_id VARCHAR,
  type VARCHAR,                    -- events_api_v2_inbound_integration …
  name VARCHAR,
  vendor VARCHAR                   -- the vendor reference's summary: "Datadog"
);

CREATE TABLE IF NOT EXISTS escalation_policies (
  id VARCHAR,
  name VARCHAR,
  is_deleted BOOLEAN,
  raw VARCHAR,
  fetched_at TIMESTAMP
);

CREATE TABLE IF NOT EXISTS escalation_targets (
  escalation_policy_id VARCHAR,
  level INTEGER,                   -- 1 is the first to be paged
  delay_seconds INTEGER,           -- wait before the next level
  target_kind VARCHAR,             -- 'schedule' or 'user'
  target_id VARCHAR
);

CREATE TABLE IF NOT EXISTS schedules (
  id VARCHAR,
  name VARCHAR,
  time_zone VARCHAR,               -- as PagerDuty gave it: IANA or a Rails name
  source VARCHAR,                  -- 'v2' (/schedules) or 'v3' (/v3/schedules)
  is_readable BOOLEAN,             -- false: a policy targets it and it could not be read
  is_deleted BOOLEAN,              -- not listed any more; its past shifts stay
  raw VARCHAR,
  fetched_at TIMESTAMP
);

-- Rendered final-schedule entries, after overrides, clipped to the windows they were read in:
-- a shift that crosses a window's bound is two rows that touch. analysis stitches them.
CREATE TABLE IF NOT EXISTS schedule_entries (
  schedule_id VARCHAR,
  user_id VARCHAR,                 -- NULL: a vacancy (v3 empty_member)
  start_at TIMESTAMP,
  end_at TIMESTAMP                 -- exclusive; equal to start_at in zero-length entries, which are kept as facts
);

CREATE TABLE IF NOT EXISTS schedule_overrides (
  schedule_id VARCHAR,
  user_id VARCHAR,
  start_at TIMESTAMP,
  end_at TIMESTAMP
);

CREATE TABLE IF NOT EXISTS incidents (
  id VARCHAR,
  incident_number BIGINT,
  title VARCHAR,                   -- e-mail addresses masked
  status VARCHAR,                  -- triggered, acknowledged, resolved
  urgency VARCHAR,                 -- high or low, as it is now
  service_id VARCHAR,
  escalation_policy_id VARCHAR,    -- as it is now: after a delegate entry, the new one
  priority_id VARCHAR,
  created_at TIMESTAMP,
  updated_at TIMESTAMP,
  resolved_at TIMESTAMP,           -- NULL while open; the last resolve entry is asked first
  assigned_via VARCHAR,            -- escalation_policy or direct_assignment
  resolve_reason VARCHAR,          -- merge_resolve_reason: merged away
  merged_into_id VARCHAR,
  incident_key VARCHAR,
  alert_count INTEGER,             -- alert_counts.all; NULL where the record has none
  first_trigger_log_entry_id VARCHAR,
  responder_ids VARCHAR[],         -- users asked by responder requests
  assignments STRUCT(user_id VARCHAR, assigned_at TIMESTAMP)[],  -- present state: empty once resolved
  is_deleted BOOLEAN,              -- 404 when read again: a tombstone
  raw VARCHAR,
  fetched_at TIMESTAMP
);

CREATE TABLE IF NOT EXISTS log_entries (
  id VARCHAR,
  incident_id VARCHAR,
  type VARCHAR,                    -- trigger_log_entry, notify_log_entry …; unknown types are kept
  created_at TIMESTAMP,
  agent_type VARCHAR,              -- without "_reference": user, service, integration …
  agent_id VARCHAR,
  channel_type VARCHAR,            -- auto, api, email, nagios, timeout, website, mobile, note …
  user_id VARCHAR,                 -- notify: whom it went to
  assignee_ids VARCHAR[],          -- assign, escalate, delegate: whom to
  escalation_policy_id VARCHAR,    -- delegate: where to, when said
  notification_type VARCHAR,       -- notify: channel.notification.type as given
  notification_status VARCHAR,     -- notify: channel.notification.status as given
  summary_medium VARCHAR,          -- notify: push, sms, phone or email if the summary ends "… by <medium>"
  note_length INTEGER,             -- annotate: characters of the note; its text is not stored
  note_tag VARCHAR,                -- annotate: '#a' or '#na' if the note starts so
  snooze_seconds BIGINT,           -- snooze: channel.duration
  service_id VARCHAR,
  raw VARCHAR,
  fetched_at TIMESTAMP
);

CREATE TABLE IF NOT EXISTS alerts (
  id VARCHAR,
  incident_id VARCHAR,
  service_id VARCHAR,
  integration_id VARCHAR,
  alert_key VARCHAR,
  status VARCHAR,
  severity VARCHAR,
  is_suppressed BOOLEAN,
  title VARCHAR,                   -- the alert's summary, e-mail addresses masked
  created_at TIMESTAMP,
  resolved_at TIMESTAMP,           -- undocumented: NULL unless the body has one
  raw VARCHAR,
  fetched_at TIMESTAMP
);

CREATE TABLE IF NOT EXISTS maintenance_windows (
  id VARCHAR,
  start_at TIMESTAMP,
  end_at TIMESTAMP,
  service_ids VARCHAR[],
  raw VARCHAR,
  fetched_at TIMESTAMP
);

CREATE TABLE IF NOT EXISTS change_events (
  id VARCHAR,
  changed_at TIMESTAMP,
  service_ids VARCHAR[],
  raw VARCHAR,
  fetched_at TIMESTAMP
);

-- A record that could not be read: types and key names, never values.
CREATE TABLE IF NOT EXISTS unreadable_records (
  kind VARCHAR,
  id VARCHAR,                      -- NULL where not even the id could be read
  shape VARCHAR,                   -- {"id":"string","created_at":"number", …}
  digest VARCHAR,                  -- of the record, so that reading it twice counts once
  fetched_at TIMESTAMP
);

-- What each incident looked like when its alerts were read last: they are read again when it differs.
CREATE TABLE IF NOT EXISTS alert_reads (
  incident_id VARCHAR,
  alert_count INTEGER,             -- the incident's alert_count then
  updated_at TIMESTAMP,            -- the incident's updated_at then
  state VARCHAR,                   -- whole, skipped (not allowed, or the incident is gone)
  read_at TIMESTAMP
);

-- What the last sync has to say about the data: an endpoint skipped, rows lost at one second …
CREATE TABLE IF NOT EXISTS sync_notes (
  code VARCHAR,                    -- stable: endpoint_skipped, rows_lost, …
  kind VARCHAR,                    -- the kind of record it is about
  detail VARCHAR,                  -- one sentence, no values of records
  noted_at TIMESTAMP
);

-- The ledger of windows: what was asked, and how far it was read. A row is written in the same
-- transaction as the page it speaks of.
CREATE TABLE IF NOT EXISTS ledger (
  window_id BIGINT,                -- 1, 2, … in the order of asking
  kind VARCHAR,                    -- incidents, log_entries, schedules, alerts, open_incidents …
  scope VARCHAR,                   -- '' for the account, else e.g. an incident's or schedule's id
  since_at TIMESTAMP,              -- the window asked for, half-open; NULL for kinds without one
  until_at TIMESTAMP,
  next_since_at TIMESTAMP,         -- where the current segment stands
  next_until_at TIMESTAMP,
  next_offset INTEGER,
  row_count BIGINT,                -- rows received, doubles included
  request_count BIGINT,
  state VARCHAR,                   -- reading, whole, truncated (rows are known to be lost), skipped (not allowed)
  reason VARCHAR,                  -- why truncated or skipped
  asked_at TIMESTAMP,
  read_at TIMESTAMP                -- when the last page of it was stored
);

-- Ids listed so far while what had been read before is read again: what is stored and not among them in the end is
-- asked for singly. Empty but for a sync that was cut off.
CREATE TABLE IF NOT EXISTS listed_again (kind VARCHAR, id VARCHAR);

-- Incidents whose facts changed since they were last derived; analysis empties it in the transaction
-- in which it derives them.
CREATE TABLE IF NOT EXISTS touched_incidents (incident_id VARCHAR);
