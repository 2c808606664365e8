-- What is billed, calls by hour and day, how long they took, the log of requests, and names that
-- businesses give their calls.
-- Only adds; a server of the version before goes on working and writes nothing into it.

-- A start that has a name: asked again under it within a day, the answer is the same.
CREATE TABLE idempotency_keys (
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    environment TEXT NOT NULL,
    -- SHA-256 of the header Idempotency-Key.
    key_digest BLOB NOT NULL,
    verification_id TEXT NOT NULL,
    -- The secret of the session link and the digest of what was asked, under this data key.
    data_key_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, environment, key_digest)
) STRICT;
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);

-- One billable unit, written in the transaction that starts the verification. Its id is the
-- verification's, so that it is there once.
CREATE TABLE billable_starts (
    verification_id TEXT PRIMARY KEY NOT NULL,
    organisation_id TEXT NOT NULL,
    api_key_id TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    -- When it was added to its day's units.
    folded_at INTEGER
) STRICT;
CREATE INDEX billable_starts_by_organisation ON billable_starts (organisation_id, occurred_at);
CREATE INDEX billable_starts_unfolded ON billable_starts (organisation_id, verification_id) WHERE folded_at IS NULL;

-- Billable units by the UTC day (days since the epoch) of the start.
CREATE TABLE billable_days (
    organisation_id TEXT NOT NULL,
    day INTEGER NOT NULL,
    api_key_id TEXT NOT NULL,
    units INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, day, api_key_id)
) STRICT;

-- Calls of the API by the UTC hour or day, added to together with call_counts.
CREATE TABLE call_rollups (
    organisation_id TEXT NOT NULL,
    -- Minutes: 60 or 1440.
    span INTEGER NOT NULL,
    -- When it begins: minutes since the epoch.
    begins INTEGER NOT NULL,
    api_key_id TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    status INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, span, begins, api_key_id, endpoint, status)
) STRICT;

-- How long calls took, by the UTC hour or day.
CREATE TABLE call_durations (
    organisation_id TEXT NOT NULL,
    span INTEGER NOT NULL,
    begins INTEGER NOT NULL,
    api_key_id TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    -- Microseconds: the middle of an HdrHistogram's step, of one significant digit.
    duration INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, span, begins, api_key_id, endpoint, duration)
) STRICT;

-- Calls of the last days: metadata, and no address.
CREATE TABLE request_log (
    -- The request's id.
    id TEXT PRIMARY KEY NOT NULL,
    organisation_id TEXT NOT NULL,
    api_key_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    method TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    status INTEGER NOT NULL,
    -- The contract's error code.
    code TEXT,
    -- Microseconds.
    duration INTEGER NOT NULL,
    occurred_at INTEGER NOT NULL
) STRICT;
CREATE INDEX request_log_by_organisation ON request_log (organisation_id, id);
CREATE INDEX request_log_by_time ON request_log (occurred_at);
