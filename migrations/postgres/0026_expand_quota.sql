-- How many billable units an organisation may start in a calendar month (UTC). Without a row there
-- is no limit.
-- Only adds; a server of the version before goes on working and holds nobody to it.
CREATE TABLE quotas (
    organisation_id TEXT COLLATE "C" PRIMARY KEY NOT NULL REFERENCES organisations (id),
    units BIGINT NOT NULL,
    set_at BIGINT NOT NULL
);
