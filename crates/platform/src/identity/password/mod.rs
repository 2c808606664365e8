//! Passwords: which are taken, and how they are kept and checked.

mod hash;
mod rules;

pub(crate) use hash::Hasher;
pub use hash::PasswordCost;
pub use rules::Whose;
pub(super) use rules::{check, normalized};
