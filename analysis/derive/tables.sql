-- Derived tables: meaning that does not depend on configuration, made at the end of each sync so that
-- reports can open the database read-only. Everything here can be made again from the facts.

CREATE TABLE IF NOT EXISTS derived_state (
  key VARCHAR,                     -- version; reference: fingerprint of users, services, policies, schedules; inferred
  value VARCHAR
);

-- Zone names as PagerDuty gives them, and the IANA zone each stands for.
CREATE TABLE IF NOT EXISTS zone_names (name VARCHAR, zone VARCHAR);

-- UTC offsets of each zone between its changes (filled from Go's zone data: 60 times faster than asking ICU per row).
CREATE TABLE IF NOT EXISTS zone_offsets (zone VARCHAR, from_at TIMESTAMP, to_at TIMESTAMP, offset_seconds BIGINT);

-- One user's continuous time on one schedule, after overrides [definitions 3].
CREATE TABLE IF NOT EXISTS shifts (
  schedule_id VARCHAR, user_id VARCHAR, start_at TIMESTAMP, end_at TIMESTAMP,
  zone VARCHAR,                    -- the holder's, else the schedule's, else UTC
  zone_source VARCHAR              -- user, schedule or utc
);

-- The same shifts, a row a UTC day: what makes page-to-shift a hash join.
CREATE TABLE IF NOT EXISTS shift_days (
  schedule_id VARCHAR, user_id VARCHAR, day DATE, start_at TIMESTAMP, end_at TIMESTAMP
);

-- The one relation from which pages, shifts' counts and verdicts come. A what-if hands in another one.
CREATE TABLE IF NOT EXISTS notifications (
  notification_id VARCHAR,
  incident_id VARCHAR,             -- '' where the entry names no incident
  user_id VARCHAR,                 -- NULL: counts in the totals only
  notified_at TIMESTAMP,
  medium VARCHAR,                  -- push, sms, phone, email, other, unknown; assignment where pages are inferred
  is_failed BOOLEAN,
  is_interrupting BOOLEAN
);

-- Tables of an incident's other sides bear its creation beside its id: joined on both, only the stretch of incident_facts in
-- which such incidents lie is read, and not all of history.

-- Each (incident, user) pair that was notified, and the rotation it is put down to. paged_at is NULL where
-- nothing interrupted: the pair is then no page, but its notifications still belong to a rotation.
CREATE TABLE IF NOT EXISTS notified_pairs (
  incident_id VARCHAR, user_id VARCHAR,
  first_notified_at TIMESTAMP, paged_at TIMESTAMP,
  rotation_id VARCHAR,             -- the schedule; NULL: unattributed, see reason
  reason VARCHAR,
  is_ambiguous BOOLEAN,            -- several schedules of the level held the user; the lowest id was taken
  level INTEGER,                   -- of the schedule that was taken
  shift_start_at TIMESTAMP,        -- the shift's real start: with rotation and user, which shift it is
  counted_at TIMESTAMP,            -- the moment that puts it in its shift and block: the page's time, or the assignment's where the shift had ended
  zone VARCHAR, zone_source VARCHAR,
  paged_local_at TIMESTAMP,        -- paged_at on the clock of the person paged
  policy_id VARCHAR,               -- the escalation policy on which the rotation was looked for
  incident_created_at TIMESTAMP    -- NULL where the incident is not stored
);

-- When something was deployed or rolled back on a service: what evidence A6 was looked for among.
CREATE TABLE IF NOT EXISTS service_changes (service_id VARCHAR, changed_at TIMESTAMP);

-- One row an incident: its times, how it ended, and what people did.
CREATE TABLE IF NOT EXISTS incident_facts (
  incident_id VARCHAR, service_id VARCHAR, title VARCHAR, urgency VARCHAR, status VARCHAR, priority VARCHAR,
  is_top_priority BOOLEAN,         -- P1 or P2, by name or rank
  created_at TIMESTAMP,
  acknowledged_at TIMESTAMP,       -- first acknowledge entry by a user
  resolved_at TIMESTAMP,           -- last resolve entry of an incident that is resolved now, else resolved_at
  cleared_by VARCHAR,              -- of that entry: monitor, timeout or human; NULL unknown or open
  is_resolved BOOLEAN, is_merged BOOLEAN,
  resolved_by_id VARCHAR,          -- of that entry, where a user ended it
  alerts_cleared_at TIMESTAMP,     -- when the last of its alerts had cleared; NULL where one does not say
  is_opened_by_person BOOLEAN,     -- the first trigger entry is a user's
  first_human_event_at TIMESTAMP,
  log_entry_count BIGINT,          -- triggers aside; 0: of what was done about it nothing is known
  human_event_count BIGINT,        -- log entries by a user, the trigger aside
  human_event_after_count BIGINT,  -- those of them that are no acknowledgement
  snooze_count BIGINT,             -- by a user
  note_count BIGINT,               -- by a user
  long_note_count BIGINT,          -- those of them of more than 20 characters that bear no label
  reassignment_count BIGINT,       -- manual reassignments and escalations
  is_timed_out BOOLEAN,            -- went on to the next level because nobody had answered
  is_joined BOOLEAN,               -- two people or more acted on it, or further responders were asked for
  is_mobilised BOOLEAN,            -- responders asked for, a conference bridge, a status update, a priority set, a workflow run by a person
  is_recorded BOOLEAN,             -- a ticket or post-mortem linked, or a custom field set
  note_label VARCHAR,              -- actionable or non_actionable, from the last note that starts with #a or #na
  alert_key VARCHAR,               -- identity of what can flap: definitions 6
  rule_id VARCHAR,                 -- first 8 hex digits of SHA-256(service, source, rule name)
  rule_name VARCHAR,
  source VARCHAR,                  -- the tool that sent it
  is_sole_rule BOOLEAN,            -- every alert of the incident is known and its own rule's
  work_evidence_ids VARCHAR        -- what people's work on it left behind, of A1 to A6 [definitions 8], joined by spaces
);

-- The alert keys of each incident's stored alerts, and when each of them started and cleared.
CREATE TABLE IF NOT EXISTS incident_alert_keys (
  incident_id VARCHAR, alert_key VARCHAR,
  alert_id VARCHAR,                -- the first alert of the key
  started_at TIMESTAMP,
  ended_at TIMESTAMP               -- NULL where an alert does not say; the incident's time stands in
);

-- Trigger to clear of one alert key. The incident's pages count in its own episode; the other keys that an incident
-- gathered have theirs too, without a page.
CREATE TABLE IF NOT EXISTS episodes (
  alert_key VARCHAR, incident_id VARCHAR, alert_id VARCHAR,
  started_at TIMESTAMP, ended_at TIMESTAMP,
  cleared_by VARCHAR,
  is_own BOOLEAN,                  -- of the key of the incident's first trigger entry
  run_started_at TIMESTAMP,        -- set where the episode is part of a flap run
  incident_created_at TIMESTAMP
);

-- What each incident is among those of its alert key.
CREATE TABLE IF NOT EXISTS key_order (
  incident_id VARCHAR, alert_key VARCHAR,
  earlier_count BIGINT,            -- incidents of the key, merged ones too, that came before it
  is_worked_before BOOLEAN,        -- one of those has evidence of work
  run_started_at TIMESTAMP,        -- of the flap run that its own episode is part of
  is_later_in_run BOOLEAN,         -- its own episode is not the first one of that
  incident_created_at TIMESTAMP
);
