-- The pages of one incident and the verdict of each, in order of time.
SELECT v.rotation_id, coalesce(c.name, v.rotation_id) AS rotation_name, coalesce(z.zone, c.time_zone) AS time_zone,
       v.paged_at, v.hour_class, v.verdict, v.judged_verdict, v.score, v.confidence
FROM verdict_in($since, $until) AS v
LEFT JOIN schedules AS c ON c.id = v.rotation_id
LEFT JOIN zone_names AS z ON z.name = c.time_zone
WHERE v.incident_id = $incident
ORDER BY v.paged_at, v.rotation_id, v.user_id
