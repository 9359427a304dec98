-- The evidence on one incident, work first, with its points.
SELECT e.evidence_id, p.points
FROM evidence_in($since, $until) AS e
JOIN evidence_points AS p USING (evidence_id)
WHERE e.incident_id = $incident
ORDER BY left(e.evidence_id, 1), CAST(substr(e.evidence_id, 2) AS INTEGER)
