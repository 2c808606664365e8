//! Who the people at the console are, and how they prove it: the first person's set-up, and
//! signing in with a passkey (WebAuthn Level 3; discoverable, user verification required).
//!
//! A ceremony's state stays on the server, is used once and lives five minutes.

mod ceremony;
mod setup;
mod sign_in;
mod store;
mod strongest;

pub use crate::sessions::NewSession;
pub use ceremony::PasskeyCeremony;
pub(crate) use ceremony::sweep;
pub use setup::{SetupForm, enrolment_link, setup_begin, setup_finish, setup_link, setup_open, setup_view};
pub use sign_in::{sign_in_begin, sign_in_finish, sign_out};
pub(crate) use store::{UserRow, insert_user, user};
pub(crate) use strongest::strongest_in;
