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
mod append;
mod bulk;
mod commit;
mod desk;
mod erase;
mod event;
mod export;
mod find;
mod list;
mod page;
mod prove;
mod retired;
mod saved;
mod scope;
mod sentence;
mod sequenced;
mod staff;
mod store;
mod tx;
pub mod walk;
mod withheld;

#[cfg(test)]
mod tests;

pub use action::Action;
pub(crate) use bulk::{Appended, Bulk};
pub(crate) use desk::{Concerned, Told, told};
pub use erase::{erasable, erase_person};
pub use event::Event;
pub(crate) use export::sweep as sweep_exports;
pub use export::{Download, ask_export, exports, make_due, ocsf, open_export};
pub use find::{forget, index};
pub(crate) use list::of_target;
pub use list::{list, own};
pub use page::page;
pub use prove::{Proven, proven, proven_of_any};
pub(crate) use retired::{Due, HeldPerson, Search as DueSearch, due, retire};
pub use saved::{desk, remove_search, save_search, searches};
pub(crate) use scope::{Managed, managed};
pub(crate) use sequenced::{Sequenced, places, sequenced, waiting};
pub use staff::{list_all, logs, page_of_any};
pub use tx::{Housekeeping, Tx};
