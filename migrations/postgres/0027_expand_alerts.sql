-- What an organisation wants to be told of, where to, and what it was told; and what a unit costs.
-- Only adds; a server of the version before goes on working, and tells nobody meanwhile.

-- A rule: what is measured, from where on it is told, and how it stands.
CREATE TABLE alert_rules (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    organisation_id TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    kind TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    -- What is measured of: empty is all.
    environment TEXT COLLATE "C" NOT NULL,
    api_key_id TEXT COLLATE "C" NOT NULL,
    endpoint TEXT COLLATE "C" NOT NULL,
    webhook_id TEXT COLLATE "C" NOT NULL,
    window_minutes BIGINT NOT NULL,
    -- Thousandths of the kind's unit.
    warning BIGINT,
    critical BIGINT,
    -- Per cent by which a value must be better than a threshold again, and how often in a row.
    hysteresis BIGINT NOT NULL,
    clear_after BIGINT NOT NULL,
    enabled BOOLEAN NOT NULL,
    silenced_until BIGINT,
    -- ok, warning or critical, since when, and how often in a row it was better.
    state TEXT COLLATE "C" NOT NULL,
    state_since BIGINT NOT NULL,
    calm BIGINT NOT NULL,
    acknowledged_by TEXT COLLATE "C",
    acknowledged_at BIGINT,
    -- Told of what is firing: ok, warning or critical, and when it was last.
    told TEXT COLLATE "C" NOT NULL,
    told_at BIGINT,
    -- The event with which began what is firing, or what nobody was told the end of.
    episode TEXT COLLATE "C",
    -- What was measured last, or why it could not be.
    value BIGINT,
    facts TEXT COLLATE "C" NOT NULL,
    problem TEXT COLLATE "C",
    evaluated_at BIGINT,
    due_at BIGINT NOT NULL,
    -- Which server is at it, and until when nobody else is.
    claim_id TEXT COLLATE "C",
    claimed_until BIGINT,
    created_by TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX alert_rules_by_organisation ON alert_rules (organisation_id, id);
CREATE INDEX alert_rules_by_due ON alert_rules (due_at);

-- Where to somebody is told.
CREATE TABLE alert_channels (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    organisation_id TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    -- email, webhook or slack
    kind TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    -- Whose address it is, of an e-mail; a member.
    user_id TEXT COLLATE "C",
    -- Address and secret, sealed under the organisation's key for alerts; and the host as it is shown.
    data_key_id TEXT COLLATE "C",
    sealed BYTEA,
    host TEXT COLLATE "C" NOT NULL,
    -- When a test message was taken.
    tested_at BIGINT,
    created_by TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX alert_channels_by_organisation ON alert_channels (organisation_id, id);

-- Which of a rule's edges a channel is told of.
CREATE TABLE alert_routes (
    rule_id TEXT COLLATE "C" NOT NULL,
    channel_id TEXT COLLATE "C" NOT NULL,
    organisation_id TEXT COLLATE "C" NOT NULL,
    warning BOOLEAN NOT NULL,
    critical BOOLEAN NOT NULL,
    PRIMARY KEY (rule_id, channel_id)
);
CREATE INDEX alert_routes_by_channel ON alert_routes (channel_id);

-- An edge, a reminder or a test.
CREATE TABLE alert_events (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    organisation_id TEXT COLLATE "C" NOT NULL,
    -- None of a test.
    rule_id TEXT COLLATE "C",
    cause TEXT COLLATE "C" NOT NULL,
    -- What it was called then.
    name TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    from_state TEXT COLLATE "C" NOT NULL,
    to_state TEXT COLLATE "C" NOT NULL,
    value BIGINT,
    threshold BIGINT,
    facts TEXT COLLATE "C" NOT NULL,
    -- Nobody was told, since it was silenced.
    silenced BOOLEAN NOT NULL,
    acknowledged_by TEXT COLLATE "C",
    acknowledged_at BIGINT,
    at BIGINT NOT NULL
);
CREATE INDEX alert_events_by_rule ON alert_events (rule_id, id);
CREATE INDEX alert_events_by_organisation ON alert_events (organisation_id, id);
CREATE INDEX alert_events_by_age ON alert_events (at);

-- An event on its way through a channel: once each.
CREATE TABLE alert_deliveries (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    organisation_id TEXT COLLATE "C" NOT NULL,
    event_id TEXT COLLATE "C" NOT NULL,
    channel_id TEXT COLLATE "C" NOT NULL,
    -- pending, delivered or failed
    state TEXT COLLATE "C" NOT NULL,
    attempts BIGINT NOT NULL,
    began_at BIGINT NOT NULL,
    next_try_at BIGINT NOT NULL,
    status BIGINT,
    problem TEXT COLLATE "C",
    finished_at BIGINT,
    claim_id TEXT COLLATE "C",
    claimed_until BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (event_id, channel_id)
);
CREATE INDEX alert_deliveries_by_channel ON alert_deliveries (channel_id, id);
CREATE INDEX alert_deliveries_by_next_try ON alert_deliveries (state, next_try_at, id);

-- What a billable unit costs an organisation, as its operator says: whole minor units of a currency
-- (ISO 4217). Without a row nothing is known of it.
CREATE TABLE unit_prices (
    organisation_id TEXT COLLATE "C" PRIMARY KEY NOT NULL REFERENCES organisations (id),
    currency TEXT COLLATE "C" NOT NULL,
    minor BIGINT NOT NULL,
    set_at BIGINT NOT NULL
);
