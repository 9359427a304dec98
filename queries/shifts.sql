-- Shifts
--
-- Each shift of the period, clipped to it, with its pages; quiet ones included.
SELECT rotation_id, user_id, start_at AS shift_start_at, end_at AS shift_end_at,
       on_call_seconds, page_count, night_page_count
FROM shift_in($since, $until)
ORDER BY rotation_id, shift_start_at, user_id, shift_end_at
