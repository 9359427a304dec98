-- What the derived rows hold, as one number a table whatever their order: part of the fingerprint of every report, and how
-- `crywolf doctor` tells whether they still are as the sync left them. Episodes and the order of keys follow from these.
CREATE OR REPLACE TEMP VIEW whole_content AS
SELECT 'notifications' AS name, count(*) AS row_count, coalesce(sum(hash(t)), 0) AS content FROM notifications AS t
UNION ALL SELECT 'notified_pairs', count(*), coalesce(sum(hash(t)), 0) FROM notified_pairs AS t
UNION ALL SELECT 'incident_facts', count(*), coalesce(sum(hash(t)), 0) FROM incident_facts AS t
UNION ALL SELECT 'incident_alert_keys', count(*), coalesce(sum(hash(t)), 0) FROM incident_alert_keys AS t;
