-- What accounts, roles and dangerous actions stand on: links that work once, mail to be sent,
-- how a session began and what it has confirmed, roles of an organisation's own, and higher
-- staff roles for a time.
-- Only adds; a server of the version before goes on working.

-- A secret in a link or a mail that works once. Knows no personal data: the subject is an id.
CREATE TABLE links (
    -- SHA-256 of the secret.
    digest BLOB PRIMARY KEY NOT NULL,
    -- What it opens.
    kind TEXT NOT NULL,
    -- The id of whom or what it is for.
    subject TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX links_by_subject ON links (kind, subject);

-- E-mail to be sent, and sent a while ago.
CREATE TABLE mails (
    id TEXT PRIMARY KEY NOT NULL,
    -- The same cause never makes a second mail.
    cause TEXT NOT NULL UNIQUE,
    -- Which text it is, such as credential.changed.
    kind TEXT NOT NULL,
    -- The account it goes to, where there is one.
    user_id TEXT,
    -- Address, subject and text, sealed under the account's key, or the installation's.
    data_key_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    -- queued, sent or failed
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    last_error TEXT,
    created_at INTEGER NOT NULL,
    sent_at INTEGER
) STRICT;
CREATE INDEX mails_by_state ON mails (state, created_at);

-- Dangerous actions that a session has confirmed.
CREATE TABLE step_ups (
    session_id TEXT NOT NULL,
    action TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (session_id, action)
) STRICT;

-- How the session began: a word of SignInMethod.
ALTER TABLE sessions ADD COLUMN method TEXT NOT NULL DEFAULT 'passkey';

-- What the organisation asks of its members' sign-ins (a word of MfaRequirement), and limits of
-- their sessions, in minutes, where it wants shorter ones than the installation's.
ALTER TABLE organisations ADD COLUMN mfa_requirement TEXT NOT NULL DEFAULT 'any';
ALTER TABLE organisations ADD COLUMN session_idle_minutes INTEGER;
ALTER TABLE organisations ADD COLUMN session_absolute_minutes INTEGER;

-- A named set of permissions that an organisation made.
CREATE TABLE custom_roles (
    id TEXT PRIMARY KEY NOT NULL,
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL,
    -- The permissions' words, a space between.
    permissions TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX custom_roles_by_organisation ON custom_roles (organisation_id, id);

-- If set, it counts in place of the member's role, which is then the least one: a server that
-- does not know this column gives that.
ALTER TABLE memberships ADD COLUMN custom_role_id TEXT REFERENCES custom_roles (id);

-- A higher staff role for a time: asked for, approved by somebody else, ended by itself.
CREATE TABLE elevations (
    id TEXT PRIMARY KEY NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id),
    staff_role TEXT NOT NULL,
    reason TEXT NOT NULL,
    -- Minutes asked for.
    minutes INTEGER NOT NULL,
    -- requested, approved, refused, withdrawn or ended
    state TEXT NOT NULL,
    requested_at INTEGER NOT NULL,
    -- Who approved or refused it; empty where the delay did.
    decided_by TEXT,
    decided_at INTEGER,
    -- It holds from here to there.
    starts_at INTEGER,
    ends_at INTEGER
) STRICT;
CREATE INDEX elevations_by_user ON elevations (user_id, state, ends_at);
CREATE INDEX elevations_by_state ON elevations (state, requested_at);
