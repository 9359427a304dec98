-- Whole shifts
--
-- The shifts that lie entirely inside the period, with their own bounds and the pages of the period; quiet ones included.
-- How their pages scatter says how much of a change between two periods may be chance; a shift that the period cuts says
-- nothing about that.
SELECT i.rotation_id, i.user_id, s.start_at AS shift_start_at, s.end_at AS shift_end_at, i.on_call_seconds, i.page_count
FROM shift_in($since, $until) AS i
JOIN shifts AS s ON s.schedule_id = i.rotation_id AND s.user_id = i.user_id AND s.start_at = i.shift_start_at
WHERE s.start_at >= $since AND s.end_at <= $until
ORDER BY i.rotation_id, s.start_at, i.user_id, s.end_at
