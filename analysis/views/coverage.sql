-- How a rotation covers the clock: at which hours of its holders, from how many parts of the world, with which gaps, and
-- which of its night pages somebody awake could have had [definitions 4, metrics 2.5].

-- Share of on-call time inside the holder's own sleep window.
CREATE OR REPLACE TEMP MACRO exposure_in(since, until) AS TABLE
WITH exposed AS (
  SELECT rotation_id, sum(sleep_seconds)::BIGINT AS sleep_seconds, count(DISTINCT (user_id, night)) AS on_call_night_count
  FROM on_call_night_in(since, until)
  GROUP BY rotation_id
), on_call AS (
  SELECT rotation_id, sum(on_call_seconds)::BIGINT AS on_call_seconds
  FROM on_call_in(since, until)
  GROUP BY rotation_id
)
SELECT o.rotation_id, o.on_call_seconds,
       coalesce(e.sleep_seconds, 0) AS sleep_seconds,
       coalesce(e.on_call_night_count, 0) AS on_call_night_count,
       coalesce(e.sleep_seconds, 0) / nullif(o.on_call_seconds, 0) AS exposure_ratio
FROM on_call AS o
LEFT JOIN exposed AS e USING (rotation_id);

-- Clusters of the UTC offsets at which a rotation was held, 3 hours or more apart. Offsets lie on a circle of 24 hours
-- (-11 and +12 are an hour apart), on which there are as many clusters as wide gaps between neighbours.
CREATE OR REPLACE TEMP MACRO zone_cluster_in(since, until) AS TABLE
WITH places AS (
  SELECT DISTINCT rotation_id, (offset_seconds % 86400 + 86400) % 86400 AS place FROM on_call_stretch_in(since, until)
), spaced AS (
  SELECT rotation_id, coalesce(lead(place) OVER around, first_value(place) OVER around + 86400) - place AS gap
  FROM places
  WINDOW around AS (PARTITION BY rotation_id ORDER BY place)
)
SELECT rotation_id, greatest(1, count(*) FILTER (WHERE gap >= 10800)) AS zone_cluster_count
FROM spaced
GROUP BY rotation_id;

-- When a rotation had somebody on call, and when it changed hands: at each moment at which somebody takes over who was
-- not on call just before it, or, after a gap, just before the gap.
CREATE OR REPLACE TEMP MACRO coverage_in(since, until) AS TABLE
WITH reached AS (
  SELECT rotation_id, start_at, end_at,
         max(end_at) OVER (PARTITION BY rotation_id ORDER BY start_at GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered_until_at,
         lag(end_at) OVER (PARTITION BY rotation_id, user_id ORDER BY start_at) AS left_at
  FROM on_call_in(since, until)
), starts AS (
  SELECT rotation_id, start_at, max(end_at) AS end_at,
         any_value(epoch_us(start_at) - epoch_us(covered_until_at)) AS gap,
         -- somebody's own time on call never goes on where it ended: who left just then left for a gap
         bool_or(left_at IS DISTINCT FROM covered_until_at) AS is_taken_over
  FROM reached
  GROUP BY rotation_id, start_at
)
SELECT rotation_id,
       count(*) FILTER (WHERE is_taken_over) AS hand_off_count,
       count(*) FILTER (WHERE gap > 0) AS gap_count,
       (coalesce(sum(gap) FILTER (WHERE gap > 0), 0) // 1000000)::BIGINT AS gap_seconds,
       ((epoch_us(max(end_at)) - epoch_us(min(start_at)) - coalesce(sum(gap) FILTER (WHERE gap > 0), 0)) // 1000000)::BIGINT AS covered_seconds
FROM starts
GROUP BY rotation_id;

-- Leakage: night pages of a rotation while another person on call for the same policy, on any schedule of any of its
-- levels, was outside their own sleep window. Joined by policy and UTC day, of which each holds a shift or two.
CREATE OR REPLACE TEMP MACRO leaked_page_in(since, until) AS TABLE
WITH duties AS (
  SELECT t.escalation_policy_id AS policy_id, o.user_id, o.offset_seconds,
         o.local_start - o.offset_seconds AS start_second, o.local_end - o.offset_seconds AS end_second
  FROM on_call_stretch_in(since, until) AS o
  JOIN escalation_targets AS t ON t.target_kind = 'schedule' AND t.target_id = o.rotation_id
), duty_days AS (
  SELECT *, unnest(range(start_second // 86400, end_second // 86400 + 1)) AS day FROM duties
), night_pages AS (
  SELECT rotation_id, incident_id, user_id, policy_id, epoch_us(paged_at) // 1000000 AS paged_second
  FROM page_in(since, until)
  WHERE rotation_id IS NOT NULL AND hour_class = 'sleep'
)
SELECT DISTINCT p.rotation_id, p.incident_id, p.user_id
FROM night_pages AS p
JOIN duty_days AS d
  ON d.policy_id = p.policy_id AND d.day = p.paged_second // 86400 AND d.user_id <> p.user_id
 AND p.paged_second >= d.start_second AND p.paged_second < d.end_second
WHERE NOT within_day((p.paged_second + d.offset_seconds) % 86400, (SELECT sleep_start FROM settings), (SELECT sleep_end FROM settings));
