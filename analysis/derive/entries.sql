-- The stretch of the log in which the entries of the incidents in `dirty` lie: it is looked for once, by ids and times, and
-- what derives the incidents reads no more than that. Where one of their entries has no time, all is read.
CREATE OR REPLACE TEMP TABLE dirty_span AS
SELECT CASE WHEN count(*) = count(e.created_at) THEN coalesce(min(e.created_at), TIMESTAMP 'infinity') END AS since_at,
       coalesce(max(e.created_at), TIMESTAMP 'infinity') AS until_at
FROM log_entries AS e
JOIN dirty USING (incident_id);

SET VARIABLE dirty_since_at = (SELECT since_at FROM dirty_span);

SET VARIABLE dirty_until_at = (SELECT until_at FROM dirty_span);

CREATE OR REPLACE TEMP VIEW near_log_entries AS
SELECT *
FROM log_entries
WHERE getvariable('dirty_since_at') IS NULL OR created_at BETWEEN getvariable('dirty_since_at') AND getvariable('dirty_until_at');
