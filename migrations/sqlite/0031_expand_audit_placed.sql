-- A log's events by their place, of those that have one: an event that is just being written has not.
CREATE INDEX audit_events_placed ON audit_events (organisation_id, leaf_index) WHERE leaf_index IS NOT NULL;
