-- No notify entry anywhere in the database: each assignment of a high-urgency incident stands for a page
-- [definitions 2]. The assignment that only narrows an incident to who acknowledged it pages nobody.
DELETE FROM notifications USING dirty WHERE notifications.incident_id = dirty.incident_id;

INSERT INTO notifications
WITH acknowledged AS (
  SELECT DISTINCT e.incident_id, date_trunc('second', e.created_at) AS second_at
  FROM near_log_entries AS e
  JOIN dirty USING (incident_id)
  WHERE e.type IN ('acknowledge_log_entry', 'acknowledgement_log_entry')
), assigned AS (
  SELECT e.incident_id, unnest(e.assignee_ids) AS user_id, e.created_at AS assigned_at
  FROM near_log_entries AS e
  JOIN dirty USING (incident_id)
  ANTI JOIN acknowledged
    ON acknowledged.incident_id = e.incident_id AND acknowledged.second_at = date_trunc('second', e.created_at)
  WHERE e.type IN ('assign_log_entry', 'escalate_log_entry', 'delegate_log_entry')
  UNION
  SELECT given.incident_id, given.a.user_id, coalesce(given.a.assigned_at, given.created_at)
  FROM (SELECT i.id AS incident_id, i.created_at, unnest(i.assignments) AS a
        FROM incidents AS i JOIN dirty ON dirty.incident_id = i.id) AS given
  ANTI JOIN acknowledged
    ON acknowledged.incident_id = given.incident_id AND acknowledged.second_at = date_trunc('second', given.a.assigned_at)
)
SELECT 'assignment:' || a.incident_id || ':' || a.user_id || ':' || epoch_us(a.assigned_at),
       a.incident_id, a.user_id, a.assigned_at, 'assignment', false, true
FROM assigned AS a
JOIN incidents AS i ON i.id = a.incident_id AND i.urgency = 'high'
WHERE a.user_id IS NOT NULL AND a.assigned_at IS NOT NULL
ORDER BY a.assigned_at, a.incident_id, a.user_id;
