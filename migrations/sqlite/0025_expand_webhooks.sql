-- Events that an organisation's own programs are told of over https.
-- Only adds; a server of the version before goes on working, and tells nobody meanwhile.

-- An address that is told.
CREATE TABLE webhook_endpoints (
    id TEXT PRIMARY KEY NOT NULL,
    organisation_id TEXT NOT NULL,
    url TEXT NOT NULL,
    description TEXT NOT NULL,
    -- The chosen events' names, a space between.
    events TEXT NOT NULL,
    -- live or test
    environment TEXT NOT NULL,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    -- person, gone or failing; none while it is enabled
    disabled_why TEXT,
    disabled_at INTEGER,
    -- The secret that signs, sealed under the organisation's key for webhooks.
    data_key_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    -- The one before, which signs too until then.
    old_key_id TEXT,
    old_sealed BLOB,
    old_until INTEGER,
    -- Its health: the last that was taken, the first and the last since then that was not, and
    -- when its people were told.
    succeeded_at INTEGER,
    failing_since INTEGER,
    failed_at INTEGER,
    warned_at INTEGER,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX webhook_endpoints_by_organisation ON webhook_endpoints (organisation_id, id);
CREATE INDEX webhook_endpoints_by_old_secret ON webhook_endpoints (old_until);

-- What happened, as it is told: written in the transaction in which it happened.
CREATE TABLE webhook_messages (
    id TEXT PRIMARY KEY NOT NULL,
    organisation_id TEXT NOT NULL,
    event TEXT NOT NULL,
    -- What it is about, such as a verification's id.
    subject TEXT,
    -- The bytes that are sent and signed.
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX webhook_messages_by_age ON webhook_messages (created_at);

-- A message on its way to one endpoint.
CREATE TABLE webhook_deliveries (
    id TEXT PRIMARY KEY NOT NULL,
    organisation_id TEXT NOT NULL,
    endpoint_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    event TEXT NOT NULL,
    -- pending, delivered or failed
    state TEXT NOT NULL,
    -- Attempts ever, and since it was queued or replayed last.
    attempts INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    began_at INTEGER NOT NULL,
    next_try_at INTEGER NOT NULL,
    -- What the last attempt came to.
    status INTEGER,
    problem TEXT,
    finished_at INTEGER,
    -- Which server is at it, and until when nobody else is.
    claim_id TEXT,
    claimed_until INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries (endpoint_id, id);
CREATE INDEX webhook_deliveries_by_state ON webhook_deliveries (endpoint_id, state, id);
CREATE INDEX webhook_deliveries_by_next_try ON webhook_deliveries (state, next_try_at, id);
CREATE INDEX webhook_deliveries_by_message ON webhook_deliveries (message_id);
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (created_at);

-- The log of attempts: what was asked, and what was answered.
CREATE TABLE webhook_attempts (
    delivery_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    organisation_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    millis INTEGER NOT NULL,
    url TEXT NOT NULL,
    -- The request's headers as a JSON array of pairs; nothing secret.
    headers TEXT NOT NULL,
    status INTEGER,
    -- The first letters of the answer, and whether there were more.
    answer TEXT NOT NULL,
    answer_cut INTEGER NOT NULL CHECK (answer_cut IN (0, 1)),
    problem TEXT,
    PRIMARY KEY (delivery_id, number)
) STRICT;
