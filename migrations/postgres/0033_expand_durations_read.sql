-- no-transaction
-- All that a report reads, so that it need not look up each row: there are some hundred thousand.
CREATE INDEX CONCURRENTLY call_durations_read ON call_durations (organisation_id, span, begins, api_key_id, endpoint, duration, calls);
