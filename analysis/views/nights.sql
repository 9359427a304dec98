-- Nights on call, on the holder's own clock: how much of the sleep window was on call, and what pages left of it
-- [definitions 4, metrics 2.2].

-- Time on call inside the holder's own sleep window, a row a stretch and night; in seconds since 1970 on the holder's clock.
CREATE OR REPLACE TEMP MACRO on_call_sleep_in(since, until) AS TABLE
WITH sleep AS (
  SELECT sleep_start AS start_second, (sleep_end - sleep_start + 86400) % 86400 AS length FROM settings
), nights AS (
  SELECT t.*, sleep.start_second, sleep.length,
         unnest(range((t.local_start - sleep.start_second - sleep.length) // 86400 + 1,
                      (t.local_end - sleep.start_second + 86399) // 86400)) AS day
  FROM on_call_stretch_in(since, until) AS t
  CROSS JOIN sleep
)
SELECT rotation_id, user_id, shift_start_at, zone, offset_seconds,
       DATE '1970-01-01' + CAST(day AS INTEGER) AS night,
       greatest(local_start, day * 86400 + start_second) AS sleep_start,
       least(local_end, day * 86400 + start_second + length) AS sleep_end
FROM nights
WHERE sleep_end > sleep_start;

-- The same, a row a shift and night.
CREATE OR REPLACE TEMP MACRO on_call_night_in(since, until) AS TABLE
SELECT rotation_id, user_id, shift_start_at, night, sum(sleep_end - sleep_start)::BIGINT AS sleep_seconds
FROM on_call_sleep_in(since, until)
GROUP BY rotation_id, user_id, shift_start_at, night;

-- How long the sleep window of each night was, by the zone's clock: 9 or 11 hours where the clock changes in it.
CREATE OR REPLACE TEMP MACRO sleep_window_in(since, until) AS TABLE
WITH windows AS (
  SELECT DISTINCT n.zone, n.night, epoch_us(n.night::TIMESTAMP) // 1000000 + s.sleep_start AS local_start, (s.sleep_end - s.sleep_start + 86400) % 86400 AS length
  FROM on_call_sleep_in(since, until) AS n
  CROSS JOIN settings AS s
), stretches AS (
  SELECT zone, epoch_us(from_at) // 1000000 + offset_seconds AS local_start, epoch_us(to_at) // 1000000 + offset_seconds AS local_end FROM zone_offsets
)
SELECT w.zone, w.night,
       sum(least(w.local_start + w.length, z.local_end) - greatest(w.local_start, z.local_start))::BIGINT AS window_seconds
FROM windows AS w
JOIN stretches AS z ON z.zone = w.zone AND z.local_start < w.local_start + w.length AND z.local_end > w.local_start
GROUP BY w.zone, w.night;

-- What a night on call left to sleep, a row a person and night: the longest stretch without a page inside the sleep
-- window and the time on call, and the awakenings (pages of the night less than 30 minutes apart are one). Of the
-- rotation's own pages: those of another wake the same person, but tell nothing about this one.
CREATE OR REPLACE TEMP MACRO slept_night_in(since, until) AS TABLE
WITH pieces AS (
  SELECT rotation_id, user_id, night, zone,
         (sleep_start - offset_seconds) * 1000000 AS from_us, (sleep_end - offset_seconds) * 1000000 AS to_us
  FROM on_call_sleep_in(since, until)
), followed AS (
  SELECT *, from_us IS DISTINCT FROM lag(to_us) OVER (PARTITION BY rotation_id, user_id, night ORDER BY from_us) AS starts_part
  FROM pieces
), numbered AS (
  SELECT *, count(*) FILTER (WHERE starts_part) OVER (PARTITION BY rotation_id, user_id, night ORDER BY from_us ROWS UNBOUNDED PRECEDING) AS part
  FROM followed
), parts AS (
  -- where only the clock changed, time on call went on
  SELECT rotation_id, user_id, night, part, min(from_us) AS from_us, max(to_us) AS to_us
  FROM numbered
  GROUP BY rotation_id, user_id, night, part
), nights AS (
  SELECT rotation_id, user_id, night, any_value(zone) AS zone, (sum(to_us - from_us) // 1000000)::BIGINT AS on_call_seconds
  FROM pieces
  GROUP BY rotation_id, user_id, night
), paged AS (
  SELECT rotation_id, user_id, night, epoch_us(paged_at) AS paged_us,
         epoch_us(paged_at) - lag(epoch_us(paged_at)) OVER (PARTITION BY rotation_id, user_id, night ORDER BY paged_at) AS since_last
  FROM page_in(since, until)
  WHERE rotation_id IS NOT NULL AND hour_class = 'sleep'
), awakened AS (
  SELECT rotation_id, user_id, night, 1 + count(*) FILTER (WHERE since_last >= 1800000000) AS awakening_count
  FROM paged
  GROUP BY rotation_id, user_id, night
), points AS (
  SELECT rotation_id, user_id, night, part, unnest([from_us, to_us]) AS at_us FROM parts
  UNION ALL
  SELECT rotation_id, user_id, night, t.part, p.paged_us
  FROM paged AS p
  JOIN parts AS t USING (rotation_id, user_id, night)
  WHERE p.paged_us >= t.from_us AND p.paged_us < t.to_us
), spaced AS (
  SELECT rotation_id, user_id, night,
         at_us - lag(at_us) OVER (PARTITION BY rotation_id, user_id, night, part ORDER BY at_us) AS length
  FROM points
), quiet AS (
  SELECT rotation_id, user_id, night, max(length) / 1e6 AS undisturbed_seconds
  FROM spaced
  GROUP BY rotation_id, user_id, night
)
SELECT n.rotation_id, n.user_id, n.night, n.on_call_seconds, w.window_seconds, q.undisturbed_seconds,
       coalesce(a.awakening_count, 0) AS awakening_count
FROM nights AS n
JOIN sleep_window_in(since, until) AS w USING (zone, night)
JOIN quiet AS q USING (rotation_id, user_id, night)
LEFT JOIN awakened AS a USING (rotation_id, user_id, night);
