-- Where an audit event is found by what is in it: one row a term. The key is the order of a
-- search: within an organisation ('' for the installation, '*' for all), a term's events by time.
-- Filled by the indexer, behind the ledger; which terms there are says `audit/find/terms.rs`.
CREATE TABLE audit_terms (
    organisation_id TEXT COLLATE "C" NOT NULL,
    term TEXT COLLATE "C" NOT NULL,
    event_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (organisation_id, term, event_id)
);

-- One row, `terms`: every event with a smaller leaf index has its terms.
CREATE TABLE audit_index (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    next_leaf BIGINT NOT NULL
);

-- What somebody looks for again and again. `scope` is the organisation, or '*' for the page of staff.
CREATE TABLE audit_searches (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    name TEXT COLLATE "C" NOT NULL,
    query TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX audit_searches_by_owner ON audit_searches (scope, user_id, id);

-- A file of audit events. Its rows are fixed when it is asked for: what the query finds among the
-- first `tree_size` leaves. `bytes` and `digest` are known once it has been gone through.
CREATE TABLE audit_exports (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    format TEXT COLLATE "C" NOT NULL,
    query TEXT COLLATE "C" NOT NULL,
    tree_size BIGINT NOT NULL,
    -- The signed tree head that its proofs lead to; none if proofs were not asked for.
    checkpoint TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- Whoever goes through it, and until when nobody else does.
    claimed_until BIGINT,
    event_count BIGINT,
    bytes BIGINT,
    digest BYTEA,
    -- Why it could not be made.
    problem TEXT COLLATE "C"
);
CREATE INDEX audit_exports_by_owner ON audit_exports (scope, user_id, id);
CREATE INDEX audit_exports_unmade ON audit_exports (id) WHERE bytes IS NULL AND problem IS NULL;
CREATE INDEX audit_exports_by_expiry ON audit_exports (expires_at);
