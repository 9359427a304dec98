-- Pages, notifications and paging incidents of a period, without what the configuration excludes [definitions 2].

CREATE OR REPLACE TEMP VIEW page AS
SELECT p.incident_id, p.user_id, p.paged_at, p.rotation_id, p.reason, p.is_ambiguous, p.shift_start_at,
       p.counted_at, p.zone, p.zone_source, p.paged_local_at, p.policy_id
FROM notified_pairs AS p
ANTI JOIN excluded_incidents AS x ON x.incident_id = p.incident_id
WHERE p.paged_at IS NOT NULL;

CREATE OR REPLACE TEMP MACRO page_in(since, until) AS TABLE
SELECT *, hour_class(paged_local_at) AS hour_class, night_of(paged_local_at) AS night
FROM page
WHERE paged_at >= since AND paged_at < until;

-- A notification follows its (incident, user) pair to the pair's rotation. An assignment that stands for a page where
-- there is no notify entry anywhere is no notification: nobody knows how often anybody was notified.
CREATE OR REPLACE TEMP MACRO notification_in(since, until) AS TABLE
SELECT n.notification_id, n.incident_id, n.user_id, n.notified_at, n.medium, n.is_failed, n.is_interrupting, p.rotation_id
FROM notifications AS n
ANTI JOIN excluded_incidents AS x ON x.incident_id = n.incident_id
LEFT JOIN notified_pairs AS p ON p.incident_id = n.incident_id AND p.user_id = n.user_id
WHERE n.notified_at >= since AND n.notified_at < until AND n.medium <> 'assignment';

-- Interruption: a chain of interrupting notifications of one user, each at most 60 s after the one before; one row
-- a notification that starts a chain, once over everything and once within each rotation.
CREATE OR REPLACE TEMP MACRO interruption_in(since, until) AS TABLE
WITH spaced AS (
  SELECT user_id, rotation_id, notified_at,
         lag(notified_at) OVER (PARTITION BY user_id ORDER BY notified_at, notification_id) AS previous_at,
         lag(notified_at) OVER (PARTITION BY rotation_id, user_id ORDER BY notified_at, notification_id) AS previous_in_rotation_at
  FROM notification_in(since, until)
  WHERE is_interrupting AND user_id IS NOT NULL
)
SELECT user_id, rotation_id, notified_at,
       previous_at IS NULL OR epoch_us(notified_at) - epoch_us(previous_at) > 60000000 AS starts_chain,
       previous_in_rotation_at IS NULL
         OR epoch_us(notified_at) - epoch_us(previous_in_rotation_at) > 60000000 AS starts_chain_in_rotation
FROM spaced;

-- Paging incident: pages of one rotation chained by gaps of at most 15 minutes.
CREATE OR REPLACE TEMP MACRO paging_in(since, until) AS TABLE
WITH spaced AS (
  SELECT *,
         lag(paged_at) OVER (PARTITION BY rotation_id ORDER BY paged_at, incident_id, user_id) AS previous_at
  FROM page_in(since, until)
  WHERE rotation_id IS NOT NULL
)
SELECT * EXCLUDE (previous_at),
       previous_at IS NULL OR epoch_us(paged_at) - epoch_us(previous_at) > 900000000 AS starts_paging_incident
FROM spaced;

-- The same with a number for each paging incident: apart, because numbering sorts everything once more.
CREATE OR REPLACE TEMP MACRO numbered_paging_in(since, until) AS TABLE
SELECT *,
       count(*) FILTER (WHERE starts_paging_incident)
         OVER (PARTITION BY rotation_id ORDER BY paged_at, incident_id, user_id ROWS UNBOUNDED PRECEDING) AS paging_incident
FROM paging_in(since, until);
