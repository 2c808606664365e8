//! How long what is kept, and what is held: as pages show it.

use serde::{Deserialize, Serialize};

use crate::{LegalHoldId, OrganisationId, Timestamp, UserId, verification::words};

words! {
    /// Whose log a page is about.
    LogScope {
        /// The present organisation's.
        Organisation = "organisation",
        /// The installation's own.
        Installation = "installation",
    }
}

words! {
    /// What is kept for a time.
    RetentionKind {
        /// Audit events.
        AuditEvents = "audit_events",
        /// What is known of verifications: states, times, outcomes; there is nothing else.
        Verifications = "verifications",
        /// Counts of API calls, by key, minute, route and status.
        Calls = "calls",
    }
}

impl RetentionKind {
    /// What it is called.
    pub const fn title(self) -> &'static str {
        match self {
            Self::AuditEvents => "Audit events",
            Self::Verifications => "Verifications",
            Self::Calls => "API calls",
        }
    }
}

/// A count that was not carried to its end where there is very much.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// How many were counted.
    pub count: u64,
    /// Whether there are more.
    pub more: bool,
}

/// How long one kind is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionRow {
    /// Of what.
    pub kind: RetentionKind,
    /// Days that count now.
    pub days: i64,
    /// A shorter time that will count, and from when.
    pub coming: Option<(i64, Timestamp)>,
    /// The least that the operator allows.
    pub least: i64,
    /// The most.
    pub most: i64,
    /// How many the next run removes.
    pub due: Counted,
    /// Whether more are old enough, and held.
    pub held: bool,
}

/// A legal hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldRow {
    /// Its id.
    pub id: LegalHoldId,
    /// Whose log; none: the installation's own.
    pub organisation: Option<(OrganisationId, String)>,
    /// The person that it is about: id and name.
    pub person: Option<(UserId, String)>,
    /// What happened from then.
    pub from: Option<Timestamp>,
    /// What happened before then.
    pub before: Option<Timestamp>,
    /// Why; not shown of a hold that the operator placed on an organisation.
    pub reason: Option<String>,
    /// Who placed it: a name.
    pub placed_by: String,
    /// When.
    pub placed_at: Timestamp,
    /// Who released it, and when.
    pub released: Option<(String, Timestamp)>,
    /// Whether the operator placed it.
    pub by_operator: bool,
    /// Whether whoever looks can release it.
    pub may_release: bool,
}

/// What is kept how long, what goes next, and what is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionPage {
    /// By kind.
    pub rows: Vec<RetentionRow>,
    /// When the next run is.
    pub next_run_at: Option<Timestamp>,
    /// Streams that have yet to take events which would go: their names.
    pub waiting_for: Vec<String>,
    /// Holds, those that hold first.
    pub holds: Vec<HoldRow>,
}

/// What a change of the policy comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionReview {
    /// Days by kind.
    pub days: Vec<(RetentionKind, i64)>,
    /// What changes, a sentence each.
    pub changes: Vec<String>,
    /// How many would go at the first run under it.
    pub going: Vec<(RetentionKind, Counted)>,
    /// From when the shorter times count.
    pub holds_from: Option<Timestamp>,
}

/// A hold as a form describes it. Days are `YYYY-MM-DD`, both included.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldDraft {
    /// Whose log, where the operator places it; empty: the installation's own.
    pub organisation: String,
    /// Only what this person did or what was done to them: an id; empty: everybody.
    pub person: String,
    /// The first day; empty: from the beginning.
    pub from: String,
    /// The last day; empty: without an end.
    pub to: String,
    /// Why.
    pub reason: String,
}

/// What would be erased of a person's fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasurePage {
    /// Who.
    pub user: UserId,
    /// The display name.
    pub name: String,
    /// By log.
    pub places: Vec<ErasurePlace>,
}

/// Fields of a person in one log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasurePlace {
    /// Whose log: a name.
    pub log: String,
    /// How many fields.
    pub fields: u64,
    /// Whether a legal hold keeps some of them.
    pub is_held: bool,
}
