//! Carrying deliveries of webhooks to their endpoints, and alerts to theirs.

mod worker;

#[cfg(test)]
mod tests;

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request};
use platform::webhooks::{Answer, Courier, Posting, Undelivered};

use crate::guarded::{Guarded, GuardedError};

pub use worker::Deliveries;

/// For everything together: looking the name up, the handshake, the answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// Bytes of an answer that are read; what comes then is left.
const ANSWER: usize = 16_384;

/// Carries deliveries over connections that are looked at before they are opened.
#[derive(Clone, Debug)]
pub struct Poster {
    guarded: Guarded,
}

impl Poster {
    /// Speaks to others through this.
    pub const fn new(guarded: Guarded) -> Self {
        Self { guarded }
    }
}

#[async_trait::async_trait]
impl Courier for Poster {
    async fn post(&self, posting: &Posting) -> Result<Answer, Undelivered> {
        let mut request = Request::builder().method(Method::POST).uri(&posting.url);
        for (name, value) in &posting.headers {
            request = request.header(name, value);
        }
        let body = Bytes::copy_from_slice(posting.body.as_bytes());
        let request = request
            .body(body)
            .map_err(|_| Undelivered("The address cannot be used.".to_owned()))?;
        let read = self.guarded.send_and_cut(request, PATIENCE, ANSWER).await;
        let read = read.map_err(|error| told(&error))?;
        Ok(Answer {
            status: read.answer.status().as_u16(),
            body: read.answer.body().to_vec(),
            cut: read.cut,
        })
    }
}

/// What went wrong with a connection, as an endpoint's owner reads it.
fn told(error: &GuardedError) -> Undelivered {
    let words = error.to_string();
    Undelivered(match error {
        GuardedError::Forbidden(_) | GuardedError::Unusable(_) => words,
        GuardedError::UnknownName | GuardedError::Unreachable(_) => format!("No connection: {words}."),
        GuardedError::Insecure(_) => format!("TLS: {words}."),
        GuardedError::TimedOut(_) => format!("No answer in time: {words}."),
        GuardedError::TooLong | GuardedError::NoAnswer => format!("No answer: {words}."),
    })
}
