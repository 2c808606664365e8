//! Whoever carries deliveries: an outside party.

/// A request, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// Where to.
    pub url: String,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The bytes that were signed.
    pub body: String,
}

/// What came back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The beginning of what was said.
    pub body: Vec<u8>,
    /// Whether more was said.
    pub cut: bool,
}

/// Why nothing came back, in words for the endpoint's owner.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Undelivered(pub String);

/// Carries deliveries to endpoints.
#[async_trait::async_trait]
pub trait Courier: Send + Sync {
    /// Sends it and gives the answer, whatever it says. A redirect is an answer: it is not followed.
    ///
    /// # Errors
    /// If no answer came, or nothing may be said there.
    async fn post(&self, posting: &Posting) -> Result<Answer, Undelivered>;
}
