//! Streams of audit events to other systems: as pages show them, and as forms describe them.

use serde::{Deserialize, Serialize};

use crate::{StreamId, Timestamp, verification::words};

words! {
    /// How events get there.
    StreamKind {
        /// Batches over https, signed.
        Webhook = "webhook",
        /// Syslog (RFC 5424) over TLS (RFC 5425).
        Syslog = "syslog",
        /// Objects in an S3-compatible store.
        S3 = "s3",
    }
}

impl StreamKind {
    /// What it is called.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Webhook => "Webhook",
            Self::Syslog => "Syslog over TLS",
            Self::S3 => "S3-compatible storage",
        }
    }
}

words! {
    /// How an event is written.
    StreamFormat {
        /// Its canonical form, one JSON object a line.
        Json = "json",
        /// As OCSF has it, one JSON object a line.
        Ocsf = "ocsf",
    }
}

words! {
    /// How a stream stands.
    StreamState {
        /// It sends.
        Active = "active",
        /// It sends, and the other side does not take it at the moment.
        Failing = "failing",
        /// Somebody stopped it.
        Paused = "paused",
    }
}

/// A stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamRow {
    /// Its id.
    pub id: StreamId,
    /// What its owner calls it.
    pub name: String,
    /// How events get there.
    pub kind: StreamKind,
    /// How an event is written.
    pub format: StreamFormat,
    /// Whether personal fields go along.
    pub with_personal: bool,
    /// Where to, in one line.
    pub target: String,
    /// How it stands.
    pub state: StreamState,
    /// The leaf index of the next event to send: all before it were taken.
    pub next_leaf: i64,
    /// How many events wait to be sent.
    pub lag: u64,
    /// The moment of the oldest of them.
    pub oldest_waiting: Option<Timestamp>,
    /// When something was last taken.
    pub delivered_at: Option<Timestamp>,
    /// How many events were taken since it was made; some perhaps twice.
    pub delivered: u64,
    /// Since when it fails.
    pub failing_since: Option<Timestamp>,
    /// What the last try came to, in words.
    pub problem: Option<String>,
    /// When the next try is.
    pub next_try_at: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Streams of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamsPage {
    /// The streams, oldest first.
    pub rows: Vec<StreamRow>,
    /// How many events the whole log has places for; a replay begins below it.
    pub places: i64,
}

/// A stream as a form describes it; each kind reads its own fields.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamDraft {
    /// What to call it.
    pub name: String,
    /// How events get there: a word of [`StreamKind`].
    pub kind: String,
    /// How an event is written: a word of [`StreamFormat`].
    pub format: String,
    /// Whether personal fields go along.
    pub with_personal: bool,
    /// Whether what is in the log already is sent first.
    pub from_start: bool,
    /// Webhook: the address.
    pub url: String,
    /// Syslog: the host.
    pub host: String,
    /// Syslog: the port.
    pub port: String,
    /// S3: the address of a store that is not Amazon's.
    pub endpoint: String,
    /// S3: the region.
    pub region: String,
    /// S3: the bucket.
    pub bucket: String,
    /// S3: what objects' names begin with.
    pub prefix: String,
    /// S3: the key's id.
    pub access_key_id: String,
    /// S3, **secret**: the key.
    pub secret_access_key: String,
    /// Certificates (PEM) of the authority that the other side's is from; empty: the public ones.
    pub authorities: String,
}

/// It has a secret.
impl std::fmt::Debug for StreamDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StreamDraft")
            .field("name", &self.name)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}
