-- What is known of one incident, whoever asks for which period.
SELECT i.id AS incident_id, i.incident_number, coalesce(f.title, i.title) AS title, i.service_id, coalesce(s.name, i.service_id) AS service_name,
       f.rule_id, f.rule_name, f.source, f.urgency, f.status, f.priority, f.created_at, f.acknowledged_at, f.resolved_at, f.cleared_by,
       f.is_opened_by_person, f.is_merged, i.merged_into_id,
       x.incident_id IS NOT NULL AS is_excluded,
       poor.service_id IS NOT NULL AS is_evidence_poor,
       l.label, l.label_source,
       e.run_started_at AS flap_run_started_at
FROM incidents AS i
JOIN incident_facts AS f ON f.incident_id = i.id
LEFT JOIN services AS s ON s.id = i.service_id
LEFT JOIN excluded_incidents AS x ON x.incident_id = i.id
LEFT JOIN evidence_poor_service AS poor ON poor.service_id = f.service_id
LEFT JOIN label_of_incident AS l ON l.incident_id = i.id
LEFT JOIN episodes AS e ON e.incident_id = i.id AND e.is_own
WHERE i.id = $incident
