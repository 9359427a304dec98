DELETE FROM service_changes;
INSERT INTO service_changes FROM new_service_changes ORDER BY changed_at, service_id;
