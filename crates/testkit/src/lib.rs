//! What tests are built from: a clock that is set, seeded randomness, an installation in
//! memory, a software authenticator, specimen documents.
//!
//! It is for tests only, so it may stop a test by panicking.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot be set up is a failed test"
)]

mod authenticator;
mod documents;
pub mod geo;
mod installation;
mod joined;
pub mod people;
mod post;
mod redis;
mod reporter;
mod source;

pub use db::{Options, fixture::Cluster};

pub use authenticator::{Authenticator, Fault};
pub use documents::{
    adult_passport, born_on, expired_passport, issued_passport, passport, wrong_digit_passport,
};
pub use installation::{Installation, settings};
pub use joined::{Joined, who};
pub use post::RecordingMailer;
pub use redis::Redis;
pub use reporter::Reporter;
pub use source::{MockClock, SeededEntropy};
