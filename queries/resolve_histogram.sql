-- Times to resolve, by how it ended
--
-- The incidents of time_to_resolve that were resolved, binned on a scale that doubles: below a minute, one to two
-- minutes, two to four … 1024 and more. Cleared alone: by the monitor before anybody had done anything; worked: any
-- evidence of work or labelled actionable, and not cleared alone. Empty bins have no row; an incident that does not say
-- when it was resolved is in none.
WITH ended AS (
  SELECT p.rotation_id,
         CASE WHEN p.resolve_seconds < 60 THEN 0 ELSE least(11, 1 + floor(log2(p.resolve_seconds / 60)))::INTEGER END AS doublings,
         is_cleared_alone(t.is_merged, t.cleared_by, t.first_human_event_at, t.resolved_at) AS is_alone,
         is_worked_on(t.has_work, l.label) AS is_worked
  FROM paged_incident_in($since, $until) AS p
  JOIN worked_trace AS t ON t.incident_id = p.incident_id AND t.created_at = p.created_at
  LEFT JOIN label_of_incident AS l ON l.incident_id = p.incident_id
  WHERE NOT p.is_merged AND p.resolve_seconds IS NOT NULL
)
SELECT rotation_id,
       CASE WHEN doublings = 0 THEN 0 ELSE 30 << doublings END AS from_seconds,
       CASE WHEN doublings < 11 THEN 60 << doublings END AS to_seconds,
       count(*) FILTER (WHERE is_alone) AS cleared_alone_count,
       count(*) FILTER (WHERE is_worked AND NOT is_alone) AS worked_count,
       count(*) FILTER (WHERE NOT is_worked AND NOT is_alone) AS other_count
FROM ended
GROUP BY rotation_id, doublings
ORDER BY rotation_id, from_seconds
