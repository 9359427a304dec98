-- Whose page: each notified (incident, user) pair and the shift it is put down to [definitions 3].
CREATE OR REPLACE TEMP TABLE new_pairs AS
WITH told AS (
  SELECT n.incident_id, n.user_id,
         min(n.notified_at) AS first_notified_at,
         min(n.notified_at) FILTER (WHERE n.is_interrupting) AS paged_at
  FROM notifications AS n
  JOIN dirty USING (incident_id)
  WHERE n.user_id IS NOT NULL AND n.incident_id <> ''
  GROUP BY n.incident_id, n.user_id
), timed AS (
  SELECT *, coalesce(paged_at, first_notified_at) AS reached_at,
         date_trunc('second', coalesce(paged_at, first_notified_at)) AS reached_second_at
  FROM told
)
SELECT t.incident_id, t.user_id, t.first_notified_at, t.paged_at, t.reached_at,
       coalesce(w.policy_id, s.escalation_policy_id, i.escalation_policy_id) AS policy_id,
       CASE WHEN w.incident_id IS NULL THEN 1 ELSE w.level END AS level,
       coalesce(w.second_at, i.created_at, t.reached_at) AS assigned_at,
       i.created_at AS incident_created_at,
       coalesce(w.is_direct, false) OR coalesce(i.assigned_via = 'direct_assignment', false) AS is_direct,
       coalesce(list_contains(i.responder_ids, t.user_id), false) AS is_responder
FROM timed AS t
ASOF LEFT JOIN walk AS w ON w.incident_id = t.incident_id AND w.second_at <= t.reached_second_at
LEFT JOIN incidents AS i ON i.id = t.incident_id
LEFT JOIN services AS s ON s.id = i.service_id;

-- Shifts that could hold the page: the level reached first, then the others, lowest first; at each the page's time
-- before the assignment's. Several schedules of one level: the lowest id, flagged.
CREATE OR REPLACE TEMP TABLE taken_shifts AS
WITH asked AS (
  SELECT incident_id, user_id, policy_id, level, reached_at AS asked_at, 0 AS time_rank FROM new_pairs
  UNION ALL
  SELECT incident_id, user_id, policy_id, level, assigned_at, 1 FROM new_pairs
), candidates AS (
  SELECT DISTINCT a.incident_id, a.user_id, a.asked_at, a.time_rank,
         CASE WHEN t.level = a.level THEN 0 ELSE t.level END AS level_rank,
         t.level, d.schedule_id, d.start_at
  FROM asked AS a
  JOIN escalation_targets AS t ON t.escalation_policy_id = a.policy_id AND t.target_kind = 'schedule'
  JOIN shift_days AS d
    ON d.schedule_id = t.target_id AND d.user_id = a.user_id AND d.day = CAST(a.asked_at AS DATE)
   AND a.asked_at >= d.start_at AND a.asked_at < d.end_at
)
SELECT *,
       count(*) OVER (PARTITION BY incident_id, user_id, level_rank, time_rank) > 1 AS is_ambiguous
FROM candidates
QUALIFY row_number() OVER (PARTITION BY incident_id, user_id ORDER BY level_rank, time_rank, schedule_id, start_at) = 1;

DELETE FROM notified_pairs USING dirty WHERE notified_pairs.incident_id = dirty.incident_id;

INSERT INTO notified_pairs
WITH policies AS (
  SELECT p.id AS policy_id,
         list(t.target_id) FILTER (WHERE t.target_kind = 'user') AS user_ids,
         coalesce(bool_or(t.target_kind = 'schedule' AND NOT coalesce(c.is_readable, false)), false) AS has_unreadable
  FROM escalation_policies AS p
  LEFT JOIN escalation_targets AS t ON t.escalation_policy_id = p.id
  LEFT JOIN schedules AS c ON c.id = t.target_id
  GROUP BY p.id
), found AS (
  SELECT n.*, t.schedule_id, t.is_ambiguous, t.level AS taken_level, t.start_at, t.asked_at,
         CASE WHEN t.schedule_id IS NOT NULL THEN NULL
              WHEN n.is_direct THEN 'direct_assignment'
              WHEN n.is_responder THEN 'responder_request'
              WHEN list_contains(p.user_ids, n.user_id) THEN 'direct_target'
              WHEN p.policy_id IS NULL THEN 'unknown_policy'
              WHEN p.has_unreadable THEN 'schedule_not_readable'
              ELSE 'off_shift' END AS reason,
         coalesce(user_zone.zone, schedule_zone.zone, 'UTC') AS zone,
         CASE WHEN user_zone.zone IS NOT NULL THEN 'user'
              WHEN schedule_zone.zone IS NOT NULL THEN 'schedule'
              ELSE 'utc' END AS zone_source
  FROM new_pairs AS n
  LEFT JOIN taken_shifts AS t USING (incident_id, user_id)
  LEFT JOIN policies AS p ON p.policy_id = n.policy_id
  LEFT JOIN users AS u ON u.id = n.user_id AND NOT coalesce(u.is_deleted, false)
  LEFT JOIN zone_names AS user_zone ON user_zone.name = u.time_zone
  LEFT JOIN schedules AS c ON c.id = t.schedule_id
  LEFT JOIN zone_names AS schedule_zone ON schedule_zone.name = c.time_zone
)
SELECT f.incident_id, f.user_id, f.first_notified_at, f.paged_at,
       f.schedule_id, f.reason, coalesce(f.is_ambiguous, false), f.taken_level,
       f.start_at,
       -- A page is counted where it was found: at its own time, or at its assignment's when the shift had ended.
       coalesce(f.asked_at, f.reached_at),
       f.zone, f.zone_source,
       f.paged_at + to_seconds(z.offset_seconds),
       f.policy_id, f.incident_created_at
FROM found AS f
LEFT JOIN zone_offsets AS z ON z.zone = f.zone AND f.paged_at >= z.from_at AND f.paged_at < z.to_at
ORDER BY coalesce(f.paged_at, f.first_notified_at), f.incident_id, f.user_id;
