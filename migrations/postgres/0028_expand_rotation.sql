-- Keys whose rotation comes round.
-- Only adds; a server of the version before goes on working, and tells nobody meanwhile.

-- Days from the making of a key to its rotation; none, if empty.
ALTER TABLE api_keys ADD COLUMN rotate_days BIGINT;
-- When that is.
ALTER TABLE api_keys ADD COLUMN rotates_at BIGINT;
-- When its owner was told last that it is due.
ALTER TABLE api_keys ADD COLUMN told_rotation_at BIGINT;
CREATE INDEX api_keys_by_rotation ON api_keys (rotates_at) WHERE rotates_at IS NOT NULL AND revoked_at IS NULL;
