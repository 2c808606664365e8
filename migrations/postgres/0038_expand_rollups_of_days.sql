-- no-transaction
-- Days that are still to be packed, the oldest first.
CREATE INDEX CONCURRENTLY call_rollups_of_days ON call_rollups (begins) WHERE span = 1440;
