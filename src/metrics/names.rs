//! Every name, once. `docs/OPERATIONS.md` says what each means and when to worry.

use metrics::Unit;

/// A metric: its name, kind, unit and a sentence.
#[expect(
    clippy::struct_field_names,
    reason = "`name` is what it is called in Prometheus too"
)]
pub(crate) struct Name {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) unit: Option<Unit>,
    pub(crate) help: &'static str,
}

/// How a metric moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Counter,
    Gauge,
    Histogram,
}

impl Kind {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

macro_rules! names {
    ($(#[doc = $about:literal] $(#[$attribute:meta])? $list:ident: $($id:ident = $kind:ident $unit:expr, $name:literal, $help:literal;)+)+) => {
        $($(pub(crate) const $id: Name = Name {
            name: $name,
            kind: Kind::$kind,
            unit: $unit,
            help: $help,
        };)+
        #[doc = $about]
        $(#[$attribute])?
        pub(crate) const $list: &[&Name] = &[$(&$id),+];)+
    };
}

names! {
    /// Counted as it happens.
    COUNTED:
    REQUESTS = Counter None, "loomwire_http_requests_total",
        "Requests answered, by method, route and class of status; cancelled: the client went first.";
    REQUEST_SECONDS = Histogram Some(Unit::Seconds), "loomwire_http_request_duration_seconds",
        "Time from a request's headers to its answer's, by method and route.";
    IN_FLIGHT = Gauge None, "loomwire_http_requests_in_flight",
        "Requests that are being answered.";
    TOO_LONG = Counter None, "loomwire_http_bodies_refused_total",
        "Requests refused because their body is longer than limits.body_bytes.";
    CALLS_REFUSED = Counter None, "loomwire_limits_refused_total",
        "Calls refused since they were too many, by the limit that refused: address, key or tenant.";
    STORE_LOST = Counter None, "loomwire_limits_store_lost_total",
        "Times that the shared store of limits stopped answering.";
    STARTED = Counter None, "loomwire_verifications_started_total",
        "Verifications started, by environment.";
    ENDED = Counter None, "loomwire_verifications_total",
        "Verifications that came to an end, by environment and outcome.";
    JOBS_RUN = Counter None, "loomwire_jobs_run_total",
        "Runs of background jobs, by kind and outcome.";
    WEBHOOK_ATTEMPTS = Counter None, "loomwire_webhook_attempts_total",
        "Attempts to deliver a webhook, by outcome: delivered, again or given_up.";
    ALERT_EDGES = Counter None, "loomwire_alert_edges_total",
        "Edges of customers' alerts, by kind.";
    ALERT_DELIVERIES = Counter None, "loomwire_alert_deliveries_total",
        "Attempts to deliver an alert, by outcome: delivered, again or given_up.";
    BACKUP = Gauge Some(Unit::Seconds), "loomwire_backup_last_success_timestamp_seconds",
        "When the last good backup was begun, in seconds since 1970; 0: there is none.";
    POSTS_FAILED = Counter None, "loomwire_traces_posts_failed_total",
        "Batches of spans that the collector did not take; they are dropped.";
    CERTIFICATE = Gauge Some(Unit::Seconds), "loomwire_tls_certificate_expiry_timestamp_seconds",
        "When the certificate that is served ends, in seconds since 1970.";
    HANDSHAKES_FAILED = Counter None, "loomwire_tls_handshake_failures_total",
        "TLS handshakes that failed; time-outs are not among them.";
    RELOADS = Counter None, "loomwire_tls_reloads_total",
        "Times that changed certificate files were read, by outcome: taken or refused.";
    ORDERS = Counter None, "loomwire_tls_orders_total",
        "Certificates ordered over ACME, by outcome: issued or failed.";

    /// Looked up when somebody asks.
    #[cfg(test)]
    LOOKED_UP:
    BUILD_INFO = Gauge None, "loomwire_build_info",
        "Always 1; version and database are its labels.";
    COMMITTED = Counter None, "loomwire_database_transactions_committed_total",
        "Transactions whose commit was answered with success.";
    UNDONE = Counter None, "loomwire_database_transactions_undone_total",
        "Transactions dropped without a commit.";
    COMMITS_FAILED = Counter None, "loomwire_database_commits_failed_total",
        "Batches (on PostgreSQL: transactions) that failed as a whole.";
    LARGEST = Gauge None, "loomwire_database_batch_transactions_max",
        "The most transactions that one COMMIT has carried since the start.";
    WAITING = Gauge None, "loomwire_database_transactions_waiting",
        "Who waits for his transaction to begin now: on SQLite the queue of the one writer.";
    BATCH = Histogram None, "loomwire_database_batch_transactions",
        "Transactions that each COMMIT carried.";
    COMMIT_SECONDS = Histogram Some(Unit::Seconds), "loomwire_database_commit_duration_seconds",
        "Time that each COMMIT took.";
    WRITE_WAIT = Histogram Some(Unit::Seconds), "loomwire_database_write_wait_seconds",
        "Time that each transaction waited for its beginning.";
    READ_WAIT = Histogram Some(Unit::Seconds), "loomwire_database_read_wait_seconds",
        "Time that each read waited for its connection.";
    IN_USE = Gauge None, "loomwire_database_connections_in_use",
        "Connections lent out now, by pool.";
    IDLE = Gauge None, "loomwire_database_connections_idle",
        "Connections open and not lent out, by pool.";
    LIMIT = Gauge None, "loomwire_database_connections_limit",
        "Connections that there may be, by pool.";
    DATABASE_UP = Gauge None, "loomwire_database_up",
        "Whether the database answered when the jobs were last counted: 1 or 0.";
    STALLED = Gauge Some(Unit::Seconds), "loomwire_database_write_stalled_seconds",
        "For how long no write has come to its end, if that is longer than it should be; else 0.";
    STORE_UP = Gauge None, "loomwire_limits_store_up",
        "Whether calls are counted in the shared store: 1; 0 if it does not answer. Absent without one.";
    LEDGER_SIZE = Gauge None, "loomwire_ledger_events",
        "Audit events that have their place in the ledger.";
    LEDGER_WAITING = Gauge None, "loomwire_ledger_unsequenced_events",
        "Audit events that wait for their place, counted up to 100,000.";
    LEDGER_WAITED = Gauge Some(Unit::Seconds), "loomwire_ledger_unsequenced_age_seconds",
        "How long the first of them has waited; 0 if none does.";
    LEDGER_CHECKPOINT = Gauge Some(Unit::Seconds), "loomwire_ledger_checkpoint_age_seconds",
        "How old the last checkpoint is. It grows while nothing is written.";
    LEDGER_STOPPED = Gauge None, "loomwire_ledger_stopped",
        "Whether something in the database was changed, so that nothing is sequenced: 1 or 0.";
    LEDGER_WITNESSES = Gauge None, "loomwire_ledger_witnesses_failing",
        "Configured witnesses that do not sign.";
    JOBS_QUEUED = Gauge None, "loomwire_jobs_queued",
        "Background jobs that wait for their time.";
    JOBS_RUNNING = Gauge None, "loomwire_jobs_running",
        "Background jobs that a worker has claimed.";
    JOBS_FAILED = Gauge None, "loomwire_jobs_failed",
        "Background jobs that were given up and wait for staff.";
    JOBS_OVERDUE = Gauge Some(Unit::Seconds), "loomwire_jobs_oldest_due_age_seconds",
        "How long the oldest queued job has been due; 0 if none is.";
    MEMORY = Gauge Some(Unit::Bytes), "process_resident_memory_bytes",
        "Resident memory.";
    CPU = Counter Some(Unit::Seconds), "process_cpu_seconds_total",
        "Processor time used, user and system.";
    THREADS = Gauge None, "process_threads",
        "Threads of the process.";
    OPEN_FDS = Gauge None, "process_open_fds",
        "Open file descriptors.";
    MAX_FDS = Gauge None, "process_max_fds",
        "How many file descriptors may be open.";
    START_TIME = Gauge Some(Unit::Seconds), "process_start_time_seconds",
        "When the process started, in seconds since 1970.";
}

/// Gives what is counted its words.
pub(super) fn describe() {
    for name in COUNTED {
        let unit = name.unit.unwrap_or(Unit::Count);
        match name.kind {
            Kind::Counter => metrics::describe_counter!(name.name, unit, name.help),
            Kind::Gauge => metrics::describe_gauge!(name.name, unit, name.help),
            Kind::Histogram => metrics::describe_histogram!(name.name, unit, name.help),
        }
    }
}
