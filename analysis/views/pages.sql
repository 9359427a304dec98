-- Pages, notifications and paging incidents of a period, without what the configuration excludes [definitions 2].

-- The rotations that a document is about: those whose ids, joined by a space, the variable holds, else all.
CREATE OR REPLACE TEMP MACRO is_asked_rotation(rotation_id) AS
  getvariable('asked_rotations') IS NULL OR list_contains(string_split(getvariable('asked_rotations'), ' '), rotation_id);

CREATE OR REPLACE TEMP VIEW page AS
SELECT p.incident_id, p.user_id, p.paged_at, p.rotation_id, p.reason, p.is_ambiguous, p.shift_start_at,
       p.counted_at, p.zone, p.zone_source, p.paged_local_at, p.policy_id, p.incident_created_at
FROM notified_pairs AS p
ANTI JOIN excluded_incidents AS x ON x.incident_id = p.incident_id
WHERE p.paged_at IS NOT NULL;

-- Of the whole account, whatever a document is about.
CREATE OR REPLACE TEMP MACRO account_page_in(since, until) AS TABLE
SELECT *, hour_class(paged_local_at) AS hour_class, night_of(paged_local_at) AS night
FROM page
WHERE paged_at >= since AND paged_at < until;

CREATE OR REPLACE TEMP MACRO page_in(since, until) AS TABLE
FROM account_page_in(since, until)
WHERE is_asked_rotation(rotation_id);

-- An assignment that stands for a page where there is no notify entry anywhere is no notification: nobody knows how often
-- anybody was notified.
CREATE OR REPLACE TEMP MACRO account_notification_in(since, until) AS TABLE
SELECT n.notification_id, n.incident_id, n.user_id, n.notified_at, n.medium, n.is_failed, n.is_interrupting
FROM notifications AS n
ANTI JOIN excluded_incidents AS x ON x.incident_id = n.incident_id
WHERE n.notified_at >= since AND n.notified_at < until AND n.medium <> 'assignment';

-- A notification follows its (incident, user) pair to the pair's rotation; those of no rotation are not among these.
CREATE OR REPLACE TEMP MACRO notification_in(since, until) AS TABLE
SELECT n.*, p.rotation_id
FROM account_notification_in(since, until) AS n
JOIN notified_pairs AS p ON p.incident_id = n.incident_id AND p.user_id = n.user_id
WHERE p.rotation_id IS NOT NULL AND is_asked_rotation(p.rotation_id);

-- Interruption: a chain of interrupting notifications of one user, each at most 60 s after the one before; one row a
-- notification, which may start a chain. Chained over everything, or within each rotation.
CREATE OR REPLACE TEMP MACRO starts_chain(previous_at, notified_at) AS
  previous_at IS NULL OR epoch_us(notified_at) - epoch_us(previous_at) > 60000000;

CREATE OR REPLACE TEMP MACRO account_interruption_in(since, until) AS TABLE
SELECT user_id, notified_at,
       starts_chain(lag(notified_at) OVER (PARTITION BY user_id ORDER BY notified_at, notification_id), notified_at) AS starts_chain
FROM account_notification_in(since, until)
WHERE is_interrupting AND user_id IS NOT NULL;

CREATE OR REPLACE TEMP MACRO interruption_in(since, until) AS TABLE
SELECT user_id, rotation_id, notified_at,
       starts_chain(lag(notified_at) OVER (PARTITION BY rotation_id, user_id ORDER BY notified_at, notification_id), notified_at) AS starts_chain
FROM notification_in(since, until)
WHERE is_interrupting;

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

-- The same with the time at which each page's paging incident began: apart, because most ask for the starts alone.
CREATE OR REPLACE TEMP MACRO chained_paging_in(since, until) AS TABLE
WITH paging AS (
  FROM paging_in(since, until)
)
SELECT p.*, s.paged_at AS paging_incident_at
FROM paging AS p
ASOF JOIN (SELECT rotation_id, paged_at FROM paging WHERE starts_paging_incident) AS s
  ON s.rotation_id = p.rotation_id AND s.paged_at <= p.paged_at;
