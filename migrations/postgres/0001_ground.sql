-- The ground: who there is, what they may use, what was verified, and what happened.
-- Times are milliseconds since the Unix epoch, ids and words are text, digests and sealed
-- values are bytes. The SQLite file of the same name says the same.

-- Facts about this installation that are fixed at first run, such as its public URL.
CREATE TABLE installation (
    name TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    value TEXT COLLATE "C" NOT NULL
);

CREATE TABLE organisations (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    time_zone TEXT COLLATE "C" NOT NULL,
    accept_self_asserted_live BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE users (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    email TEXT COLLATE "C" NOT NULL,
    -- The address in lower case: one account an address.
    email_key TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT COLLATE "C" NOT NULL,
    staff_role TEXT COLLATE "C",
    -- The WebAuthn user handle: 16 random bytes, no personal data (WebAuthn Level 3, 14.6.1).
    handle BYTEA NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

CREATE TABLE memberships (
    organisation_id TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    role TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, user_id)
);
CREATE INDEX memberships_by_user ON memberships (user_id);

CREATE TABLE passkeys (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    credential_id BYTEA NOT NULL UNIQUE,
    -- Public key, counter and flags, as the WebAuthn library writes them.
    credential TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT
);
CREATE INDEX passkeys_by_user ON passkeys (user_id);

-- A passkey registration or sign-in under way. Gone once used.
CREATE TABLE ceremonies (
    digest BYTEA PRIMARY KEY NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE setup_links (
    digest BYTEA PRIMARY KEY NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE sessions (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    -- SHA-256 of the secret in the cookie.
    digest BYTEA NOT NULL UNIQUE,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    organisation_id TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE api_keys (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    organisation_id TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    name TEXT COLLATE "C" NOT NULL,
    environment TEXT COLLATE "C" NOT NULL,
    prefix TEXT COLLATE "C" NOT NULL,
    last_four TEXT COLLATE "C" NOT NULL,
    -- HMAC-SHA256 of the key under the pepper of this version.
    digest BYTEA NOT NULL UNIQUE,
    pepper_version BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX api_keys_by_organisation ON api_keys (organisation_id, id);

-- Metadata only: no column can hold what a document says.
CREATE TABLE verifications (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    organisation_id TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    api_key_id TEXT COLLATE "C" NOT NULL REFERENCES api_keys (id),
    environment TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    reference TEXT COLLATE "C",
    minimum_age BIGINT,
    return_url TEXT COLLATE "C",
    -- SHA-256 of the secret in the session link.
    link_digest BYTEA NOT NULL UNIQUE,
    -- Keyed hashes of what the business told of the person's device; expire.
    user_agent_digest BYTEA,
    address_digest BYTEA,
    consented_at BIGINT,
    attempts BIGINT NOT NULL,
    assurance TEXT COLLATE "C",
    over18 BOOLEAN,
    -- JSON: [{"check":"..","result":".."}].
    checks TEXT COLLATE "C",
    reason TEXT COLLATE "C",
    token_id TEXT COLLATE "C",
    token_expires_at BIGINT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    completed_at BIGINT
);
CREATE INDEX verifications_by_organisation ON verifications (organisation_id, id);
CREATE INDEX verifications_by_status ON verifications (organisation_id, status, id);
CREATE INDEX verifications_by_environment ON verifications (organisation_id, environment, id);
CREATE INDEX verifications_by_key ON verifications (api_key_id);

-- Random data keys, wrapped by the master key, which is not in this database.
CREATE TABLE data_keys (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    -- What it is for, and for whom: an organisation, a person, the installation.
    purpose TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    master_version BIGINT NOT NULL,
    wrapped BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (purpose, subject, version)
);

CREATE TABLE signing_keys (
    -- RFC 7638 thumbprint of the public key.
    kid TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    public_key BYTEA NOT NULL,
    sealed_seed BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE audit_events (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    -- Empty: an event of the installation itself.
    organisation_id TEXT COLLATE "C" NOT NULL,
    occurred_at BIGINT NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    actor_kind TEXT COLLATE "C" NOT NULL,
    actor_id TEXT COLLATE "C",
    target_id TEXT COLLATE "C",
    result TEXT COLLATE "C" NOT NULL,
    request_id TEXT COLLATE "C",
    -- RFC 8785 canonical JSON; its RFC 6962 leaf hash; its place in the log once sequenced.
    canonical TEXT COLLATE "C" NOT NULL,
    leaf_hash BYTEA NOT NULL,
    leaf_index BIGINT UNIQUE
);
CREATE INDEX audit_events_by_organisation ON audit_events (organisation_id, id);
CREATE INDEX audit_events_by_action ON audit_events (organisation_id, action, id);
CREATE INDEX audit_events_by_actor ON audit_events (organisation_id, actor_id, id);
CREATE INDEX audit_events_by_target ON audit_events (organisation_id, target_id, id);

-- The personal fields of an event: value and salt sealed under the person's key. The event
-- itself holds only a commitment, so a row can go and every proof still holds.
CREATE TABLE audit_personal (
    event_id TEXT COLLATE "C" NOT NULL REFERENCES audit_events (id),
    field TEXT COLLATE "C" NOT NULL,
    organisation_id TEXT COLLATE "C" NOT NULL,
    data_key_id TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL,
    blind_index BYTEA NOT NULL,
    PRIMARY KEY (event_id, field)
);
CREATE INDEX audit_personal_by_value ON audit_personal (organisation_id, field, blind_index, event_id);

CREATE TABLE jobs (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    payload TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    run_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    -- Another worker may take the job after this, its claimant being dead.
    claimed_until BIGINT,
    claim_id TEXT COLLATE "C",
    last_error TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX jobs_by_state ON jobs (state, run_at);
