-- Notifications of the incidents in `dirty`: medium, failure and whether they interrupt [definitions 2].
DELETE FROM notifications USING dirty WHERE notifications.incident_id = dirty.incident_id;

INSERT INTO notifications
WITH sent AS (
  SELECT e.id, coalesce(e.incident_id, '') AS incident_id, e.user_id, e.created_at,
         lower(trim(coalesce(e.notification_type, ''))) AS type,
         e.summary_medium,
         regexp_matches(lower(coalesce(e.notification_status, '')), 'fail|error|undeliver|reject|bounce') AS is_failed
  -- those that name no incident lie anywhere
  FROM (FROM near_log_entries WHERE incident_id IS NOT NULL UNION ALL FROM log_entries WHERE incident_id IS NULL) AS e
  JOIN dirty ON dirty.incident_id = coalesce(e.incident_id, '')
  WHERE e.type = 'notify_log_entry'
), told AS (
  SELECT *,
         CASE WHEN type = '' THEN coalesce(summary_medium, 'unknown')
              WHEN contains(type, 'push') THEN 'push'
              WHEN contains(type, 'sms') THEN 'sms'
              WHEN contains(type, 'phone') THEN 'phone'
              WHEN contains(type, 'email') THEN 'email'
              ELSE 'other' END AS medium
  FROM sent
)
SELECT id, incident_id, user_id, created_at, medium, is_failed,
       medium NOT IN ('email', 'other') AND NOT is_failed
FROM told
ORDER BY created_at, id;
