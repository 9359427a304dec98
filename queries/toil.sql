-- Engaged time (toil)
--
-- How long people were busy with the pages of the period: from a person's first acknowledgement to the resolve or their
-- reassignment, at most four hours each, time with several incidents counted once; snoozed time left out (low) or in
-- (high). It belongs to the rotation of the person's page; who acknowledged without one is in none. Working time is eight
-- hours for each Monday to Friday, on the holder's clock, on which a person was on call; the ratio to it may exceed 1,
-- since nights and weekends engage people too. Google's budget of 50% is for all operational work, of which this is only
-- the paged part.
WITH engaged AS (
  SELECT rotation_id, sum(engagement_count)::BIGINT AS engagement_count, count(*) AS person_count,
         sum(low_seconds)::BIGINT AS low_seconds, sum(high_seconds)::BIGINT AS high_seconds
  FROM engaged_time_in($since, $until)
  GROUP BY rotation_id
), worked AS (
  SELECT rotation_id, 28800 * count(DISTINCT (user_id, local_date)) AS working_seconds
  FROM on_call_day_in($since, $until)
  WHERE isodow(local_date) <= 5
  GROUP BY rotation_id
)
SELECT r.rotation_id,
       coalesce(e.engagement_count, 0) AS engagement_count,
       coalesce(e.person_count, 0) AS person_count,
       coalesce(e.low_seconds, 0) AS engaged_low_seconds,
       coalesce(e.high_seconds, 0) AS engaged_high_seconds,
       coalesce(w.working_seconds, 0) AS working_seconds,
       coalesce(e.low_seconds, 0) / nullif(w.working_seconds, 0) AS toil_low_ratio,
       coalesce(e.high_seconds, 0) / nullif(w.working_seconds, 0) AS toil_high_ratio
FROM rotation_in($since, $until) AS r
LEFT JOIN engaged AS e USING (rotation_id)
LEFT JOIN worked AS w USING (rotation_id)
ORDER BY r.rotation_id
