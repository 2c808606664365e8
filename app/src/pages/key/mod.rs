//! API keys: make, see once, list, revoke.

mod list;
mod revoke;

pub use list::Keys;
pub use revoke::RevokeKey;
