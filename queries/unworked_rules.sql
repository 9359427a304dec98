-- Alert rules that nobody ever worked on
--
-- Rules that paged the rotation in the period, have at least 10 incidents in all stored history, and left no trace of work
-- on any of them, nor the label actionable; oldest first. Where an incident of the rule has no log entry, nobody knows
-- whether it was worked on, and the rule is left out.
WITH paged AS (
  SELECT p.rotation_id, i.rule_id, count(*) AS page_count
  FROM page_in($since, $until) AS p
  JOIN incident_facts AS i ON i.incident_id = p.incident_id AND i.created_at = p.incident_created_at
  WHERE p.rotation_id IS NOT NULL AND i.rule_id IS NOT NULL
  GROUP BY p.rotation_id, i.rule_id
), unworked AS (
  SELECT i.rule_id, arg_max(i.title, (i.created_at, i.incident_id)) AS title, min(i.created_at) AS first_seen_at, count(*) AS incident_count
  FROM worked_incident AS i
  SEMI JOIN paged USING (rule_id)
  ANTI JOIN excluded_incidents AS x ON x.incident_id = i.incident_id
  GROUP BY i.rule_id
  HAVING count(*) >= 10 AND NOT bool_or(i.is_worked) AND NOT bool_or(i.log_entry_count = 0)
)
SELECT p.rotation_id, p.rule_id, u.title, u.first_seen_at, p.page_count, u.incident_count
FROM paged AS p
JOIN unworked AS u USING (rule_id)
ORDER BY p.rotation_id, u.first_seen_at, p.rule_id, u.title
