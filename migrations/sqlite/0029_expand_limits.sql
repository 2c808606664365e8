-- Limits of an organisation's own, by name.
-- Only adds; a server of the version before goes on working, and holds nobody to them.
CREATE TABLE named_limits (
    id TEXT PRIMARY KEY NOT NULL,
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL,
    -- So many units in so many seconds.
    units INTEGER NOT NULL,
    seconds INTEGER NOT NULL,
    -- Whether each key has them for itself, or all keys with the limit have them together.
    per_key INTEGER NOT NULL CHECK (per_key IN (0, 1)),
    -- What calls take that do not take one unit, such as "verify.start=10 verify.status=0".
    costs TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX named_limits_by_name ON named_limits (organisation_id, name);

-- The names of a key's limits, parted by spaces.
ALTER TABLE api_keys ADD COLUMN limit_names TEXT NOT NULL DEFAULT '';
