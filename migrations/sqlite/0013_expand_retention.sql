-- A log's events by their place: how streams go on, and what they have yet to take.
CREATE INDEX audit_events_by_leaf ON audit_events (organisation_id, leaf_index);
