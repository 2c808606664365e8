-- Sessions that can be told apart, guessing that is slowed down, sign-ins that are watched, what
-- people report, and reminders.
-- Only adds; a server of the version before goes on working.

-- Address and user agent of a session's last use, sealed under its user's key.
ALTER TABLE sessions ADD COLUMN data_key_id TEXT;
ALTER TABLE sessions ADD COLUMN place BLOB;

-- Tries at something that can be guessed, by keyed hash of the account or the network that they
-- are made on. A row goes once its time is over.
CREATE TABLE guards (
    -- HMAC-SHA256 over what is guarded, whether it is an account or a network, and which.
    digest BLOB PRIMARY KEY NOT NULL,
    tries INTEGER NOT NULL,
    last_try_at INTEGER NOT NULL,
    blocked_until INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX guards_by_expiry ON guards (expires_at);

-- Which account a sign-in failed for, from which network, by the same keyed hashes.
CREATE TABLE guard_failures (
    network_digest BLOB NOT NULL,
    account_digest BLOB NOT NULL,
    failed_at INTEGER NOT NULL,
    PRIMARY KEY (network_digest, account_digest)
) STRICT;
CREATE INDEX guard_failures_by_account ON guard_failures (account_digest, failed_at);
CREATE INDEX guard_failures_by_time ON guard_failures (failed_at);

-- Sign-ins that succeeded.
CREATE TABLE sign_ins (
    id TEXT PRIMARY KEY NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id),
    occurred_at INTEGER NOT NULL,
    -- A word of SignInMethod.
    method TEXT NOT NULL,
    -- Keyed hashes of the browser's own cookie, the network and the country, to compare.
    device_digest BLOB,
    network_digest BLOB,
    country_digest BLOB,
    -- Address, device, country, city and coordinates, sealed under the user's key.
    data_key_id TEXT NOT NULL,
    place BLOB NOT NULL
) STRICT;
CREATE INDEX sign_ins_by_user ON sign_ins (user_id, id);

-- What staff should look at: suspicious sign-ins, and what people report.
CREATE TABLE signals (
    id TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    -- The account that it is about, or that reported it.
    user_id TEXT,
    -- The same cause never makes a second one.
    cause TEXT NOT NULL UNIQUE,
    -- In words, sealed under the user's key, or the installation's.
    data_key_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    -- open or handled
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    handled_at INTEGER,
    handled_by TEXT
) STRICT;
CREATE INDEX signals_by_state ON signals (state, id);

-- Reminders that somebody does not want, and those that were sent.
CREATE TABLE reminders (
    user_id TEXT NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL,
    wanted INTEGER NOT NULL CHECK (wanted IN (0, 1)),
    last_sent_at INTEGER,
    PRIMARY KEY (user_id, kind)
) STRICT;
