//! Carrying audit events to where streams lead, and the worker that does it.

mod s3;
mod syslog;
mod webhook;
mod worker;

#[cfg(test)]
mod tests;

use platform::streams::{Carrier, Destination, Parcel, StreamError, Target};

use crate::guarded::{Guarded, GuardedError};

pub use worker::Worker;

/// Carries batches over connections that are looked at before they are opened.
#[derive(Clone, Debug)]
pub struct Streamer {
    guarded: Guarded,
}

impl Streamer {
    /// Speaks to others through this.
    pub const fn new(guarded: Guarded) -> Self {
        Self { guarded }
    }
}

#[async_trait::async_trait]
impl Carrier for Streamer {
    async fn carry(&self, target: &Target, parcel: &Parcel) -> Result<(), StreamError> {
        let guarded = &self.guarded;
        match &target.destination {
            Destination::Webhook { url } => webhook::post(guarded, url, target, parcel).await,
            Destination::Syslog { host, port } => {
                syslog::send(guarded, (host, *port), target.authorities.as_deref(), parcel).await
            }
            Destination::S3 { .. } => s3::put(guarded, target, parcel).await,
        }
    }
}

/// What went wrong with a connection, as a stream's owner reads it.
pub(super) fn told(error: &GuardedError) -> StreamError {
    let words = error.to_string();
    match error {
        GuardedError::Forbidden(_) => StreamError::Forbidden(words),
        GuardedError::Unusable(_) => StreamError::Unusable(words),
        GuardedError::UnknownName | GuardedError::Unreachable(_) => StreamError::Unreachable(words),
        GuardedError::Insecure(_) => StreamError::Insecure(words),
        GuardedError::TimedOut(_) => StreamError::TimedOut(words),
        GuardedError::TooLong | GuardedError::NoAnswer => StreamError::Refused(words),
    }
}
