-- Alert key and alert rule of each incident, from its first trigger entry [definitions 6]. The tools' own identities
-- are in source_tools.csv; where none is known the normalised title stands in.
CREATE OR REPLACE TEMP TABLE triggers AS
WITH ranked AS (
  SELECT e.incident_id, e.id, e.agent_type, e.agent_id, e.channel_type, e.raw, e.created_at
  FROM log_entries AS e
  JOIN dirty USING (incident_id)
  LEFT JOIN incidents AS i ON i.id = e.incident_id
  WHERE e.type = 'trigger_log_entry'
  QUALIFY row_number() OVER (PARTITION BY e.incident_id
                             ORDER BY (e.id = i.first_trigger_log_entry_id) DESC NULLS LAST, e.created_at, e.id) = 1
), first_alerts AS (
  -- the alert that the trigger entry opened: by its reference, else the incident's earliest
  SELECT a.incident_id, a.alert_key, a.integration_id, a.raw
  FROM alerts AS a
  JOIN dirty USING (incident_id)
  LEFT JOIN ranked AS t USING (incident_id)
  QUALIFY row_number() OVER (PARTITION BY a.incident_id
                             ORDER BY (json_extract_string(a.raw, '$.first_trigger_log_entry.id') = t.id) DESC NULLS LAST,
                                      a.created_at, a.id) = 1
)
SELECT i.id AS incident_id, i.service_id,
       CASE WHEN contains(coalesce(t.agent_type, ''), 'integration') THEN t.agent_id
            ELSE coalesce(json_extract_string(t.raw, '$.integration.id'), f.integration_id) END AS integration_id,
       t.channel_type,
       coalesce(nullif(json_extract_string(t.raw, '$.channel.incident_key'), ''),
                nullif(json_extract_string(t.raw, '$.channel.cef_details.dedup_key'), ''),
                nullif(f.alert_key, '')) AS given_key,
       coalesce(nullif(json_extract_string(t.raw, '$.channel.description'), ''),
                nullif(json_extract_string(t.raw, '$.channel.subject'), ''),
                i.title, '') AS title,
       lower(coalesce(json_extract_string(t.raw, '$.channel.client'), json_extract_string(t.raw, '$.channel.cef_details.client'),
                      json_extract_string(f.raw, '$.body.cef_details.client'), '')) AS client,
       coalesce(json_extract(t.raw, '$.channel.details'), json_extract(t.raw, '$.channel.cef_details.details'),
                json_extract(f.raw, '$.body.details'), json_extract(f.raw, '$.body.cef_details.details')) AS details
FROM incidents AS i
JOIN dirty ON dirty.incident_id = i.id
LEFT JOIN ranked AS t ON t.incident_id = i.id
LEFT JOIN first_alerts AS f ON f.incident_id = i.id;

-- A service with one integration says which tool sends, even when the entry names only the service.
CREATE OR REPLACE TEMP TABLE sole_integrations AS
SELECT service_id, min(id) AS integration_id
FROM integrations
GROUP BY service_id
HAVING count(*) = 1;

CREATE OR REPLACE TEMP TABLE integration_tools AS
SELECT g.id AS integration_id,
       coalesce(
         (SELECT arg_min(s.tool, s.rank) FROM source_tools AS s
          WHERE s.vendor_pattern IS NOT NULL AND regexp_matches(lower(g.vendor), s.vendor_pattern)),
         nullif(lower(trim(g.vendor)), ''),
         (SELECT arg_min(s.tool, s.rank) FROM source_tools AS s WHERE s.type_pattern = g.type)) AS tool
FROM integrations AS g;

CREATE OR REPLACE TEMP TABLE new_rules AS
WITH sent AS (
  SELECT t.*, coalesce(own.tool, sole.tool) AS vendor_tool,
         coalesce(t.integration_id, s.integration_id) AS from_integration_id
  FROM triggers AS t
  LEFT JOIN integration_tools AS own ON own.integration_id = t.integration_id
  LEFT JOIN sole_integrations AS s ON s.service_id = t.service_id AND coalesce(t.channel_type, '') NOT IN ('web_trigger', 'website', 'mobile')
  LEFT JOIN integration_tools AS sole ON sole.integration_id = s.integration_id
), fingerprinted AS (
  SELECT t.incident_id, arg_min(s.tool, s.rank) AS tool
  FROM sent AS t
  JOIN source_tools AS s
    ON (s.vendor_pattern IS NOT NULL AND t.client <> '' AND regexp_matches(t.client, s.vendor_pattern))
    OR len(list_filter(string_split(s.fingerprint_paths, ';'), lambda p: json_exists(t.details, p))) > 0
  WHERE t.vendor_tool IS NULL
  GROUP BY t.incident_id
), sourced AS (
  SELECT t.*, coalesce(t.vendor_tool, f.tool, 'unknown') AS source
  FROM sent AS t
  LEFT JOIN fingerprinted AS f USING (incident_id)
), named AS (
  SELECT t.*,
         coalesce(
           list_extract(list_filter(list_transform(string_split(s.rule_paths, ';'), lambda p: nullif(json_extract_string(t.details, p), '')),
                                    lambda v: v IS NOT NULL), 1),
           nullif(regexp_extract(json_extract_string(t.details, s.text_path), s.text_pattern, 1), ''),
           normalised_title(t.title)) AS rule_name
  FROM sourced AS t
  LEFT JOIN source_tools AS s ON s.tool = t.source
)
SELECT incident_id, source, rule_name,
       left(sha256(coalesce(service_id, '') || chr(0) || source || chr(0) || rule_name), 8) AS rule_id,
       alert_key_of(service_id, given_key, from_integration_id, title) AS alert_key
FROM named;
