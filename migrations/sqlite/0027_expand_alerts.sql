-- What an organisation wants to be told of, where to, and what it was told; and what a unit costs.
-- Only adds; a server of the version before goes on working, and tells nobody meanwhile.

-- A rule: what is measured, from where on it is told, and how it stands.
CREATE TABLE alert_rules (
    id TEXT PRIMARY KEY NOT NULL,
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    -- What is measured of: empty is all.
    environment TEXT NOT NULL,
    api_key_id TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    webhook_id TEXT NOT NULL,
    window_minutes INTEGER NOT NULL,
    -- Thousandths of the kind's unit.
    warning INTEGER,
    critical INTEGER,
    -- Per cent by which a value must be better than a threshold again, and how often in a row.
    hysteresis INTEGER NOT NULL,
    clear_after INTEGER NOT NULL,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    silenced_until INTEGER,
    -- ok, warning or critical, since when, and how often in a row it was better.
    state TEXT NOT NULL,
    state_since INTEGER NOT NULL,
    calm INTEGER NOT NULL,
    acknowledged_by TEXT,
    acknowledged_at INTEGER,
    -- Told of what is firing: ok, warning or critical, and when it was last.
    told TEXT NOT NULL,
    told_at INTEGER,
    -- The event with which began what is firing, or what nobody was told the end of.
    episode TEXT,
    -- What was measured last, or why it could not be.
    value INTEGER,
    facts TEXT NOT NULL,
    problem TEXT,
    evaluated_at INTEGER,
    due_at INTEGER NOT NULL,
    -- Which server is at it, and until when nobody else is.
    claim_id TEXT,
    claimed_until INTEGER,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX alert_rules_by_organisation ON alert_rules (organisation_id, id);
CREATE INDEX alert_rules_by_due ON alert_rules (due_at);

-- Where to somebody is told.
CREATE TABLE alert_channels (
    id TEXT PRIMARY KEY NOT NULL,
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    -- email, webhook or slack
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    -- Whose address it is, of an e-mail; a member.
    user_id TEXT,
    -- Address and secret, sealed under the organisation's key for alerts; and the host as it is shown.
    data_key_id TEXT,
    sealed BLOB,
    host TEXT NOT NULL,
    -- When a test message was taken.
    tested_at INTEGER,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX alert_channels_by_organisation ON alert_channels (organisation_id, id);

-- Which of a rule's edges a channel is told of.
CREATE TABLE alert_routes (
    rule_id TEXT NOT NULL,
    channel_id TEXT NOT NULL,
    organisation_id TEXT NOT NULL,
    warning INTEGER NOT NULL CHECK (warning IN (0, 1)),
    critical INTEGER NOT NULL CHECK (critical IN (0, 1)),
    PRIMARY KEY (rule_id, channel_id)
) STRICT;
CREATE INDEX alert_routes_by_channel ON alert_routes (channel_id);

-- An edge, a reminder or a test.
CREATE TABLE alert_events (
    id TEXT PRIMARY KEY NOT NULL,
    organisation_id TEXT NOT NULL,
    -- None of a test.
    rule_id TEXT,
    cause TEXT NOT NULL,
    -- What it was called then.
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    value INTEGER,
    threshold INTEGER,
    facts TEXT NOT NULL,
    -- Nobody was told, since it was silenced.
    silenced INTEGER NOT NULL CHECK (silenced IN (0, 1)),
    acknowledged_by TEXT,
    acknowledged_at INTEGER,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX alert_events_by_rule ON alert_events (rule_id, id);
CREATE INDEX alert_events_by_organisation ON alert_events (organisation_id, id);
CREATE INDEX alert_events_by_age ON alert_events (at);

-- An event on its way through a channel: once each.
CREATE TABLE alert_deliveries (
    id TEXT PRIMARY KEY NOT NULL,
    organisation_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    channel_id TEXT NOT NULL,
    -- pending, delivered or failed
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    began_at INTEGER NOT NULL,
    next_try_at INTEGER NOT NULL,
    status INTEGER,
    problem TEXT,
    finished_at INTEGER,
    claim_id TEXT,
    claimed_until INTEGER,
    created_at INTEGER NOT NULL,
    UNIQUE (event_id, channel_id)
) STRICT;
CREATE INDEX alert_deliveries_by_channel ON alert_deliveries (channel_id, id);
CREATE INDEX alert_deliveries_by_next_try ON alert_deliveries (state, next_try_at, id);

-- What a billable unit costs an organisation, as its operator says: whole minor units of a currency
-- (ISO 4217). Without a row nothing is known of it.
CREATE TABLE unit_prices (
    organisation_id TEXT PRIMARY KEY NOT NULL REFERENCES organisations (id),
    currency TEXT NOT NULL,
    minor INTEGER NOT NULL,
    set_at INTEGER NOT NULL
) STRICT;
