//! A role as a form names it.

use std::str::FromStr;

use types::{CustomRoleId, Role};

/// One of our roles, or one of the organisation's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleChoice {
    /// One of ours.
    BuiltIn(Role),
    /// One of the organisation's own.
    Custom(CustomRoleId),
}

impl FromStr for RoleChoice {
    type Err = types::verification::UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let ours = word.parse().map(Self::BuiltIn);
        ours.or_else(|unknown| word.parse().map(Self::Custom).map_err(|_| unknown))
    }
}
