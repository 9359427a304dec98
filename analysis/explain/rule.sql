-- What is known of one alert rule over all stored history. Its incidents' service, tool and name are one by definition.
SELECT any_value(f.service_id) AS service_id, any_value(coalesce(s.name, f.service_id)) AS service_name,
       any_value(f.source) AS source, any_value(f.rule_name) AS rule_name, arg_max(f.title, (f.created_at, f.incident_id)) AS title,
       count(*) AS incident_count, min(f.created_at) AS first_seen_at, max(f.created_at) AS last_seen_at
FROM incident_facts AS f
LEFT JOIN services AS s ON s.id = f.service_id
WHERE f.rule_id = $rule
