//! Whoever carries batches: an outside party.

use types::Timestamp;

use super::{Target, line::Line};

/// Events in the order of their places, ready to be sent.
#[derive(Clone, Debug)]
pub struct Parcel {
    /// The same for the same batch, whenever it is sent: what a receiver tells repeats by.
    pub id: String,
    /// The moment of sending.
    pub sent_at: Timestamp,
    /// The first place within; objects are named by it.
    pub first: i64,
    /// When the first of the events happened.
    pub first_at: Timestamp,
    /// Who sends: the host of this installation.
    pub host: String,
    /// The events.
    pub lines: Vec<Line>,
}

impl Parcel {
    /// One JSON object a line (<https://jsonlines.org>), each with its line feed.
    pub fn json_lines(&self) -> String {
        let length = self.lines.iter().map(|line| line.json.len() + 1).sum();
        let mut text = String::with_capacity(length);
        for line in &self.lines {
            text.push_str(&line.json);
            text.push('\n');
        }
        text
    }
}

/// Why a batch was not taken, in words for its owner. Never what the other side said: its answer
/// could be anything, and is not ours to show.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StreamError {
    /// The address is none that may be spoken to.
    #[error("{0}")]
    Forbidden(String),
    /// There is no connection.
    #[error("No connection: {0}.")]
    Unreachable(String),
    /// The other side's certificate does not hold.
    #[error("TLS: {0}.")]
    Insecure(String),
    /// It took too long.
    #[error("No answer in time: {0}.")]
    TimedOut(String),
    /// The other side answered, and not that it took the batch.
    #[error("It was not taken: {0}.")]
    Refused(String),
    /// Something of the stream's own settings cannot be used.
    #[error("{0}")]
    Unusable(String),
}

/// Carries batches to where a stream leads.
#[async_trait::async_trait]
pub trait Carrier: Send + Sync {
    /// Hands a batch over; done once the other side has said that it has all of it.
    ///
    /// # Errors
    /// If it was not taken, or perhaps not: it is sent again.
    async fn carry(&self, target: &Target, parcel: &Parcel) -> Result<(), StreamError>;
}
