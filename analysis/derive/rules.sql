-- Alert key and alert rule of each thing that was sent to an incident [definitions 6]. The tools' own identities are in
-- source_tools.csv; where none is known the normalised title stands in.
--
-- A sender is one event as far as it is known: a trigger entry, the alert that it opened, or both. The first (slot '')
-- is the incident's own, which its pages belong to; it is there even where neither entry nor alert was stored.
CREATE OR REPLACE TEMP TABLE senders AS
WITH asked AS (
  SELECT i.id, i.service_id, i.title, i.first_trigger_log_entry_id
  FROM incidents AS i
  JOIN dirty ON dirty.incident_id = i.id
), first_places AS (
  SELECT e.incident_id, e.id AS entry_id, e.agent_type, e.agent_id, e.channel_type, e.raw,
         row_number() OVER (PARTITION BY e.incident_id
                            ORDER BY (e.id = i.first_trigger_log_entry_id) DESC NULLS LAST, e.created_at, e.id) AS nth
  FROM near_log_entries AS e
  JOIN dirty USING (incident_id)
  LEFT JOIN asked AS i ON i.id = e.incident_id
  WHERE e.type = 'trigger_log_entry'
), entries AS (
  -- the paths in one list each: the text is parsed once
  SELECT *, CASE WHEN nth = 1 THEN '' ELSE entry_id END AS slot,
         json_extract_string(raw, ['$.channel.incident_key', '$.channel.cef_details.dedup_key', '$.channel.description', '$.channel.subject',
                                   '$.channel.client', '$.channel.cef_details.client', '$.channel.client_url', '$.channel.cef_details.client_url',
                                   '$.integration.id', '$.channel.cef_details.description', '$.channel.cef_details.message',
                                   '$.event_details.description', '$.channel.summary']) AS said,
         json_extract(raw, ['$.channel.details', '$.channel.cef_details.details', '$.channel.contexts', '$.channel.cef_details.contexts', '$.channel']) AS sent
  FROM first_places
), named_alerts AS (
  SELECT a.incident_id, a.id AS alert_id, nullif(a.alert_key, '') AS alert_key, a.integration_id, nullif(a.title, '') AS title, a.created_at,
         json_extract_string(a.raw, ['$.first_trigger_log_entry.id', '$.body.cef_details.client', '$.body.cef_details.client_url', '$.integration.type']) AS said,
         json_extract(a.raw, ['$.body.details', '$.body.cef_details.details', '$.body.contexts', '$.body.cef_details.contexts']) AS sent
  FROM alerts AS a
  JOIN dirty USING (incident_id)
), placed_alerts AS (
  SELECT a.*, e.entry_id, e.nth,
         row_number() OVER (PARTITION BY a.incident_id, e.entry_id ORDER BY a.created_at, a.alert_id) AS turn,
         -- the alert that the first entry opened: by its reference, else the earliest that names no other entry
         row_number() OVER (PARTITION BY a.incident_id
                            ORDER BY CASE WHEN e.nth = 1 THEN 0 WHEN e.nth IS NULL THEN 1 ELSE 2 END,
                                     (a.said[1] = i.first_trigger_log_entry_id) DESC NULLS LAST, a.created_at, a.alert_id) AS order_in_incident
  FROM named_alerts AS a
  LEFT JOIN entries AS e ON e.incident_id = a.incident_id AND e.entry_id = a.said[1]
  LEFT JOIN asked AS i ON i.id = a.incident_id
), opened AS (
  SELECT *, CASE WHEN order_in_incident = 1 AND coalesce(nth, 1) = 1 THEN ''
                 WHEN nth > 1 AND turn = 1 THEN entry_id
                 ELSE alert_id END AS slot
  FROM placed_alerts
), told AS (
  SELECT incident_id, slot, e.entry_id, a.alert_id, e.agent_type, e.agent_id, e.channel_type, e.said AS entry_said, e.sent AS entry_sent,
         a.alert_key, a.integration_id, a.title, a.said AS alert_said, a.sent AS alert_sent
  FROM entries AS e
  FULL JOIN opened AS a USING (incident_id, slot)
), own AS (
  SELECT id AS incident_id, '' AS slot FROM asked
)
SELECT incident_id, slot, t.entry_id, t.alert_id, i.service_id, t.channel_type,
       CASE WHEN contains(coalesce(t.agent_type, ''), 'integration') THEN t.agent_id
            ELSE coalesce(t.entry_said[9], t.integration_id) END AS integration_id,
       -- an integration that is not stored (event orchestration has its own) still says of what type it is
       CASE WHEN contains(coalesce(t.agent_type, ''), 'integration') THEN t.agent_type
            ELSE regexp_replace(t.alert_said[4], '_reference$', '') END AS integration_type,
       coalesce(nullif(t.entry_said[1], ''), nullif(t.entry_said[2], ''), t.alert_key) AS given_key,
       coalesce(nullif(t.entry_said[3], ''), nullif(t.entry_said[4], ''), t.title,
                nullif(t.entry_said[10], ''), nullif(t.entry_said[11], ''), nullif(t.entry_said[12], ''),
                -- the incident's title is its first event's; a further one has at least a summary
                CASE WHEN slot <> '' THEN nullif(t.entry_said[13], '') END, i.title, '') AS title,
       lower(coalesce(nullif(t.entry_said[5], ''), nullif(t.entry_said[6], ''), t.alert_said[2], '')) AS client,
       coalesce(nullif(t.entry_said[7], ''), nullif(t.entry_said[8], ''), t.alert_said[3], '') AS client_url,
       coalesce(given_json(t.entry_sent[3]), given_json(t.entry_sent[4]), given_json(t.alert_sent[3]), given_json(t.alert_sent[4]))::VARCHAR AS links,
       coalesce(given_json(t.entry_sent[1]), given_json(t.entry_sent[2]), given_json(t.alert_sent[1]), given_json(t.alert_sent[2]),
                -- Nagios' own integration has its fields beside the details
                CASE WHEN t.channel_type = 'nagios' THEN t.entry_sent[5] END) AS details
FROM told AS t
FULL JOIN own USING (incident_id, slot)
JOIN asked AS i ON i.id = incident_id
-- a further entry that says nothing of itself is an alert that is not known
WHERE slot = '' OR t.alert_id IS NOT NULL
   OR coalesce(nullif(t.entry_said[1], ''), nullif(t.entry_said[2], ''), nullif(t.entry_said[3], ''), nullif(t.entry_said[4], ''),
               nullif(t.entry_said[10], ''), nullif(t.entry_said[11], ''), nullif(t.entry_said[12], ''), nullif(t.entry_said[13], '')) IS NOT NULL
   OR given_json(t.entry_sent[1]) IS NOT NULL;

-- A service with one integration says which tool sends, even when the entry names only the service.
CREATE OR REPLACE TEMP TABLE sole_integrations AS
SELECT service_id, min(id) AS integration_id
FROM integrations
GROUP BY service_id
HAVING count(*) = 1;

-- The vendor first, then the type; a vendor that nobody listed is its own tool.
CREATE OR REPLACE TEMP TABLE integration_tools AS
WITH matched AS (
  SELECT g.id, arg_min(coalesce(s.tool, ''), s.position) AS tool
  FROM integrations AS g
  JOIN source_tools AS s ON s.step = 'vendor' AND regexp_matches(lower(g.vendor), s.pattern)
  GROUP BY g.id
)
SELECT g.id AS integration_id,
       coalesce(CASE WHEN m.id IS NULL THEN nullif(lower(trim(g.vendor)), '') ELSE nullif(m.tool, '') END, t.tool) AS tool
FROM integrations AS g
LEFT JOIN matched AS m ON m.id = g.id
LEFT JOIN source_tools AS t ON t.step = 'type' AND t.pattern = g.type;

-- The name that a sender gives itself.
CREATE OR REPLACE TEMP TABLE client_tools AS
SELECT c.client, arg_min(s.tool, s.position) AS tool
FROM (SELECT DISTINCT client FROM senders WHERE client <> '') AS c
JOIN source_tools AS s ON s.step = 'client' AND regexp_matches(c.client, s.pattern)
GROUP BY c.client;

CREATE OR REPLACE TEMP TABLE sender_rules AS
WITH sent AS (
  SELECT t.*, coalesce(own.tool, sole.tool, typed.tool, c.tool) AS known_tool,
         coalesce(t.integration_id, s.integration_id) AS from_integration_id
  FROM senders AS t
  LEFT JOIN integration_tools AS own ON own.integration_id = t.integration_id
  LEFT JOIN sole_integrations AS s ON s.service_id = t.service_id AND coalesce(t.channel_type, '') NOT IN ('web_trigger', 'website', 'mobile')
  LEFT JOIN integration_tools AS sole ON sole.integration_id = s.integration_id
  LEFT JOIN source_tools AS typed ON typed.step = 'type' AND typed.pattern = t.integration_type
  LEFT JOIN client_tools AS c ON c.client = t.client
), strangers AS (
  SELECT incident_id, slot, details, client_url, links, coalesce(json_keys(details), []) AS keys
  FROM sent
  WHERE known_tool IS NULL AND (details IS NOT NULL OR links IS NOT NULL OR client_url <> '')
), marks AS (
  SELECT tool, position, place, pattern, trim(regexp_extract(place, '^\$\.("[^"]*"|\w+)', 1), '"') AS first_key
  FROM source_tools
  WHERE step = 'fingerprint'
), fingerprinted AS (
  SELECT t.incident_id, t.slot, arg_min(s.tool, s.position) AS tool
  FROM strangers AS t
  JOIN marks AS s
    ON CASE WHEN s.place = 'client_url' THEN regexp_matches(t.client_url, s.pattern)
            WHEN s.place = 'url' THEN regexp_matches(concat_ws(' ', t.client_url, t.links), s.pattern)
            WHEN NOT list_contains(t.keys, s.first_key) THEN false -- most payloads have hardly any: the cheap question first
            ELSE len(list_filter(string_split(s.place, ' & '), lambda p: NOT json_exists(t.details, p))) = 0
                 AND (s.pattern IS NULL OR regexp_matches(json_extract_string(t.details, s.place), s.pattern)) END
  GROUP BY t.incident_id, t.slot
), ruled AS (
  SELECT tool, list({'place': place, 'pattern': pattern} ORDER BY position) AS steps
  FROM source_tools
  WHERE step = 'rule'
  GROUP BY tool
), sourced AS (
  SELECT t.*, coalesce(t.known_tool, f.tool, 'unknown') AS source
  FROM sent AS t
  LEFT JOIN fingerprinted AS f ON f.incident_id = t.incident_id AND f.slot = t.slot
), named AS (
  SELECT t.*,
         coalesce(
           list_extract(list_filter(list_transform(r.steps, lambda s:
             nullif(CASE s.place WHEN 'url' THEN regexp_extract(concat_ws(' ', t.client_url, t.links), s.pattern, 1)
                              WHEN 'key' THEN regexp_extract(t.given_key, s.pattern, 1)
                              ELSE CASE WHEN s.pattern IS NULL THEN json_extract_string(t.details, s.place)
                                        ELSE regexp_extract(json_extract_string(t.details, s.place), s.pattern, 1) END END, '')),
             lambda v: v IS NOT NULL), 1),
           normalised_title(t.title)) AS rule_name
  FROM sourced AS t
  LEFT JOIN ruled AS r ON r.tool = t.source
)
SELECT incident_id, slot, entry_id, alert_id, source, rule_name,
       left(sha256(coalesce(service_id, '') || chr(0) || source || chr(0) || rule_name), 8) AS rule_id,
       alert_key_of(service_id, given_key, from_integration_id, title) AS alert_key
FROM named;

-- The incident's own key and rule, and whether all that was sent to it is that rule's: known and of no other. Of
-- alerts that are neither stored nor in the log nobody can tell.
CREATE OR REPLACE TEMP TABLE new_rules AS
WITH strange AS (
  SELECT DISTINCT o.incident_id
  FROM sender_rules AS o
  JOIN sender_rules AS r ON r.incident_id = o.incident_id AND r.slot = '' AND r.rule_id <> o.rule_id
  WHERE o.slot <> ''
), unknown AS (
  SELECT i.id AS incident_id
  FROM incidents AS i
  JOIN sender_rules AS s ON s.incident_id = i.id
  WHERE i.alert_count > 1
  GROUP BY i.id
  HAVING any_value(i.alert_count) > greatest(count(s.entry_id), count(s.alert_id))
)
SELECT r.incident_id, r.source, r.rule_name, r.rule_id, r.alert_key,
       s.incident_id IS NULL AND u.incident_id IS NULL AS is_sole_rule
FROM sender_rules AS r
LEFT JOIN strange AS s ON s.incident_id = r.incident_id
LEFT JOIN unknown AS u ON u.incident_id = r.incident_id
WHERE r.slot = '';
