-- Where audit events go once they are written, how long everything is kept, and what is held.
-- Only adds; a server of the version before goes on working.

-- A stream of one log's audit events to a system of its owner's.
CREATE TABLE streams (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    -- Whose log, and who decides; empty: the installation's own.
    organisation_id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    -- webhook, syslog or s3
    kind TEXT COLLATE "C" NOT NULL,
    -- json or ocsf
    format TEXT COLLATE "C" NOT NULL,
    -- Whether personal fields go along, opened.
    with_personal BOOLEAN NOT NULL,
    -- Where to, as JSON; nothing secret.
    target TEXT COLLATE "C" NOT NULL,
    -- The secrets that go with it, as JSON, sealed under its owner's key for streams.
    data_key_id TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL,
    -- The cursor: every event of the log before this leaf index was taken by the other side.
    next_leaf BIGINT NOT NULL,
    -- active or paused
    state TEXT COLLATE "C" NOT NULL,
    -- Tries since the last that succeeded, and when the next one is.
    attempts BIGINT NOT NULL,
    next_try_at BIGINT NOT NULL,
    failing_since BIGINT,
    problem TEXT COLLATE "C",
    -- When somebody was last told that it fails.
    told_at BIGINT,
    delivered_at BIGINT,
    delivered BIGINT NOT NULL,
    -- Which server is at it, and until when nobody else is.
    claim_id TEXT COLLATE "C",
    claimed_until BIGINT,
    created_by TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX streams_by_organisation ON streams (organisation_id, id);
CREATE INDEX streams_by_next_try ON streams (state, next_try_at, id);

-- For how many days a log's owner keeps what; where there is no row, as long as the operator
-- lets it be kept.
CREATE TABLE retention_policies (
    -- Empty: the installation's own.
    organisation_id TEXT COLLATE "C" NOT NULL,
    -- audit_events, verifications or calls
    kind TEXT COLLATE "C" NOT NULL,
    days BIGINT NOT NULL,
    -- A shorter time begins to count later; until then it is this one.
    days_before BIGINT NOT NULL,
    holds_from BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, kind)
);

-- What must not go, however old it is.
CREATE TABLE legal_holds (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    -- Who placed it and can release it: an organisation, or (empty) the operator.
    owner_id TEXT COLLATE "C" NOT NULL,
    -- Whose log; empty: the installation's own.
    organisation_id TEXT COLLATE "C" NOT NULL,
    -- Only what this person did, or what was done to them.
    user_id TEXT COLLATE "C",
    -- Only what happened from then, before then.
    from_at BIGINT,
    before_at BIGINT,
    reason TEXT COLLATE "C" NOT NULL,
    placed_by TEXT COLLATE "C" NOT NULL,
    placed_at BIGINT NOT NULL,
    released_by TEXT COLLATE "C",
    released_at BIGINT
);
CREATE INDEX legal_holds_by_organisation ON legal_holds (organisation_id, released_at, id);
CREATE INDEX legal_holds_by_owner ON legal_holds (owner_id, id);
