//! Where a stream leads.

use serde::{Deserialize, Serialize};
use types::streams::StreamKind;
use url::Url;

use super::Secrets;
use crate::outward;

/// A place that takes batches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Destination {
    /// Batches are posted there.
    Webhook {
        /// https; http only to this machine itself, in development.
        url: Url,
    },
    /// A syslog server that speaks TLS.
    Syslog {
        /// Its name, or address.
        host: String,
        /// 6514 is the usual one (RFC 5425, section 4.1).
        port: u16,
    },
    /// A bucket.
    S3 {
        /// The store's address, where it is not Amazon's.
        endpoint: Option<Url>,
        /// The region that requests are signed for.
        region: String,
        /// The bucket.
        bucket: String,
        /// What the names of objects begin with; no slash at the end.
        prefix: String,
        /// Which key signs.
        access_key_id: String,
    },
}

impl Destination {
    /// Its kind.
    pub const fn kind(&self) -> StreamKind {
        match self {
            Self::Webhook { .. } => StreamKind::Webhook,
            Self::Syslog { .. } => StreamKind::Syslog,
            Self::S3 { .. } => StreamKind::S3,
        }
    }

    /// In one line, nothing secret. A webhook's query is left out: some put a token there.
    pub fn shown(&self) -> String {
        match self {
            Self::Webhook { url } => outward::shown(url),
            Self::Syslog { host, port } if host.contains(':') => format!("[{host}]:{port}"),
            Self::Syslog { host, port } => format!("{host}:{port}"),
            Self::S3 {
                endpoint,
                region,
                bucket,
                prefix,
                ..
            } => {
                let store = endpoint.as_ref().map_or_else(
                    || format!("Amazon S3 in {region}"),
                    |endpoint| endpoint.origin().ascii_serialization(),
                );
                let path = if prefix.is_empty() {
                    bucket.clone()
                } else {
                    format!("{bucket}/{prefix}")
                };
                format!("{path} at {store}")
            }
        }
    }
}

/// A destination, and what one proves oneself with there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Where.
    pub destination: Destination,
    /// Certificates (PEM) of the authority that the other side's is from; none: the public ones.
    pub authorities: Option<String>,
    /// **Secret**.
    pub secrets: Secrets,
}

/// As the column `target` has it.
#[derive(Serialize, Deserialize)]
pub(super) struct Stored {
    pub(super) destination: Destination,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) authorities: Option<String>,
}
