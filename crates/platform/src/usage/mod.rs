//! What an organisation used: billable units, calls of the API, how they were answered and how long
//! they took. The same numbers for its pages and for `GET /usage`. And what it may use: its quota.
//!
//! It is not the counting of calls (that is `metering`), and not a price.
//!
//! **Invariant**: a billable unit is a row that is written in the transaction that starts the
//! verification, under the verification's id: it is there once if the start was answered, however
//! often the call came. In that transaction it is held to the quota.
//!
//! Days are UTC: what is billed must not depend on who looks.

mod export;
mod figures;
mod fold;
mod period;
mod price;
mod quota;
mod report;
mod requests;
mod start;
mod store;

pub use export::{RequestExport, export_report, export_requests};
pub(crate) use fold::fold;
pub(crate) use period::Month;
pub use price::set_price;
pub(crate) use price::{Price, price};
pub(crate) use quota::{Left, hold, limit, tell_refused};
pub use quota::{quota, set_quota};
pub use report::report;
pub(crate) use report::{PACE, expected};
pub use requests::{request, requests};
pub(crate) use start::{invented, started};
