-- Pages by alert rule
--
-- How often each alert rule paged each rotation, and nothing else: what two periods are compared by.
SELECT p.rotation_id, i.rule_id, arg_max(i.title, (i.created_at, i.incident_id)) AS title, count(*) AS page_count
FROM page_in($since, $until) AS p
JOIN incident_facts AS i ON i.incident_id = p.incident_id AND i.created_at = p.incident_created_at
WHERE p.rotation_id IS NOT NULL AND i.rule_id IS NOT NULL
GROUP BY p.rotation_id, i.rule_id
ORDER BY p.rotation_id, i.rule_id, title
