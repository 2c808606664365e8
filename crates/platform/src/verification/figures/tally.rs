//! Moves, summed up in memory.

use std::collections::BTreeMap;

use db::{Conn, DbError};
use types::{Environment, OrganisationId, Timestamp, VerificationStatus};

use super::{bucket::bucket, store};

/// A quarter of an hour in milliseconds: every time zone's day begins at the start of one.
pub(crate) const QUARTER: i64 = 15 * 60 * 1000;
/// A day in milliseconds.
pub(super) const DAY: i64 = 24 * 60 * 60 * 1000;

/// Where a verification stands, as far as figures tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    /// Not over.
    Open,
    /// Decided: every check passed.
    Approved,
    /// Decided: a check did not pass.
    Denied,
    /// Ended without a decision.
    Rejected,
}

impl Group {
    const ALL: [Self; 4] = [Self::Open, Self::Approved, Self::Denied, Self::Rejected];

    /// Of a status.
    pub(crate) const fn of(status: VerificationStatus) -> Self {
        match status {
            VerificationStatus::Approved => Self::Approved,
            VerificationStatus::Denied => Self::Denied,
            VerificationStatus::Rejected => Self::Rejected,
            VerificationStatus::Pending
            | VerificationStatus::Started
            | VerificationStatus::Submitted
            | VerificationStatus::Resubmission => Self::Open,
        }
    }

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Approved => "approved",
            Self::Denied => "denied",
            Self::Rejected => "rejected",
        }
    }

    pub(super) fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.as_str() == word)
    }

    pub(super) const fn is_decided(self) -> bool {
        matches!(self, Self::Approved | Self::Denied)
    }
}

/// That a verification came to stand elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Move {
    pub(crate) organisation: OrganisationId,
    pub(crate) environment: Environment,
    /// When the verification was started, whenever the move was.
    pub(crate) started: Timestamp,
    /// `None` at the start.
    pub(crate) from: Option<Group>,
    pub(crate) to: Group,
    /// Milliseconds from start to decision, of one that was decided.
    pub(crate) duration: Option<i64>,
}

impl Move {
    pub(super) const fn quarter(&self) -> i64 {
        self.started.as_millis().div_euclid(QUARTER)
    }
}

/// Verifications of one quarter of an hour: what is to be added to each group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) open: i64,
    pub(super) approved: i64,
    pub(super) denied: i64,
    pub(super) rejected: i64,
}

impl Counts {
    const fn of(&mut self, group: Group) -> &mut i64 {
        match group {
            Group::Open => &mut self.open,
            Group::Approved => &mut self.approved,
            Group::Denied => &mut self.denied,
            Group::Rejected => &mut self.rejected,
        }
    }
}

/// Whose verifications, of which quarter of an hour.
pub(super) type Quarter = (OrganisationId, i64, Environment);
/// Whose decisions, of which UTC day, in which bucket.
pub(super) type Length = (OrganisationId, i64, Environment, i64);

/// Sums of many moves. In the order of the keys, so that two writers cannot wait for each
/// other in a circle.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(super) counts: BTreeMap<Quarter, Counts>,
    pub(super) durations: BTreeMap<Length, i64>,
}

impl Tally {
    /// Takes a move in.
    pub(crate) fn add(&mut self, moved: &Move) {
        let key = (moved.organisation, moved.quarter(), moved.environment);
        let counts = self.counts.entry(key).or_default();
        *counts.of(moved.to) += 1;
        if let Some(from) = moved.from {
            *counts.of(from) -= 1;
        }
        if let Some(duration) = moved.duration {
            let day = moved.started.as_millis().div_euclid(DAY);
            let key = (moved.organisation, day, moved.environment, bucket(duration));
            *self.durations.entry(key).or_default() += 1;
        }
    }

    /// Adds the sums to what is counted already.
    pub(crate) async fn write(self, conn: &mut Conn) -> Result<(), DbError> {
        let counts: Vec<_> = self.counts.into_iter().collect();
        for some in counts.chunks(store::ROWS) {
            store::add_counts(conn, some).await?;
        }
        let durations: Vec<_> = self.durations.into_iter().collect();
        for some in durations.chunks(store::ROWS) {
            store::add_durations(conn, some).await?;
        }
        Ok(())
    }
}
