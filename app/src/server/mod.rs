//! The calls from a page to the domain, a folder a noun, a file a verb. Each takes the
//! request's `platform::Ctx` from context, so it acts as the viewer and as nobody else; the
//! domain asks for the permission. Server-side names are imported inside the bodies, since
//! the browser compiles the signatures only.

pub mod account;
pub mod alerts;
pub mod api_key;
pub mod audit;
pub mod backup;
pub mod console;
pub mod credential;
pub mod invitation;
pub mod job;
pub mod ledger;
pub mod mail;
pub mod organisation;
pub mod recovery;
pub mod reminder;
pub mod retention;
pub mod role;
pub mod security;
pub mod session;
pub mod set_up;
pub mod sign_in;
pub mod signal;
pub mod staff;
pub mod step_up;
pub mod streams;
pub mod support;
pub mod team;
pub mod usage;
pub mod verification;
pub mod webhooks;

#[cfg(feature = "ssr")]
mod ctx;
