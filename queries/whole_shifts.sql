-- Whole shifts
--
-- The shifts that lie entirely inside the period, with their own bounds and the pages of the period; quiet ones included.
-- How their pages scatter says how much of a change between two periods may be chance; a shift that the period cuts says
-- nothing about that.
SELECT rotation_id, user_id, shift_start_at, shift_end_at, on_call_seconds, page_count
FROM whole_shift_in($since, $until)
ORDER BY rotation_id, shift_start_at, user_id, shift_end_at
