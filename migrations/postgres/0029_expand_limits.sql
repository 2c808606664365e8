-- Limits of an organisation's own, by name.
-- Only adds; a server of the version before goes on working, and holds nobody to them.
CREATE TABLE named_limits (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    organisation_id TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    name TEXT COLLATE "C" NOT NULL,
    -- So many units in so many seconds.
    units BIGINT NOT NULL,
    seconds BIGINT NOT NULL,
    -- Whether each key has them for itself, or all keys with the limit have them together.
    per_key BOOLEAN NOT NULL,
    -- What calls take that do not take one unit, such as "verify.start=10 verify.status=0".
    costs TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX named_limits_by_name ON named_limits (organisation_id, name);

-- The names of a key's limits, parted by spaces.
ALTER TABLE api_keys ADD COLUMN limit_names TEXT COLLATE "C" NOT NULL DEFAULT '';
