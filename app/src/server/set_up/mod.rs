//! Enrolment through a one-time link: whom the link is for, and the two halves of the ceremony.

mod begin;
mod finish;
mod open;

pub use begin::begin;
pub use finish::finish;
pub use open::open;
