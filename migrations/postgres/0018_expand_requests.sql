-- no-transaction
-- What one request came to, in whichever organisation.
CREATE INDEX CONCURRENTLY audit_events_by_request ON audit_events (request_id, id) WHERE request_id IS NOT NULL;
