//! The support desk: staff find what a customer asks about, read what happened to it, write notes
//! and hand over; and, with an organisation's consent, look into it.
//!
//! It shows metadata: what the audit log, the outbox, sessions and signals know without opening
//! what is sealed. What a note says is sealed under the key of whom it is about, and goes with it.
//!
//! **Invariant**: nobody looks into an organisation without a consent that somebody of it gave,
//! that is not withdrawn and whose time is not over; each request of the session asks again.
//!
//! **Invariant**: a look only reads. [`Ctx::begin`](crate::Ctx::begin) refuses it any write, and
//! [`Ctx::require_fresh`](crate::Ctx::require_fresh) anything dangerous; each page that it reads
//! is an event in the customer's log before it is shown.
//!
//! **Invariant**: a session that was in a look does nothing else before it has left it, also when
//! the look gives nothing any more: what was meant for one organisation is never done in another.

mod access;
mod asked;
mod consent;
mod look;
mod note;
mod seal;
mod search;
mod store;
mod subject;
mod timeline;
mod words;

#[cfg(test)]
mod tests;

pub use access::access;
pub(crate) use consent::end_due;
pub use consent::{ask, give, refuse, withdraw};
pub(crate) use look::{KnownLook, end_of_staff, end_with_session, look_of_session};
pub use look::{enter, leave, note_request};
pub use note::{add_note, close, desk, hand_over};
pub use search::search;
pub use subject::{head, subject};

use types::UserId;

use crate::{Actor, Ctx, Error, Result};

/// Who acts.
fn me(ctx: &Ctx) -> Result<UserId> {
    match ctx.actor() {
        Actor::User { id, .. } => Ok(*id),
        _ => Err(Error::Unauthenticated("Sign in first.")),
    }
}

/// What somebody writes: trimmed, and not too short or too long.
fn checked<'a>(field: &'static str, text: &'a str, least: usize, most: usize) -> Result<&'a str> {
    let text = text.trim();
    if (least..=most).contains(&text.chars().count()) {
        return Ok(text);
    }
    Err(Error::invalid(
        field,
        format!("Write {least} to {most} characters."),
    ))
}
