"""The two metrics in SQL, but for what each engine calls by another name."""

# Pages inside 22:00-08:00 on the clock of the person paged; a night belongs to the evening on which it starts.
NIGHT = """
SELECT rotation_id,
       count(*) AS all_count,
       count(CASE WHEN {hour} >= 22 OR {hour} < 8 THEN 1 END) AS page_count,
       count(DISTINCT CASE WHEN {hour} >= 22 OR {hour} < 8 THEN concat(user_id, ' ', {evening}) END) AS interrupted_night_count
FROM {notified_pairs}
WHERE rotation_id IS NOT NULL AND paged_at >= {since} AND paged_at < {until}
GROUP BY rotation_id
ORDER BY rotation_id
"""

# From an incident's creation to the first acknowledgement by a person, over the incidents created in the period that
# paged the rotation at any time; merged ones are left out.
ACKNOWLEDGE = """
SELECT rotation_id,
       count(*) AS incident_count,
       count(seconds) AS acknowledged_count,
       avg(seconds) AS acknowledge_mean_seconds,
       {p50} AS acknowledge_p50_seconds,
       {p90} AS acknowledge_p90_seconds
FROM (
  SELECT p.rotation_id AS rotation_id, CASE WHEN {seconds} < 0 THEN 0 ELSE {seconds} END AS seconds
  FROM {incident_facts} AS i
  JOIN (SELECT DISTINCT incident_id, rotation_id FROM {notified_pairs} WHERE rotation_id IS NOT NULL AND paged_at IS NOT NULL) AS p
    ON p.incident_id = i.incident_id
  WHERE i.created_at >= {since} AND i.created_at < {until} AND NOT i.is_merged
) AS paged
GROUP BY rotation_id
ORDER BY rotation_id
"""
