-- How long calls of a whole day took, moved here out of call_durations once the day is over: a row a
-- key and route, in place of one for each duration.
-- Only adds. A program of the version before writes none of it, and does not see what was moved:
-- docs/decisions/0149.
CREATE TABLE call_day_durations (
    organisation_id TEXT NOT NULL,
    -- When the UTC day begins: minutes since the epoch.
    begins INTEGER NOT NULL,
    api_key_id TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    -- Pairs of microseconds and calls, `[1031,5],[1095,2]`; a duration may be there twice.
    durations TEXT NOT NULL,
    PRIMARY KEY (organisation_id, begins, api_key_id, endpoint)
) STRICT, WITHOUT ROWID;
