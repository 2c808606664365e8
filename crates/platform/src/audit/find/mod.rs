//! Finding events: filters on every field, free text, paging, all of it by index.
//!
//! A filter becomes a [`Wanted`](wanted::Wanted), and that a [`Plan`](plan::Plan): sources, each
//! of which an index gives as ids in falling order. [`run`](run::find) takes the sparsest source,
//! and holds what it gives against the others. Sources are the indexes of `audit_events`, the
//! blind index of personal fields, and `audit_terms`, which [`index`](index::index) fills behind
//! the ledger.
//!
//! **Invariants**
//! - What a page costs is bounded: a search that has looked at enough stops, says up to when it
//!   has looked, and can be gone on with.
//! - An event is found from the moment of its commit, however far behind the index is: what has
//!   no terms yet is looked through.
//! - What a filter means stands in one place, `Wanted::holds`; the terms are made of the same
//!   facts, so the index cannot mean something else.

mod facts;
mod index;
mod plan;
mod run;
mod store;
mod terms;
mod wanted;

#[cfg(test)]
mod tests;

pub(super) use facts::Facts;
pub use index::{forget, index};
pub(super) use plan::{NeedsOrganisation, Plan, Scope};
pub(super) use run::{Hits, find};
pub(super) use store::{Around, around, placeholders};
pub(super) use wanted::Wanted;
