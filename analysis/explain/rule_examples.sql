-- Incidents of one rule that paged in the period: the three latest that were worked, then the three latest others.
WITH incidents_of AS (
  SELECT v.incident_id, min(v.paged_at) AS paged_at, bool_or(v.is_worked) AS is_worked,
         arg_min(v.verdict, (v.paged_at, v.user_id)) AS verdict
  FROM verdict_in($since, $until) AS v
  WHERE v.rule_id = $rule
  GROUP BY v.incident_id
)
SELECT o.incident_id, i.incident_number, o.paged_at, o.is_worked, o.verdict
FROM incidents_of AS o
JOIN incidents AS i ON i.id = o.incident_id
QUALIFY row_number() OVER (PARTITION BY o.is_worked ORDER BY o.paged_at DESC, o.incident_id) <= 3
ORDER BY o.is_worked DESC, o.paged_at DESC, o.incident_id
