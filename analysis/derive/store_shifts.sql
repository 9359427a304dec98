-- Shifts are few and always made whole; pages near the ones that changed are derived again.
DELETE FROM shifts;
INSERT INTO shifts SELECT * FROM new_shifts ORDER BY start_at, schedule_id, user_id;
DELETE FROM shift_days;
INSERT INTO shift_days
SELECT schedule_id, user_id,
       unnest(generate_series(CAST(start_at AS DATE),
                              CAST(end_at - INTERVAL 1 MICROSECOND AS DATE),
                              INTERVAL 1 DAY))::DATE AS day,
       start_at, end_at
FROM new_shifts
ORDER BY day, schedule_id, user_id, start_at;
