-- Where audit events go once they are written, how long everything is kept, and what is held.
-- Only adds; a server of the version before goes on working.

-- A stream of one log's audit events to a system of its owner's.
CREATE TABLE streams (
    id TEXT PRIMARY KEY NOT NULL,
    -- Whose log, and who decides; empty: the installation's own.
    organisation_id TEXT NOT NULL,
    name TEXT NOT NULL,
    -- webhook, syslog or s3
    kind TEXT NOT NULL,
    -- json or ocsf
    format TEXT NOT NULL,
    -- Whether personal fields go along, opened.
    with_personal INTEGER NOT NULL CHECK (with_personal IN (0, 1)),
    -- Where to, as JSON; nothing secret.
    target TEXT NOT NULL,
    -- The secrets that go with it, as JSON, sealed under its owner's key for streams.
    data_key_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    -- The cursor: every event of the log before this leaf index was taken by the other side.
    next_leaf INTEGER NOT NULL,
    -- active or paused
    state TEXT NOT NULL,
    -- Tries since the last that succeeded, and when the next one is.
    attempts INTEGER NOT NULL,
    next_try_at INTEGER NOT NULL,
    failing_since INTEGER,
    problem TEXT,
    -- When somebody was last told that it fails.
    told_at INTEGER,
    delivered_at INTEGER,
    delivered INTEGER NOT NULL,
    -- Which server is at it, and until when nobody else is.
    claim_id TEXT,
    claimed_until INTEGER,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX streams_by_organisation ON streams (organisation_id, id);
CREATE INDEX streams_by_next_try ON streams (state, next_try_at, id);

-- For how many days a log's owner keeps what; where there is no row, as long as the operator
-- lets it be kept.
CREATE TABLE retention_policies (
    -- Empty: the installation's own.
    organisation_id TEXT NOT NULL,
    -- audit_events, verifications or calls
    kind TEXT NOT NULL,
    days INTEGER NOT NULL,
    -- A shorter time begins to count later; until then it is this one.
    days_before INTEGER NOT NULL,
    holds_from INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, kind)
) STRICT;

-- What must not go, however old it is.
CREATE TABLE legal_holds (
    id TEXT PRIMARY KEY NOT NULL,
    -- Who placed it and can release it: an organisation, or (empty) the operator.
    owner_id TEXT NOT NULL,
    -- Whose log; empty: the installation's own.
    organisation_id TEXT NOT NULL,
    -- Only what this person did, or what was done to them.
    user_id TEXT,
    -- Only what happened from then, before then.
    from_at INTEGER,
    before_at INTEGER,
    reason TEXT NOT NULL,
    placed_by TEXT NOT NULL,
    placed_at INTEGER NOT NULL,
    released_by TEXT,
    released_at INTEGER
) STRICT;
CREATE INDEX legal_holds_by_organisation ON legal_holds (organisation_id, released_at, id);
CREATE INDEX legal_holds_by_owner ON legal_holds (owner_id, id);
