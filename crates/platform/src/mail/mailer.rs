//! Whoever carries mails: an outside party.

use std::fmt;

/// A mail ready to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The same at every try: the mail's id at this installation's host, without the brackets.
    pub message_id: String,
    /// The address.
    pub to: String,
    /// The subject line.
    pub subject: String,
    /// As plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

/// It is personal, and its links are secrets.
impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing")
            .field("message_id", &self.message_id)
            .finish_non_exhaustive()
    }
}

/// Why a mail was not taken. Names no address: a server's own words could.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// The server said no, with this code (RFC 5321, section 4.2); 4xx may be different later.
    #[error("The mail server refused it with code {0}.")]
    Refused(u16),
    /// The server was not reached, or hung up.
    #[error("The mail server was not reached, or hung up. Look at mail.host, mail.port and mail.tls.")]
    Unreachable,
    /// Its certificate does not hold: nothing was said to it.
    #[error(
        "The mail server's certificate was refused: it is not for mail.host, has expired, or is of an authority that is not trusted. Look at mail.host and mail.ca_file."
    )]
    Untrusted,
    /// No answer in time.
    #[error("The mail server did not answer in time.")]
    TimedOut,
    /// The mail cannot be written as one.
    #[error("The address or the sender is none that a mail can have.")]
    Unusable,
}

/// Carries mails.
#[async_trait::async_trait]
pub trait Mailer: Send + Sync {
    /// Hands a mail over to whoever carries it further.
    ///
    /// # Errors
    /// If it was not taken; it is tried again.
    async fn send(&self, mail: &Outgoing) -> Result<(), MailError>;
}
