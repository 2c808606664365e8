//! E-mail: queued in the transaction of its cause, sealed, sent by a job.
//!
//! It is at least once: nothing can promise "never twice" over SMTP. The same cause makes one
//! mail, and each mail has one Message-ID, so that a repeated one can be told.

mod queue;
mod store;

pub(crate) use queue::{Message, to_address, to_user};
pub(crate) use store::is_known;
