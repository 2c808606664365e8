-- What is billed, calls by hour and day, how long they took, the log of requests, and names that
-- businesses give their calls.
-- Only adds; a server of the version before goes on working and writes nothing into it.

-- A start that has a name: asked again under it within a day, the answer is the same.
CREATE TABLE idempotency_keys (
    organisation_id TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    environment TEXT COLLATE "C" NOT NULL,
    -- SHA-256 of the header Idempotency-Key.
    key_digest BYTEA NOT NULL,
    verification_id TEXT COLLATE "C" NOT NULL,
    -- The secret of the session link and the digest of what was asked, under this data key.
    data_key_id TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, environment, key_digest)
);
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);

-- One billable unit, written in the transaction that starts the verification. Its id is the
-- verification's, so that it is there once.
CREATE TABLE billable_starts (
    verification_id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    organisation_id TEXT COLLATE "C" NOT NULL,
    api_key_id TEXT COLLATE "C" NOT NULL,
    occurred_at BIGINT NOT NULL,
    -- When it was added to its day's units.
    folded_at BIGINT
);
CREATE INDEX billable_starts_by_organisation ON billable_starts (organisation_id, occurred_at);
CREATE INDEX billable_starts_unfolded ON billable_starts (organisation_id, verification_id) WHERE folded_at IS NULL;

-- Billable units by the UTC day (days since the epoch) of the start.
CREATE TABLE billable_days (
    organisation_id TEXT COLLATE "C" NOT NULL,
    day BIGINT NOT NULL,
    api_key_id TEXT COLLATE "C" NOT NULL,
    units BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, day, api_key_id)
);

-- Calls of the API by the UTC hour or day, added to together with call_counts.
CREATE TABLE call_rollups (
    organisation_id TEXT COLLATE "C" NOT NULL,
    -- Minutes: 60 or 1440.
    span BIGINT NOT NULL,
    -- When it begins: minutes since the epoch.
    begins BIGINT NOT NULL,
    api_key_id TEXT COLLATE "C" NOT NULL,
    endpoint TEXT COLLATE "C" NOT NULL,
    status BIGINT NOT NULL,
    calls BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, span, begins, api_key_id, endpoint, status)
);

-- How long calls took, by the UTC hour or day.
CREATE TABLE call_durations (
    organisation_id TEXT COLLATE "C" NOT NULL,
    span BIGINT NOT NULL,
    begins BIGINT NOT NULL,
    api_key_id TEXT COLLATE "C" NOT NULL,
    endpoint TEXT COLLATE "C" NOT NULL,
    -- Microseconds: the middle of an HdrHistogram's step, of one significant digit.
    duration BIGINT NOT NULL,
    calls BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, span, begins, api_key_id, endpoint, duration)
);

-- Calls of the last days: metadata, and no address.
CREATE TABLE request_log (
    -- The request's id.
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    organisation_id TEXT COLLATE "C" NOT NULL,
    api_key_id TEXT COLLATE "C" NOT NULL,
    environment TEXT COLLATE "C" NOT NULL,
    method TEXT COLLATE "C" NOT NULL,
    endpoint TEXT COLLATE "C" NOT NULL,
    status BIGINT NOT NULL,
    -- The contract's error code.
    code TEXT COLLATE "C",
    -- Microseconds.
    duration BIGINT NOT NULL,
    occurred_at BIGINT NOT NULL
);
CREATE INDEX request_log_by_organisation ON request_log (organisation_id, id);
CREATE INDEX request_log_by_time ON request_log (occurred_at);
