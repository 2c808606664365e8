-- Figures that stay quick however many verifications there are, links for people who are known
-- already, and what is told of backups.
-- Only adds; a server of the version before goes on working, but for the figures.

-- A verification that came to stand elsewhere, written in the transaction that moved it and
-- folded into the counts by a job: two servers never wait for one row of counts.
CREATE TABLE verification_changes (
    id TEXT PRIMARY KEY NOT NULL,
    organisation_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    -- Of the start: milliseconds divided by 900,000. Every time zone's day begins at one.
    quarter INTEGER NOT NULL,
    -- open, approved, denied or rejected; from nowhere at the start.
    moved_from TEXT,
    moved_to TEXT NOT NULL,
    -- Milliseconds from start to decision, of one that was decided.
    duration INTEGER
) STRICT;
CREATE INDEX verification_changes_by_organisation ON verification_changes (organisation_id, quarter);

-- Verifications by the quarter of an hour in which they were started, and where they stand.
CREATE TABLE verification_counts (
    organisation_id TEXT NOT NULL,
    quarter INTEGER NOT NULL,
    environment TEXT NOT NULL,
    open INTEGER NOT NULL,
    approved INTEGER NOT NULL,
    denied INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, quarter, environment)
) STRICT;

-- How long decisions took, by the UTC day of the start (days since the epoch).
CREATE TABLE verification_durations (
    organisation_id TEXT NOT NULL,
    day INTEGER NOT NULL,
    environment TEXT NOT NULL,
    -- Eight to each power of two of milliseconds.
    bucket INTEGER NOT NULL,
    verifications INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, day, environment, bucket)
) STRICT;

-- Calls of the API by minute (minutes since the epoch). Counted in memory, written in batches.
CREATE TABLE call_counts (
    organisation_id TEXT NOT NULL,
    minute INTEGER NOT NULL,
    api_key_id TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    status INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, minute, api_key_id, endpoint, status)
) STRICT;

-- What the filters of the list look for.
CREATE INDEX verifications_by_key_and_id ON verifications (organisation_id, api_key_id, id);
CREATE INDEX verifications_by_reference ON verifications (organisation_id, reference, id) WHERE reference IS NOT NULL;
CREATE INDEX verifications_by_both ON verifications (organisation_id, environment, status, id);
DROP INDEX verifications_by_key;

-- A link for a person who has an account already, and no passkey.
ALTER TABLE setup_links ADD COLUMN user_id TEXT REFERENCES users (id);

-- Backups made and restore drills held.
CREATE TABLE backups (
    id TEXT PRIMARY KEY NOT NULL,
    -- backup or drill
    kind TEXT NOT NULL,
    -- running, done or failed
    state TEXT NOT NULL,
    -- The file's name; of a drill, the one that was restored.
    file TEXT,
    bytes INTEGER,
    -- SHA-256 of the file, in hex.
    sha256 TEXT,
    -- Audit events within, and the hash over all their leaf hashes in order, in hex.
    events INTEGER,
    events_hash TEXT,
    -- Why it failed, in words.
    problem TEXT,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    -- When the file was removed by the retention rule.
    removed_at INTEGER
) STRICT;
CREATE INDEX backups_by_kind ON backups (kind, state, started_at);
