//! HTTP: the frame around every route, and what routes are made of.
//!
//! **Invariant**: whatever answers, a route, a refusal, a panic or a time-out, the answer has
//! a request id, the security headers and, if it is an error, the form of its surface.

pub mod assets;
mod caller;
pub mod client;
mod compression;
mod console;
pub mod cookie;
pub mod csp;
mod csrf;
pub mod error;
mod frame;
mod headers;
pub mod health;
mod hosted;
pub mod json;
mod leaks;
mod ledger;
pub mod openapi;
mod page;
mod render;
mod router;
mod state;
mod surface;
mod v1;

#[cfg(test)]
mod tests;

pub use client::{Client, Proxies};
pub use cookie::Cookies;
pub use error::{ApiError, Code};
pub use frame::{Frame, frame};
pub use health::Health;
pub use router::{gated, routes};
pub use surface::Surface;
