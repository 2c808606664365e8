//! Enrolment through a one-time link: whom the link is for, and the two halves of the ceremony.

mod app_key;
mod begin;
mod finish;
mod open;

pub use app_key::{NewKey, app_key};
pub use begin::begin;
pub use finish::finish;
pub use open::open;
