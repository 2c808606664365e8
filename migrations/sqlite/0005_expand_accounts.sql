-- What brings people in and back: requests in the name of an e-mail address, invitations, and
-- recoveries of accounts.
-- Only adds; a server of the version before goes on working.
-- A state of `mails` more: kept, for one that the outbox page shows and nobody sends.

-- What somebody asked for in the name of an e-mail address that is not confirmed yet. A job
-- answers it, so that the request itself takes the same steps whether the address is known.
CREATE TABLE address_requests (
    id TEXT PRIMARY KEY NOT NULL,
    -- sign_up, email_change or recovery
    kind TEXT NOT NULL,
    -- Who asked, where somebody was signed in.
    user_id TEXT REFERENCES users (id),
    -- The address, and what was typed beside it.
    data_key_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX address_requests_by_user ON address_requests (user_id, kind);
CREATE INDEX address_requests_by_end ON address_requests (expires_at);

-- An invitation to an organisation.
CREATE TABLE invitations (
    id TEXT PRIMARY KEY NOT NULL,
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    -- The role that is offered, and the custom one that counts in its place.
    role TEXT NOT NULL,
    custom_role_id TEXT REFERENCES custom_roles (id),
    -- The address, sealed under the organisation's key; emptied when the invitation is over.
    data_key_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    -- The address in lower case, under the organisation's index key.
    address_hash BLOB NOT NULL,
    invited_by TEXT NOT NULL REFERENCES users (id),
    -- open, accepted or revoked
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX invitations_open ON invitations (organisation_id, address_hash) WHERE state = 'open';
CREATE INDEX invitations_by_organisation ON invitations (organisation_id, state, id);

-- An account being recovered.
CREATE TABLE recoveries (
    id TEXT PRIMARY KEY NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id),
    -- self, member, staff or host: who began it.
    origin TEXT NOT NULL,
    -- The user who began it for another.
    started_by TEXT REFERENCES users (id),
    -- open, completed, cancelled or expired
    state TEXT NOT NULL,
    -- The way beside the link in the mail: recovery_code, password, totp, approval or host.
    second_way TEXT,
    approved_by TEXT REFERENCES users (id),
    -- From here on the link enrols; empty until the second way was shown.
    ready_at INTEGER,
    started_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE UNIQUE INDEX recoveries_open ON recoveries (user_id) WHERE state = 'open';
CREATE INDEX recoveries_by_state ON recoveries (state, started_at);
