//! Invented life, for looking at Loomwire and for measuring it: organisations in different
//! states, people, keys, and verifications by the thousand, each with what the log tells of it, and the calls that were
//! counted.
//!
//! What is written is what the product itself would have written: the same canonical bytes,
//! commitments and hashes, made by the same code. Only it is written in bulk, and at times
//! that have passed.
//!
//! **Invariants**
//! - Only into a database that nobody uses yet.
//! - The same seed at the same time of the day gives the same content. Secrets (data keys, API
//!   keys) come from the installation's own random source, never from the seed, so that
//!   nobody can compute them.
//! - Every name is invented, and every address is one of those kept for documentation.

mod alerts;
mod calls;
mod cast;
mod dice;
mod fate;
mod guest;
mod means;
mod past;
mod people;
mod plan;
mod rhythm;
mod seed;
mod store;
mod verifications;
mod webhooks;

pub use guest::guest;
pub(crate) use past::Past;
pub use plan::{Audit, Plan, Report};
pub use seed::seed;
