//! The audit log: what happened, who did it, and how it ended.
//!
//! An [`Event`] is written in the transaction of the change that it tells of: a domain write
//! ends in [`Ctx::commit`](crate::Ctx::commit), and [`Tx`] has no other way to be committed
//! than that and the closed list of [`Housekeeping`]. If the event cannot be written, the
//! change is not made.
//!
//! The event's canonical bytes (RFC 8785) are what is hashed (RFC 6962, section 2.1). They
//! hold no personal data: an address or a user agent stands there as a commitment, and the
//! value is sealed beside it, where it can be erased.
//!
//! **Invariant**: nothing that comes from a verified person is in an event, not even sealed.

mod action;
mod bulk;
mod commit;
mod event;
mod filter;
mod list;
mod store;
mod tx;

#[cfg(test)]
mod tests;

pub use action::Action;
pub(crate) use bulk::Bulk;
pub use event::Event;
pub(crate) use list::of_target;
pub use list::{list, own};
pub use tx::{Housekeeping, Tx};
