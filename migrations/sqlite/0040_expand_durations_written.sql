-- With what changes in it, PostgreSQL writes an entry at each addition, and is some hundred times as
-- large after a day of them. What it served is read by the primary key, which begins alike; of days
-- that are over there is call_days.
DROP INDEX call_durations_read;
