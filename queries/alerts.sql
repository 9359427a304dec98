-- Alert rules
--
-- What paged each rotation, a row an alert rule (service, source tool, rule name), most pages first.
WITH paged AS (
  SELECT v.rotation_id, v.incident_id, v.verdict, i.rule_id, i.service_id, i.source, i.title, i.cleared_by,
         i.is_resolved, i.is_merged, i.created_at, p.hour_class,
         e.run_started_at IS NOT NULL AS is_flapping
  FROM verdict_in($since, $until) AS v
  JOIN page_in($since, $until) AS p USING (incident_id, user_id)
  JOIN incident_facts AS i ON i.incident_id = v.incident_id
  LEFT JOIN episodes AS e ON e.incident_id = v.incident_id AND e.is_own
), counted AS (
  SELECT rotation_id, rule_id,
         any_value(service_id) AS service_id, any_value(source) AS source,
         arg_max(title, (created_at, incident_id)) AS title,
         count(*) AS page_count,
         count(*) FILTER (WHERE hour_class = 'sleep') AS night_page_count,
         count(DISTINCT incident_id) FILTER (WHERE is_resolved AND NOT is_merged) AS resolved_count,
         count(DISTINCT incident_id) FILTER (WHERE NOT is_merged AND cleared_by IN ('monitor', 'timeout')) AS auto_resolved_count,
         count(*) FILTER (WHERE verdict = 'non_actionable') AS non_actionable_count,
         count(*) FILTER (WHERE verdict = 'actionable') AS actionable_count,
         bool_or(is_flapping) AS is_flapping
  FROM paged
  GROUP BY rotation_id, rule_id
)
SELECT c.rotation_id, c.rule_id, c.service_id, coalesce(s.name, c.service_id) AS service_name, c.title, c.source,
       c.page_count, c.night_page_count,
       c.auto_resolved_count / nullif(c.resolved_count, 0) AS auto_resolved_ratio,
       c.non_actionable_count / nullif(c.non_actionable_count + c.actionable_count, 0) AS non_actionable_ratio,
       c.is_flapping
FROM counted AS c
LEFT JOIN services AS s ON s.id = c.service_id
ORDER BY c.rotation_id, c.page_count DESC, c.rule_id, c.service_id, service_name, c.title, c.source, c.is_flapping
