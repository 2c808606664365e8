//! E-mail: queued in the transaction of its cause, sealed, sent by a job.
//!
//! It is at least once: nothing can promise "never twice" over SMTP. The same cause makes one
//! mail, and each mail has one Message-ID, so that a repeated one can be told.
//!
//! Without a [`Mailer`] nothing is sent: mails stay here, for the outbox page.
//!
//! **Invariant**: what a mail says leaves this module in an [`Outgoing`] and on the outbox page,
//! and is erased once it was sent.

mod compose;
mod mailer;
mod outbox;
mod queue;
mod send;
mod store;

pub use mailer::{MailError, Mailer, Outgoing};
pub use outbox::outbox;
pub(crate) use queue::{Message, to_address, to_user, to_user_under, was_queued};
pub(crate) use send::{gave_up, noted, send, sweep};
