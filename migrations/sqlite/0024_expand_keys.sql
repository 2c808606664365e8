-- What an API key may do, from where and for how long; who takes over from whom; and from where
-- keys are used.
-- Only adds; a server of the version before goes on working, and lets a key do all that keys could.

-- Words parted by spaces; empty for a key that was made before keys had scopes.
ALTER TABLE api_keys ADD COLUMN scopes TEXT;
-- Networks in CIDR notation, parted by spaces; empty: from everywhere.
ALTER TABLE api_keys ADD COLUMN allow_list TEXT NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN expires_at INTEGER;
ALTER TABLE api_keys ADD COLUMN note TEXT NOT NULL DEFAULT '';
-- Who answers for it; its maker, if empty.
ALTER TABLE api_keys ADD COLUMN owner_id TEXT REFERENCES users (id);
-- Its own limit; as any key's, if empty.
ALTER TABLE api_keys ADD COLUMN calls_per_minute INTEGER;
-- The first of the keys that took over one from another; its own id, if empty.
ALTER TABLE api_keys ADD COLUMN family_id TEXT;
ALTER TABLE api_keys ADD COLUMN generation INTEGER NOT NULL DEFAULT 1;
-- The key from which it took over.
ALTER TABLE api_keys ADD COLUMN predecessor_id TEXT;
-- When it stops working because another took over.
ALTER TABLE api_keys ADD COLUMN ends_at INTEGER;
-- Of the days before its end on which its owner is told, the last on which that was done.
ALTER TABLE api_keys ADD COLUMN told_days INTEGER;
-- When its owner was told that it is still used, though its end is near.
ALTER TABLE api_keys ADD COLUMN told_used_at INTEGER;
-- When the organisation's policy disabled it, and when somebody enabled it again.
ALTER TABLE api_keys ADD COLUMN disabled_at INTEGER;
ALTER TABLE api_keys ADD COLUMN enabled_at INTEGER;
-- When its owner was told that it is past the policy.
ALTER TABLE api_keys ADD COLUMN told_policy_at INTEGER;
CREATE UNIQUE INDEX api_keys_by_predecessor ON api_keys (predecessor_id) WHERE predecessor_id IS NOT NULL;
-- What ends by itself, for whoever warns of it.
CREATE INDEX api_keys_by_expiry ON api_keys (expires_at) WHERE expires_at IS NOT NULL AND revoked_at IS NULL;
CREATE INDEX api_keys_by_end ON api_keys (ends_at) WHERE ends_at IS NOT NULL AND revoked_at IS NULL;

-- From where keys are used, written in batches.
CREATE TABLE api_key_sources (
    api_key_id TEXT NOT NULL REFERENCES api_keys (id),
    -- HMAC-SHA256 of address and User-Agent under the organisation's blind index key.
    digest BLOB NOT NULL,
    organisation_id TEXT NOT NULL,
    -- Both, sealed under this data key.
    data_key_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    PRIMARY KEY (api_key_id, digest)
) STRICT;
CREATE INDEX api_key_sources_by_key ON api_key_sources (api_key_id, last_at);
CREATE INDEX api_key_sources_by_time ON api_key_sources (last_at);

-- What an organisation asks of its keys, and what is done with a key that was found elsewhere.
CREATE TABLE key_policies (
    organisation_id TEXT PRIMARY KEY NOT NULL REFERENCES organisations (id),
    -- The longest life, and the longest time without a call, in days.
    longest_days INTEGER,
    unused_days INTEGER,
    requires_expiry INTEGER NOT NULL CHECK (requires_expiry IN (0, 1)),
    requires_networks INTEGER NOT NULL CHECK (requires_networks IN (0, 1)),
    -- Days after which a key that is past the policy is disabled; never, if empty.
    disable_after_days INTEGER,
    -- tell or revoke
    leaked_live TEXT NOT NULL,
    leaked_test TEXT NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

-- Keys that somebody found elsewhere, until a job has looked whose they are.
CREATE TABLE leak_reports (
    id TEXT PRIMARY KEY NOT NULL,
    -- HMAC-SHA256 of the key under every pepper, the newest first: 32 bytes each.
    digests BLOB NOT NULL,
    -- github or form
    source TEXT NOT NULL,
    -- Where it was found, as the report says.
    place TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
