-- Does help come
--
-- Over the incidents created in the period that paged the rotation, merged-away ones left out, with Wilson 95% intervals:
-- how many went on to the next level because nobody answered (escalated by time-out), how many nobody ever acknowledged,
-- and of those whose first page of the rotation was at night, in how many more than one person took part: two people
-- acted (acknowledged, noted, resolved, reassigned …) or further responders were asked for.
WITH asked AS (
  SELECT rotation_id, incident_id, created_at AS incident_created_at, acknowledge_seconds, is_timed_out, is_joined
  FROM paged_incident_in($since, $until)
  WHERE NOT is_merged
), first_pages AS (
  SELECT rotation_id, incident_id, hour_class(arg_min(paged_local_at, (paged_at, user_id))) = 'sleep' AS is_night
  FROM page
  SEMI JOIN asked USING (rotation_id, incident_id, incident_created_at)
  GROUP BY rotation_id, incident_id
), counted AS (
  SELECT r.rotation_id,
         count(a.incident_id) AS incident_count,
         count(*) FILTER (WHERE a.is_timed_out) AS timed_out_count,
         count(a.incident_id) - count(a.acknowledge_seconds) AS never_acknowledged_count,
         count(*) FILTER (WHERE f.is_night) AS night_incident_count,
         count(*) FILTER (WHERE f.is_night AND a.is_joined) AS night_joined_count
  FROM rotation_in($since, $until) AS r
  LEFT JOIN asked AS a USING (rotation_id)
  LEFT JOIN first_pages AS f USING (rotation_id, incident_id)
  GROUP BY r.rotation_id
)
SELECT rotation_id, incident_count,
       timed_out_count,
       timed_out_count / nullif(incident_count, 0) AS timed_out_ratio,
       wilson_low(timed_out_count, incident_count) AS timed_out_low_ratio,
       wilson_high(timed_out_count, incident_count) AS timed_out_high_ratio,
       never_acknowledged_count,
       never_acknowledged_count / nullif(incident_count, 0) AS never_acknowledged_ratio,
       wilson_low(never_acknowledged_count, incident_count) AS never_acknowledged_low_ratio,
       wilson_high(never_acknowledged_count, incident_count) AS never_acknowledged_high_ratio,
       night_incident_count, night_joined_count,
       night_joined_count / nullif(night_incident_count, 0) AS night_joined_ratio,
       wilson_low(night_joined_count, night_incident_count) AS night_joined_low_ratio,
       wilson_high(night_joined_count, night_incident_count) AS night_joined_high_ratio
FROM counted
ORDER BY rotation_id
