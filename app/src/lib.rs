//! The pages: what is shown, and how. The server renders all of it; `islands` is the little
//! that moves in the browser. It knows no HTTP but the status of its own answer, and reaches
//! the domain only through `server`.
//!
//! **Invariant**: every page can be read and every form can be sent without JavaScript, the
//! passkey ceremonies excepted, which browsers offer to scripts only.
// The type of a page is as deep as its markup.
#![recursion_limit = "256"]
#![expect(
    missing_docs,
    reason = "a component's name and properties are its documentation"
)]
#![expect(clippy::needless_pass_by_value, reason = "a component owns its properties")]
#![expect(
    unreachable_pub,
    reason = "the component macro wraps each public function in another"
)]

pub mod components;
pub mod context;
pub mod error;
pub mod hosted;
pub mod islands;
pub mod number;
pub mod pages;
pub mod reference;
pub mod server;
pub mod shell;
pub mod time;

pub use context::UNCONFIRMED;
pub use context::{Assets, FormOutcome, PageContext, Theme};
pub use error::PageError;
pub use hosted::{HostedOutcome, HostedView, LineProblem};
pub use reference::Reference;
pub use shell::{App, shell};

#[cfg(feature = "ssr")]
pub use context::SessionCookie;

/// Starts the islands of the page that is open.
#[cfg(feature = "hydrate")]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
