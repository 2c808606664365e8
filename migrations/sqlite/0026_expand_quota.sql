-- How many billable units an organisation may start in a calendar month (UTC). Without a row there
-- is no limit.
-- Only adds; a server of the version before goes on working and holds nobody to it.
CREATE TABLE quotas (
    organisation_id TEXT PRIMARY KEY NOT NULL REFERENCES organisations (id),
    units INTEGER NOT NULL,
    set_at INTEGER NOT NULL
) STRICT;
