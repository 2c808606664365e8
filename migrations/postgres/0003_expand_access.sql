-- What accounts, roles and dangerous actions stand on: links that work once, mail to be sent,
-- how a session began and what it has confirmed, roles of an organisation's own, and higher
-- staff roles for a time.
-- Only adds; a server of the version before goes on working.

-- A secret in a link or a mail that works once. Knows no personal data: the subject is an id.
CREATE TABLE links (
    -- SHA-256 of the secret.
    digest BYTEA PRIMARY KEY NOT NULL,
    -- What it opens.
    kind TEXT COLLATE "C" NOT NULL,
    -- The id of whom or what it is for.
    subject TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX links_by_subject ON links (kind, subject);

-- E-mail to be sent, and sent a while ago.
CREATE TABLE mails (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    -- The same cause never makes a second mail.
    cause TEXT COLLATE "C" NOT NULL UNIQUE,
    -- Which text it is, such as credential.changed.
    kind TEXT COLLATE "C" NOT NULL,
    -- The account it goes to, where there is one.
    user_id TEXT COLLATE "C",
    -- Address, subject and text, sealed under the account's key, or the installation's.
    data_key_id TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL,
    -- queued, sent or failed
    state TEXT COLLATE "C" NOT NULL,
    attempts BIGINT NOT NULL,
    last_error TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    sent_at BIGINT
);
CREATE INDEX mails_by_state ON mails (state, created_at);

-- Dangerous actions that a session has confirmed.
CREATE TABLE step_ups (
    session_id TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (session_id, action)
);

-- How the session began: a word of SignInMethod.
ALTER TABLE sessions ADD COLUMN method TEXT COLLATE "C" NOT NULL DEFAULT 'passkey';

-- What the organisation asks of its members' sign-ins (a word of MfaRequirement), and limits of
-- their sessions, in minutes, where it wants shorter ones than the installation's.
ALTER TABLE organisations ADD COLUMN mfa_requirement TEXT COLLATE "C" NOT NULL DEFAULT 'any';
ALTER TABLE organisations ADD COLUMN session_idle_minutes BIGINT;
ALTER TABLE organisations ADD COLUMN session_absolute_minutes BIGINT;

-- A named set of permissions that an organisation made.
CREATE TABLE custom_roles (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    organisation_id TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    name TEXT COLLATE "C" NOT NULL,
    -- The permissions' words, a space between.
    permissions TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX custom_roles_by_organisation ON custom_roles (organisation_id, id);

-- If set, it counts in place of the member's role, which is then the least one: a server that
-- does not know this column gives that.
ALTER TABLE memberships ADD COLUMN custom_role_id TEXT COLLATE "C" REFERENCES custom_roles (id);

-- A higher staff role for a time: asked for, approved by somebody else, ended by itself.
CREATE TABLE elevations (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    staff_role TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    -- Minutes asked for.
    minutes BIGINT NOT NULL,
    -- requested, approved, refused, withdrawn or ended
    state TEXT COLLATE "C" NOT NULL,
    requested_at BIGINT NOT NULL,
    -- Who approved or refused it; empty where the delay did.
    decided_by TEXT COLLATE "C",
    decided_at BIGINT,
    -- It holds from here to there.
    starts_at BIGINT,
    ends_at BIGINT
);
CREATE INDEX elevations_by_user ON elevations (user_id, state, ends_at);
CREATE INDEX elevations_by_state ON elevations (state, requested_at);
