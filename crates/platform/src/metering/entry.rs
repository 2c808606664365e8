//! One line of the log of requests: what was asked, and how it ended. No address, no body.

use types::{ApiKeyId, Environment, OrganisationId, RequestId, Timestamp};

use super::Answered;
use crate::Ctx;

/// How long a line is kept, in days.
pub(crate) const KEPT_DAYS: i64 = types::usage::LOG_DAYS;
/// Lines of one INSERT: 10 values each, and SQLite takes 32,766 of them.
pub(super) const ROWS: usize = 900;

/// A line.
pub(super) struct Entry {
    pub(super) id: RequestId,
    pub(super) organisation: OrganisationId,
    pub(super) key: ApiKeyId,
    pub(super) environment: Environment,
    pub(super) answered: Answered,
    pub(super) at: Timestamp,
}

impl Entry {
    /// `None` if it has no request id, as in a call that did not come by HTTP.
    pub(super) fn new(
        ctx: &Ctx,
        (organisation, key, environment): (OrganisationId, ApiKeyId, Environment),
        answered: &Answered,
    ) -> Option<Self> {
        Some(Self {
            id: ctx.origin().request_id?,
            organisation,
            key,
            environment,
            answered: *answered,
            at: ctx.now(),
        })
    }
}
