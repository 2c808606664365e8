-- no-transaction
-- Days that are still to be packed, the oldest first.
CREATE INDEX CONCURRENTLY call_durations_of_days ON call_durations (begins) WHERE span = 1440;
