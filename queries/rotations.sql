-- Rotations
--
-- The schedules with a shift or a page in the period.
SELECT rotation_id, rotation_name, time_zone
FROM rotation_in($since, $until)
ORDER BY rotation_id, rotation_name, time_zone
