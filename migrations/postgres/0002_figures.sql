-- Figures that stay quick however many verifications there are, links for people who are known
-- already, and what is told of backups.
-- Only adds; a server of the version before goes on working, but for the figures.

-- A verification that came to stand elsewhere, written in the transaction that moved it and
-- folded into the counts by a job: two servers never wait for one row of counts.
CREATE TABLE verification_changes (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    organisation_id TEXT COLLATE "C" NOT NULL,
    environment TEXT COLLATE "C" NOT NULL,
    -- Of the start: milliseconds divided by 900,000. Every time zone's day begins at one.
    quarter BIGINT NOT NULL,
    -- open, approved, denied or rejected; from nowhere at the start.
    moved_from TEXT COLLATE "C",
    moved_to TEXT COLLATE "C" NOT NULL,
    -- Milliseconds from start to decision, of one that was decided.
    duration BIGINT
);
CREATE INDEX verification_changes_by_organisation ON verification_changes (organisation_id, quarter);

-- Verifications by the quarter of an hour in which they were started, and where they stand.
CREATE TABLE verification_counts (
    organisation_id TEXT COLLATE "C" NOT NULL,
    quarter BIGINT NOT NULL,
    environment TEXT COLLATE "C" NOT NULL,
    open BIGINT NOT NULL,
    approved BIGINT NOT NULL,
    denied BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, quarter, environment)
);

-- How long decisions took, by the UTC day of the start (days since the epoch).
CREATE TABLE verification_durations (
    organisation_id TEXT COLLATE "C" NOT NULL,
    day BIGINT NOT NULL,
    environment TEXT COLLATE "C" NOT NULL,
    -- Eight to each power of two of milliseconds.
    bucket BIGINT NOT NULL,
    verifications BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, day, environment, bucket)
);

-- Calls of the API by minute (minutes since the epoch). Counted in memory, written in batches.
CREATE TABLE call_counts (
    organisation_id TEXT COLLATE "C" NOT NULL,
    minute BIGINT NOT NULL,
    api_key_id TEXT COLLATE "C" NOT NULL,
    endpoint TEXT COLLATE "C" NOT NULL,
    status BIGINT NOT NULL,
    calls BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, minute, api_key_id, endpoint, status)
);

-- What the filters of the list look for.
CREATE INDEX verifications_by_key_and_id ON verifications (organisation_id, api_key_id, id);
CREATE INDEX verifications_by_reference ON verifications (organisation_id, reference, id) WHERE reference IS NOT NULL;
CREATE INDEX verifications_by_both ON verifications (organisation_id, environment, status, id);
DROP INDEX verifications_by_key;

-- A link for a person who has an account already, and no passkey.
ALTER TABLE setup_links ADD COLUMN user_id TEXT COLLATE "C" REFERENCES users (id);

-- Backups made and restore drills held.
CREATE TABLE backups (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    -- backup or drill
    kind TEXT COLLATE "C" NOT NULL,
    -- running, done or failed
    state TEXT COLLATE "C" NOT NULL,
    -- The file's name; of a drill, the one that was restored.
    file TEXT COLLATE "C",
    bytes BIGINT,
    -- SHA-256 of the file, in hex.
    sha256 TEXT COLLATE "C",
    -- Audit events within, and the hash over all their leaf hashes in order, in hex.
    events BIGINT,
    events_hash TEXT COLLATE "C",
    -- Why it failed, in words.
    problem TEXT COLLATE "C",
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    -- When the file was removed by the retention rule.
    removed_at BIGINT
);
CREATE INDEX backups_by_kind ON backups (kind, state, started_at);
