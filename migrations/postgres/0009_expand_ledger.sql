-- The Merkle tree over the audit events (RFC 6962), as tiles of up to 256 hashes (C2SP tlog-tiles).
-- A tile is written again while it grows; a full one never changes.
CREATE TABLE ledger_tiles (
    level BIGINT NOT NULL,
    tile_index BIGINT NOT NULL,
    width BIGINT NOT NULL,
    hashes BYTEA NOT NULL,
    PRIMARY KEY (level, tile_index)
);

-- One row, `ledger`: who may give places to events, and up to where it is done. Each claim has a
-- higher epoch, and a batch is written only under the epoch that it was begun with. While there is
-- a problem, such as an event that was changed before it had its place, nothing is sequenced.
CREATE TABLE ledger_state (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    epoch BIGINT NOT NULL,
    claimant TEXT COLLATE "C",
    claimed_until BIGINT,
    tree_size BIGINT NOT NULL,
    problem TEXT COLLATE "C",
    problem_at BIGINT,
    updated_at BIGINT NOT NULL
);

-- The keys that sign checkpoints, by the log's origin: the seed sealed, the verifier key (C2SP
-- signed-note) in plain. The newest signs; a restored database gets another one.
CREATE TABLE ledger_keys (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    verifier_key TEXT COLLATE "C" NOT NULL,
    data_key_id TEXT COLLATE "C" NOT NULL,
    sealed_seed BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

-- Published tree heads, signed (C2SP tlog-checkpoint).
CREATE TABLE ledger_checkpoints (
    tree_size BIGINT PRIMARY KEY NOT NULL,
    root_hash BYTEA NOT NULL,
    note TEXT COLLATE "C" NOT NULL,
    published_at BIGINT NOT NULL
);

-- What witnesses signed (C2SP tlog-cosignature): one line each.
CREATE TABLE ledger_cosignatures (
    tree_size BIGINT NOT NULL REFERENCES ledger_checkpoints (tree_size),
    witness TEXT COLLATE "C" NOT NULL,
    line TEXT COLLATE "C" NOT NULL,
    cosigned_at BIGINT NOT NULL,
    PRIMARY KEY (tree_size, witness)
);

-- How each witness stands: the size that it signed last, since when it does not answer as it
-- should, and when staff were told of that.
CREATE TABLE ledger_witnesses (
    witness TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    tree_size BIGINT NOT NULL,
    answered_at BIGINT,
    failing_since BIGINT,
    problem TEXT COLLATE "C",
    told_at BIGINT
);

-- Events that were retired by policy: their rows are gone, their leaves stand in the tree, and
-- the event named here tells of it with a digest over these rows.
CREATE TABLE audit_retired (
    leaf_index BIGINT PRIMARY KEY NOT NULL,
    organisation_id TEXT COLLATE "C" NOT NULL,
    leaf_hash BYTEA NOT NULL,
    retirement_event_id TEXT COLLATE "C" NOT NULL
);
CREATE INDEX audit_retired_by_event ON audit_retired (retirement_event_id, leaf_index);
