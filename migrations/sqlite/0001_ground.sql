-- The ground: who there is, what they may use, what was verified, and what happened.
-- Times are milliseconds since the Unix epoch, ids and words are text, digests and sealed
-- values are bytes. The PostgreSQL file of the same name says the same.

-- Facts about this installation that are fixed at first run, such as its public URL.
CREATE TABLE installation (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE organisations (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    accept_self_asserted_live INTEGER NOT NULL CHECK (accept_self_asserted_live IN (0, 1)),
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE users (
    id TEXT PRIMARY KEY NOT NULL,
    email TEXT NOT NULL,
    -- The address in lower case: one account an address.
    email_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    staff_role TEXT,
    -- The WebAuthn user handle: 16 random bytes, no personal data (WebAuthn Level 3, 14.6.1).
    handle BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE memberships (
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    role TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, user_id)
) STRICT;
CREATE INDEX memberships_by_user ON memberships (user_id);

CREATE TABLE passkeys (
    id TEXT PRIMARY KEY NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id),
    credential_id BLOB NOT NULL UNIQUE,
    -- Public key, counter and flags, as the WebAuthn library writes them.
    credential TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER
) STRICT;
CREATE INDEX passkeys_by_user ON passkeys (user_id);

-- A passkey registration or sign-in under way. Gone once used.
CREATE TABLE ceremonies (
    digest BLOB PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE setup_links (
    digest BLOB PRIMARY KEY NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
    id TEXT PRIMARY KEY NOT NULL,
    -- SHA-256 of the secret in the cookie.
    digest BLOB NOT NULL UNIQUE,
    user_id TEXT NOT NULL REFERENCES users (id),
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE api_keys (
    id TEXT PRIMARY KEY NOT NULL,
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL,
    environment TEXT NOT NULL,
    prefix TEXT NOT NULL,
    last_four TEXT NOT NULL,
    -- HMAC-SHA256 of the key under the pepper of this version.
    digest BLOB NOT NULL UNIQUE,
    pepper_version INTEGER NOT NULL,
    created_by TEXT NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    revoked_at INTEGER
) STRICT;
CREATE INDEX api_keys_by_organisation ON api_keys (organisation_id, id);

-- Metadata only: no column can hold what a document says.
CREATE TABLE verifications (
    id TEXT PRIMARY KEY NOT NULL,
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    api_key_id TEXT NOT NULL REFERENCES api_keys (id),
    environment TEXT NOT NULL,
    status TEXT NOT NULL,
    reference TEXT,
    minimum_age INTEGER,
    return_url TEXT,
    -- SHA-256 of the secret in the session link.
    link_digest BLOB NOT NULL UNIQUE,
    -- Keyed hashes of what the business told of the person's device; expire.
    user_agent_digest BLOB,
    address_digest BLOB,
    consented_at INTEGER,
    attempts INTEGER NOT NULL,
    assurance TEXT,
    over18 INTEGER CHECK (over18 IN (0, 1)),
    -- JSON: [{"check":"..","result":".."}].
    checks TEXT,
    reason TEXT,
    token_id TEXT,
    token_expires_at INTEGER,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    completed_at INTEGER
) STRICT;
CREATE INDEX verifications_by_organisation ON verifications (organisation_id, id);
CREATE INDEX verifications_by_status ON verifications (organisation_id, status, id);
CREATE INDEX verifications_by_environment ON verifications (organisation_id, environment, id);
CREATE INDEX verifications_by_key ON verifications (api_key_id);

-- Random data keys, wrapped by the master key, which is not in this database.
CREATE TABLE data_keys (
    id TEXT PRIMARY KEY NOT NULL,
    -- What it is for, and for whom: an organisation, a person, the installation.
    purpose TEXT NOT NULL,
    subject TEXT NOT NULL,
    version INTEGER NOT NULL,
    master_version INTEGER NOT NULL,
    wrapped BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (purpose, subject, version)
) STRICT;

CREATE TABLE signing_keys (
    -- RFC 7638 thumbprint of the public key.
    kid TEXT PRIMARY KEY NOT NULL,
    public_key BLOB NOT NULL,
    sealed_seed BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE audit_events (
    id TEXT PRIMARY KEY NOT NULL,
    -- Empty: an event of the installation itself.
    organisation_id TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    action TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT,
    target_id TEXT,
    result TEXT NOT NULL,
    request_id TEXT,
    -- RFC 8785 canonical JSON; its RFC 6962 leaf hash; its place in the log once sequenced.
    canonical TEXT NOT NULL,
    leaf_hash BLOB NOT NULL,
    leaf_index INTEGER UNIQUE
) STRICT;
CREATE INDEX audit_events_by_organisation ON audit_events (organisation_id, id);
CREATE INDEX audit_events_by_action ON audit_events (organisation_id, action, id);
CREATE INDEX audit_events_by_actor ON audit_events (organisation_id, actor_id, id);
CREATE INDEX audit_events_by_target ON audit_events (organisation_id, target_id, id);

-- The personal fields of an event: value and salt sealed under the person's key. The event
-- itself holds only a commitment, so a row can go and every proof still holds.
CREATE TABLE audit_personal (
    event_id TEXT NOT NULL REFERENCES audit_events (id),
    field TEXT NOT NULL,
    organisation_id TEXT NOT NULL,
    data_key_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    blind_index BLOB NOT NULL,
    PRIMARY KEY (event_id, field)
) STRICT;
CREATE INDEX audit_personal_by_value ON audit_personal (organisation_id, field, blind_index, event_id);

CREATE TABLE jobs (
    id TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    run_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    -- Another worker may take the job after this, its claimant being dead.
    claimed_until INTEGER,
    claim_id TEXT,
    last_error TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX jobs_by_state ON jobs (state, run_at);
