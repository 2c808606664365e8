//! The domain: everything that Loomwire does, without HTTP and without pages.
//!
//! One folder a noun. Each domain function takes a [`Ctx`], asks it for the permission that
//! it needs, reads through [`Ctx::read`] and writes through [`Ctx::begin`]; a write can only
//! end in [`Ctx::commit`], which takes an audit event, or in [`Ctx::commit_housekeeping`],
//! whose reasons are a closed list.
//!
//! **Invariant**: no module here knows axum, and none but a `store.rs` holds SQL.

pub mod access;
pub mod accounts;
pub mod alerts;
pub mod api_keys;
pub mod audit;
pub mod backups;
mod calendar;
mod codec;
pub mod ctx;
pub mod demo;
pub mod elevations;
mod error;
pub mod guard;
pub mod identity;
pub mod invitations;
pub mod jobs;
pub mod keyring;
pub mod leaks;
pub mod ledger;
pub mod limits;
mod links;
pub mod mail;
pub mod metering;
mod notices;
mod outward;
pub mod recall;
pub mod recovery;
pub mod reminders;
pub mod retention;
mod search;
pub mod sessions;
pub mod signals;
pub mod staff;
mod standard_webhooks;
pub mod streams;
pub mod support;
pub mod usage;
pub mod verification;
pub mod webhooks;

pub use ctx::{Actor, Ctx, Look, Origin, Platform, Settings, Standing};
pub use error::{Error, Result};

/// The target of spans that are for traces only: their fields may leave the installation, so
/// they hold names of ours and nothing else.
pub const SPANS: &str = "loomwire::spans";
