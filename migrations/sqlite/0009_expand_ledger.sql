-- The Merkle tree over the audit events (RFC 6962), as tiles of up to 256 hashes (C2SP tlog-tiles).
-- A tile is written again while it grows; a full one never changes.
CREATE TABLE ledger_tiles (
    level INTEGER NOT NULL,
    tile_index INTEGER NOT NULL,
    width INTEGER NOT NULL,
    hashes BLOB NOT NULL,
    PRIMARY KEY (level, tile_index)
) STRICT;

-- One row, `ledger`: who may give places to events, and up to where it is done. Each claim has a
-- higher epoch, and a batch is written only under the epoch that it was begun with. While there is
-- a problem, such as an event that was changed before it had its place, nothing is sequenced.
CREATE TABLE ledger_state (
    id TEXT PRIMARY KEY NOT NULL,
    epoch INTEGER NOT NULL,
    claimant TEXT,
    claimed_until INTEGER,
    tree_size INTEGER NOT NULL,
    problem TEXT,
    problem_at INTEGER,
    updated_at INTEGER NOT NULL
) STRICT;

-- The keys that sign checkpoints, by the log's origin: the seed sealed, the verifier key (C2SP
-- signed-note) in plain. The newest signs; a restored database gets another one.
CREATE TABLE ledger_keys (
    id TEXT PRIMARY KEY NOT NULL,
    verifier_key TEXT NOT NULL,
    data_key_id TEXT NOT NULL,
    sealed_seed BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- Published tree heads, signed (C2SP tlog-checkpoint).
CREATE TABLE ledger_checkpoints (
    tree_size INTEGER PRIMARY KEY NOT NULL,
    root_hash BLOB NOT NULL,
    note TEXT NOT NULL,
    published_at INTEGER NOT NULL
) STRICT;

-- What witnesses signed (C2SP tlog-cosignature): one line each.
CREATE TABLE ledger_cosignatures (
    tree_size INTEGER NOT NULL REFERENCES ledger_checkpoints (tree_size),
    witness TEXT NOT NULL,
    line TEXT NOT NULL,
    cosigned_at INTEGER NOT NULL,
    PRIMARY KEY (tree_size, witness)
) STRICT;

-- How each witness stands: the size that it signed last, since when it does not answer as it
-- should, and when staff were told of that.
CREATE TABLE ledger_witnesses (
    witness TEXT PRIMARY KEY NOT NULL,
    tree_size INTEGER NOT NULL,
    answered_at INTEGER,
    failing_since INTEGER,
    problem TEXT,
    told_at INTEGER
) STRICT;

-- Events that were retired by policy: their rows are gone, their leaves stand in the tree, and
-- the event named here tells of it with a digest over these rows.
CREATE TABLE audit_retired (
    leaf_index INTEGER PRIMARY KEY NOT NULL,
    organisation_id TEXT NOT NULL,
    leaf_hash BLOB NOT NULL,
    retirement_event_id TEXT NOT NULL
) STRICT;
CREATE INDEX audit_retired_by_event ON audit_retired (retirement_event_id, leaf_index);
