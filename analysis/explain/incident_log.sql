-- What happened to one incident, in order. Who the people were is not asked for: only whether it was a person. The entry
-- that makes a page bears the hour class of the page; where pages are inferred, the assignment makes it.
WITH page_starts AS (
  SELECT n.notification_id, n.medium, p.user_id, p.paged_at, p.hour_class
  FROM page_in($since, $until) AS p
  JOIN notifications AS n
    ON n.incident_id = p.incident_id AND n.user_id = p.user_id AND n.notified_at = p.paged_at AND n.is_interrupting
  WHERE p.incident_id = $incident
  QUALIFY row_number() OVER (PARTITION BY p.user_id ORDER BY n.notification_id) = 1
)
SELECT e.created_at AS logged_at, e.type, coalesce(e.agent_type, '') = 'user' AS is_by_person, e.channel_type,
       coalesce(len(e.assignee_ids), 0) AS assignee_count,
       n.medium, coalesce(n.is_failed, false) AS is_failed,
       e.note_length, e.note_tag, e.snooze_seconds,
       string_agg(DISTINCT p.hour_class, ' ' ORDER BY p.hour_class) AS hour_classes
FROM log_entries AS e
LEFT JOIN notifications AS n ON n.notification_id = e.id
LEFT JOIN page_starts AS p
  ON p.notification_id = e.id
  OR (p.medium = 'assignment' AND e.created_at = p.paged_at AND list_contains(e.assignee_ids, p.user_id)
      AND e.type IN ('assign_log_entry', 'escalate_log_entry', 'delegate_log_entry'))
WHERE e.incident_id = $incident
GROUP BY e.id, e.created_at, e.type, e.agent_type, e.channel_type, e.assignee_ids, n.medium, n.is_failed,
         e.note_length, e.note_tag, e.snooze_seconds
ORDER BY e.created_at, e.type = 'trigger_log_entry' DESC, e.id
