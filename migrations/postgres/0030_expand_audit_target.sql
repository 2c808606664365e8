-- no-transaction
-- What was done to something, in one log or in all: the organisation stands in it, so that neither
-- needs an index of its own. An event of the log is written into every index there is.
CREATE INDEX CONCURRENTLY audit_events_of_target ON audit_events (target_id, id, organisation_id);
