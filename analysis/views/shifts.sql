-- Shifts of a period, clipped to it, and what fell into them [definitions 3, 4].

-- A shift is in the period if it overlaps it or holds a page of it; the latter is listed with no time.
CREATE OR REPLACE TEMP MACRO shift_in(since, until) AS TABLE
WITH paged AS (
  SELECT rotation_id, user_id, shift_start_at, count(*) AS page_count,
         count(*) FILTER (WHERE hour_class = 'sleep') AS night_page_count
  FROM page_in(since, until)
  WHERE rotation_id IS NOT NULL
  GROUP BY rotation_id, user_id, shift_start_at
)
SELECT s.schedule_id AS rotation_id, s.user_id, s.start_at AS shift_start_at,
       greatest(s.start_at, since) AS start_at,
       greatest(least(s.end_at, until), greatest(s.start_at, since)) AS end_at,
       greatest(0, (epoch_us(least(s.end_at, until)) - epoch_us(greatest(s.start_at, since))) // 1000000) AS on_call_seconds,
       s.zone, s.zone_source,
       coalesce(p.page_count, 0) AS page_count, coalesce(p.night_page_count, 0) AS night_page_count
FROM shifts AS s
LEFT JOIN paged AS p
  ON p.rotation_id = s.schedule_id AND p.user_id = s.user_id AND p.shift_start_at = s.start_at
WHERE is_asked_rotation(s.schedule_id) AND ((s.start_at < until AND s.end_at > since) OR p.page_count > 0);

-- The rotations of a report: the schedules with a shift or a page in the period.
CREATE OR REPLACE TEMP MACRO rotation_in(since, until) AS TABLE
SELECT seen.rotation_id, c.name AS rotation_name, coalesce(z.zone, c.time_zone) AS time_zone
FROM (SELECT DISTINCT rotation_id FROM shift_in(since, until)) AS seen
LEFT JOIN schedules AS c ON c.id = seen.rotation_id
LEFT JOIN zone_names AS z ON z.name = c.time_zone;

-- 12-hour blocks, cut from the start of each clipped shift; the last may be shorter.
CREATE OR REPLACE TEMP MACRO block_in(since, until) AS TABLE
WITH clipped AS (
  SELECT * FROM shift_in(since, until) WHERE on_call_seconds > 0
), blocks AS (
  SELECT rotation_id, user_id, shift_start_at, unnest(range((on_call_seconds + 43199) // 43200)) AS block
  FROM clipped
), hits AS (
  -- a page counted before the period belongs to the shift's first block inside it
  SELECT p.rotation_id, p.user_id, p.shift_start_at,
         (epoch_us(greatest(p.counted_at, since)) - epoch_us(c.start_at)) // 43200000000 AS block,
         count(*) AS page_count,
         count(*) FILTER (WHERE p.starts_paging_incident) AS paging_incident_count
  FROM paging_in(since, until) AS p
  JOIN clipped AS c USING (rotation_id, user_id, shift_start_at)
  GROUP BY ALL
)
SELECT b.rotation_id, b.user_id, b.shift_start_at, b.block,
       coalesce(h.page_count, 0) AS page_count, coalesce(h.paging_incident_count, 0) AS paging_incident_count
FROM blocks AS b
LEFT JOIN hits AS h USING (rotation_id, user_id, shift_start_at, block);

-- The time on call alone, a row a shift that has any in the period: all that questions about the clock need.
CREATE OR REPLACE TEMP MACRO on_call_in(since, until) AS TABLE
SELECT schedule_id AS rotation_id, user_id, start_at AS shift_start_at,
       greatest(start_at, since) AS start_at, least(end_at, until) AS end_at,
       (epoch_us(least(end_at, until)) - epoch_us(greatest(start_at, since))) // 1000000 AS on_call_seconds,
       zone, zone_source
FROM shifts
WHERE start_at < until AND end_at > since;

-- The shifts that lie entirely inside the period, with their own bounds.
CREATE OR REPLACE TEMP MACRO whole_shift_in(since, until) AS TABLE
SELECT i.rotation_id, i.user_id, s.start_at AS shift_start_at, s.end_at AS shift_end_at, i.on_call_seconds, i.page_count
FROM shift_in(since, until) AS i
JOIN shifts AS s ON s.schedule_id = i.rotation_id AND s.user_id = i.user_id AND s.start_at = i.shift_start_at
WHERE s.start_at >= since AND s.end_at <= until;

-- Between two changes of its zone a shift is a straight stretch of local time, here in seconds since 1970 on the holder's
-- clock: so nights of 9 and 11 hours, and days of 23 and 25, come out right.
CREATE OR REPLACE TEMP MACRO on_call_stretch_in(since, until) AS TABLE
SELECT o.rotation_id, o.user_id, o.shift_start_at, o.zone, z.offset_seconds,
       epoch_us(greatest(o.start_at, z.from_at)) // 1000000 + z.offset_seconds AS local_start,
       epoch_us(least(o.end_at, z.to_at)) // 1000000 + z.offset_seconds AS local_end
FROM on_call_in(since, until) AS o
JOIN zone_offsets AS z ON z.zone = o.zone AND z.from_at < o.end_at AND z.to_at > o.start_at;

-- Time on call by the date on the holder's clock, a row a shift and date.
CREATE OR REPLACE TEMP MACRO on_call_day_in(since, until) AS TABLE
WITH days AS (
  SELECT *, unnest(range(local_start // 86400, local_end // 86400 + 1)) AS day
  FROM on_call_stretch_in(since, until)
)
SELECT rotation_id, user_id, shift_start_at,
       DATE '1970-01-01' + CAST(day AS INTEGER) AS local_date,
       sum(least(local_end, day * 86400 + 86400) - greatest(local_start, day * 86400))::BIGINT AS on_call_seconds
FROM days
GROUP BY rotation_id, user_id, shift_start_at, local_date
HAVING on_call_seconds > 0;
