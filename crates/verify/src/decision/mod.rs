//! From a reading to a decision.
//!
//! **Invariants.** A reading that contradicts itself decides nothing: it asks for another try.
//! Approval needs every check that was made to pass. The decision holds no value of the
//! document.

mod age;

use std::fmt;

use jiff::civil::Date;
use types::verification::{Check, CheckKind, CheckResult, VerificationStatus};

pub use age::has_reached;

use crate::mrz::{Expiry, Reading};

/// The age that `over18` is about, whatever the customer asked for.
const OF_AGE: u8 = 18;

/// What is asked of the document and its holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The age in years that the holder must have reached; without it the age decides nothing.
    pub minimum_age: Option<u8>,
    /// The day of the decision, the same as the reading's.
    pub today: Date,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// [`VerificationStatus::Approved`], [`Denied`](VerificationStatus::Denied) or
    /// [`Resubmission`](VerificationStatus::Resubmission), no other.
    pub status: VerificationStatus,
    /// Whether the document says, consistently, that its holder is 18 or older.
    pub over18: bool,
    /// The checks that were made. A contradictory reading is checked for nothing else.
    pub checks: Vec<Check>,
    /// Why it was not approved.
    pub reason: Option<Reason>,
}

/// Why a document was not approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The lines contradict themselves, or a field is not valid.
    Inconsistent,
    /// The lines give no date of expiry, so it cannot be shown to be current.
    ExpiryNotStated,
    /// The last day of the document is over.
    Expired,
    /// The holder is younger than was asked for.
    Underage,
}

impl Reason {
    /// The word for it in logs and storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inconsistent => "document_inconsistent",
            Self::ExpiryNotStated => "document_expiry_not_stated",
            Self::Expired => "document_expired",
            Self::Underage => "underage",
        }
    }

    /// What follows from it: what another try with another document could mend stays open.
    const fn status(self) -> VerificationStatus {
        match self {
            Self::Inconsistent | Self::ExpiryNotStated => VerificationStatus::Resubmission,
            Self::Expired | Self::Underage => VerificationStatus::Denied,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Decides what a reading proves under a rule.
pub fn decide(reading: &Reading, rule: &Rule) -> Decision {
    let birth = reading.birth().value.as_ref();
    let (Some(birth), true) = (birth, reading.is_consistent()) else {
        return Decision {
            status: Reason::Inconsistent.status(),
            over18: false,
            checks: vec![check(CheckKind::DocumentConsistent, false)],
            reason: Some(Reason::Inconsistent),
        };
    };
    let current = match reading.expiry().value {
        Some(Expiry::On(last)) if rule.today <= last => Ok(()),
        Some(Expiry::On(_)) => Err(Reason::Expired),
        Some(Expiry::NotStated) | None => Err(Reason::ExpiryNotStated),
    };
    let reached = |years| has_reached(birth.youngest(), years, rule.today);
    let of_age = rule.minimum_age.map(reached);

    let mut checks = vec![
        check(CheckKind::DocumentConsistent, true),
        check(CheckKind::DocumentCurrent, current.is_ok()),
    ];
    checks.extend(of_age.map(|passed| check(CheckKind::MinimumAge, passed)));
    let reason = current
        .err()
        .or_else(|| (of_age == Some(false)).then_some(Reason::Underage));
    Decision {
        status: reason.map_or(VerificationStatus::Approved, Reason::status),
        over18: reached(OF_AGE),
        checks,
        reason,
    }
}

const fn check(check: CheckKind, passed: bool) -> Check {
    let result = if passed {
        CheckResult::Passed
    } else {
        CheckResult::Failed
    };
    Check { check, result }
}
