//! The two halves of confirming a dangerous action with a passkey.

mod begin;
mod finish;

pub use begin::begin;
pub use finish::finish;
