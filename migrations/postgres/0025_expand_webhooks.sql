-- Events that an organisation's own programs are told of over https.
-- Only adds; a server of the version before goes on working, and tells nobody meanwhile.

-- An address that is told.
CREATE TABLE webhook_endpoints (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    organisation_id TEXT COLLATE "C" NOT NULL,
    url TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    -- The chosen events' names, a space between.
    events TEXT COLLATE "C" NOT NULL,
    -- live or test
    environment TEXT COLLATE "C" NOT NULL,
    enabled BOOLEAN NOT NULL,
    -- person, gone or failing; none while it is enabled
    disabled_why TEXT COLLATE "C",
    disabled_at BIGINT,
    -- The secret that signs, sealed under the organisation's key for webhooks.
    data_key_id TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL,
    -- The one before, which signs too until then.
    old_key_id TEXT COLLATE "C",
    old_sealed BYTEA,
    old_until BIGINT,
    -- Its health: the last that was taken, the first and the last since then that was not, and
    -- when its people were told.
    succeeded_at BIGINT,
    failing_since BIGINT,
    failed_at BIGINT,
    warned_at BIGINT,
    created_by TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX webhook_endpoints_by_organisation ON webhook_endpoints (organisation_id, id);
CREATE INDEX webhook_endpoints_by_old_secret ON webhook_endpoints (old_until);

-- What happened, as it is told: written in the transaction in which it happened.
CREATE TABLE webhook_messages (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    organisation_id TEXT COLLATE "C" NOT NULL,
    event TEXT COLLATE "C" NOT NULL,
    -- What it is about, such as a verification's id.
    subject TEXT COLLATE "C",
    -- The bytes that are sent and signed.
    body TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX webhook_messages_by_age ON webhook_messages (created_at);

-- A message on its way to one endpoint.
CREATE TABLE webhook_deliveries (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    organisation_id TEXT COLLATE "C" NOT NULL,
    endpoint_id TEXT COLLATE "C" NOT NULL,
    message_id TEXT COLLATE "C" NOT NULL,
    event TEXT COLLATE "C" NOT NULL,
    -- pending, delivered or failed
    state TEXT COLLATE "C" NOT NULL,
    -- Attempts ever, and since it was queued or replayed last.
    attempts BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    began_at BIGINT NOT NULL,
    next_try_at BIGINT NOT NULL,
    -- What the last attempt came to.
    status BIGINT,
    problem TEXT COLLATE "C",
    finished_at BIGINT,
    -- Which server is at it, and until when nobody else is.
    claim_id TEXT COLLATE "C",
    claimed_until BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries (endpoint_id, id);
CREATE INDEX webhook_deliveries_by_state ON webhook_deliveries (endpoint_id, state, id);
CREATE INDEX webhook_deliveries_by_next_try ON webhook_deliveries (state, next_try_at, id);
CREATE INDEX webhook_deliveries_by_message ON webhook_deliveries (message_id);
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (created_at);

-- The log of attempts: what was asked, and what was answered.
CREATE TABLE webhook_attempts (
    delivery_id TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    organisation_id TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    millis BIGINT NOT NULL,
    url TEXT COLLATE "C" NOT NULL,
    -- The request's headers as a JSON array of pairs; nothing secret.
    headers TEXT COLLATE "C" NOT NULL,
    status BIGINT,
    -- The first letters of the answer, and whether there were more.
    answer TEXT COLLATE "C" NOT NULL,
    answer_cut BOOLEAN NOT NULL,
    problem TEXT COLLATE "C",
    PRIMARY KEY (delivery_id, number)
);
