//! How long things are kept, and what must not go.
//!
//! The owner of a log (an organisation, or for the installation's own events the operator) says
//! for how many days audit events, verifications and counts of API calls are kept, within what
//! the operator's settings allow. A job removes what is due, a batch in a transaction, with an
//! event that tells of it. A legal hold keeps what it names, however old that is.
//!
//! It is not the removing of audit events itself (that is `audit::retired`), and not erasure.
//!
//! **Invariant**: a shorter time counts a notice of 7 days after it was saved, and everybody who
//! may change it is told: whoever takes over an account cannot make the traces go at once.
//!
//! **Invariant**: what a stream has yet to take is not retired while that stream is not paused.

mod holds;
mod page;
mod policy;
mod run;
mod store;
mod tell;

use types::retention::RetentionKind;

pub(crate) use holds::{Holds, active};
pub use holds::{hold, holds_page, place, release};
pub use page::page;
pub use policy::{review, save};
pub(crate) use run::run;
pub(crate) use tell::everybody_of;

/// Seconds in a day.
pub(crate) const DAY: i64 = 86_400;
/// A shorter time begins to count after so many seconds.
pub(crate) const NOTICE: i64 = 7 * DAY;

/// Days, from the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The least that may be chosen.
    pub least: i64,
    /// The most, which counts where nothing was chosen.
    pub most: i64,
}

/// What the operator allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For audit events.
    pub audit_events: Span,
    /// For verifications.
    pub verifications: Span,
    /// For counts of API calls.
    pub calls: Span,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            audit_events: Span {
                least: 180,
                most: 3650,
            },
            verifications: Span {
                least: 30,
                most: 3650,
            },
            calls: Span { least: 30, most: 730 },
        }
    }
}

impl Limits {
    /// For this kind.
    pub const fn of(&self, kind: RetentionKind) -> Span {
        match kind {
            RetentionKind::AuditEvents => self.audit_events,
            RetentionKind::Verifications => self.verifications,
            RetentionKind::Calls => self.calls,
        }
    }
}

/// The kinds that a log's owner has: the installation itself verifies nobody.
pub(crate) const fn kinds(is_installation: bool) -> &'static [RetentionKind] {
    if is_installation {
        &[RetentionKind::AuditEvents]
    } else {
        RetentionKind::ALL
    }
}
