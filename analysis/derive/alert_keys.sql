-- The alert keys of the incidents' stored alerts [definitions 7].
DELETE FROM incident_alert_keys USING dirty WHERE incident_alert_keys.incident_id = dirty.incident_id;

-- A key that triggers again within its incident goes on with the same episode.
INSERT INTO incident_alert_keys
SELECT a.incident_id, s.alert_key,
       arg_min(a.id, (a.created_at, a.id)), min(a.created_at),
       CASE WHEN count(a.resolved_at) = count(*) THEN max(a.resolved_at) END
FROM alerts AS a
JOIN sender_rules AS s ON s.incident_id = a.incident_id AND s.alert_id = a.id
GROUP BY ALL
ORDER BY ALL;
