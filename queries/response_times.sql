-- Response times
--
-- A row an incident created in the period that paged the rotation, merged-away ones left out: how long until a person
-- acknowledged it, until it was resolved, and, where it is still open, how long it has been by the end of the period.
-- cleared_by is who resolved it: human, monitor, timeout, or unknown.
SELECT p.rotation_id, p.incident_id, p.cleared_by, p.acknowledge_seconds, p.resolve_seconds,
       CASE WHEN NOT p.is_resolved THEN seconds_between(p.created_at, $until) END AS open_seconds
FROM paged_incident_in($since, $until) AS p
WHERE NOT p.is_merged
ORDER BY p.rotation_id, p.incident_id, p.cleared_by
