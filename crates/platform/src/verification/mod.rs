//! Verifications: started by a business, answered by a person or by the business on the
//! person's behalf, decided, and handed over as a token.
//!
//! It is not the reading of documents (that is the `verify` crate, which sees no database).
//!
//! **Invariant**: what a document says lives in [`Evidence`], which is wiped when dropped, and
//! in nothing that is written. `store.rs` has no column for it.

mod complete;
mod count;
mod decide;
mod detail;
mod evidence;
mod expire;
mod export;
pub(crate) mod figures;
mod idempotency;
mod list;
mod person;
mod rule;
pub(crate) mod signing;
mod start;
mod store;
mod token;
mod told;

#[cfg(test)]
mod tests;

pub use complete::{Completed, Standing, complete, status};
pub use decide::{MAX_ATTEMPTS, Problem};
pub use detail::detail;
pub use evidence::Evidence;
pub(crate) use expire::{expire, forget_device};
pub use export::{Export, ExportRow, export};
pub use figures::overview;
pub(crate) use idempotency::sweep;
pub use list::list;
pub use person::{Link, PersonView, Submission, consent, decline, open_link, submit, view};
pub(crate) use start::Gathering;
pub use start::{StartRequest, Started, start};
pub(crate) use store::bulk::{BulkRow, insert_many};
pub use token::{Validation, jwks, validate};
pub(crate) use told::ended_since;
