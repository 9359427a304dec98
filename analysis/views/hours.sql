-- Hour classes of a local time and the night it belongs to [definitions 1]. The bounds come from `settings`,
-- a one-row table that analysis.Open fills: seconds after midnight.
CREATE OR REPLACE TEMP MACRO second_of_day(local_at) AS (epoch_us(local_at) // 1000000) % 86400;

CREATE OR REPLACE TEMP MACRO within_day(second, start_second, end_second) AS
  CASE WHEN start_second <= end_second THEN second >= start_second AND second < end_second
       ELSE second >= start_second OR second < end_second END;

CREATE OR REPLACE TEMP MACRO hour_class(local_at) AS
  CASE WHEN within_day(second_of_day(local_at), (SELECT sleep_start FROM settings), (SELECT sleep_end FROM settings)) THEN 'sleep'
       WHEN isodow(local_at) <= 5
        AND within_day(second_of_day(local_at), (SELECT business_start FROM settings), (SELECT business_end FROM settings)) THEN 'business'
       ELSE 'off_hours' END;

-- A night belongs to the date of the evening on which it starts.
CREATE OR REPLACE TEMP MACRO night_of(local_at) AS CAST(local_at - to_seconds((SELECT sleep_start FROM settings)) AS DATE);
