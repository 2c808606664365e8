//! What calls of a day are added up by.

/// Each call of a day that is over is in one row of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Grain {
    /// By key and route.
    Both,
    Key,
    Endpoint,
    Whole,
}

impl Grain {
    pub(super) const ALL: [Self; 4] = [Self::Both, Self::Key, Self::Endpoint, Self::Whole];

    /// The coarsest that tells keys apart, or routes, or both.
    pub(crate) const fn of(keys: bool, endpoints: bool) -> Self {
        match (keys, endpoints) {
            (true, true) => Self::Both,
            (true, false) => Self::Key,
            (false, true) => Self::Endpoint,
            (false, false) => Self::Whole,
        }
    }

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::Key => "key",
            Self::Endpoint => "endpoint",
            Self::Whole => "whole",
        }
    }

    /// What of a call's key and route a row of it has; the rest is empty.
    pub(super) const fn part<'a>(self, key: &'a str, endpoint: &'a str) -> (&'a str, &'a str) {
        match self {
            Self::Both => (key, endpoint),
            Self::Key => (key, ""),
            Self::Endpoint => ("", endpoint),
            Self::Whole => ("", ""),
        }
    }
}
