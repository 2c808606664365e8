-- What happened to one account, in whichever organisation.
CREATE INDEX audit_events_by_target_alone ON audit_events (target_id, id);
