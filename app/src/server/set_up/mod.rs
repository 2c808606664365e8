//! The first person's enrolment: whether the link works, and the two halves of the ceremony.

mod begin;
mod finish;
mod open;

pub use begin::begin;
pub use finish::finish;
pub use open::open;
