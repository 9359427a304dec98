-- Whom one rule paged in the period, a row a rotation and person, with how many people were on call there.
WITH holders AS (
  SELECT rotation_id, count(DISTINCT user_id) AS person_count FROM shift_in($since, $until) GROUP BY rotation_id
)
SELECT p.rotation_id, coalesce(c.name, p.rotation_id) AS rotation_name, coalesce(h.person_count, 0) AS person_count,
       p.user_id, count(*) AS page_count, count(*) FILTER (WHERE p.hour_class = 'sleep') AS night_page_count
FROM page_in($since, $until) AS p
JOIN incident_facts AS f ON f.incident_id = p.incident_id
LEFT JOIN schedules AS c ON c.id = p.rotation_id
LEFT JOIN holders AS h ON h.rotation_id = p.rotation_id
WHERE f.rule_id = $rule
GROUP BY p.rotation_id, rotation_name, h.person_count, p.user_id
ORDER BY p.rotation_id, p.user_id
