-- Calls of whole days, added up in each way that a report asks for: by key and route, by key, by
-- route, and all of them. Moved here out of call_rollups and call_durations once the day is over,
-- and out of call_day_durations.
-- Only adds. A program of the version before goes on with the old tables, and does not see what was
-- moved: docs/decisions/0151.
CREATE TABLE call_days (
    organisation_id TEXT NOT NULL,
    -- 'both', 'key', 'endpoint' or 'whole': what a row is of; the others of its columns are empty.
    grain TEXT NOT NULL,
    -- When the UTC day begins: minutes since the epoch.
    begins INTEGER NOT NULL,
    api_key_id TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    -- Pairs of status and calls, each behind a comma: `,[200,5],[404,1]`. One may be there twice.
    statuses TEXT NOT NULL,
    -- Pairs of microseconds and calls in the same way.
    durations TEXT NOT NULL,
    PRIMARY KEY (organisation_id, grain, begins, api_key_id, endpoint)
) STRICT, WITHOUT ROWID;
