-- The support desk: notes and hand-overs, an organisation's consent that support looks into it,
-- and the looks.
-- Only adds; a server of the version before goes on working.

-- The look that a session is in. It stays until it is left, also once it gives nothing any more:
-- so what was meant for one organisation is never done in another.
ALTER TABLE sessions ADD COLUMN look_id TEXT COLLATE "C";

CREATE TABLE support_consents (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    organisation_id TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    -- asked, granted, refused, withdrawn or ended
    state TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    -- The staff member who asked; empty where the organisation gave it unasked.
    asked_by TEXT COLLATE "C" REFERENCES users (id),
    -- Why, sealed under the organisation's key.
    data_key_id TEXT COLLATE "C",
    reason BYTEA,
    -- Who of the organisation gave, refused or withdrew it.
    decided_by TEXT COLLATE "C" REFERENCES users (id),
    decided_at BIGINT,
    ends_at BIGINT
);
CREATE INDEX support_consents_by_organisation ON support_consents (organisation_id, id);
-- One request and one consent at a time.
CREATE UNIQUE INDEX support_consents_asked ON support_consents (organisation_id) WHERE state = 'asked';
CREATE UNIQUE INDEX support_consents_granted ON support_consents (organisation_id) WHERE state = 'granted';

CREATE TABLE support_looks (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    consent_id TEXT COLLATE "C" NOT NULL REFERENCES support_consents (id),
    organisation_id TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    session_id TEXT COLLATE "C" NOT NULL,
    -- Why, sealed under the organisation's key.
    data_key_id TEXT COLLATE "C" NOT NULL,
    reason BYTEA NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    -- left, withdrawn, time or role
    ended TEXT COLLATE "C"
);
CREATE INDEX support_looks_by_organisation ON support_looks (organisation_id, id);
CREATE INDEX support_looks_by_consent ON support_looks (consent_id, ended_at);

CREATE TABLE support_notes (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    -- What it is about: the id of a person, an organisation, a verification, a key or a request.
    subject_id TEXT COLLATE "C" NOT NULL,
    author_id TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    -- Whose key seals it: a person's, an organisation's, or the installation's.
    owner TEXT COLLATE "C" NOT NULL,
    data_key_id TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    -- Of a hand-over: to whom, and since when it is closed.
    handed_to TEXT COLLATE "C" REFERENCES users (id),
    closed_at BIGINT
);
CREATE INDEX support_notes_by_subject ON support_notes (subject_id, id);
CREATE INDEX support_notes_by_receiver ON support_notes (handed_to, id) WHERE closed_at IS NULL;

-- What the desk looks for.
CREATE INDEX api_keys_by_prefix ON api_keys (prefix, id);
CREATE INDEX mails_by_user ON mails (user_id, id);
CREATE INDEX signals_by_user ON signals (user_id, id);
