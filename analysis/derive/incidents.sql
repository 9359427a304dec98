-- One row of facts an incident: its times, how it ended, what people did, and which key and rule it belongs to.
CREATE OR REPLACE TEMP TABLE histories AS
WITH entries AS (
  SELECT e.incident_id, e.id, e.type, e.created_at, e.agent_type, e.channel_type, e.note_length, e.note_tag,
         e.agent_id, coalesce(e.agent_type, '') = 'user' AS is_human,
         -- the entry's own words are all that tells in which direction a priority went
         CASE WHEN contains(e.type, 'priority') THEN lower(coalesce(json_extract_string(e.raw, '$.summary'), '')) ELSE '' END AS priority_said,
         -- a notification is nobody's act, whatever agent it names
         coalesce(e.agent_type, '') = 'user' AND e.type NOT IN ('trigger_log_entry', 'notify_log_entry') AS is_human_event,
         e.type IN ('acknowledge_log_entry', 'acknowledgement_log_entry') AS is_acknowledge,
         e.type = 'trigger_log_entry' AND e.id IS DISTINCT FROM i.first_trigger_log_entry_id AS is_later_trigger
  FROM near_log_entries AS e
  JOIN dirty USING (incident_id)
  LEFT JOIN incidents AS i ON i.id = e.incident_id
), acknowledged_seconds AS (
  SELECT DISTINCT incident_id, date_trunc('second', created_at) AS second_at FROM entries WHERE is_acknowledge
), first_assignments AS (
  SELECT incident_id, date_trunc('second', min(created_at)) AS second_at
  FROM entries
  WHERE type = 'assign_log_entry'
  GROUP BY incident_id
)
SELECT e.incident_id,
       -- the first trigger entry comes with the incident, also where the token may not read the log
       count(*) FILTER (WHERE e.type <> 'trigger_log_entry') AS log_entry_count,
       min(e.created_at) FILTER (WHERE e.is_acknowledge AND e.is_human) AS acknowledged_at,
       max(e.created_at) FILTER (WHERE e.type = 'resolve_log_entry') AS last_resolve_at,
       arg_max({'agent': coalesce(e.agent_type, ''), 'channel': coalesce(e.channel_type, ''), 'agent_id': e.agent_id}, (e.created_at, e.id))
         FILTER (WHERE e.type = 'resolve_log_entry') AS last_resolve,
       arg_min(e.is_human, (e.is_later_trigger, e.created_at, e.id)) FILTER (WHERE e.type = 'trigger_log_entry') AS is_opened_by_person,
       min(e.created_at) FILTER (WHERE e.is_human_event) AS first_human_event_at,
       count(*) FILTER (WHERE e.is_human_event) AS human_event_count,
       count(*) FILTER (WHERE e.is_human_event AND NOT e.is_acknowledge
                          AND NOT (e.type = 'assign_log_entry' AND a.second_at IS NOT NULL)) AS human_event_after_count,
       count(*) FILTER (WHERE e.is_human AND e.type = 'snooze_log_entry') AS snooze_count,
       count(*) FILTER (WHERE e.is_human AND e.type = 'annotate_log_entry') AS note_count,
       -- a note with a tag is a label: what people said of the page is no trace of what they did about it
       count(*) FILTER (WHERE e.is_human AND e.type = 'annotate_log_entry' AND e.note_length > 20 AND e.note_tag IS NULL) AS long_note_count,
       -- PagerDuty does not document the types of these entries; their names are taken to say what they are
       count(*) FILTER (WHERE e.is_human_event
                          AND regexp_matches(e.type, 'responder_request|status_update|priority|workflow|conference')
                          AND NOT regexp_matches(e.priority_said, 'lowered|downgraded|removed|cleared')
                          AND NOT coalesce(TRY_CAST(regexp_extract(e.priority_said, 'from p(\d+) to p(\d+)', 2) AS INTEGER)
                                             > TRY_CAST(regexp_extract(e.priority_said, 'from p(\d+) to p(\d+)', 1) AS INTEGER), false)) AS mobilisation_count,
       count(*) FILTER (WHERE e.is_human_event
                          AND regexp_matches(e.type, 'field_value_change|external_reference|post_?mortem')) AS record_count,
       -- neither the first assignment nor one that narrows an incident to who acknowledged it is a reassignment
       count(*) FILTER (WHERE e.is_human AND e.type IN ('assign_log_entry', 'escalate_log_entry', 'delegate_log_entry')
                          AND NOT (e.type = 'assign_log_entry' AND f.second_at IS NOT NULL)
                          AND a.second_at IS NULL) AS reassignment_count,
       bool_or(e.type = 'escalate_log_entry' AND NOT e.is_human AND coalesce(e.channel_type, 'timeout') = 'timeout') AS is_timed_out,
       min(e.agent_id) FILTER (WHERE e.is_human_event) < max(e.agent_id) FILTER (WHERE e.is_human_event)
         OR bool_or(contains(e.type, 'responder_request')) AS is_joined,
       arg_max(e.note_tag, (e.created_at, e.id)) FILTER (WHERE e.note_tag IS NOT NULL AND e.type = 'annotate_log_entry' AND e.is_human) AS note_tag
FROM entries AS e
LEFT JOIN acknowledged_seconds AS a
  ON a.incident_id = e.incident_id AND a.second_at = date_trunc('second', e.created_at)
LEFT JOIN first_assignments AS f
  ON f.incident_id = e.incident_id AND f.second_at = date_trunc('second', e.created_at)
GROUP BY e.incident_id;

-- What the incident's own record says of people's work. Most records have none of it, and JSON is slow: look for the word first.
CREATE OR REPLACE TEMP TABLE own_traces AS
SELECT i.id AS incident_id,
       len(i.responder_ids) > 0
         OR (contains(i.raw, '"conference_bridge":true') AND coalesce(json_extract_string(i.raw, '$.conference_bridge') = 'true', false)) AS is_mobilised,
       (contains(i.raw, '"external_references"') AND coalesce(json_array_length(i.raw, '$.external_references'), 0) > 0)
         OR (contains(i.raw, '"custom_fields"')
             AND len(list_filter(json_extract(i.raw, '$.custom_fields[*].value'), lambda v: v::VARCHAR NOT IN ('null', '[]', '""'))) > 0) AS is_recorded
FROM incidents AS i
JOIN dirty ON dirty.incident_id = i.id;

-- When the monitor had cleared all alerts of the incident, where they say so.
CREATE OR REPLACE TEMP TABLE cleared_alerts AS
SELECT a.incident_id, max(a.resolved_at) AS alerts_cleared_at
FROM alerts AS a
JOIN dirty USING (incident_id)
GROUP BY a.incident_id
HAVING count(a.resolved_at) = count(*);

CREATE OR REPLACE TEMP TABLE new_facts AS
SELECT i.id AS incident_id, i.service_id, i.title, i.urgency, i.status, p.name AS priority,
       coalesce(p.rank <= 2 OR upper(p.name) IN ('P1', 'P2'), false) AS is_top_priority,
       i.created_at, h.acknowledged_at,
       CASE WHEN i.status = 'resolved' THEN coalesce(h.last_resolve_at, i.resolved_at) END AS resolved_at,
       CASE WHEN i.status IS DISTINCT FROM 'resolved' THEN NULL
            WHEN h.last_resolve.agent = 'user' THEN 'human'
            WHEN h.last_resolve.agent NOT IN ('service') AND NOT contains(h.last_resolve.agent, 'integration') THEN NULL
            WHEN h.last_resolve.channel IN ('api', 'email', 'nagios') THEN 'monitor'
            WHEN h.last_resolve.channel IN ('timeout', 'auto') THEN 'timeout' END AS cleared_by,
       coalesce(i.status = 'resolved', false) AS is_resolved,
       coalesce(starts_with(i.resolve_reason, 'merge'), false) AS is_merged,
       CASE WHEN i.status = 'resolved' AND h.last_resolve.agent = 'user' THEN h.last_resolve.agent_id END AS resolved_by_id,
       c.alerts_cleared_at, coalesce(h.is_opened_by_person, false) AS is_opened_by_person, h.first_human_event_at,
       coalesce(h.log_entry_count, 0) AS log_entry_count, coalesce(h.human_event_count, 0) AS human_event_count,
       coalesce(h.human_event_after_count, 0) AS human_event_after_count, coalesce(h.snooze_count, 0) AS snooze_count,
       coalesce(h.note_count, 0) AS note_count, coalesce(h.long_note_count, 0) AS long_note_count,
       coalesce(h.reassignment_count, 0) AS reassignment_count,
       coalesce(h.is_timed_out, false) AS is_timed_out, coalesce(h.is_joined, false) OR coalesce(len(i.responder_ids) > 0, false) AS is_joined,
       coalesce(o.is_mobilised, false) OR coalesce(h.mobilisation_count, 0) > 0 AS is_mobilised,
       coalesce(o.is_recorded, false) OR coalesce(h.record_count, 0) > 0 AS is_recorded,
       CASE h.note_tag WHEN '#a' THEN 'actionable' WHEN '#na' THEN 'non_actionable' END AS note_label,
       r.alert_key, r.rule_id, r.rule_name, r.source,
       coalesce(r.is_sole_rule, true) AS is_sole_rule
FROM incidents AS i
JOIN dirty ON dirty.incident_id = i.id
LEFT JOIN histories AS h ON h.incident_id = i.id
LEFT JOIN own_traces AS o ON o.incident_id = i.id
LEFT JOIN cleared_alerts AS c ON c.incident_id = i.id
LEFT JOIN new_rules AS r ON r.incident_id = i.id
LEFT JOIN priorities AS p ON p.id = i.priority_id
WHERE NOT coalesce(i.is_deleted, false);

-- Incidents on whose service something was deployed or rolled back while they were worked on. (An ASOF join pairs NULLs
-- with anything.)
CREATE OR REPLACE TEMP TABLE changed_incidents AS
SELECT i.incident_id
FROM (FROM new_facts WHERE acknowledged_at IS NOT NULL AND resolved_at IS NOT NULL AND service_id IS NOT NULL) AS i
ASOF JOIN new_service_changes AS c ON c.service_id = i.service_id AND c.changed_at >= i.acknowledged_at
WHERE c.changed_at <= i.resolved_at;

DELETE FROM incident_facts USING dirty WHERE incident_facts.incident_id = dirty.incident_id;

-- A human resolve after the monitor had cleared all alerts ended nothing, and merging an incident away is no resolve of it.
INSERT INTO incident_facts
SELECT i.*, concat_ws(' ',
  CASE WHEN i.long_note_count > 0 THEN 'A1' END,
  CASE WHEN i.is_mobilised THEN 'A2' END,
  CASE WHEN i.reassignment_count > 0 THEN 'A3' END,
  CASE WHEN i.cleared_by = 'human' AND NOT i.is_merged AND epoch_us(i.resolved_at) - epoch_us(i.acknowledged_at) >= 600000000
        AND (i.alerts_cleared_at IS NULL OR i.alerts_cleared_at >= i.resolved_at) THEN 'A4' END,
  CASE WHEN i.is_recorded THEN 'A5' END,
  CASE WHEN c.incident_id IS NOT NULL THEN 'A6' END)
FROM new_facts AS i
LEFT JOIN changed_incidents AS c ON c.incident_id = i.incident_id
ORDER BY i.created_at, i.incident_id;
