-- The second way to sign in, and what passkeys tell of themselves.
-- Only adds; a server of the version before goes on working.

-- Argon2id hashes, sealed. One a person at most.
CREATE TABLE passwords (
    user_id TEXT COLLATE "C" PRIMARY KEY NOT NULL REFERENCES users (id),
    data_key_id TEXT COLLATE "C" NOT NULL,
    -- The PHC string, sealed under the person's key.
    sealed BYTEA NOT NULL,
    changed_at BIGINT NOT NULL,
    -- Wrong answers since the last right one, to password or code.
    failures BIGINT NOT NULL DEFAULT 0,
    -- Since when neither password nor code is taken, after too many of them.
    disabled_at BIGINT
);

-- Secrets of authenticator apps (RFC 6238), sealed. One a person at most.
CREATE TABLE totps (
    user_id TEXT COLLATE "C" PRIMARY KEY NOT NULL REFERENCES users (id),
    data_key_id TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL,
    -- The last time step whose code was taken: it and those before are used.
    last_step BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

-- Codes that stand in for an authenticator app, once each.
CREATE TABLE recovery_codes (
    -- SHA-256 of the account's id and the code.
    digest BYTEA PRIMARY KEY NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX recovery_codes_by_user ON recovery_codes (user_id, used_at);

-- What the authenticator claims (WebAuthn Level 3, 6.1): its model, and whether the passkey may
-- be, and is, copied to other devices. Empty for passkeys from before.
ALTER TABLE passkeys ADD COLUMN aaguid TEXT COLLATE "C";
ALTER TABLE passkeys ADD COLUMN backup_eligible BOOLEAN;
ALTER TABLE passkeys ADD COLUMN backed_up BOOLEAN;
