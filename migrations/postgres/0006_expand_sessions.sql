-- Sessions that can be told apart, guessing that is slowed down, sign-ins that are watched, what
-- people report, and reminders.
-- Only adds; a server of the version before goes on working.

-- Address and user agent of a session's last use, sealed under its user's key.
ALTER TABLE sessions ADD COLUMN data_key_id TEXT COLLATE "C";
ALTER TABLE sessions ADD COLUMN place BYTEA;

-- Tries at something that can be guessed, by keyed hash of the account or the network that they
-- are made on. A row goes once its time is over.
CREATE TABLE guards (
    -- HMAC-SHA256 over what is guarded, whether it is an account or a network, and which.
    digest BYTEA PRIMARY KEY NOT NULL,
    tries BIGINT NOT NULL,
    last_try_at BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX guards_by_expiry ON guards (expires_at);

-- Which account a sign-in failed for, from which network, by the same keyed hashes.
CREATE TABLE guard_failures (
    network_digest BYTEA NOT NULL,
    account_digest BYTEA NOT NULL,
    failed_at BIGINT NOT NULL,
    PRIMARY KEY (network_digest, account_digest)
);
CREATE INDEX guard_failures_by_account ON guard_failures (account_digest, failed_at);
CREATE INDEX guard_failures_by_time ON guard_failures (failed_at);

-- Sign-ins that succeeded.
CREATE TABLE sign_ins (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    occurred_at BIGINT NOT NULL,
    -- A word of SignInMethod.
    method TEXT COLLATE "C" NOT NULL,
    -- Keyed hashes of the browser's own cookie, the network and the country, to compare.
    device_digest BYTEA,
    network_digest BYTEA,
    country_digest BYTEA,
    -- Address, device, country, city and coordinates, sealed under the user's key.
    data_key_id TEXT COLLATE "C" NOT NULL,
    place BYTEA NOT NULL
);
CREATE INDEX sign_ins_by_user ON sign_ins (user_id, id);

-- What staff should look at: suspicious sign-ins, and what people report.
CREATE TABLE signals (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    -- The account that it is about, or that reported it.
    user_id TEXT COLLATE "C",
    -- The same cause never makes a second one.
    cause TEXT COLLATE "C" NOT NULL UNIQUE,
    -- In words, sealed under the user's key, or the installation's.
    data_key_id TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL,
    -- open or handled
    state TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    handled_at BIGINT,
    handled_by TEXT COLLATE "C"
);
CREATE INDEX signals_by_state ON signals (state, id);

-- Reminders that somebody does not want, and those that were sent.
CREATE TABLE reminders (
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    kind TEXT COLLATE "C" NOT NULL,
    wanted BOOLEAN NOT NULL,
    last_sent_at BIGINT,
    PRIMARY KEY (user_id, kind)
);
