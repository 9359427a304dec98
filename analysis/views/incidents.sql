-- Incidents of a period [definitions 5, 7].

CREATE OR REPLACE TEMP VIEW incident AS
SELECT f.*
FROM incident_facts AS f
ANTI JOIN excluded_incidents AS x ON x.incident_id = f.incident_id;

-- Seconds from one instant to another, 0 where the order is the wrong way round, NULL where one is unknown
-- (greatest() alone would turn unknown into 0).
CREATE OR REPLACE TEMP MACRO seconds_between(from_at, to_at) AS
  CASE WHEN to_at < from_at THEN 0.0::DOUBLE ELSE (epoch_us(to_at) - epoch_us(from_at)) / 1e6 END;

-- Cleared alone: by the monitor, before anybody had done anything about it.
CREATE OR REPLACE TEMP MACRO is_cleared_alone(is_merged, cleared_by, first_human_event_at, resolved_at) AS
  coalesce(NOT is_merged AND cleared_by = 'monitor' AND (first_human_event_at IS NULL OR first_human_event_at > resolved_at), false);

-- Population of response times: incidents created in the period that paged a rotation at any time, a row each.
CREATE OR REPLACE TEMP MACRO paged_incident_in(since, until) AS TABLE
SELECT p.rotation_id, i.incident_id, i.created_at, i.is_merged, i.is_resolved, i.cleared_by,
       -- an acknowledgement stamped before the incident is an acknowledgement at once
       seconds_between(i.created_at, i.acknowledged_at) AS acknowledge_seconds,
       seconds_between(i.created_at, i.resolved_at) AS resolve_seconds,
       i.acknowledged_at, i.resolved_at, i.is_timed_out, i.is_joined
FROM incident AS i
JOIN (SELECT DISTINCT incident_id, rotation_id
      FROM page
      WHERE incident_created_at >= since AND incident_created_at < until
        AND rotation_id IS NOT NULL AND is_asked_rotation(rotation_id)) AS p USING (incident_id)
WHERE i.created_at >= since AND i.created_at < until;
