-- no-transaction
-- Events that wait for their place in the ledger.
CREATE INDEX CONCURRENTLY audit_events_unsequenced ON audit_events (id) WHERE leaf_index IS NULL;
