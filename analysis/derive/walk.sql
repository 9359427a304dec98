-- Where each incident stood on its escalation policy, and since when: (policy, level, assigned_at) after each
-- second in which something moved it [definitions 3, pagerduty-api 5]. Entries of one second are one group,
-- because PagerDuty writes one entry per assignee.
CREATE OR REPLACE TEMP TABLE walk_groups AS
WITH moves AS (
  SELECT e.incident_id, date_trunc('second', e.created_at) AS second_at, e.type, e.assignee_ids,
         e.type = 'escalate_log_entry'
           AND (coalesce(e.agent_type, '') = 'user' OR coalesce(e.channel_type, 'timeout') <> 'timeout') AS is_escalate_by_hand,
         e.type = 'assign_log_entry' AND coalesce(e.agent_type, '') = 'user' AS is_assign_by_person
  FROM near_log_entries AS e
  JOIN dirty USING (incident_id)
  WHERE e.type IN ('assign_log_entry', 'escalate_log_entry', 'delegate_log_entry', 'repeat_escalation_path_log_entry',
                   'acknowledge_log_entry', 'acknowledgement_log_entry')
), seconds AS (
  SELECT incident_id, second_at,
         bool_or(type = 'delegate_log_entry') AS has_delegate,
         bool_or(type = 'repeat_escalation_path_log_entry') AS has_repeat,
         bool_or(type = 'escalate_log_entry') AS has_escalate,
         bool_or(is_escalate_by_hand) AS is_escalate_by_hand,
         bool_or(type = 'assign_log_entry') AS has_assign,
         bool_or(is_assign_by_person) AS is_assign_by_person,
         bool_or(type IN ('acknowledge_log_entry', 'acknowledgement_log_entry')) AS has_acknowledge,
         list_sort(list_distinct(flatten(list(assignee_ids) FILTER (WHERE assignee_ids IS NOT NULL)))) AS assignee_ids
  FROM moves
  GROUP BY incident_id, second_at
), numbered AS (
  SELECT *,
         count(*) FILTER (WHERE has_delegate) OVER before_and_now > 0 AS is_delegated,
         -- the first assignment is the one before which nothing placed the incident; one that only narrows it to who
         -- acknowledged it places nothing
         count(*) FILTER (WHERE has_delegate OR has_repeat OR has_escalate OR (has_assign AND NOT has_acknowledge)) OVER before_and_now = 1
           AND has_assign AND NOT has_acknowledge AS is_first_assign
  FROM seconds
  WINDOW before_and_now AS (PARTITION BY incident_id ORDER BY second_at ROWS UNBOUNDED PRECEDING)
)
SELECT n.incident_id, n.second_at, n.assignee_ids, n.is_assign_by_person,
       -- The policy is the service's until a delegate entry, the incident's after. A service that is not stored
       -- (deleted) leaves the incident's own, which only a delegate entry could have changed.
       CASE WHEN n.is_delegated THEN i.escalation_policy_id
            ELSE coalesce(s.escalation_policy_id, i.escalation_policy_id) END AS policy_id,
       CASE WHEN n.has_delegate OR n.has_repeat THEN 'restart'
            WHEN n.has_escalate AND n.is_escalate_by_hand THEN 'match'
            WHEN n.has_escalate THEN 'next'
            WHEN n.has_assign AND n.has_acknowledge THEN 'none'
            WHEN n.has_assign AND n.is_first_assign THEN 'restart'
            WHEN n.has_assign THEN 'match'
            ELSE 'none' END AS move,
       n.has_assign AND NOT n.has_escalate AND NOT n.has_delegate AND NOT n.has_repeat AS is_assignment
FROM numbered AS n
LEFT JOIN incidents AS i ON i.id = n.incident_id
LEFT JOIN services AS s ON s.id = i.service_id;

-- A manual escalation or assignment can go to any level: it is the lowest one whose on-call set equals the assignees.
CREATE OR REPLACE TEMP TABLE matched_levels AS
WITH reached AS (
  SELECT g.incident_id, g.second_at, g.assignee_ids, t.level,
         CASE WHEN t.target_kind = 'user' THEN t.target_id ELSE d.user_id END AS user_id
  FROM walk_groups AS g
  JOIN escalation_targets AS t ON t.escalation_policy_id = g.policy_id
  LEFT JOIN shift_days AS d
    ON t.target_kind = 'schedule' AND d.schedule_id = t.target_id AND d.day = CAST(g.second_at AS DATE)
   AND g.second_at >= d.start_at AND g.second_at < d.end_at
  WHERE g.move = 'match'
), on_call AS (
  SELECT incident_id, second_at, level, any_value(assignee_ids) AS assignee_ids,
         list_sort(list_distinct(list(user_id) FILTER (WHERE user_id IS NOT NULL))) AS on_call_ids
  FROM reached
  GROUP BY incident_id, second_at, level
)
SELECT incident_id, second_at, min(level) AS level
FROM on_call
WHERE on_call_ids = assignee_ids
GROUP BY incident_id, second_at;

CREATE OR REPLACE TEMP TABLE walk AS
WITH placed AS (
  SELECT g.*, m.level AS matched_level,
         count(*) FILTER (WHERE g.move IN ('restart', 'match'))
           OVER (PARTITION BY g.incident_id ORDER BY g.second_at ROWS UNBOUNDED PRECEDING) AS start_number
  FROM walk_groups AS g
  LEFT JOIN matched_levels AS m USING (incident_id, second_at)
  WHERE g.move <> 'none'
)
SELECT incident_id, second_at, policy_id,
       -- level of the last restart or match (1 before any), plus the timeouts since
       CASE WHEN start_number = 0 THEN 1
            ELSE first_value(CASE move WHEN 'restart' THEN 1 ELSE matched_level END) OVER since_start END
         + count(*) FILTER (WHERE move = 'next') OVER since_start AS level,
       is_assignment AND is_assign_by_person AND move = 'match' AND matched_level IS NULL AS is_direct
FROM placed
WINDOW since_start AS (PARTITION BY incident_id, start_number ORDER BY second_at ROWS UNBOUNDED PRECEDING);
