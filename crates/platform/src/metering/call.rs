//! What calls are told apart by.

use types::{ApiKeyId, OrganisationId, Timestamp};

/// Minutes of an hour, and of a day: the stretches that calls are rolled up to.
pub(crate) const HOUR: i64 = 60;
pub(crate) const DAY: i64 = 1440;

/// Calls of one minute that are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Call {
    pub(super) organisation: OrganisationId,
    /// Minutes since the Unix epoch.
    pub(super) minute: i64,
    pub(super) key: ApiKeyId,
    /// The route's template.
    pub(super) endpoint: &'static str,
    pub(super) status: u16,
}

/// A stretch of time, and one key's calls of one route within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Slot {
    pub(super) organisation: OrganisationId,
    /// Minutes: [`HOUR`] or [`DAY`].
    pub(super) span: i64,
    /// Minutes since the Unix epoch.
    pub(super) begins: i64,
    pub(super) key: ApiKeyId,
    pub(super) endpoint: &'static str,
}

impl Call {
    pub(crate) fn at(
        moment: Timestamp,
        organisation: OrganisationId,
        key: ApiKeyId,
        endpoint: &'static str,
        status: u16,
    ) -> Self {
        Self {
            organisation,
            key,
            minute: moment.as_seconds().div_euclid(60),
            endpoint,
            status,
        }
    }

    /// The hour and the day that it is in, by UTC.
    pub(super) fn slots(self) -> [Slot; 2] {
        [HOUR, DAY].map(|span| Slot {
            organisation: self.organisation,
            span,
            begins: self.minute - self.minute.rem_euclid(span),
            key: self.key,
            endpoint: self.endpoint,
        })
    }
}
