-- Shifts: entries of one user on one schedule that touch or overlap are one shift [definitions 3].
-- Vacancies and zero-length entries are none.
CREATE OR REPLACE TEMP TABLE new_shifts AS
WITH pieces AS (
  SELECT DISTINCT schedule_id, user_id, start_at, end_at
  FROM schedule_entries
  WHERE user_id IS NOT NULL AND end_at > start_at
), reached AS (
  SELECT *,
         max(end_at) OVER (PARTITION BY schedule_id, user_id ORDER BY start_at, end_at
                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reach_at
  FROM pieces
), islands AS (
  SELECT *,
         count(*) FILTER (WHERE reach_at IS NULL OR start_at > reach_at)
           OVER (PARTITION BY schedule_id, user_id ORDER BY start_at, end_at ROWS UNBOUNDED PRECEDING) AS island
  FROM reached
), stitched AS (
  SELECT schedule_id, user_id, min(start_at) AS start_at, max(end_at) AS end_at
  FROM islands
  GROUP BY schedule_id, user_id, island
)
SELECT s.schedule_id, s.user_id, s.start_at, s.end_at,
       coalesce(user_zone.zone, schedule_zone.zone, 'UTC') AS zone,
       CASE WHEN user_zone.zone IS NOT NULL THEN 'user'
            WHEN schedule_zone.zone IS NOT NULL THEN 'schedule'
            ELSE 'utc' END AS zone_source
FROM stitched AS s
LEFT JOIN users AS u ON u.id = s.user_id AND NOT coalesce(u.is_deleted, false)
LEFT JOIN zone_names AS user_zone ON user_zone.name = u.time_zone
LEFT JOIN schedules AS c ON c.id = s.schedule_id
LEFT JOIN zone_names AS schedule_zone ON schedule_zone.name = c.time_zone;
