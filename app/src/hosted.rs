//! The page for the person who is verified, as the server describes it.
//!
//! **Invariant**: what the person typed stands only in `HostedView::Lines`, which is rendered
//! once into a `no-store` answer and is never serialised.

use std::fmt;

use types::Timestamp;

/// Where the person stands.
#[derive(Clone, PartialEq, Eq)]
pub enum HostedView {
    /// What is asked, by whom; nothing was agreed to yet.
    Consent {
        business: String,
        /// In whole years; `None` if no age is asked for.
        minimum_age: Option<u8>,
        expires_at: Timestamp,
    },
    /// The machine-readable lines are asked for.
    Lines {
        business: String,
        /// What was typed at the last try.
        values: [String; 3],
        /// What is wrong with it; empty at the first try.
        problems: Vec<LineProblem>,
        attempts_left: u32,
    },
    /// It is over.
    Done {
        business: String,
        outcome: HostedOutcome,
        /// Why, as the code that is stored; `None` if approved.
        reason: Option<String>,
        return_url: Option<String>,
    },
    /// The link is not one of ours.
    NotFound,
    /// The link has run out.
    Expired,
    /// The link was used to its end before.
    AlreadyDone,
    /// The business may not decide on typed lines alone.
    NotAccepted {
        business: String,
        return_url: Option<String>,
    },
}

impl HostedView {
    /// The HTTP status that says the same.
    pub fn status(&self) -> u16 {
        match self {
            Self::Lines { problems, .. } if !problems.is_empty() => 422,
            Self::Consent { .. } | Self::Lines { .. } | Self::Done { .. } => 200,
            Self::NotFound => 404,
            Self::Expired | Self::AlreadyDone => 410,
            Self::NotAccepted { .. } => 409,
        }
    }
}

impl fmt::Debug for HostedView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Consent { .. } => "Consent",
            Self::Lines { .. } => "Lines",
            Self::Done { .. } => "Done",
            Self::NotFound => "NotFound",
            Self::Expired => "Expired",
            Self::AlreadyDone => "AlreadyDone",
            Self::NotAccepted { .. } => "NotAccepted",
        })
    }
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostedOutcome {
    Approved,
    Denied,
    Rejected,
}

/// One thing that is wrong with the lines.
#[derive(Clone, PartialEq, Eq)]
pub struct LineProblem {
    /// 1 to 3; 0 if it concerns them all.
    pub line: u32,
    /// Counted from 1; 0 if it concerns the whole line.
    pub position: u32,
    /// A sentence for the person.
    pub message: String,
}
