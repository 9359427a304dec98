-- Deployments and roll-backs by service, and those that came or went since the tables were derived last: incidents of such a
-- service that were worked on at that time are derived again.
CREATE OR REPLACE TEMP TABLE new_service_changes AS
SELECT DISTINCT unnest(service_ids) AS service_id, changed_at
FROM change_events;

CREATE OR REPLACE TEMP TABLE other_service_changes AS
(FROM new_service_changes EXCEPT FROM service_changes)
UNION ALL
(FROM service_changes EXCEPT FROM new_service_changes);
