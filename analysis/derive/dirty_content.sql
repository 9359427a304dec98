-- The same of the incidents that are being derived: asked before and after, it brings the numbers up to date at a cost
-- that does not depend on how much history there is.
CREATE OR REPLACE TEMP VIEW dirty_content AS
SELECT 'notifications' AS name, count(*) AS row_count, coalesce(sum(hash(t)), 0) AS content FROM notifications AS t SEMI JOIN dirty USING (incident_id)
UNION ALL SELECT 'notified_pairs', count(*), coalesce(sum(hash(t)), 0) FROM notified_pairs AS t SEMI JOIN dirty USING (incident_id)
UNION ALL SELECT 'incident_facts', count(*), coalesce(sum(hash(t)), 0) FROM incident_facts AS t SEMI JOIN dirty USING (incident_id)
UNION ALL SELECT 'incident_alert_keys', count(*), coalesce(sum(hash(t)), 0) FROM incident_alert_keys AS t SEMI JOIN dirty USING (incident_id);
